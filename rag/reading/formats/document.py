"""``Document``: what every reader of a file that is one article returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.reading.cleaning import clean, one_line
from rag.reading.formats.blocks import Block, join_blocks

XML_BYTES = 20_000_000  # of one XML file in a document, expanded; the Bible has 10 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The content of a file that is one article.

    ``text`` is cleaned (``rag.reading.cleaning.clean``). ``fields`` are those that the file states about itself, of
    ``id``, ``title``, ``url``, ``date``, ``publisher`` and ``credit``; an empty one counts as missing. Each of
    ``notes`` becomes a warning. ``markdown`` says whether ``text`` is marked up as Markdown, which decides how a
    title is looked for in it.
    """

    text: str
    fields: Mapping[str, object]
    notes: tuple[str, ...] = ()
    markdown: bool = True


def clean_document(
    text: str,
    source: str,
    *,
    fields: Mapping[str, object],
    notes: Sequence[str] = (),
    markdown: bool = True,
) -> Document:
    """A document of the cleaned ``text``. Raises ``ArticleError`` where that is the text of a binary file.

    Empty ``notes`` are left out, and one on what was removed from the text is added.
    """
    text, removed = clean(text, source)
    kept = tuple(note for note in (*notes, removed) if note)
    return Document(text=text, fields=fields, notes=kept, markdown=markdown)


def document_of_blocks(
    blocks: Sequence[Block], source: str, *, title: str, notes: Sequence[str] = ()
) -> Document:
    """A document of these blocks; its title is the first block of that kind, else ``title``, which may be empty."""
    first = next((line.lstrip("# ") for kind, line in blocks if kind == "title"), one_line(title))
    return clean_document(join_blocks(blocks), source, fields={"title": first}, notes=notes)
