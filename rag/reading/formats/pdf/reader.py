"""PDF files: the lines of each page, joined into paragraphs.

A form feed stands between two pages, as in what ``pdftotext`` writes: after a line feed, or in place of the space
where a sentence runs on. ``Article.page`` counts them. Page numbers, running titles and tables of contents are left
out. A hyphen at a line's end goes where the words of the document say that it breaks one, and else is kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line
from rag.reading.formats.document import Document
from rag.reading.formats.pdf.columns import Column, page_columns
from rag.reading.formats.pdf.contents import contents_lines
from rag.reading.formats.pdf.front import front_title
from rag.reading.formats.pdf.paragraphs import body_height, join_pages
from rag.reading.formats.pdf.pdfium import Page, Pdf, open_pdf
from rag.reading.formats.pdf.running_titles import running_lines

_NO_TITLE = re.compile(
    r"untitled|^\(?(?:anonymous|unspecified|unknown)\)?$|^(?:powerpoint presentation|(?:slide|document|book) ?[0-9]+)$"
    r"|microsoft word|\.(?:docx?|odt|indd|qxd|tex|dvi|pdf|html?)$|^about:"
    r"|\buse style\b|^(?:paper|document|insert|your|article) title\b|\btemplate\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """How much of a PDF is read, and for how long."""

    pages: int = 3_000
    text_chars: int = 20_000_000
    page_chars: int = 200_000  # of one page: more is a map or a plan, or made to take for ever
    seconds: int = 300  # for one file: a few kilobytes can draw the same on each of a thousand pages


PDF_LIMITS = PdfLimits()


def read_pdf(data: bytes, source: str, limits: PdfLimits = PDF_LIMITS) -> Document:
    """The text of a PDF; ``notes`` say what was left out.

    The title is that of its metadata, else the words in the largest letters on its first page, or none.
    Raises ``ArticleError`` for one that is locked, damaged, too large or without text.
    """
    with open_pdf(data, source) as pdf:
        if len(pdf) > limits.pages:
            why = f"has {len(pdf):,} pages: split it into parts of {limits.pages:,}"
            raise ArticleError(source, why)
        title = one_line(pdf.title)
        pages, heights, notes = _read_pages(pdf, source, limits)
    if not any(pages):
        raise ArticleError(
            source, "holds no text, only pictures or drawings of it: run text recognition (OCR)"
        )
    pages, headings, left_out = _without_furniture(pages, heights)
    text, removed = _clean_pages(join_pages(pages, headings), source)
    if not title or _NO_TITLE.search(title):
        title = one_line(front_title(pages, body_height(pages)))
    fields = {"title": title}
    return Document(text=text, fields=fields, notes=(*notes, *left_out, *removed))


_Pages = list[tuple[Column, ...]]


def _read_pages(pdf: Pdf, source: str, limits: PdfLimits) -> tuple[_Pages, list[float], tuple[str, ...]]:
    """The columns of each page, the heights of the pages, and notes. Raises ``ArticleError`` beyond a limit."""
    pages: _Pages = []
    heights: list[float] = []
    notes: list[str] = []
    characters = turned = 0
    deadline = monotonic() + limits.seconds
    for index in range(len(pdf)):
        if monotonic() > deadline:
            raise ArticleError(source, f"not read within {limits.seconds} s, {index} pages of it: split it")
        page, note = _page(pdf, index, limits)
        pages.append(page_columns(page.pieces))
        heights.append(page.height)
        notes += note
        characters += sum(len(piece.text) for piece in page.pieces)
        turned += len(page.turned)
        if characters > limits.text_chars:
            raise ArticleError(source, f"holds over {limits.text_chars:,} characters: split it")
    if (empty := sum(not columns for columns in pages)) and empty < len(pages):
        notes.append(f"{empty} of {len(pages)} pages hold no text")
    if turned:
        notes.append(f"text that runs up or down on {turned} page(s) left out")
    return pages, heights, tuple(notes)


def _page(pdf: Pdf, index: int, limits: PdfLimits) -> tuple[Page, list[str]]:
    """The page; an empty one, and a note that says why, where it cannot be read."""
    try:
        page = pdf.page(index, most_chars=limits.page_chars)
        why = f"it holds over {limits.page_chars:,} characters"
    except RuntimeError as fault:
        page, why = None, f"it is damaged ({one_line(str(fault)):.80})"
    return (page, []) if page else (Page((), (), 0.0), [f"page {index + 1} left out: {why}"])


def _without_furniture(
    pages: _Pages, heights: Sequence[float]
) -> tuple[_Pages, frozenset[str], tuple[str, ...]]:
    """The pages without running titles and tables of contents, the titles in these, and notes on what was left out."""
    running = running_lines(pages, heights)
    kept = _without(pages, running)
    contents, titles = contents_lines(kept)
    notes = (
        f"{len(running)} line(s) of running titles and page numbers left out" if running else "",
        f"{len(contents)} line(s) of a table of contents left out" if contents else "",
    )
    without = _without(kept, contents)
    return without, titles, tuple(note for note in notes if note)


def _without(pages: _Pages, dropped: set[int]) -> _Pages:
    """The pages without these lines; all of them, if nothing else is there."""
    lines = [[tuple(line for line in column if id(line) not in dropped) for column in page] for page in pages]
    kept = [tuple(column for column in page if column) for page in lines]
    return kept if any(kept) else pages


def _clean_pages(text: str, source: str) -> tuple[str, list[str]]:
    """The text with each page cleaned by itself, as cleaning the whole would remove the form feeds, and notes."""
    notes: list[str] = []
    pages: list[str] = []
    for number, page in enumerate(text.split("\f"), start=1):
        cleaned, note = clean(page, source)
        pages.append(cleaned)
        if note:
            notes.append(f"page {number}: {note}")
    return "\f".join(pages), notes
