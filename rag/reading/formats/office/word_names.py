"""The names of elements in Word's XML, short and the same for both forms of the standard, transitional and strict."""

from collections.abc import Iterator
from functools import cache
from xml.etree.ElementTree import Element

_SPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "urn:schemas-microsoft-com:vml": "v",
    "http://schemas.openxmlformats.org/package/2006/relationships": "rel",
    "http://purl.org/dc/elements/1.1/": "dc",
}


@cache
def short(tag: str) -> str:
    """``w:p`` for the tag of a paragraph; the bare name for one of another namespace."""
    space, _, name = tag.rpartition("}")
    prefix = _SPACES.get(space[1:], "")
    return f"{prefix}:{name}" if prefix else name


def name(element: "Element[str]") -> str:
    """The short name of an element."""
    return short(element.tag)


def child(element: "Element[str] | None", wanted: str) -> "Element[str] | None":
    """The first child of this short name."""
    if element is None:
        return None
    return next((inner for inner in element if name(inner) == wanted), None)


def children(element: "Element[str]", wanted: str) -> Iterator["Element[str]"]:
    """The children of this short name."""
    return (inner for inner in element if name(inner) == wanted)


def value(element: "Element[str] | None", attribute: str = "val") -> str | None:
    """The attribute of this bare name; ``None`` where there is none, or no element."""
    if element is None:
        return None
    return next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == attribute), None)


def is_on(element: "Element[str] | None") -> bool | None:
    """Whether a switch is on, which it is where it stands without a value; ``None`` where it does not stand."""
    if element is None:
        return None
    return value(element) not in ("0", "false", "off", "none")


def whole(text: str | None, default: int) -> int:
    """The number in an attribute; ``default`` where that is none, or too long to be meant."""
    plain = (text or "").strip()
    return int(plain) if plain.isdecimal() and len(plain) < 10 else default
