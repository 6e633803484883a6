"""Feeds and sitemaps written out by hand, and a site on loopback that has them and their pages."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import pytest

from rag.reading.web.download import Access, DownloadLimits
from rag.reading.web.feeds import listing
from tests.support.files import SENTENCE, html_page
from tests.support.web_server import Answer, Web, reply, web

SITE = "http://news.example"
FEED = f"{SITE}/feed.xml"
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def page(number: int, more: str = "") -> bytes:
    """A page whose article is like no other: it has ``word7`` where ``number`` is 7."""
    text = f"<h1>Report {number}</h1><p>{SENTENCE} It was word{number}.</p><p>{SENTENCE} {more}</p>"
    return reply(html_page(text, f"<title>Report {number}</title>"))


def item(link: str, *, published: str = "", content: str = "", title: str = "A report") -> str:
    day = f"<pubDate>{published}</pubDate>" if published else ""
    whole = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return f"<item><title>{title}</title><link>{link}</link><description>In short.</description>{day}{whole}</item>"


def rss(*items: str) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {CONTENT}><channel>'
    return f"{head}<title>Orrin Reports</title><link>{SITE}/</link>{''.join(items)}</channel></rss>"


def numbered(numbers: Iterable[int], *, day: int = 2) -> str:
    """A feed of the pages of these numbers."""
    when = f"Tue, {day:02d} Jan 2024 10:00:00 GMT"
    return rss(*(item(f"{SITE}/{number}", published=when) for number in numbers))


def sitemap(pages: Mapping[str, str]) -> str:
    """A sitemap of these addresses, each with the day of its last change, or ``""``."""
    inner = "".join(
        f"<url><loc>{loc}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for loc, day in pages.items()
    )
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</urlset>'


def sitemap_index(*sitemaps: str) -> str:
    inner = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in sitemaps)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'


def xml(body: str | bytes, kind: str = "application/rss+xml") -> bytes:
    return reply(body, kind)


class Site:
    """A site that counts what is asked of it."""

    def __init__(self, served: Web) -> None:
        self.served = served
        limits = DownloadLimits(seconds=5, connect_s=2)
        self.access = Access(resolve=served.resolve, allowed=served.allowed, limits=limits)

    def publish(self, path: str, answer: Answer) -> None:
        self.served.answers[path] = answer

    def asked(self) -> list[str]:
        """The paths that were asked for since the last call, in order."""
        paths = [request.split()[1] for request in self.served.requests]
        self.served.requests.clear()
        return paths

    def answer_commands(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have the command line ask this site whatever the name of an address."""
        for name in ("open_address", "open_listing"):
            monkeypatch.setattr(listing, name, partial(getattr(listing, name), access=self.access))


@contextmanager
def site(answers: Mapping[str, Answer]) -> Iterator[Site]:
    with web(answers) as served:
        yield Site(served)


def pages(numbers: Iterable[int]) -> dict[str, Answer]:
    return {f"/{number}": page(number) for number in numbers}
