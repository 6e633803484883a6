"""Styles of a Word document: what kind of paragraph one makes, and what it does to text."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from rag.reading.formats.office.word_names import child, children, is_on, name, value, whole


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it inherits. ``None`` where neither it nor those it is based on say anything."""

    names: tuple[str, ...] = ()  # its own and those it is based on, in English and lower case
    level: int | None = None  # of a heading, from 0; 9 is a paragraph's
    number: tuple[str, int] | None = None  # the list it belongs to, and its level there
    hidden: bool | None = None
    bold: bool | None = None
    raised: bool | None = None
    struck: bool | None = None

    @property
    def is_title(self) -> bool:
        """Whether it is that of a document's title."""
        return "title" in self.names

    @property
    def is_contents(self) -> bool:
        """Whether it is that of a table of contents."""
        return any(n == "toc heading" or n == "table of figures" or n[:4] == "toc " for n in self.names)

    @property
    def is_item(self) -> bool:
        """Whether it is that of a list's items."""
        return any(n == "list" or n.startswith("list ") for n in self.names)

    @property
    def heading_level(self) -> int | None:
        """1 to 9 for a heading, else ``None``."""
        for own in self.names:
            first, _, level = own.partition(" ")
            if first == "heading" and level in tuple("123456789"):
                return int(level)
        return self.level + 1 if self.level is not None and self.level < 9 else None


PLAIN = Style()


class Styles:
    """The styles of a document by their ids, which each language of Word names otherwise."""

    def __init__(self, root: "Element[str] | None") -> None:
        self._elements: dict[str, Element[str]] = {}
        self._default = ""
        self._known: dict[str, Style] = {}
        for element in children(root, "w:style") if root is not None else ():
            id = value(element, "styleId") or ""
            self._elements[id] = element
            if value(element, "type") == "paragraph" and value(element, "default") in ("1", "true", "on"):
                self._default = id

    def get(self, id: str | None) -> Style:
        """The style of this id, that of ordinary paragraphs for ``None``, and a plain one for an unknown id."""
        key = self._default if id is None else id
        if key not in self._known:
            self._known[key] = self._resolve(key, frozenset())
        return self._known[key]

    def _resolve(self, id: str, seen: frozenset[str]) -> Style:
        element = self._elements.get(id)
        if element is None or id in seen or len(seen) > 20:
            return PLAIN
        based_on = value(child(element, "w:basedOn"))
        base = self._resolve(based_on, seen | {id}) if based_on else PLAIN
        own = (value(child(element, "w:name")) or "").lower()
        paragraph, text = child(element, "w:pPr"), text_style(child(element, "w:rPr"))
        level = value(child(paragraph, "w:outlineLvl"))
        number = numbering_of(paragraph)
        return Style(
            names=(own, *base.names),
            level=base.level if level is None else whole(level, 9),
            number=base.number if number is None else number,
            hidden=base.hidden if text.hidden is None else text.hidden,
            bold=base.bold if text.bold is None else text.bold,
            raised=base.raised if text.raised is None else text.raised,
            struck=base.struck if text.struck is None else text.struck,
        )


def text_style(properties: "Element[str] | None") -> Style:
    """What the properties of a run say of its text."""
    if properties is None:
        return PLAIN
    hidden = bold = raised = struck = None
    for element in properties:
        kind = name(element)
        if kind == "w:vanish":
            hidden = is_on(element)
        elif kind == "w:b":
            bold = is_on(element)
        elif kind in ("w:strike", "w:dstrike"):
            struck = is_on(element) or struck
        elif kind == "w:vertAlign":
            raised = value(element) == "superscript"
        elif kind == "w:position" and raised is None and whole(value(element), 0):
            raised = True
    return Style(hidden=hidden, bold=bold, raised=raised, struck=struck)


def numbering_of(properties: "Element[str] | None") -> tuple[str, int] | None:
    """The list and the level in it that the properties of a paragraph or a style give."""
    numbering = child(properties, "w:numPr")
    if numbering is None:
        return None
    list_id = value(child(numbering, "w:numId"))
    return ("" if list_id is None else list_id), whole(value(child(numbering, "w:ilvl")), 0)
