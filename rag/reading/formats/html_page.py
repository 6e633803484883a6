"""Web pages (HTML): the article without menus and notices, and the metadata that the page states.

The only file that imports ``trafilatura``, which fetches nothing here: it is given the page.
"""

import codecs
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import one_line, silence
from rag.reading.decoding import decode, decode_as
from rag.reading.formats.document import Document, clean_document

if TYPE_CHECKING:
    from lxml.etree import _Element


TAGS = 200_000  # half of a minute's work; a long encyclopedia article has 30,000


_HEAD_BYTES = 4096  # a page names its encoding in the first 1,024, those of careless tools a little later


_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I
)


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


_MARKS = {**{tag: "#" * level + " " for level, tag in enumerate(_HEADINGS, start=1)}, "li": "- ", "tr": "| "}


_BREAKING = frozenset(
    (
        *_MARKS,
        *"p div section article blockquote pre dt dd ul ol table figure figcaption body br hr aside".split(),
    )
)


_BARE_ITEM = re.compile(r"^- \s*\n\s*(?![-#|] )", re.M)  # an item whose words are a paragraph in it


_SKIPPED = frozenset("head script style nav svg template".split())


def read_page(data: bytes, source: str, *, max_tags: int = TAGS) -> Document:
    """The article of an HTML page as Markdown, with the title, URL, publisher and date that the page states.

    Raises ``ArticleError`` where the page is too large, in no known encoding or without an article.
    """
    html, note = _decode(data, source, max_tags)
    from trafilatura import bare_extraction  # loaded here because it costs 0.5 s and few files need it

    silence("trafilatura", "htmldate", "courlan")
    # No extensive search: it takes the year of a copyright notice for the day of publication.
    days = {"extensive_search": False, "original_date": True}
    try:
        extract = bare_extraction(
            html, with_metadata=True, include_comments=False, date_extraction_params=days
        )
    except Exception as fault:  # a broken page may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"page cannot be taken apart ({why}): save its text as .txt") from fault
    text = "" if extract is None or isinstance(extract, dict) else "\n\n".join(_blocks(extract.body))
    if not text.strip() or extract is None or isinstance(extract, dict):
        raise ArticleError(source, "no article found in this page: save its text as .txt")
    fields = {
        "title": extract.title,
        "url": extract.url,
        "publisher": extract.sitename,
        "date": extract.date,
    }
    return clean_document(text, source, fields=fields, notes=(note,))


def read_chapter(data: bytes, source: str) -> tuple[str, ...]:
    """The lines of a page that is all article, as those of a book are: headings, paragraphs, items, rows as Markdown.

    Raises ``ArticleError`` where the page is too large or in no known encoding.
    """
    html, _ = _decode(data, source, TAGS)
    from trafilatura import load_html

    silence("trafilatura")
    root = load_html(html)
    if root is None:
        return ()
    text = _BARE_ITEM.sub("- ", "".join(_pieces(root, own_lines=True)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return tuple(line for line in lines if line.strip("|#- "))


def _pieces(element: "_Element", *, own_lines: bool) -> Iterator[str]:
    """The text of an element, each run of white space as one space.

    With ``own_lines`` each block in it is on a line of its own; within a row or a heading it is not.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _SKIPPED or not tag:
        return
    is_one_line = tag in ("tr", *_HEADINGS)
    yield "\n" * own_lines + _MARKS.get(tag, "") if tag in _BREAKING else ""
    yield _collapse_spaces(element.text)
    for child in element:
        yield from _pieces(child, own_lines=own_lines and not is_one_line)
        yield _collapse_spaces(child.tail)
    yield {"td": " | ", "th": " | "}.get(tag, "")
    yield ("\n" if own_lines else " ") if tag in _BREAKING else ""


def _collapse_spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _decode(data: bytes, source: str, max_tags: int) -> tuple[str, str]:
    """The page as text, and a note where its encoding was guessed.

    The encoding is that of its byte order mark, else the one that the page names, else a guess.
    """
    if data.count(b"<") > max_tags:
        raise ArticleError(source, f"page of over {max_tags:,} tags: save its text as .txt, or split it")
    charset = _CHARSET.search(data[:_HEAD_BYTES])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    if charset is None or marked:
        return decode(data, source)
    text = decode_as(data, charset[1].decode("ascii"))
    return decode(data, source) if text is None else (text, "")  # pages are often saved in another one


def _blocks(body: "_Element") -> Iterator[str]:
    """The blocks of an extracted article, in trafilatura's own tags."""
    for child in body:
        line = _line(child)
        if child.tag == "list":
            items = (f"- {words}" for item in child.iter("item") if (words := _line(item)))
            yield "\n".join(items)
        elif child.tag == "table":
            yield "\n".join(_rows(child))
        elif child.tag == "head" and line:
            level = str(child.get("rend") or "h2")[-1:]
            yield f"{'#' * int(level) if level in '123456' else '##'} {line}"
        elif child.tag == "div":
            yield from _blocks(child)
        elif line:
            yield line


def _rows(table: "_Element") -> Iterator[str]:
    for row in table.iter("row"):
        cells = [_line(cell) for cell in row.iter("cell")]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _line(element: "_Element") -> str:
    """The text of an element on one line, as line breaks mean nothing in HTML."""
    for line_break in element.iter("lb"):
        line_break.tail = " " + (line_break.tail or "")
    return one_line("".join(str(part) for part in element.itertext()))
