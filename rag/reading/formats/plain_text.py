"""Plain text and Markdown files: the bytes decoded, and the front matter of Markdown read as fields."""

from rag.reading.cleaning import clean
from rag.reading.decoding import decode
from rag.reading.formats.document import Document, clean_document
from rag.reading.formats.embedded import without_embedded
from rag.reading.formats.frontmatter import front_matter
from rag.reading.formats.markdown import plain_markdown


def read_text(data: bytes, source: str) -> Document:
    """A plain text file. Raises ``ArticleError`` for one in no known encoding, or a binary file."""
    text, guess = decode(data, source)
    text, embedded = without_embedded(text)
    return clean_document(text, source, fields={}, notes=(guess, embedded), markdown=False)


def read_markdown(data: bytes, source: str) -> Document:
    """A Markdown file, its words as a reader sees them; ``fields`` is its front matter.

    Raises ``ArticleError`` as ``read_text`` does.
    """
    text, guess = decode(data, source)
    text, removed = clean(
        text, source
    )  # before the front matter is looked for, as line ends are part of its marks
    fields, body, unread = front_matter(text)
    body, embedded = without_embedded(body, stand_in="data:")  # still a target, so that its link is one
    notes = tuple(note for note in (guess, removed, unread, embedded) if note)
    return Document(text=plain_markdown(body), fields=fields, notes=notes)
