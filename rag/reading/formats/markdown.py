"""The words of Markdown without what only a renderer needs: HTML tags, targets of links, marks of emphasis, escapes.

Headings, items and rows keep their marks, which say what they are. Code is left as it is written.
"""

import html
import re

from rag.reading.formats.raised import raised_text

_FENCED = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n(?:.*?^ {0,3}\1[`~]*[ \t]*$|.*\Z)", re.M | re.S)
_INDENTED = re.compile(r"(?:(?<=\n\n)|\A)(?: {4}|\t)(?![-*+]\s|\d+[.)])[^\n]*(?:\n(?: {4}|\t)[^\n]*)*")
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)[^`]{1,400}?\1(?!`)")

_RAISED = re.compile(r"<sup\b[^<>]{0,200}>([^<>]{0,40})</sup>", re.I)
_LOWERED = re.compile(r"</?sub>", re.I)
_PICTURE = re.compile(
    r"<img\b[^<>]{0,800}?\salt\s*=\s*(?:\"([^\"<>]{0,400})\"|'([^'<>]{0,400})')[^<>]{0,800}>", re.I
)
_BREAK = re.compile(r"[ \t]*<br[ \t]*/?>[ \t]*\n?", re.I)
_ITEM = re.compile(r"\s*<li\b[^<>]{0,400}>\s*", re.I)
_BLOCKS = "address article aside blockquote center dd details div dl dt figcaption figure footer form h[1-6] header hr li main nav ol p section summary table tbody thead tr ul".split()  # fmt: skip # noqa: E501
_BLOCK = re.compile(rf"</?(?:{'|'.join(_BLOCKS)})(?:\s[^<>]{{0,400}})?/?>", re.I)
_CELL = re.compile(r"\s*(?:<tr\b[^<>]{0,400}>\s*)?<t[dh]\b[^<>]{0,400}>\s*", re.I)
_ROW_END = re.compile(r"\s*</tr\s*>", re.I)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|img|ins|kbd|label|mark|picture|q|s|samp|small|source|span|strike|strong"
    r"|sub|td|th|tt|u|var|wbr)(?:\s[^<>]{0,800})?/?>",
    re.I,
)

_TARGET = (
    r"\(\s*<?((?:[^()\s<>]|\([^()\s]{0,200}\)){0,2000})>?(?:\s+(?:\"[^\"]{0,300}\"|'[^']{0,300}'))?\s*\)"
)
_LINK = re.compile(rf"(?<!\\)(!?)\[((?:[^\[\]\\]|\\.|\[[^\[\]]{{0,80}}\]){{0,600}})\]{_TARGET}")
_WIKI_LINK = re.compile(r"(?<!\\)(!?)\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_FILE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|pdf|mp[34])$", re.I)
_STRUCK = re.compile(r"(?<![~\\\w])~~(?=[^\s~])([^~\n]{1,800}?)(?<=\S)~~(?![~\w])")
_STRUCK_TAG = re.compile(r"<(del|s|strike)(?:\s[^<>]{0,200})?>[^<>]{0,800}</\1\s*>", re.I)
_MARKED = re.compile(r"(?<![\w=])==(?=[^\s=])([^=\n]{1,400}?)(?<=\S)==(?![\w=])")
_HIDDEN = re.compile(r"%%(?=\S)[^%\n]{1,800}?%%")
_ATTRIBUTES = re.compile(r"(?m)(^#{1,6} [^\n]{1,400}?)[ \t]{1,4}\{[#.:][^{}\n]{0,200}\}[ \t]*$")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)([^\[\]\n]{1,200})\]:[ \t]*<?(?:https?:|/|#|mailto:|data:)\S*[^\n]*\n?", re.M
)
_REFERENCE = re.compile(r"(?<!\\)!?\[([^\[\]]{1,400})\]\[([^\[\]\n]{0,200})\]")

_INNER = r"(?=[\w\"“‘'(\[$£€\\])((?:[^*\n]|\n(?![ \t]*\n)){1,600}?)(?<=\S)"
_STARS = tuple(
    re.compile(rf"(?<![\w*\\])\*{{{n}}}{_INNER}\*{{{n}}}{after}")
    for n, after in ((3, r"(?!\*)"), (2, r"(?!\*)"), (1, r"(?![\w*])"))
)
_STARS_AROUND = re.compile(r"(?<![\w*\\])\*\*(?=\S)((?:[^*\n]|\*(?!\*)){1,600}?)(?<=[^\s*])\*\*(?![\w*])")
_LINES_UNDER = re.compile(r"(?<![\w\\])(__?)(?=[^\W_])([^_\n]{1,600})(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\([*_#.+>~`!|<$&-])")
_OPENS_BLOCK = re.compile(r"[-+*>#][ \t]|\.[ \t]|#+")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")


def plain_markdown(text: str) -> str:
    """The text as a reader sees it, in Markdown of headings, items, rows and code alone."""
    names = {match[1].casefold() for match in _DEFINITION.finditer(text)}
    parts: list[str] = []
    end = 0
    for code in sorted((*_FENCED.finditer(text), *_INDENTED.finditer(text)), key=lambda match: match.start()):
        if code.start() >= end:
            parts += (_plain(text[end : code.start()], names), code[0])
            end = code.end()
    return "".join((*parts, _plain(text[end:], names)))


def _plain(text: str, names: set[str]) -> str:
    """A stretch without fenced code; ``names`` are those of the links that are defined apart."""
    kept: list[str] = []

    def keep(code: "re.Match[str]") -> str:
        kept.append(code[0])
        return _HOLD

    text = _without_tags(_without_comments(_CODE.sub(keep, text.replace(_HOLD, ""))))
    text = _without_links(text, names)
    text = _ATTRIBUTES.sub(r"\1", _MARKED.sub(r"\1", _STRUCK.sub("", _HIDDEN.sub("", text))))
    for pattern in (*_STARS, _STARS_AROUND, _STARS[2]):
        text = pattern.sub(r"\1", text)
    text = _ENTITY.sub(_character, _ESCAPE.sub(_unescaped, _LINES_UNDER.sub(_emphasis, text)))
    code = iter(kept)
    return re.sub(_HOLD, lambda _: next(code), text)


_HOLD = "\ufdd1"  # no character: stands for a piece of code


def _without_comments(text: str) -> str:
    """Without HTML comments; one that does not end is text. A regular expression takes quadratic time in ``<!--``."""
    kept, end = list[str](), 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start + 4)) >= 0:
        kept.append(text[end:start])
        end = close + 3
    return "".join((*kept, text[end:]))


def _without_tags(text: str) -> str:
    """Without HTML tags: items and rows get the marks of Markdown, and a line break breaks the line."""
    if "<" not in text:
        return text
    text = _RAISED.sub(_raised, _STRUCK_TAG.sub("", text))
    text = _PICTURE.sub(lambda m: m[1] or m[2] or "", text)
    text = _AUTOLINK.sub(lambda m: m[1].removeprefix("mailto:"), text)
    text = _BREAK.sub(_line_break, text)
    text = _ROW_END.sub(" |", _CELL.sub(_cell, _ITEM.sub("\n- ", text)))
    lines: list[str] = []
    for line in text.split("\n"):
        plain = _INLINE.sub("", _BLOCK.sub("\n", line))
        lines += [line] if plain == line else (part for part in plain.split("\n") if part.strip())
    return "\n".join(lines)


def _raised(match: "re.Match[str]") -> str:
    before, after = match.string[max(0, match.start() - 24) : match.start()], match.string[match.end() :][:40]
    return raised_text(before, match[1], _LOWERED.sub("", after))


def _cell(match: "re.Match[str]") -> str:
    return "\n| " if "<tr" in match[0].casefold() else " | "


def _line_break(match: "re.Match[str]") -> str:
    start = match.string.rfind("\n", 0, match.start()) + 1
    return " " if match.string.startswith(("|", "#"), start) and not match[0].endswith("\n") else "\n"


def _without_links(text: str, names: set[str]) -> str:
    for _ in range(2):  # a picture may be what a link shows
        text = _LINK.sub(_link, text)
    text = _WIKI_LINK.sub(_wiki_link, text)
    if names:
        text = _DEFINITION.sub("", text)
        text = _REFERENCE.sub(lambda m: m[1] if (m[2] or m[1]).casefold() in names else m[0], text)
    return text


def _link(match: "re.Match[str]") -> str:
    """What a link shows; the whole where its target is none, as in "section 12[A](1)"."""
    is_target = not match[3] or any(sign in match[3] for sign in "/#.:")
    return str(match[2] if is_target else match[0])


def _wiki_link(match: "re.Match[str]") -> str:
    """What a link to another note shows; nothing for a picture."""
    target = match[2].strip()
    if match[1] and _FILE.search(target):
        return ""
    return (match[3] or target.replace("#", " > ").strip(" >")).strip()


def _emphasis(match: "re.Match[str]") -> str:
    """What underscores stress; the whole where that is one word, which may be a name in a program."""
    is_text = " " in match[2] or match[2][-1] in ".,:;!?"
    return str(match[2] if is_text else match[0])


def _unescaped(match: "re.Match[str]") -> str:
    """The escaped character, but where it would be the mark of a heading, an item or a cell."""
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    rest = match.string[match.start() + 1 : match.start() + 8]
    if match[1] == "|" or ((not line.strip() or line.strip().isdigit()) and _OPENS_BLOCK.match(rest)):
        return match[0]
    return match[1]


def _character(match: "re.Match[str]") -> str:
    shown = html.unescape(match[0])
    return " " if shown == "\xa0" else match[0] if shown in ("|", "\n", "\r") else shown
