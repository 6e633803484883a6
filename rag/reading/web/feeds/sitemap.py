"""The entries of a sitemap (sitemaps.org), and the sitemaps that an index of sitemaps names."""

import io
import re
from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree import ElementTree

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.web.feeds.entries import Entry, ListFile

_AMPERSANDS = 1_000_000  # of a sitemap that is mended: each takes memory
_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")


def read_sitemap(xml: bytes, url: str) -> ListFile:
    """The pages and the sitemaps that a sitemap in UTF-8 names, those that changed last first.

    What stands before a fault in the XML is read, and a note says so. Raises ``ArticleError`` where that is nothing.
    """
    found, fault = _parse(xml)
    if fault and xml.count(b"&") < _AMPERSANDS:  # the commonest fault: addresses with a bare &
        again, second = _parse(_AMPERSAND.sub(b"&amp;", xml))
        if len(again) > len(found) or not second:
            found, fault = again, second
    if fault and not found:
        raise ArticleError(url, f"is no whole sitemap ({fault:.80}): try again later")
    entries = [(tag, _absolute(loc, url), stamp) for tag, loc, stamp in found]
    entries.sort(key=lambda entry: entry[2], reverse=True)  # stable, and dates of ISO 8601 sort as texts
    note = f"{url!r}: breaks off ({fault:.80}): only the {len(found):,} entries before that are read"
    return ListFile(
        pages=tuple(Entry(url=address, stamp=stamp) for tag, address, stamp in entries if tag == "url"),
        sitemaps=tuple(
            Entry(url=address, stamp=stamp) for tag, address, stamp in entries if tag == "sitemap"
        ),
        notes=(note,) * bool(fault),
    )


def _absolute(loc: str, url: str) -> str:
    try:
        return urljoin(url, loc)
    except ValueError:  # reported as no address when it is fetched
        return loc


def _parse(xml: bytes) -> tuple[list[tuple[str, str, str]], str]:
    """Of each ``url`` and ``sitemap`` its tag, location and time of the last change; and the fault that ended it."""
    found: list[tuple[str, str, str]] = []
    try:
        for item in _items(xml):
            found.append(item)  # noqa: PERF402  # those before a fault are kept
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        return found, str(fault)
    return found, ""


def _items(xml: bytes) -> Iterator[tuple[str, str, str]]:
    # The listing's reader has refused entities, the only thing that could expand.
    path: list[ElementTree.Element] = []
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):  # noqa: S314
        if event == "start":
            path.append(element)
            continue
        path.pop()
        tag = _tag(element)
        if len(path) == 1 and tag in ("url", "sitemap"):
            fields = {_tag(child): one_line(child.text or "") for child in reversed(element)}
            if loc := fields.get("loc"):
                yield tag, loc, fields.get("lastmod", "")
            path[0].clear()  # or the tree of a large one would fill the memory


def _tag(element: ElementTree.Element) -> str:
    """Its name without the namespace."""
    return element.tag.rpartition("}")[2]
