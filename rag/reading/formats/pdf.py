"""PDF files: the lines of each page, joined into paragraphs. The only file that imports ``pypdf``.

A form feed stands between two pages, as in what ``pdftotext`` writes: after a line feed, or in place of the space
where a sentence runs on. ``Article.page`` counts them. A PDF states where ink goes, not what a paragraph is: a line
that reaches the right edge is taken to run on. Running headers and footers, which most pages share, are left out, and
ligatures of a typeface become the letters they show. A word broken at a line's end keeps its hyphen, as it may be the
word's own.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line, silence
from rag.reading.formats.document import Document

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


_REACHES = 0.75  # of the longest line's length: a line that long was broken by the edge, not by the writer


_PROSE_CHARS = 40  # characters in the longest line below which lines are a list or verses


_EDGE_LINES = 2  # at the head and at the foot of a page, that may be running titles


_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


_ITEM_START = re.compile(r"(?:[-*•◦▪●‣–]|\d{1,3}[.)])\s")


_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))


_HYPHENATED = re.compile(r"\w-$|\u00ad$")


_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|odt|indd|qxd|tex|dvi|pdf|html?)$|^about:", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """How much of a PDF is read, and for how long."""

    pages: int = 3_000
    text_chars: int = 20_000_000
    drawing_bytes: int = 5_000_000  # in one page: more is a map or a plan, and takes a second a megabyte
    seconds: int = 300  # for one file: a few kilobytes can draw the same on each of a thousand pages


PDF_LIMITS = PdfLimits()


def read_pdf(data: bytes, source: str, limits: PdfLimits = PDF_LIMITS) -> Document:
    """The text of a PDF, with the title in its metadata where that is one; ``notes`` say what was left out.

    Raises ``ArticleError`` for one that is locked, damaged, too large or without text.
    """
    import pypdf  # loaded here because it costs 0.2 s and few files need it

    silence("pypdf")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        _refuse_locked(reader, source)
        if len(reader.pages) > limits.pages:
            why = f"has {len(reader.pages):,} pages: split it into parts of {limits.pages:,}"
            raise ArticleError(source, why)
        metadata = reader.metadata
        title = one_line(str(metadata.get("/Title") or "")) if metadata else ""
        pages, notes = _page_lines(reader, source, limits)
    except ArticleError:
        raise
    except Exception as fault:  # a broken file may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"is no whole PDF ({one_line(why)}): fetch or save it again") from fault
    if not any(page for page in pages):
        raise ArticleError(
            source, "holds no text, only pictures or drawings of it: run text recognition (OCR)"
        )
    kept, dropped = _without_running_titles(pages)
    if dropped:
        notes = (*notes, f"{dropped} line(s) that most pages share left out at their heads and feet")
    fields = {"title": "" if _NO_TITLE.search(title) else title}
    # Each page is cleaned by itself: cleaning the whole text would remove the form feeds between them.
    return Document(text=_join(kept), fields=fields, notes=notes, markdown=False)


def _refuse_locked(reader: "PdfReader", source: str) -> None:
    """Raises ``ArticleError`` where a password is needed. Most protected files need none: they only forbid printing."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        unlocked = bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        unlocked = False
    if not unlocked:
        raise ArticleError(source, "is locked by a password: save it without one, as by printing to a file")


def _page_lines(
    reader: "PdfReader", source: str, limits: PdfLimits
) -> tuple[list[list[str]], tuple[str, ...]]:
    """The lines of each page that hold words, and notes. Raises ``ArticleError`` beyond a limit."""
    pages: list[list[str]] = []
    notes: list[str] = []
    characters = 0
    deadline = monotonic() + limits.seconds
    for number, page in enumerate(reader.pages, start=1):
        if monotonic() > deadline:
            why = f"not read within {limits.seconds} s, {number - 1} pages of it: split it"
            raise ArticleError(source, why)
        text = _text(page, limits.drawing_bytes)
        if text is None:
            most = f"{limits.drawing_bytes / 1e6:.0f} MB"
            notes.append(f"page {number} left out: it is a drawing of over {most}, or of no end")
        text, note = clean((text or "").replace("\0", "").translate(_LIGATURES), source)
        if note:
            notes.append(f"page {number}: {note}")
        characters += len(text)
        if characters > limits.text_chars:
            raise ArticleError(source, f"holds over {limits.text_chars:,} characters: split it")
        pages.append([" ".join(line.split()) for line in text.split("\n") if line.strip()])
    if (empty := sum(not lines for lines in pages)) and empty < len(pages):
        notes.append(f"{empty} of {len(pages)} pages hold no text")
    return pages, tuple(notes)


def _text(page: "PageObject", drawing_bytes: int) -> str | None:
    """The page's text; ``None`` where its drawing has over ``drawing_bytes``, or takes more than pypdf allows."""
    from pypdf.errors import LimitReachedError

    try:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > drawing_bytes:
            return None
        text = page.extract_text()
    except LimitReachedError:
        return None
    # Half of a surrogate pair is what a broken font gives.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_running_titles(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """The pages without running headers and footers, and the number of lines left out.

    These are lines at the head or foot that at least three pages and half of all share, whatever numbers are in them.
    """
    edges = [dict(_edge_lines(page)) for page in pages]
    pages_with = Counter(line for lines in edges for line in set(lines.values()))
    most = max(3, -(-len(pages) // 2))
    dropped = [{index for index, line in lines.items() if pages_with[line] >= most} for lines in edges]
    kept = [
        [line for index, line in enumerate(page) if index not in indexes]
        for page, indexes in zip(pages, dropped, strict=True)
    ]
    return (kept, sum(map(len, dropped))) if any(kept) else ([list(page) for page in pages], 0)


def _edge_lines(page: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The first and last lines of a page by their index, with each number in them replaced by 0."""
    for index in {*range(min(_EDGE_LINES, len(page))), *range(max(0, len(page) - _EDGE_LINES), len(page))}:
        yield index, re.sub(r"\d+", "0", page[index])


def _join(pages: Sequence[Sequence[str]]) -> str:
    """All pages as one text: a line feed after a paragraph, a space where one runs on, a form feed between pages."""
    longest = max(len(line) for page in pages for line in page)
    lines = [(number, line) for number, page in enumerate(pages) for line in page]
    parts: list[str] = ["\f" * lines[0][0], lines[0][1]]
    for (number, line), (next_number, following) in pairwise(lines):
        page_breaks = "\f" * (next_number - number)
        if _is_continued(line, following, longest):
            is_one_word = _HYPHENATED.search(line) and following[0].islower()
            parts.append(page_breaks or ("" if is_one_word else " "))
        else:
            parts.append("\n" + page_breaks)
        parts.append(following)
    return "".join(parts)


def _is_continued(line: str, following: str, longest: int) -> bool:
    """Whether the paragraph of ``line`` goes on in the ``following`` line; ``longest`` is the length of the longest."""
    if longest < _PROSE_CHARS or len(line) < _REACHES * longest or _ITEM_START.match(following):
        return False
    return not (_SENTENCE_END.search(line) and len(line) < 0.9 * longest)
