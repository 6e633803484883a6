"""rag.reading.formats.blocks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


XML_BYTES = 20_000_000  # a part of the document; the Bible has 10 MB


def joined(found: list[tuple[str, str]]) -> str:
    """Blocks parted by a blank line, but for items and rows that follow one another."""
    parts: list[str] = []
    before = ""
    for kind, line in found:
        close = kind == before and kind in ("item", "row")
        parts.append(("\n" if close else "\n\n") + line)
        before = kind
    return "".join(parts).lstrip("\n")
