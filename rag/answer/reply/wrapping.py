"""Takes off what models put around an answer: JSON, code fences, prefaces, HTML tags and lists of sources."""

import json

import regex

_ANSWER_KEYS = (
    "answer",
    "final_answer",
    "response",
    "reply",
    "text",
    "output",
    "result",
    "content",
    "message",
)
_JSON_TEXT = regex.compile(rf'"(?:{"|".join(_ANSWER_KEYS)})"\s*:\s*"(?P<text>(?:[^"\\]|\\.)*+)', regex.DOTALL)

_FENCE = regex.compile(r"\s*(?:```|~~~)[\w+-]{0,20}\s*")
_RULE = regex.compile(r"\s*(?:[-*_=]\s?){3,}\s*")

_MATERIAL = r"(?:passages?|context|texts?|excerpts?|articles?)"
_PROVIDED = r"(?:provided|given|available|supplied|numbered|above|retrieved|following)"
_PREFACE = regex.compile(
    r"[\s#>*_]*(?:final |short |the )?(?:answer|response)(?: is)?[*_]*\s?:[*_]*\s*"
    r"|\s*#{1,6}[ \t]*(?:final |short )?(?:answer|response)\s*$|\s*\*\*(?:final |short )?(?:answer|response)\*\*\s*$"
    r"|(?:here is|here's|here’s|below is) (?:the|an|my|your) (?:\w+ )?(?:answer|response|summary)\b[^.:\n]{0,60}:\s*"
    r"|(?:according to|based (?:up)?on|as per|per|from|in) (?:only |solely )?(?:"
    rf"(?:(?:the|these|your|this) )?(?:{_PROVIDED} )+(?:{_MATERIAL}|information|documents?|sources?)"
    rf"|(?:the|these|this) {_MATERIAL}|(?:the|this) information"
    rf")(?: {_PROVIDED}| you provided)?,\s*",
    regex.IGNORECASE,
)
_FIRST_WORD = regex.compile(r"(?P<open>[\W_]*)(?P<word>\p{Ll}[\p{L}\p{N}]*)")

_SOURCES = regex.compile(
    r"[\s#>*_]*(?:sources?|references?|citations?|footnotes?|bibliography|works cited)(?: used| cited)?"
    r"[*_]*\s?:?[*_]*\s*(?:(?:\[\p{Nd}{1,3}\][,;\s]*)+)?",
    regex.IGNORECASE,
)
_SOURCE_ENTRY = regex.compile(
    r"\s*(?:[-*+•]\s+)?(?:\[\p{Nd}{1,3}\]|\p{Nd}{1,3}[.):]\s|https?://|passages?\s\p{Nd})[^\n]*|\s*[-*+•]\s+[^\n]*(?<!\])",
    regex.IGNORECASE,
)
_NOTE = regex.compile(r"\s*\[\^?\p{Nd}{1,3}\](?:\([^()\s]*\))?:\s[^\n]*")

_TAGS = (
    r"(?:a|abbr|b|big|blockquote|body|br|button|caption|center|cite|code|dd|del|details|div|dl|dt|em|embed|figure|font|form"
    r"|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|object|ol|p|pre|q|s|samp|script|section"
    r"|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|var"
    r"|video|audio|source|answer|final|response|output|result)"
)  # fmt: skip
_SILENT = regex.compile(r"<!--.*?-->|<(?P<tag>script|style)\b[^<>]*>.*?</(?P=tag)\s*>", regex.I | regex.S)
_LINE_TAG = regex.compile(r"<(?:br|/p|/li|/div|/tr|/h[1-6])\s*/?>(?=\s*[^\s<])", regex.IGNORECASE)
_TAG = regex.compile(
    rf"</?{_TAGS}(?:\s[^<>]*|\s*/)?>|<(?:img|script|iframe|svg|style)\b[^<>]*$", regex.IGNORECASE
)
OPEN_TAG = regex.compile(r"<(?:[a-zA-Z/!][^<>]{0,400})?$")


def answer_in_json(reply: str) -> str:
    """Return the answer in a reply that is a JSON object, whole or cut off; the reply itself where none is found."""
    try:
        value = json.loads(reply.strip().removesuffix("```").strip(), strict=False)
    except ValueError:
        cut = _JSON_TEXT.search(reply)
        return _unescaped(cut["text"]) if cut else reply
    if not isinstance(value, dict):
        return reply
    by_name = {str(key).lower(): item for key, item in value.items()}
    for key in _ANSWER_KEYS:
        if key in by_name:
            return _as_text(by_name[key])
    return reply


def _as_text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_as_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(item) for item in value.values() if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:  # cut inside an escape
        return text.rpartition("\\")[0]


def is_fence(line: str) -> bool:
    """Whether a line opens or closes a block of code."""
    return bool(_FENCE.fullmatch(line))


def is_rule(line: str) -> bool:
    """Whether a line is a horizontal rule."""
    return bool(_RULE.fullmatch(line))


def without_preface(text: str) -> str:
    """Return the beginning of an answer without ``Answer:`` or ``Based on the passages,``; it begins with a capital."""
    rest = text
    while match := _PREFACE.match(rest):
        rest = rest[match.end() :]
        first = _FIRST_WORD.match(rest)
        if first and first["word"].islower():  # a name such as xAI keeps its letter
            at = first.start("word")
            rest = rest[:at] + rest[at].upper() + rest[at + 1 :]
    return rest


def is_source_heading(line: str) -> bool:
    """Whether a line is ``Sources:``, the heading of a list of sources, or such a list in one line."""
    return bool(_SOURCES.fullmatch(line))


def is_source_entry(line: str) -> bool:
    """Whether a line may be an entry of a list of sources, below its heading."""
    return bool(_SOURCE_ENTRY.fullmatch(line))


def is_note(line: str) -> bool:
    """Whether a line is a note of Markdown, ``[1]: https://…``, which no heading announces."""
    return bool(_NOTE.fullmatch(line))


def without_html(text: str) -> str:
    """Return a text without HTML tags and comments, but with what stands between them; ``a < b`` stays."""
    text = _LINE_TAG.sub("\n", _SILENT.sub("", text))
    while True:  # what is left of a tag must not make another one
        bare = _TAG.sub("", text)
        if bare == text:
            return bare
        text = bare
