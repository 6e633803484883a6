"""The numbers of the items and headings of an OpenDocument text, which are counted as it is shown and not stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rag.reading.formats.office.docx_numbering import letters, roman

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE = f"{_OASIS}text:1.0}}", f"{_OASIS}style:1.0}}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LIST, _ITEM = f"{_TEXT}list", f"{_TEXT}list-item"
_STYLES = (f"{_TEXT}list-style", f"{_TEXT}outline-style")
_LEVELS = tuple(
    f"{_TEXT}{name}" for name in ("list-level-style-number", "list-level-style-bullet", "outline-level-style")
)
_MOST_LEVELS = 10
_OUTLINE = ""  # the name under which the style of headings is kept

_FORMS: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level is numbered; ``form`` is empty for a bullet."""

    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1  # how many levels stand in the number
    start: int = 1


@dataclass(slots=True)
class _List:
    """A list that is open, with the counts of all its levels."""

    style: str
    counts: list[int | None] = field(default_factory=lambda: [None] * _MOST_LEVELS)


class Lists:
    """Told of each element that begins or ends, it gives the mark of an item or a heading: ``"4.2"``, ``"(a)"``."""

    def __init__(self) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._defining = _OUTLINE
        self._open: list[_List] = []  # a list in a list shares its counts
        self._last: dict[
            str, _List
        ] = {}  # the last list of a style, and each with a name, for those that go on
        self._headings = _List(_OUTLINE)
        self._start: int | None = None  # the number that the open item asks for

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if tag in _STYLES:
            self._defining = attributes.get(f"{_STYLE}name", "") if tag == _STYLES[0] else _OUTLINE
        elif tag in _LEVELS:
            self._define(attributes, bullet=tag == _LEVELS[1])
        elif tag == _LIST:
            self._begin(attributes)
        elif tag == _ITEM:
            self._start = _whole(attributes.get(f"{_TEXT}start-value"))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == _LIST and self._open:
            ended = self._open.pop()
            if not self._open:
                self._last[ended.style] = ended

    def data(self, _: str) -> None:
        """Text, which says nothing of numbers."""

    def close(self) -> None:
        """The file ends."""

    def item(self) -> str:
        """The mark of the item that begins; empty for a bullet."""
        if not self._open:
            return ""
        first, self._start = self._start, None
        return self._mark(self._open[-1], len(self._open), first)

    def heading(self, attributes: Mapping[str, str]) -> str:
        """The mark of a heading; empty where headings have none."""
        if attributes.get(f"{_TEXT}is-list-header") == "true" or self._open:
            return ""
        level = _whole(attributes.get(f"{_TEXT}outline-level")) or 1
        return self._mark(self._headings, level, _whole(attributes.get(f"{_TEXT}start-value")))

    def _define(self, attributes: Mapping[str, str], *, bullet: bool) -> None:
        level = _whole(attributes.get(f"{_TEXT}level")) or 1
        form = "" if bullet else attributes.get(f"{_STYLE}num-format", "")
        self._levels.setdefault(self._defining, {})[level] = _Level(
            form=form if form in _FORMS else "",
            before=attributes.get(f"{_STYLE}num-prefix", "")[:20],
            after=attributes.get(f"{_STYLE}num-suffix", "")[:20],
            shown=_whole(attributes.get(f"{_TEXT}display-levels")) or 1,
            start=_whole(attributes.get(f"{_TEXT}start-value")) or 1,
        )

    def _begin(self, attributes: Mapping[str, str]) -> None:
        style = attributes.get(f"{_TEXT}style-name", "")
        if self._open:  # it goes on counting where the list around it is
            upper = self._open[-1]
            self._open.append(_List(style or upper.style, upper.counts))
            return
        before = self._last.get(f"#{attributes.get(f'{_TEXT}continue-list', '')}")
        if before is None and attributes.get(f"{_TEXT}continue-numbering") == "true":
            before = self._last.get(style)
        self._open.append(_List(style, before.counts) if before else _List(style))
        if name := attributes.get(_XML_ID):
            self._last[f"#{name}"] = self._open[-1]

    def _mark(self, which: _List, level: int, first: int | None) -> str:
        levels = self._levels.get(which.style, {})
        own = levels.get(level, _Level())
        if not 0 < level <= _MOST_LEVELS:
            return ""
        counts = which.counts
        before = counts[level - 1]
        counts[level - 1] = first if first is not None else own.start if before is None else before + 1
        counts[level:] = [None] * (_MOST_LEVELS - level)
        if not own.form:
            return ""
        shown = range(max(1, level - own.shown + 1), level + 1)
        figures = [
            _FORMS[form](counts[one - 1] or levels[one].start)
            for one in shown
            if one in levels and (form := levels[one].form)
        ]
        return f"{own.before}{'.'.join(figures)}{own.after}".strip()


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None
