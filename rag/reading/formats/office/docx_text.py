"""The words of a Word paragraph, with all changes accepted: without what is hidden, powers as powers, notes cut out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from rag.reading.cleaning import one_line
from rag.reading.formats.office.docx_styles import PLAIN, Style, Styles, text_style
from rag.reading.formats.office.word_names import child, name, value
from rag.reading.formats.raised import raised_text

# Elements that hold runs. Not here: `del` and `moveFrom`, which are deleted text.
_CONTAINERS = frozenset(
    f"w:{kind}"
    for kind in "hyperlink ins moveTo smartTag sdt sdtContent fldSimple customXml dir bdo ruby rubyBase".split()
)

_SIGNS = {
    "w:tab": " ",
    "w:ptab": " ",
    "w:br": " ",
    "w:cr": " ",
    "w:noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    "w:softHyphen": "",
}

_PICTURES = ("w:drawing", "w:pict", "w:object")


@dataclass(slots=True)
class Unread:
    """What stands in a document and is no text: counted, so that a note can say so."""

    counts: Counter[str] = field(default_factory=Counter)

    def notes(self) -> tuple[str, ...]:
        """One note on all of it; none where there is nothing."""
        parts = [f"{count} {kind}" for kind, count in sorted(self.counts.items())]
        return (f"not read: {', '.join(parts)}",) if parts else ()


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    style: Style
    linked: bool = False


class TextReader:
    """Reads paragraphs; ``unread`` counts what is no text in them."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self.unread = Unread()

    def line(self, paragraph: "Element[str]") -> tuple[str, bool]:
        """The text of a paragraph on one line, and whether all of it is bold."""
        properties = child(paragraph, "w:pPr")
        style = self._styles.get(value(child(properties, "w:pStyle")))
        runs = list(self._runs(paragraph, style, linked=False))
        text = ""
        for index, run in enumerate(runs):
            if run.style.raised:
                after = next((later.text for later in runs[index + 1 :] if later.text), "")
                text += raised_text(
                    text, run.text, after, linked=run.linked and not run.text.strip().isalpha()
                )
            else:
                text += run.text
        words = [run for run in runs if run.text.strip()]
        return one_line(text), bool(words) and all(run.style.bold for run in words)

    def _runs(self, element: "Element[str]", style: Style, *, linked: bool) -> Iterator[_Run]:
        for inner in element:
            kind = name(inner)
            if kind == "w:r":
                yield from self._run(inner, style, linked=linked)
            elif kind in ("m:oMath", "m:oMathPara"):
                self.unread.counts["equation(s)"] += 1
            elif kind in _CONTAINERS and not is_placeholder(inner):
                is_link = kind == "w:hyperlink" and value(inner, "anchor") is not None
                yield from self._runs(inner, style, linked=linked or is_link)
            elif kind == "mc:AlternateContent":
                yield from self._runs(_choice(inner), style, linked=linked)

    def _run(self, run: "Element[str]", style: Style, *, linked: bool) -> Iterator[_Run]:
        properties = child(run, "w:rPr")
        own = _over(
            text_style(properties), self._styles.get(value(child(properties, "w:rStyle")) or ""), style
        )
        if own.hidden:
            return
        if own.struck:
            self.unread.counts["struck-out piece(s) of text"] += 1
            return
        merged: list[str] = []
        for inner in run:
            kind = name(inner)
            if kind == "w:t":
                merged.append(inner.text or "")
            elif kind in _SIGNS:
                merged.append(_SIGNS[kind])
            elif kind in _PICTURES:
                self._count_pictures(inner)
            elif kind == "mc:AlternateContent":
                choice = _choice(inner)
                self._count_pictures(choice)
                merged += [part.text or "" for part in choice if name(part) == "w:t"]
            elif kind == "w:ruby":
                yield from self._runs(inner, style, linked=linked)
        if merged:
            yield _Run("".join(merged), own, linked)

    def _count_pictures(self, drawing: "Element[str]") -> None:
        kinds = {name(inner) for inner in drawing.iter()}
        if kinds & {"a:blip", "v:imagedata"} and "w:txbxContent" not in kinds:
            self.unread.counts["picture(s)"] += 1
        if kinds & {"m:oMath"} and "w:txbxContent" not in kinds:
            self.unread.counts["equation(s)"] += 1


def boxes(paragraph: "Element[str]") -> Iterator["Element[str]"]:
    """The contents of the text boxes that hang on a paragraph; of two forms of one box the first."""
    for inner in paragraph:
        kind = name(inner)
        if kind == "w:txbxContent":
            yield inner
        elif kind == "mc:AlternateContent":
            yield from boxes(_choice(inner))
        elif kind not in ("w:del", "w:moveFrom", "w:pPr", "w:rPr"):
            yield from boxes(inner)


def is_placeholder(control: "Element[str]") -> bool:
    """Whether a content control holds no text: words that ask for some, or a table of contents."""
    properties = child(control, "w:sdtPr")
    gallery = value(child(child(properties, "w:docPartObj"), "w:docPartGallery"))
    return child(properties, "w:showingPlcHdr") is not None or gallery == "Table of Contents"


def _choice(alternatives: "Element[str]") -> "Element[str]":
    """The first form in which a thing is stored."""
    return next((form for form in alternatives if name(form) in ("mc:Choice", "mc:Fallback")), alternatives)


def _over(*styles: Style) -> Style:
    """What the first of these styles says that says anything."""

    def first(attribute: str) -> bool | None:
        return next((said for style in styles if (said := getattr(style, attribute)) is not None), None)

    if not styles:
        return PLAIN
    return Style(hidden=first("hidden"), bold=first("bold"), raised=first("raised"), struck=first("struck"))
