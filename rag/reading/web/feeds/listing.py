"""What is at an address: a feed, a sitemap, or a page.

Told by the first element of the XML, whatever the server calls it: feeds come as any of a dozen media types.
"""

import codecs
import html
import re
from collections import deque
from typing import Never
from urllib.parse import urljoin

from rag.errors import ArticleError, SiteAway
from rag.reading.articles import ReadResult
from rag.reading.decoding import decode_as
from rag.reading.documents import FILE_LIMITS
from rag.reading.formats.html.source import decode_page
from rag.reading.web.article import article_of, size_limit
from rag.reading.web.download import OPEN_INTERNET, Access, Download, unpack_gzip
from rag.reading.web.feeds.entries import Entry, ListFile, Listing, page_key
from rag.reading.web.feeds.sitemap import read_sitemap
from rag.reading.web.feeds.syndication import read_feed
from rag.reading.web.url import PageURL, without_password

_BYTES = 50_000_000  # the most that a sitemap may have by its standard
_TAGS = 1_000_000  # of a sitemap: its 50,000 pages, with five fields each, have half of that
_FEED_BYTES = 20_000_000
_FEED_TAGS = 500_000  # half of a minute's work; 10,000 entries without content have 150,000
_ENTRIES = 100_000
_SITEMAPS = 50  # read of an index of sitemaps

_MEDIA_TYPES = (
    "application/rss+xml",
    "application/x-rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/gzip",
    "application/x-gzip",
)

_FEEDS = ("rss", "feed", "rdf", "channel")
_SITEMAP_ROOTS = ("urlset", "sitemapindex")
_GZIP = b"\x1f\x8b"
_HEAD_BYTES = 65_536

_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.S | re.I)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s/>]")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_ENTITY = re.compile("<!ENTITY", re.I)
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32)))  # no XML may have them, and many feeds do
_LINK = re.compile(r"""<link\b[^<>]*\btype\s*=\s*["']?application/(?:rss|atom)\+xml\b[^<>]*>""", re.I)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)


def open_address(address: str, access: Access = OPEN_INTERNET) -> Listing | ReadResult:
    """The feed or sitemap at ``address``, or the article of the page there. Never raises.

    A feed or sitemap that cannot be read is an error of a ``ReadResult``.
    """
    try:
        page = access.download(address, size_limit=_size_limit)
        return _listing(page, access) or article_of(page)
    except ArticleError as error:
        return ReadResult(errors=(error,))


def open_listing(address: str, access: Access = OPEN_INTERNET) -> Listing:
    """The feed or sitemap at ``address``. Raises ``ArticleError`` where there is none, naming the page's own."""
    page = access.download(address, size_limit=_size_limit)
    listing = _listing(page, access)
    if listing is None:
        feed = _feed_of_page(page)
        advice = f"its feed is {feed!r:.300}" if feed else "`pincite add` adds a page"
        raise ArticleError(without_password(address), f"is no feed (RSS, Atom) and no sitemap: {advice}")
    return listing


def _size_limit(url: PageURL, media_type: str) -> int:
    return _BYTES if media_type in _MEDIA_TYPES else size_limit(url, media_type, limits=FILE_LIMITS)


def _listing(page: Download, access: Access) -> Listing | None:
    """The feed or sitemap that was downloaded; ``None`` where it is something else, and may be a page."""
    source = str(page.url)
    found = _read(page)
    if found is not None:
        return _followed(source, found, access)
    if page.media_type in _MEDIA_TYPES and _root(page.data) != "html":
        raise ArticleError(source, "is no feed (RSS, Atom), no sitemap and no page: check the address")
    return None


def _read(page: Download) -> ListFile | None:
    """The pages and the sitemaps that a feed or sitemap names; ``None`` where it is neither."""
    source = str(page.url)
    data = unpack_gzip(page.data, source, _BYTES) if page.data.startswith(_GZIP) else page.data
    root = _root(data)
    if root in _FEEDS:
        if len(data) > _FEED_BYTES:
            raise ArticleError(source, f"is over {_FEED_BYTES / 1e6:.0f} MB: add its pages one by one")
        return read_feed(_plain_xml(data, page.charset, source, max_tags=_FEED_TAGS), source)
    if root in _SITEMAP_ROOTS:
        return read_sitemap(_plain_xml(data, page.charset, source, max_tags=_TAGS), source)
    return None


def _followed(source: str, first: ListFile, access: Access) -> Listing:
    """The list of a feed or sitemap, with the entries of the sitemaps that it names, up to the limits."""
    pages, notes, errors = list(first.pages), list(first.notes), list[ArticleError]()
    waiting, read = deque(first.sitemaps), {page_key(source)}
    while waiting and len(read) <= _SITEMAPS and len(pages) < _ENTRIES:
        sitemap = waiting.popleft()
        if sitemap.key in read:
            continue
        read.add(sitemap.key)
        try:
            more = _read(access.download(sitemap.url, size_limit=_size_limit)) or _refuse_other(sitemap)
        except ArticleError as error:
            errors.append(error)
            if isinstance(error, SiteAway):
                break
        else:
            pages += more.pages
            notes += more.notes
            waiting += more.sitemaps
    if first.sitemaps:
        pages.sort(key=lambda entry: entry.stamp, reverse=True)
    if left := len({sitemap.key for sitemap in waiting} - read):
        fix = f"as {len(read) - 1:,} were: give the address of one of these"
        notes.append(f"{source!r}: {left:,} of its sitemaps not read, {fix}")
    by_page: dict[str, Entry] = {}
    for entry in pages:
        by_page.setdefault(entry.key, entry)
    if (left := len(by_page) - _ENTRIES) > 0:
        notes.append(f"{source!r}: {left:,} entries beyond the first {_ENTRIES:,} are not listed")
    return Listing(
        address=source,
        entries=tuple(by_page.values())[:_ENTRIES],
        errors=tuple(errors),
        warnings=tuple(notes),
        access=access,
    )


def _refuse_other(entry: Entry) -> Never:
    raise ArticleError(entry.url, "is no sitemap and no feed: it is left out")


def _root(data: bytes) -> str:
    """The name of the first element, in lower case without its prefix; ``""`` where no markup begins."""
    head = data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE)
    text = head.removeprefix(codecs.BOM_UTF16_BE).replace(b"\0", b"").decode("latin-1")
    start = 0
    while match := _BEFORE_ROOT.match(text, start):
        start = match.end()
    root = _ROOT.match(text, start)
    return root[1].lower() if root else ""


def _plain_xml(data: bytes, charset: str, source: str, *, max_tags: int) -> bytes:
    """The XML in UTF-8, without a declaration of another encoding. Raises ``ArticleError`` where it has entities.

    Ten lines of entities can stand for gigabytes. They are looked for once it is decoded: in UTF-7 they look otherwise.
    """
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = None if marked else decode_as(data, charset)
    if text is None or "\0" in text:
        text, _ = decode_page(data, source, max_tags=len(data))
    if text.count("<") > max_tags:
        raise ArticleError(source, f"has over {max_tags:,} tags: add its pages one by one")
    if _ENTITY.search(text):
        raise ArticleError(source, "its XML declares entities, as traps do: add its pages one by one")
    return _DECLARATION.sub("", text.translate(_CONTROLS).removeprefix("\ufeff")).encode()


def _feed_of_page(page: Download) -> str:
    """The address of the first feed that an HTML page names; ``""`` where it names none."""
    link = _LINK.search(page.data[:_HEAD_BYTES].decode("latin-1"))
    href = _HREF.search(link[0]) if link else None
    if href is None:
        return ""
    try:
        return urljoin(str(page.url), html.unescape(next(filter(None, href.groups()), "")))
    except ValueError:
        return ""
