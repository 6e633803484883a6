"""A page that is all article, as those of a book are: every block of it as a line of Markdown."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.reading.formats.blocks import join_blocks
from rag.reading.formats.html.flow import BLOCKS, HEADINGS

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_MARKS = {**{tag: "#" * level + " " for level, tag in enumerate(HEADINGS, start=1)}, "li": "- ", "tr": "| "}
_KINDS = {"- ": "item", "| ": "row"}
_BREAKING = frozenset((*BLOCKS, "body", "br")) - {"td", "th"}
_SKIPPED = frozenset("head script style nav".split())


def text_of(root: "HtmlElement", *, skipped: frozenset[str] = _SKIPPED) -> str:
    """All text of a page in normal form: headings, paragraphs, items and rows as Markdown, one line each."""
    lines = (" ".join(line.split()) for line in "".join(_pieces(root, skipped, own_lines=True)).split("\n"))
    return join_blocks([(_KINDS.get(line[:2], "other"), line) for line in lines if line.strip("|#- ")])


def _pieces(element: "HtmlElement", skipped: frozenset[str], *, own_lines: bool) -> Iterator[str]:
    """The text of an element, each run of white space as one space.

    With ``own_lines`` each block in it is on a line of its own; within a row, an item or a heading it is not.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in skipped or not tag:
        return
    is_one_line = tag in ("tr", "li", *HEADINGS)
    yield ("\n" if own_lines else " ") + _MARKS.get(tag, "") if tag in _BREAKING else ""
    yield _collapse_spaces(element.text)
    for child in element:
        yield from _pieces(child, skipped, own_lines=own_lines and not is_one_line)
        yield _collapse_spaces(child.tail)
    yield {"td": " | ", "th": " | "}.get(tag, "")
    yield ("\n" if own_lines else " ") if tag in _BREAKING else ""


def _collapse_spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
