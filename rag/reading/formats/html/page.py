"""Web pages (HTML): the article without menus and notices, and the metadata that the page states.

The only file that imports ``trafilatura``, which fetches nothing here: it is given the page.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import one_line, silence
from rag.reading.formats.document import Document, clean_document
from rag.reading.formats.embedded import without_embedded
from rag.reading.formats.frontmatter import front_matter
from rag.reading.formats.html.chapter import text_of
from rag.reading.formats.html.flow import words
from rag.reading.formats.html.normal_form import normalise
from rag.reading.formats.html.own_part import OTHERS, own_part, uncut_title
from rag.reading.formats.html.source import TAGS, decode_page

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement


_PROSE_CHARS = 80  # a shorter paragraph is as often a menu or a caption
_ARTICLE_CHARS = 1_000  # a longer text is an article, whatever else the page holds
_LEAST_SHARE = 0.25  # of the prose of a page: with less, and few words, the article was not found
_NOT_PROSE = frozenset("nav header footer aside form button".split())
_FURNITURE = frozenset(("head", "script", "style", "nav", "footer", "aside", "form", "button"))

_BLOCK_TAGS = (
    "p",
    "head",
    "list",
    "item",
    "table",
    "row",
    "cell",
    "quote",
    "div",
    "code",
    "details",
    "summary",
)


def read_page(data: bytes, source: str, *, max_tags: int = TAGS) -> Document:
    """The article of an HTML page as Markdown, with the title, URL, publisher and date that the page states.

    Front matter at its head states them too, as in a Markdown file. Where the article cannot be told from the rest, all
    of the page's text is read, and a note says so.
    Raises ``ArticleError`` where the page is too large, in no known encoding or without text.
    """
    html, note = decode_page(data, source, max_tags=max_tags)
    # Written for a tool that makes a site of pages, which takes it off again.
    stated, html, unread = (
        front_matter(html.replace("\r\n", "\n")) if html.startswith("---") else ({}, html, "")
    )
    try:
        fields, text, whole = _read(html)
    except Exception as fault:  # a broken page may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"page cannot be taken apart ({why}): save its text as .txt") from fault
    if not text.strip():
        raise ArticleError(source, "no article found in this page: save its text as .txt")
    text, embedded = without_embedded(text)
    return clean_document(text, source, fields={**fields, **stated}, notes=(note, unread, whole, embedded))


def read_chapter(data: bytes, source: str) -> str:
    """The text of a page that is all article, as those of a book are: headings, paragraphs, items, rows as Markdown.

    Raises ``ArticleError`` where the page is too large or in no known encoding.
    """
    html, _ = decode_page(data, source)
    silence("trafilatura")
    root = _tree(html)
    if root is None:
        return ""
    normalise(root)
    return text_of(root)


def _tree(html: str) -> "HtmlElement | None":
    """The tree of a page, also of a piece of one, such as a single paragraph in a message."""
    from trafilatura import load_html

    root = load_html(html)
    return root if root is not None or not html.strip() else load_html(f"<html><body>{html}</body></html>")


def _read(html: str) -> tuple[dict[str, object], str, str]:
    """The fields of a page, its text, and a note where that is the text of the whole page."""
    from trafilatura import bare_extraction  # loaded here because it costs 0.5 s and few files need it

    silence("trafilatura", "htmldate", "courlan")
    root = _tree(html)
    if root is None:
        return {}, "", ""
    fields = _metadata(root)
    normalise(root)
    _mark_article(root)
    extract = bare_extraction(root, with_metadata=False, include_comments=False)
    text = "" if extract is None or isinstance(extract, dict) else "\n\n".join(_blocks(extract.body))
    page = _tree(html) if 0 < len(text.strip()) <= _ARTICLE_CHARS else None
    if page is None:
        return fields, text, ""
    # A new tree, as the search for the article takes the first apart.
    normalise(page)
    prose = [line for paragraph in page.iter("p") if (line := _prose(paragraph))]
    whole = text_of(page, skipped=_FURNITURE)
    # Where it finds nothing that looks like an article, the search makes one paragraph of all words.
    is_run_together = "\n" not in text.strip() and whole.count("\n\n") > 1
    if _share(prose, text) >= _LEAST_SHARE and not is_run_together:
        return fields, text, ""
    return fields, whole, "its article could not be told from the rest: all of the page's text is read"


def _mark_article(root: "HtmlElement") -> None:
    """Make the body of a page that marks no part as its article one: else only paragraphs and tables are found."""
    from trafilatura.xpaths import BODY_XPATH

    if any(find(root) for find in BODY_XPATH):
        return
    body = next(root.iter("body"), root)
    article = body.makeelement("article")
    article.text, body.text = body.text, None
    article.extend(list(body))
    body.append(article)


def _metadata(root: "HtmlElement") -> dict[str, object]:
    """The title, URL, publisher and date that the page states of itself, not of others that it shows."""
    from trafilatura import extract_metadata

    # No extensive search: it takes the year of a copyright notice for the day of publication.
    metadata = extract_metadata(
        own_part(root), date_config={"extensive_search": False, "original_date": True}
    )
    return {
        "title": uncut_title(root, metadata.title),
        "url": metadata.url,
        "publisher": metadata.sitename,
        "date": metadata.date,
    }


def _prose(paragraph: "HtmlElement") -> str:
    """The words of a paragraph of sentences; ``""`` for a short one, one of links, and one of others' text."""
    text = words(paragraph)
    if len(text) < _PROSE_CHARS or sum(len(words(link)) for link in paragraph.iter("a")) * 2 > len(text):
        return ""
    for ancestor in paragraph.iterancestors():
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag in _NOT_PROSE or OTHERS.search(names):
            return ""
    return text


def _share(prose: list[str], text: str) -> float:
    """How much of the page's prose is in its article, 0 to 1."""
    kept = "".join(re.findall(r"\w+", text))
    total = sum(map(len, prose))
    found = sum(len(line) for line in prose if "".join(re.findall(r"\w+", line))[:50] in kept)
    return found / total if total else 1.0


# --- the article, in trafilatura's own tags ----------------------------------------------------------------


def _blocks(element: "_Element") -> Iterator[str]:
    """The blocks of an extracted article as Markdown, with the text that stands between them."""
    run = [element.text or ""]
    for child in element:
        if child.tag in _BLOCK_TAGS:
            yield from _paragraph(run)
            yield from _block(child)
            run = []
        else:
            run.append(" " if child.tag == "lb" else _line(child))
        run.append(child.tail or "")
    yield from _paragraph(run)


def _paragraph(pieces: list[str]) -> Iterator[str]:
    if words := one_line("".join(pieces)):
        yield words


def _block(element: "_Element") -> Iterator[str]:
    if element.tag == "list":
        items = (f"- {words}" for item in element.iter("item") if (words := one_line(_line(item))))
        yield "\n".join(items)
    elif element.tag == "table":
        yield "\n".join(_rows(element))
    elif element.tag == "head":
        level = str(element.get("rend") or "h2")[-1:]
        if words := one_line(_line(element)):
            yield f"{'#' * int(level) if level in '123456' else '##'} {words}"
    else:
        yield from _blocks(element)


def _rows(table: "_Element") -> Iterator[str]:
    for row in table.iter("row"):
        cells = [one_line(_line(cell)) for cell in row.iter("cell")]
        if any(cells):
            yield f"| {' | '.join(cells)} |"


def _line(element: "_Element") -> str:
    """The text of an element; a line break is a space, as line breaks mean nothing in HTML, and so is a block's end."""
    pieces = [element.text or ""]
    for child in element:
        apart = child.tag in _BLOCK_TAGS or child.tag == "lb"
        pieces.append(" " * apart + _line(child) + " " * apart + (child.tail or ""))
    return "".join(pieces)
