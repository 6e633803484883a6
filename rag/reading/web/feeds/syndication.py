"""The entries of an RSS or Atom feed of any version. The only file that imports ``feedparser``.

It fetches nothing here: it is given the feed. It also reads what is no well-formed XML, as many feeds are not.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.dates import read_day
from rag.reading.web.feeds.entries import Entry, ListFile

_TAG = re.compile(r"<[^<>]*>")
_STAMP_CHARS = 100


def read_feed(xml: bytes, url: str) -> ListFile:
    """The entries of a feed in UTF-8 without entity declarations, in its order; relative links are those of ``url``.

    Those without a link are left out. Raises ``ArticleError`` where the feed cannot be read.
    """
    import io  # feedparser opens a text as a file or an address, a stream never

    import feedparser

    try:
        feed = feedparser.parse(
            io.BytesIO(xml),
            response_headers={"content-location": url, "content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # only its words are read
            resolve_relative_uris=False,  # within the content: links are not kept
        )
    except Exception as fault:  # it may trip over a broken feed in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(url, f"feed cannot be taken apart ({why}): add its pages one by one") from fault
    entries = tuple(_entries(feed.entries, _without_tags(feed.feed.get("title"))))
    left = len(feed.entries) - len(entries)
    note = f"{url!r}: {left:,} entries without the address of a page are left out"
    return ListFile(pages=entries, notes=(note,) * bool(left))


def _entries(found: list[Mapping[str, Any]], publisher: str) -> Iterator[Entry]:
    for item in found:
        # The page itself, where the link leads through a service that counts readers.
        link = _words(item.get("feedburner_origlink") or item.get("link"))
        if not link:
            continue
        published = _words(item.get("published"))
        updated = _words(item["updated"]) if "updated" in item else published
        yield Entry(
            url=link,
            stamp=updated[:_STAMP_CHARS],
            title=_without_tags(item.get("title")),
            publisher=publisher,
            date=read_day(published or updated),
            html=_content(item.get("content") or ()),
        )


def _words(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _without_tags(value: object) -> str:
    """A title, which may be written in HTML."""
    return one_line(html.unescape(_TAG.sub("", _words(value))))


def _content(parts: "list[Mapping[str, str]] | tuple[()]") -> str:
    """The longest content of an entry as HTML; a summary is none."""
    longest = max(parts, key=lambda part: len(part.get("value") or ""), default=None)
    if longest is None:
        return ""
    text = longest.get("value") or ""
    if longest.get("type") == "text/plain":
        paragraphs = re.split(r"\n[ \t\r]*\n", html.escape(text))
        return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return text
