"""An answer as text for a terminal or a pipe. Pure: nothing is printed, no file is read.

What comes from articles and models passes ``safe`` before it is shown, so that no control character in it
reaches a terminal.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.schema import Answer, Citation, Evidence
from ui.wording import (
    Finding,
    credit_lines,
    differing,
    finding,
    labels_shown,
    limited,
    note,
    one_line,
    safe,
    unmentioned,
    verdict,
    withheld_lines,
)

Colour = Literal["bold", "dim", "italic", "red", "green", "yellow"]

_CODES: dict[Colour, str] = {
    "bold": "1",
    "dim": "2",
    "italic": "3",
    "red": "31",
    "green": "32",
    "yellow": "33",
}

_COLOURS: dict[Finding, Colour] = {
    "verified": "green",
    "quoted": "dim",
    "unsupported": "red",
    "unchecked": "yellow",
}

_INDENT = "    "
_HANGING = "      "  # deeper than a verdict begins, so that nothing wrapped can pass for one
_LEAST_COLUMNS = 10  # text is never wrapped narrower


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set. ``width`` is in columns; ``None`` leaves lines as long as they are."""

    colour: bool = False
    width: int | None = None

    def paint(self, text: str, *colours: Colour) -> str:
        """``text`` in these colours, closed again; as it is where colours are off."""
        if not self.colour or not colours or not text.strip():
            return text
        return f"\x1b[{';'.join(_CODES[colour] for colour in colours)}m{text}\x1b[0m"


PLAIN = Style()


def sources(answer: Answer, style: Style = PLAIN) -> str:
    """What the answer rests on: each cited passage and its verdicts, then what else is quoted.

    Above these, which articles were asked where not all were, what went wrong in writing, what is not shown, where
    articles differ, and what was asked about and is not in the cited words. Where the answer abstained, the nearest
    passages come first, as its text leads to them.
    """
    notes = _note(note(answer), style, "yellow")
    notes += "".join(_note(line, style, "dim") for line in withheld_lines(answer))
    limits = _note(limited(answer), style, "dim")
    if answer.abstained:
        return passages(answer.sources or answer.evidence, "Nearest passages", style) + limits + notes
    known = {passage.label: passage for passage in answer.evidence}
    labels = labels_shown(answer, answer.sources)
    blocks = [_source(answer, label, known.get(label), style) for label in labels]
    for sentence in (*differing(answer), unmentioned(answer)):
        notes += _note(f"? {sentence}" if sentence else "", style, "yellow")
    shown = [known[label] for label in labels if label in known]
    return limits + notes + _section("Sources", blocks, shown, style)


def _note(sentence: str, style: Style, colour: Colour) -> str:
    # Indented deeper than a verdict, so that nothing wrapped can pass for one.
    laid = wrapped(sentence, width=style.width, indent=_HANGING)
    return f"\n{style.paint(laid, colour)}\n" if sentence else ""


def passages(evidence: Sequence[Evidence], title: str, style: Style = PLAIN) -> str:
    """Numbered passages with their origins, under a title, and the credits they ask for."""
    blocks = [_block(item.label, [_quote(item.text), *_origin(item)], style) for item in evidence]
    return _section(title, blocks, evidence, style)


def _section(title: str, blocks: Sequence[str], shown: Sequence[Evidence], style: Style) -> str:
    if not blocks:
        return ""
    asked = [wrapped(credit, width=style.width) for credit in credit_lines(shown)]
    return "\n".join(["", style.paint(title, "bold"), *blocks, *(["", *asked] if asked else [])]) + "\n"


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    colour: Colour | None = None


def _source(answer: Answer, label: int, passage: Evidence | None, style: Style) -> str:
    citations = [citation for citation in answer.citations if citation.label == label]
    quotes = [_quote(citation.quote) for citation in citations if citation.quote]
    verdicts = [_judged(answer, citation) for citation in citations]
    if passage and not citations:
        quotes, verdicts = [_quote(passage.text)], [_Line("quoted", _COLOURS["quoted"])]
    return _block(label, [*quotes, *(_origin(passage) if passage else ()), *verdicts], style)


def _judged(answer: Answer, citation: Citation) -> _Line:
    sentence = answer.text[citation.claim.start : citation.claim.end]
    named = "" if citation.verified or citation.verbatim else f", in: {one_line(sentence)}"
    return _Line(verdict(citation, answer.text) + named, _COLOURS[finding(citation)])


def _quote(words: str) -> _Line:
    # On one line: one of its own that begins with ✓ could pass for a verdict.
    return _Line(f"“{safe(words).replace(chr(10), ' ')}”")


def _origin(passage: Evidence) -> tuple[_Line, ...]:
    day = passage.date.isoformat() if passage.date else ""
    address = one_line(passage.url)
    linked = address.startswith(("https://", "http://"))
    page = f"p. {passage.page}" if passage.page else ""
    named = (one_line(passage.title or passage.article_id), one_line(passage.publisher), day, page)
    line = _Line("— " + ", ".join(part for part in (*named, "" if linked else address) if part), "dim")
    return (line, _Line(address, "dim")) if linked else (line,)


def _block(label: int, lines: Sequence[_Line], style: Style) -> str:
    # A claim that no passage speaks of is cited under 0.
    mark = f"[{label or '–'}]"
    body = "\n".join(_INDENT + _set(line, style) for line in dict.fromkeys(lines))
    return f"{style.paint(mark, 'bold')} {body.removeprefix(_INDENT)}"


def _set(line: _Line, style: Style) -> str:
    laid = wrapped(line.text, width=style.width, indent=_HANGING)
    return style.paint(laid, line.colour) if line.colour else laid


def cells(text: str) -> int:
    """The columns that ``text`` takes on a terminal: two for a wide character, none for a mark on another."""
    return sum(_cells(char) for char in text)


def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, *, width: int | None, indent: str = "") -> str:
    """``text`` in lines of at most ``width`` columns, all but the first behind ``indent``.

    Breaks fall at spaces; a word too wide for a line is cut, but an address is not.
    """
    room = None if width is None else max(width - len(indent), _LEAST_COLUMNS)
    lines = [line for given in text.split("\n") for line in (_fold(given, room) if room else (given,))]
    return f"\n{indent}".join(lines)


def _fold(line: str, room: int) -> Iterator[str]:
    filled, used = "", 0
    for piece in re.findall(r"\s+|\S+", line):
        for part in _cut(piece, room):
            if filled and used + cells(part) > room:
                yield filled.rstrip()
                filled, used = "", 0
            if filled or not part.isspace():
                filled += part
                used += cells(part)
    yield filled.rstrip()


def _cut(word: str, room: int) -> Iterator[str]:
    filled, used = "", 0
    for char in word:
        if "://" not in word and used + _cells(char) > room:
            yield filled
            filled, used = "", 0
        filled += char
        used += _cells(char)
    yield filled
