"""Rewrites the forms in which models write the marks of passages to ``[1]``, the form that the prompt asks for.

``rag.verify.claims`` reads ``[1, 2]``, ``[^1]`` and ``【1†source】`` as well; here they and many more become one form,
so that a reader sees one. What may as well be a number of the text, ``(1)`` or ``¹``, is a mark only with the label of
a passage.
"""

from collections.abc import Callable, Collection

import regex

from rag.verify.claims import labels_of

_LABEL_DIGITS = 3  # of a label, at most: [2023] is a year
_NOUN = (
    r"(?:passages?|sources?|articles?|documents?|docs?|refs?|references?|citations?|cite|cites|excerpts?|chunks?|id|no"
    r"|quelle|fuente)"
)
_NAMED = rf"(?:{_NOUN}\.?[ \t]{{0,2}}[:#]?[ \t]{{0,2}})"
_NUMBER = r"[#^]?\p{Nd}{1,12}\^?"
_JOINT = r"[ \t]{0,3}(?:[,;、，&–—-]|,?[ \t]?(?:and|to|und|y|et)[ \t])[ \t]{0,3}"
_ONE = rf"{_NAMED}?{_NUMBER}"
_LIST = rf"(?P<inside>{_ONE}(?:{_JOINT}{_ONE}){{0,40}})"
_LINK = r"(?:\([^()\s]{0,400}\))?"
_XML = r"(?:cite|citation|ref|reference|source|passage|sup)"

_MARK = regex.compile(
    rf"\(\[{_LIST}\]\)|\[\[[ \t]?{_LIST}[ \t]?\]\]{_LINK}|\[[ \t]?{_LIST}[ \t]?\]{_LINK}"
    rf"|\\\[[ \t]?{_LIST}[ \t]?\\\]"
    rf"|【[ \t]?{_LIST}(?::\p{{Nd}}+)?(?:†[^】\n]{{0,80}})?】|［[ \t]?{_LIST}[ \t]?］"
    rf"|\[(?P<inside>\p{{Nd}}{{1,3}})†[^\]\n]{{0,80}}\]"
    rf"|<(?P<tag>{_XML})(?:[ \t][^<>]{{0,80}})?>[ \t]?\[?{_LIST}\]?[ \t]?</(?P=tag)>"
    rf"|<{_XML}[ \t][^<>\d]{{0,40}}[\"']?(?P<inside>\p{{Nd}}{{1,3}})[\"']?[ \t]?/>"
    rf"|\\(?:cite|footnote|ref)\{{{_LIST}\}}|\$\^\{{?{_LIST}\}}?\$|(?<=\S)\^{_LIST}\^"
    rf"|\((?=[ \t]?{_NAMED}){_LIST}[ \t]?\)",
    regex.IGNORECASE,
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# After a short word or a number, a superscript is an exponent: km², 10⁶.
_RAISED = regex.compile(r"(?:(?<=\p{Ll}{4})|(?<=[^\s\p{L}\p{N}])|(?<=[ \t]))\(?(?P<inside>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}(?:[,⁻ ˒·]{1,2}[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})*)\)?(?![\p{L}\p{N}])")  # fmt: skip # noqa: E501
_RAISED_BY_TAG = regex.compile(
    r"(?<=\p{N}|\b\p{L}{1,3})<sup>(?P<digits>-?\p{Nd}{1,4})</sup>", regex.IGNORECASE
)
_BY_TAG = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
# At the end of a sentence, with a space before, and not the number of a part: "under Section 5 (2)".
_ROUND = regex.compile(
    r"(?<=[\p{L}\p{N}%\"'”’)\]*][ \t])(?<!\b(?:section|article|clause|rule|paragraph|chapter|part|no|table|figure)\.?"
    r"[ \t](?:\p{N}+[ \t])?)(?P<inside>\(\p{Nd}{1,2}(?:[ \t]?[,;][ \t]?\p{Nd}{1,2}){0,9}\)"
    r"(?:[ \t]?\(\p{Nd}{1,2}\)){0,9})(?=[*_]{0,3}[.!?。]?[*_]{0,3}[\"'”’]?\s*$)",
    regex.IGNORECASE,
)
_EMPTY_TAG = regex.compile(r"\[cite_(?:start|end)\][ \t]?", regex.IGNORECASE)
_QUOTATION = regex.compile("(“[^“”]*”)")
_NOUNS = regex.compile(rf"{_NAMED}(?=[#^]?\p{{Nd}})|[#^]", regex.IGNORECASE)
_WORDS_BETWEEN = (
    (regex.compile(r"\b(?:and|und|y|et)\b|&", regex.I), ","),
    (regex.compile(r"\bto\b", regex.I), "-"),
)

# A mark that the end of a reply has cut in two.
_HALF = regex.compile(
    rf"[ \t]*(?:\\?\[{{1,2}}|【|［|\\$)\^?(?:{_NAMED}?[\p{{Nd}}\s,;–—-]*|[a-z]{{0,9}}:?)(?:†[^】\]]*)?\\?$"
    rf"|[ \t]*<{_XML}>?[\p{{Nd}}\s]*(?:</?[a-z]*)?$|(?<=\])\([^()\s]*$",
    regex.IGNORECASE,
)

# Marks at the head of a text that belong to the statement before it, in any of the forms; ``(1)`` is none there.
LEADING_MARKS = regex.compile(
    rf"(?:[ \t]*(?:{_MARK.pattern}|[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,3}}(?!\p{{L}})))+[ \t]*", regex.IGNORECASE
)

# In texts of others: ``([Coast News](https://…))``, ``[three towns](https://…)``, ``https://…``.
_ADDRESS = regex.compile(r"<?\bhttps?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?'\"”’]>?")
_LINK_WORDS = regex.compile(
    rf"(?<!\\)\[(?!{_LIST}\])(?P<words>[^\[\]\n]{{1,300}})\]\((?:https?:|/|#)[^()\s]{{0,400}}\)"
)
_LINKED_SOURCE = regex.compile(rf"\((?:{_LINK_WORDS.pattern}[,; ]{{0,2}}){{1,9}}\)")

# A mark as it is after rewriting.
PLAIN_MARK = regex.compile(r"[ \t]?\[(?P<label>\p{Nd}{1,3})\]")


def plain_marks(sentence: str, labels: Collection[int]) -> str:
    """Return a sentence with each mark as ``[1]`` or ``[1][2]``; ``labels`` are those of the passages.

    Nothing is changed between “ and ”: there the article is speaking. A label that no passage has stays, for the
    verifier to say so; of a wide range such as ``[1-9999999]`` the ends that are labels stay.
    """
    parts = _QUOTATION.split(_EMPTY_TAG.sub("", sentence))
    for index in range(0, len(parts), 2):
        part = _RAISED_BY_TAG.sub(lambda m: m["digits"].translate(_BY_TAG), parts[index])
        part = _MARK.sub(_rewriting(labels, only_known=False), part)
        parts[index] = _RAISED.sub(_rewriting(labels, only_known=True), part)
    return _ROUND.sub(_rewriting(labels, only_known=True), "".join(parts))


def blank_marks(text: str) -> str:
    """Return a text of the same length with spaces in place of another writer's marks and addresses.

    Of a link the words are kept, but not of one in brackets of its own, which names a source. ``(1)`` and ``[2023]``
    are kept, as they may be numbers of the text; so is everything between “ and ”.
    """
    parts = _QUOTATION.split(text)
    for index in range(0, len(parts), 2):
        part = _LINKED_SOURCE.sub(_spaces, parts[index])
        part = _LINK_WORDS.sub(lambda m: f" {m['words']}{' ' * (len(m[0]) - len(m['words']) - 1)}", part)
        for pattern in (_MARK, _RAISED, _ADDRESS):
            part = pattern.sub(_spaces, part)
        parts[index] = part
    return "".join(parts)


def _spaces(match: "regex.Match[str]") -> str:
    inside = match.groupdict().get("inside") or ""
    is_number = regex.search(rf"\p{{Nd}}{{{_LABEL_DIGITS + 1}}}", inside) is not None
    return match[0] if is_number else " " * len(match[0])


def without_half_mark(text: str) -> str:
    """Return the end of a reply without a mark that was cut in two."""
    return _HALF.sub("", text)


def _rewriting(labels: Collection[int], *, only_known: bool) -> "Callable[[regex.Match[str]], str]":
    def rewrite(match: "regex.Match[str]") -> str:
        inside = _NOUNS.sub("", match["inside"]).translate(_SUPERSCRIPTS)
        for word, sign in _WORDS_BETWEEN:
            inside = word.sub(sign, inside)
        # Of a number with too many digits nothing is left but its place, so that no range begins or ends there.
        found = labels_of(regex.sub(rf"[–—-]?\p{{Nd}}{{{_LABEL_DIGITS + 1},}}", "", inside))
        wide = any(sign in inside for sign in "–—-") and len(found) == len(regex.findall(r"\p{Nd}+", inside))
        if not found or (only_known and not set(found) <= set(labels)):
            return match.group()
        kept = [label for label in found if label in labels] if wide else list(found)
        return "".join(f"[{label}]" for label in dict.fromkeys(kept or found[:1]))

    return rewrite
