"""A picture that matplotlib drew, made to fit into a page: no size, no font and no names of its own. Pure."""

import re
from xml.etree import ElementTree

_SPACE = re.compile(r"\{[^}]*\}")
# What a picture has no use for inside a page. Its style sheet would hold for the page as well.
_DROPPED = frozenset(("metadata", "style", "clipPath"))
# Versions of matplotlib name the font in one property or in two.
_FONT = re.compile(r"font: (?:[a-z0-9]+ )*([0-9.]+px) [^;]*")
_FAMILY = re.compile(r"font-family: [^;]*;? ?")


def fitted(drawn: str, *, name: str, label: str) -> str:
    """An SVG document as an element for a page, as wide as its place.

    Text is set in the page's own font. Ids are those that something refers to, with ``name``, one word, before
    them, so that several pictures can stand in a page. ``label`` is what is read out to those who cannot see it.
    Raises ``xml.etree.ElementTree.ParseError`` where ``drawn`` is not well-formed.
    """
    root = ElementTree.fromstring(drawn)  # noqa: S314 - matplotlib wrote it, and expat fetches nothing
    _prune(root)
    used = {value.removeprefix("#") for node in root.iter() if (value := _reference(node))}
    for node in root.iter():
        node.tag = _SPACE.sub("", node.tag)
        node.attrib = _attributes(node, used, name)
        node.text = node.text if node.tag in ("text", "tspan") else None
        node.tail = None
    root.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": root.attrib["viewBox"],
        "role": "img",
        "aria-label": label,
        "stroke-linejoin": "round",
    }
    return ElementTree.tostring(root, encoding="unicode")


def _prune(node: ElementTree.Element) -> None:
    for child in list(node):
        if _SPACE.sub("", child.tag) in _DROPPED:
            node.remove(child)
        else:
            _prune(child)


def _reference(node: ElementTree.Element) -> str:
    return next((value for key, value in node.attrib.items() if _SPACE.sub("", key) == "href"), "")


def _attributes(node: ElementTree.Element, used: set[str], name: str) -> dict[str, str]:
    found = {_SPACE.sub("", key): value for key, value in node.attrib.items()}
    found.pop("clip-path", None)
    if (id := found.pop("id", "")) in used and id:
        found["id"] = f"{name}-{id}"
    if "href" in found:
        found["href"] = f"#{name}-{found['href'].removeprefix('#')}"
    if "style" in found:
        found["style"] = _FAMILY.sub("", _FONT.sub(r"font-size: \1", found["style"]))
    return found
