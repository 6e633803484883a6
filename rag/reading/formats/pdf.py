"""PDF files: the words of each page, put together into paragraphs. The only file that imports ``pypdf``.

A form feed stands between two pages, as in what ``pdftotext`` writes: after a line feed, or in place of the space
where a sentence runs on. ``Article.page`` counts them. A PDF says where ink goes, not what a paragraph is: lines that
reach the right edge are taken to run on. Lines at the head and foot that most pages share are left out, and the
ligatures of a typeface are the letters they show. A word broken by a hyphen keeps it: nothing says whose it is.
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
from rag.reading.cleaning import clean, one_line, unheard

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


PAGES = 3_000


TEXT_CHARS = 20_000_000


DRAWING_BYTES = 5_000_000  # in one page: more is a map or a plan, and reading it takes a second a megabyte


SECONDS = (
    300  # for one file: a few kilobytes can draw the same thing again and again on each of a thousand pages
)


_REACHES = 0.75  # of the longest line's length: a line that long was broken by the edge, not by the writer


_LEAST = 40  # characters in the longest line below which lines are a list or verses


_EDGE = 2  # lines at the head and at the foot of a page that may be running titles


_ENDS = re.compile(r"[.!?…:;][\"'”’»)\]]*$")


_OPENS = re.compile(r"(?:[-*•◦▪●‣–]|\d{1,3}[.)])\s")


_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))


_BROKEN = re.compile(r"\w-$|\u00ad$")


_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|odt|indd|qxd|tex|dvi|pdf|html?)$|^about:", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """``title`` is the one the file names, where that is one; ``notes`` say what was left out."""

    text: str
    title: str
    notes: tuple[str, ...] = ()


def read_pdf(data: bytes, source: str) -> Pdf:
    """The text of a PDF. Raises ``ArticleError`` for one that is locked, damaged, too large or without text."""
    import pypdf  # loaded here because it costs 0.2 s and few files need it

    unheard("pypdf")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        _refuse_locked(reader, source)
        if len(reader.pages) > PAGES:
            raise ArticleError(source, f"has {len(reader.pages):,} pages: split it into parts of {PAGES:,}")
        about = reader.metadata
        title = one_line(str(about.get("/Title") or "")) if about else ""
        pages, notes = _pages(reader, source)
    except ArticleError:
        raise
    except Exception as fault:  # a broken file may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"is no whole PDF ({one_line(why)}): fetch or save it again") from fault
    if not any(page for page in pages):
        raise ArticleError(
            source, "holds no text, only pictures or drawings of it: run text recognition (OCR)"
        )
    kept, left = _without_running(pages)
    if left:
        notes = (*notes, f"{left} line(s) that most pages share left out at their heads and feet")
    return Pdf(text=_joined(kept), title="" if _NO_TITLE.search(title) else title, notes=notes)


def _refuse_locked(reader: "PdfReader", source: str) -> None:
    """Most protected files open without a password: they only forbid printing."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):
        opened = False
    if not opened:
        raise ArticleError(source, "is locked by a password: save it without one, as by printing to a file")


def _pages(reader: "PdfReader", source: str) -> tuple[list[list[str]], tuple[str, ...]]:
    """The lines of each page that hold words, and notes."""
    found: list[list[str]] = []
    notes: list[str] = []
    characters = 0
    end = monotonic() + SECONDS
    for at, page in enumerate(reader.pages, start=1):
        if monotonic() > end:
            raise ArticleError(source, f"not read within {SECONDS} s, {at - 1} pages of it: split it")
        text = _text(page)
        if text is None:
            notes.append(
                f"page {at} left out: it is a drawing of over {DRAWING_BYTES / 1e6:.0f} MB, or of no end"
            )
        text, note = clean((text or "").replace("\0", "").translate(_LIGATURES), source)
        if note:
            notes.append(f"page {at}: {note}")
        characters += len(text)
        if characters > TEXT_CHARS:
            raise ArticleError(source, f"holds over {TEXT_CHARS:,} characters: split it")
        found.append([" ".join(line.split()) for line in text.split("\n") if line.strip()])
    if (bare := sum(not page for page in found)) and bare < len(found):
        notes.append(f"{bare} of {len(found)} pages hold no text")
    return found, tuple(notes)


def _text(page: "PageObject") -> str | None:
    """The page's text; ``None`` where drawing it takes too much."""
    from pypdf.errors import LimitReachedError

    try:
        contents = page.get_contents()
        if contents is not None and len(contents.get_data()) > DRAWING_BYTES:
            return None
        text = page.extract_text()
    except LimitReachedError:
        return None
    # Half of a surrogate pair is what a broken font gives.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_running(pages: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """The pages without the lines that half of them or more share at head or foot, numbers apart; how many went."""

    def edges(page: Sequence[str]) -> Iterator[tuple[int, str]]:
        for at in {*range(min(_EDGE, len(page))), *range(max(0, len(page) - _EDGE), len(page))}:
            yield at, re.sub(r"\d+", "0", page[at])

    shared = Counter(line for page in pages for line in {line for _, line in edges(page)})
    most = max(3, -(-len(pages) // 2))
    gone = [{at for at, line in edges(page) if shared[line] >= most} for page in pages]
    kept = [
        [line for at, line in enumerate(page) if at not in out] for page, out in zip(pages, gone, strict=True)
    ]
    return (kept, sum(map(len, gone))) if any(kept) else ([list(page) for page in pages], 0)


def _joined(pages: Sequence[Sequence[str]]) -> str:
    """All pages as one text: a line feed after a paragraph, a space where one runs on, a form feed at each page."""
    longest = max(len(line) for page in pages for line in page)
    lines = [(number, line) for number, page in enumerate(pages) for line in page]
    parts: list[str] = ["\f" * lines[0][0], lines[0][1]]
    for (number, line), (after, following) in pairwise(lines):
        turned = "\f" * (after - number)
        if _runs_on(line, following, longest):
            whole = _BROKEN.search(line) and following[0].islower()
            parts.append(turned or ("" if whole else " "))
        else:
            parts.append("\n" + turned)
        parts.append(following)
    return "".join(parts)


def _runs_on(line: str, following: str, longest: int) -> bool:
    if longest < _LEAST or len(line) < _REACHES * longest or _OPENS.match(following):
        return False
    return not (_ENDS.search(line) and len(line) < 0.9 * longest)
