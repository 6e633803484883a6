"""Which elements of a page are blocks, and how one that holds blocks becomes a single line."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement


HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

BLOCKS = frozenset(
    (
        *HEADINGS,
        *"p div section article main blockquote pre ul ol li dl dt dd table thead tbody tfoot tr td th caption".split(),
        *"figure figcaption header footer aside nav form fieldset legend details summary address hr menu".split(),
    )
)


def is_block(element: "HtmlElement") -> bool:
    """Whether the element begins on a line of its own."""
    return element.tag in BLOCKS


def holds_block(element: "HtmlElement") -> bool:
    """Whether a block stands anywhere in the element."""
    return next(element.iterdescendants(*BLOCKS), None) is not None


def words(element: "HtmlElement") -> str:
    """All text of the element, on one line."""
    return " ".join("".join(element.itertext()).split())


def make_one_line(element: "HtmlElement") -> None:
    """Take the blocks in an element apart into its text: a space between two, a semicolon between items and rows."""
    if not len(element):
        return
    # Before any is taken apart, as then none knows its neighbours any more.
    marks = [(block, _mark_after(block)) for block in element.iterdescendants(*BLOCKS, "br")]
    for block, mark in marks:
        _strip_end(block)
        block.text = " " + (block.text or "").lstrip()
        block.tail = mark + (block.tail or "").lstrip()
    for block, _ in marks:
        block.drop_tag()


def _mark_after(block: "HtmlElement") -> str:
    """What stands between a block and what follows it in its parent."""
    if block.getnext() is None:
        return " " if (block.tail or "").strip() else ""
    last = words(block)[-1:]
    is_open = last.isalnum() or last in tuple(')%”"’')
    return "; " if block.tag in ("li", "tr") and is_open else " "


def _strip_end(block: "HtmlElement") -> None:
    if len(block):
        block[-1].tail = (block[-1].tail or "").rstrip()
    else:
        block.text = (block.text or "").rstrip()


def text_before(element: "HtmlElement", characters: int = 24) -> str:
    """The last characters of the text that stands before the element in its block."""
    pieces: list[str] = []
    for piece in _pieces_backwards(element):
        pieces.append(piece)
        if sum(map(len, pieces)) >= characters:
            break
    return "".join(reversed(pieces))[-characters:]


def _pieces_backwards(element: "HtmlElement") -> Iterator[str]:
    node = element
    while True:
        previous, parent = node.getprevious(), node.getparent()
        if previous is not None:
            yield previous.tail or ""
            if previous.tag in BLOCKS or previous.tag == "br":
                return
            yield "".join(previous.itertext()) if isinstance(previous.tag, str) else ""
            node = previous
        elif parent is None:
            return
        else:
            yield parent.text or ""
            if parent.tag in BLOCKS:
                return
            node = parent


def text_after(element: "HtmlElement") -> str:
    """The text right behind the element in its block, up to the next element that has any."""
    node = element
    while node is not None and node.tag not in BLOCKS:
        if node.tail:
            return str(node.tail)
        following = node.getnext()
        if following is not None:
            return "" if following.tag in BLOCKS else "".join(following.itertext())
        node = node.getparent()
    return ""
