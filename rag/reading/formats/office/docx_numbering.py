"""The numbers of clauses and items, which Word counts as it shows a document and does not store."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from rag.reading.formats.office.word_names import child, children, is_on, value, whole

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")

_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)


def roman(number: int) -> str:
    """``number`` in small Roman figures; in Arabic ones from 4,000."""
    if not 0 < number < 4000:
        return str(number)
    letters = ""
    for unit, sign in _ROMAN:
        letters += sign * (number // unit)
        number %= unit
    return letters


def letters(number: int) -> str:
    """a to z, then aa, bb and so on, as Word counts."""
    if not 0 < number < 26 * 20:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()


def _in(words: list[str]) -> Callable[[int], str]:
    """Counting in words, as far as clauses are; further in figures."""
    return lambda number: words[number - 1].capitalize() if 0 < number <= len(words) else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": ordinal,
    "cardinalText": _in(_WORDS),
    "ordinalText": _in(_ORDINALS),
    "none": lambda _: "",
}


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None  # the level that makes it begin again, from 1; 0 for none
    legal: bool = False  # all figures in it are Arabic
    style: str = ""  # whose paragraphs are of this level


class Numbering:
    """The lists of a document; ``mark`` is asked for each numbered paragraph, in their order."""

    def __init__(self, root: "Element[str] | None") -> None:
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}  # the definition of a list, and its levels
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        self._overrides: dict[str, dict[int, int]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: "Element[str]") -> None:
        by_style: dict[str, str] = {}
        linked: dict[str, str] = {}
        for element in children(root, "w:abstractNum"):
            id = value(element, "abstractNumId") or ""
            self._definitions[id] = _levels(element)
            if style := value(child(element, "w:styleLink")):
                by_style[style] = id
            if style := value(child(element, "w:numStyleLink")):
                linked[id] = style
        for element in children(root, "w:num"):
            id, definition = value(element, "numId") or "", value(child(element, "w:abstractNumId")) or ""
            definition = by_style.get(linked.get(definition, ""), definition)
            levels = dict(self._definitions.get(definition, {}))
            starts: dict[int, int] = {}
            for override in children(element, "w:lvlOverride"):
                index = whole(value(override, "ilvl"), 0)
                if (start := value(child(override, "w:startOverride"))) is not None:
                    starts[index] = whole(start, 1)
                if (own := child(override, "w:lvl")) is not None:
                    levels[index] = _level(own)
            self._lists[id] = definition, levels
            self._overrides[id] = starts

    def level_of(self, list_id: str, style: str, default: int) -> int:
        """The level of a list to which paragraphs of a style belong; ``default`` where none names it."""
        _, levels = self._lists.get(list_id, ("", {}))
        return next((index for index, level in levels.items() if style and level.style == style), default)

    def mark(self, list_id: str, level: int) -> str | None:
        """The number or the bullet of the next paragraph of a list: ``"4.2"``, ``"(a)"``; ``""`` for a bullet.

        ``None`` where there is no such list, or its level shows nothing.
        """
        if list_id in ("", "0") or list_id not in self._lists or not 0 <= level < _LEVELS:
            return None
        definition, levels = self._lists[list_id]
        own = levels.get(level, _Level())
        counts = self._counts.setdefault(definition, [None] * _LEVELS)
        self._count(list_id, level, levels, counts)
        if own.form == "bullet":
            return ""

        def figure(match: "re.Match[str]") -> str:
            index = int(match[1]) - 1
            shown = levels.get(index, _Level())
            number = counts[index] if counts[index] is not None else shown.start
            form = "decimal" if own.legal and shown.form != "decimalZero" else shown.form
            return _FORMS.get(form, str)(number if number is not None else 1)

        mark = " ".join(_PLACE.sub(figure, own.text).split())
        return mark if any(c.isalnum() for c in mark) else None

    def _count(self, list_id: str, level: int, levels: dict[int, _Level], counts: list[int | None]) -> None:
        own = levels.get(level, _Level())
        first = self._overrides[list_id].get(level)
        if first is not None and (list_id, level) not in self._started:
            counts[level] = first
        else:
            before = counts[level]
            counts[level] = own.start if before is None else before + 1
        self._started.add((list_id, level))
        for deeper in range(level + 1, _LEVELS):
            restart = levels.get(deeper, _Level()).restart
            if restart is None or restart > level:
                counts[deeper] = None
        for upper in range(level):
            if counts[upper] is None:
                counts[upper] = levels.get(upper, _Level()).start


def _levels(element: "Element[str]") -> dict[int, _Level]:
    return {whole(value(level, "ilvl"), 0): _level(level) for level in children(element, "w:lvl")}


def _level(element: "Element[str]") -> _Level:
    restart = value(child(element, "w:lvlRestart"))
    return _Level(
        start=whole(value(child(element, "w:start")), 0 if child(element, "w:start") is None else 1),
        form=value(child(element, "w:numFmt")) or "decimal",
        text=(value(child(element, "w:lvlText")) or "")[:60],
        restart=None if restart is None else whole(restart, 0),
        legal=bool(is_on(child(element, "w:isLgl"))),
        style=value(child(element, "w:pStyle")) or "",
    )
