"""Web pages as they are saved: the article out of its menus and notices, and what the page says of itself.

The only file that imports ``trafilatura``, which fetches nothing here: it is given the page.
"""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import one_line, unheard
from rag.reading.decoding import decode, in_encoding

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


_UNREAD = frozenset("head script style nav svg template".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``fields`` are ``title``, ``url``, ``publisher`` and ``date``, those that it names; ``note`` may be empty."""

    text: str
    fields: Mapping[str, str]
    note: str = ""


def read_page(data: bytes, source: str) -> Page:
    """The article of an HTML page: headings with ``#``, items with ``-`` and rows with ``|``, as in Markdown.

    Raises ``ArticleError`` where the page is too large, in no known encoding or without an article.
    """
    html, note = _decoded(data, source)
    from trafilatura import bare_extraction  # loaded here because it costs 0.5 s and few files need it

    unheard("trafilatura", "htmldate", "courlan")
    # No extensive search: it takes the year of a copyright notice for the day of publication.
    days = {"extensive_search": False, "original_date": True}
    try:
        found = bare_extraction(html, with_metadata=True, include_comments=False, date_extraction_params=days)
    except Exception as fault:  # a broken page may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"page cannot be taken apart ({why}): save its text as .txt") from fault
    text = "" if found is None or isinstance(found, dict) else "\n\n".join(_blocks(found.body))
    if not text.strip() or found is None or isinstance(found, dict):
        raise ArticleError(source, "no article found in this page: save its text as .txt")
    named = {"title": found.title, "url": found.url, "publisher": found.sitename, "date": found.date}
    return Page(text=text, fields={name: value for name, value in named.items() if value}, note=note)


def read_chapter(data: bytes, source: str) -> tuple[str, ...]:
    """The lines of a page that is all text, as a book's are: headings, paragraphs, items and rows, marked alike.

    Raises ``ArticleError`` where the page is too large or in no known encoding.
    """
    html, _ = _decoded(data, source)
    from trafilatura import load_html

    unheard("trafilatura")
    root = load_html(html)
    if root is None:
        return ()
    text = _BARE_ITEM.sub("- ", "".join(_flow(root, apart=True)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return tuple(line for line in lines if line.strip("|#- "))


def _flow(element: "_Element", *, apart: bool) -> Iterator[str]:
    """The text of an element with a line feed around each block; within a row or a heading, where not ``apart``, none.

    White space in the text is one space.
    """
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNREAD or not tag:
        return
    whole = tag in ("tr", *_HEADINGS)
    yield "\n" * apart + _MARKS.get(tag, "") if tag in _BREAKING else ""
    yield _spaced(element.text)
    for child in element:
        yield from _flow(child, apart=apart and not whole)
        yield _spaced(child.tail)
    yield {"td": " | ", "th": " | "}.get(tag, "")
    yield ("\n" if apart else " ") if tag in _BREAKING else ""


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _decoded(data: bytes, source: str) -> tuple[str, str]:
    """The page as text: by its first bytes, else by the encoding it names, else by a guess."""
    if data.count(b"<") > TAGS:
        raise ArticleError(source, f"page of over {TAGS:,} tags: save its text as .txt, or split it")
    named = _CHARSET.search(data[:_HEAD_BYTES])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    if named is None or marked:
        return decode(data, source)
    text = in_encoding(data, named[1].decode("ascii"))
    return decode(data, source) if text is None else (text, "")  # pages are often saved in another one


def _blocks(body: "_Element") -> Iterator[str]:
    """The blocks of an extracted article, in trafilatura's own tags."""
    for child in body:
        words = _words(child)
        if child.tag == "list":
            items = (f"- {line}" for item in child.iter("item") if (line := _words(item)))
            yield "\n".join(items)
        elif child.tag == "table":
            yield "\n".join(_rows(child))
        elif child.tag == "head" and words:
            level = str(child.get("rend") or "h2")[-1:]
            yield f"{'#' * int(level) if level in '123456' else '##'} {words}"
        elif child.tag == "div":
            yield from _blocks(child)
        elif words:
            yield words


def _rows(table: "_Element") -> Iterator[str]:
    for row in table.iter("row"):
        cells = [_words(cell) for cell in row.iter("cell")]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _words(element: "_Element") -> str:
    """The text of an element on one line: white space says nothing in HTML."""
    for mark in element.iter("lb"):
        mark.tail = " " + (mark.tail or "")
    return one_line("".join(str(part) for part in element.itertext()))
