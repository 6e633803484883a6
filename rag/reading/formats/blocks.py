"""Blocks: the headings, paragraphs, list items and table rows of a document, as lines of Markdown."""

from collections.abc import Sequence

from rag.reading.cleaning import one_line
from rag.reading.formats.raised import join_raised

Block = tuple[str, str]  # its kind (title, heading, item, row or paragraph), and its text as Markdown


def join_blocks(blocks: Sequence[Block]) -> str:
    """The blocks as one text: items and rows that follow one another on adjacent lines, others a blank line apart."""
    parts: list[str] = []
    previous = ""
    for kind, line in blocks:
        adjacent = kind == previous and kind in ("item", "row")
        parts.append(("\n" if adjacent else "\n\n") + line)
        previous = kind
    return "".join(parts).lstrip("\n")


class BlockBuilder:
    """Collects text into ``blocks``: pieces into paragraphs, paragraphs into cells, cells into rows.

    A piece may be half of a surrogate pair, of which the next piece is the other half.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.in_item = False  # a list mark stands before the paragraph
        self._pieces: list[tuple[str, bool]] = []  # and whether it is raised
        self._cell: list[str] = []
        self._row: list[str] = []

    def add(self, text: str, *, raised: bool = False) -> None:
        """Add to the open paragraph; ``raised`` text stands above the line."""
        self._pieces.append((text, raised))

    def end_paragraph(self, heading: Block | None, *, in_table: bool, number: str = "") -> None:
        """Close the paragraph: it becomes a block, or part of the open cell with ``in_table``.

        ``heading`` is its kind and Markdown mark if it is a heading or a title; ``number`` is shown before its words.
        """
        words, self._pieces = one_line(_combine_surrogates(join_raised(self._pieces))), []
        if not words:
            return
        words = f"{number} {words}" if number else words
        if in_table:
            self._cell.append(words)
            return
        self.end_row()
        if heading:
            kind, mark = heading
            self.blocks.append((kind, mark + words))
        elif self.in_item or words.startswith("• "):
            self.blocks.append(("item", "- " + words.removeprefix("• ")))
        else:
            self.blocks.append(("paragraph", words))
        self.in_item = False

    def end_cell(self) -> None:
        """Close the cell and add it to the open row."""
        self._row.append(" ".join(self._cell))
        self._cell = []
        self.in_item = False

    @property
    def has_open_cell(self) -> bool:
        """Whether there are paragraphs in the open cell."""
        return bool(self._cell)

    def end_row(self) -> None:
        """Close the row, which becomes a block where it has words."""
        if self._cell:
            self.end_cell()
        if any(self._row):
            self.blocks.append(("row", f"| {' | '.join(self._row)} |"))
        self._row = []


def _combine_surrogates(text: str) -> str:
    """``text`` with each surrogate pair as the character it encodes, and each lone surrogate as U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
