"""An entry of a feed or sitemap, and the list that it stands in."""

import datetime
from dataclasses import dataclass, field

from rag.errors import ArticleError
from rag.reading.web.download import OPEN_INTERNET, Access
from rag.reading.web.url import URL_CHARS, canonical_url, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page that a feed or sitemap names.

    ``url`` is as it stands there, made absolute. ``stamp`` is the time of the last change as it is written there, to
    be compared and not to be read. ``html`` is the whole content, where the feed has it, and ``title``, ``publisher``
    and ``date`` are those of an article made of it. What is not stated is empty.
    """

    url: str
    stamp: str = ""
    title: str = ""
    publisher: str = ""
    date: datetime.date | None = None
    html: str = field(default="", repr=False)

    @property
    def key(self) -> str:
        """What two entries for one page have in common."""
        return page_key(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """What one feed or sitemap names: ``pages``, and further ``sitemaps``; ``notes`` say what of it was not read."""

    pages: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The feed or sitemap at ``address``; no two of ``entries`` are for one page.

    ``errors`` and ``warnings`` are as those of a ``ReadResult``: a sitemap that an index of sitemaps names and that
    cannot be read costs itself alone. The pages are fetched by ``access``.
    """

    address: str
    entries: tuple[Entry, ...]
    errors: tuple[ArticleError, ...] = ()
    warnings: tuple[str, ...] = ()
    access: Access = OPEN_INTERNET


def page_key(url: str) -> str:
    """The site and path of a page: with or without ``www.``, https, a fragment and tracking parameters it is one page.

    Of what is no URL that is fetched, the text itself.
    """
    try:
        page = parse(url)
    except ArticleError:
        return url[:URL_CHARS]
    page = canonical_url(url, page)
    return f"{page.site}{page.target}"
