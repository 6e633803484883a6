"""The entries of sitemaps, as sites write them."""

import time

import pytest

from rag.errors import ArticleError
from rag.reading.web.feeds.sitemap import read_sitemap
from tests.support.feeds import SITE, sitemap, sitemap_index

ADDRESS = f"{SITE}/sitemap.xml"


def read(text: str) -> list[tuple[str, str]]:
    return [(entry.url, entry.stamp) for entry in read_sitemap(text.encode(), ADDRESS).pages]


def test_the_pages_are_listed_those_that_changed_last_first() -> None:
    days = {f"{SITE}/old": "2020-01-01", f"{SITE}/none": "", f"{SITE}/new": "2024-05-01T10:00:00+02:00"}
    assert read(sitemap(days)) == [
        (f"{SITE}/new", "2024-05-01T10:00:00+02:00"),
        (f"{SITE}/old", "2020-01-01"),
        (f"{SITE}/none", ""),
    ]


def test_an_index_names_sitemaps_and_no_pages() -> None:
    found = read_sitemap(sitemap_index("/a.xml", f"{SITE}/b.xml.gz").encode(), ADDRESS)
    assert found.pages == ()
    assert [entry.url for entry in found.sitemaps] == [f"{SITE}/a.xml", f"{SITE}/b.xml.gz"]


def test_a_picture_on_a_page_is_no_page() -> None:
    picture = "<i:image xmlns:i='urn:image'><i:loc>http://news.example/a.png</i:loc></i:image>"
    assert read(f"<urlset><url>{picture}<loc>\n /a \n</loc></url></urlset>") == [(f"{SITE}/a", "")]


def test_prefixes_cdata_and_bare_ampersands_are_read() -> None:
    assert read("<s:urlset xmlns:s='urn:x'><s:url><s:loc>/a</s:loc></s:url></s:urlset>") == [
        (f"{SITE}/a", "")
    ]
    assert read("<urlset><url><loc><![CDATA[/a?b=1&c=2]]></loc></url></urlset>") == [
        (f"{SITE}/a?b=1&c=2", "")
    ]
    assert read("<urlset><url><loc>/a?b=1&c=2</loc></url><url><loc>/d&amp;e</loc></url></urlset>") == [
        (f"{SITE}/a?b=1&c=2", ""),
        (f"{SITE}/d&e", ""),
    ]


def test_what_stands_before_a_fault_is_read_and_a_sitemap_of_nothing_else_is_an_error() -> None:
    assert read("<urlset><url><loc>/a</loc></url><url><loc>/b") == [(f"{SITE}/a", "")]
    (note,) = read_sitemap(b"<urlset><url><loc>/a</loc></url>", ADDRESS).notes
    assert note.endswith("only the 1 entries before that are read")
    with pytest.raises(ArticleError, match="is no whole sitemap"):
        read("<urlset><url><loc>/a")


def test_a_page_without_a_location_or_with_an_odd_one_costs_itself_alone() -> None:
    assert read(
        "<urlset><url/><url><loc> </loc></url><url><loc>http://[a</loc></url><url><loc>/b</loc></url></urlset>"
    ) == [
        ("http://[a", ""),
        (f"{SITE}/b", ""),
    ]


def test_fifty_thousand_pages_are_read_in_seconds() -> None:
    start = time.monotonic()
    assert len(read(sitemap({f"{SITE}/{number}": "2024-01-01" for number in range(50_000)}))) == 50_000
    assert time.monotonic() - start < 30
