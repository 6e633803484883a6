"""What is at an address, told on a real server on loopback: a feed, a sitemap, a page, or a trap."""

import gzip
from collections.abc import Iterator

import pytest

from rag.errors import ArticleError
from rag.reading.articles import ReadResult
from rag.reading.web.feeds import listing
from rag.reading.web.feeds.entries import Listing
from rag.reading.web.feeds.listing import open_address, open_listing
from tests.support.feeds import FEED, SITE, Site, item, numbered, rss, site, sitemap, sitemap_index, xml
from tests.support.files import only, reason
from tests.support.web_server import LAMP_PAGE, Answer, moved, reply


def listed(found: Listing | ReadResult) -> list[str]:
    assert isinstance(found, Listing)
    return [entry.url for entry in found.entries]


def opened(answer: Answer) -> Listing | ReadResult:
    with site({"/feed.xml": answer}) as served:
        return open_address(FEED, served.access)


def refused(answer: Answer) -> str:
    found = opened(answer)
    assert isinstance(found, ReadResult)
    return reason(found)


@pytest.mark.parametrize(
    "kind",
    ["application/rss+xml", "application/xml", "text/xml; charset=utf-8", "text/html", "text/plain", ""],
)
def test_a_feed_is_told_by_its_first_element_whatever_the_server_calls_it(kind: str) -> None:
    commented = numbered([1, 2]).replace("<rss", "<!-- <html> --><?xml-stylesheet href='a'?>\n<rss")
    assert listed(opened(xml(commented, kind))) == [f"{SITE}/1", f"{SITE}/2"]


@pytest.mark.parametrize(
    ("declared", "charset", "encoding"),
    [
        ("windows-1252", "", "cp1252"),
        ("UTF-8", "", "cp1252"),  # a false declaration
        ("utf-16", "", "utf-16"),
        ("no-such", "utf-8", "utf-8"),
        ("windows-1252", "utf-8", "utf-8"),
        ("utf-8", "", "utf-8-sig"),
    ],
)
def test_a_feed_is_read_in_its_encoding(declared: str, charset: str, encoding: str) -> None:
    feed = rss(item("/1", title="Café “Marée”")).replace("UTF-8", declared).encode(encoding)
    found = opened(xml(feed, f"application/rss+xml; charset={charset}" if charset else "application/rss+xml"))
    assert isinstance(found, Listing)
    assert found.entries[0].title == "Café “Marée”"


BOMB = """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("trap", [BOMB, OUTSIDE, BOMB.replace("ENTITY", "entity")])
@pytest.mark.parametrize(
    "root", ["<rss><channel><item><title>&c;&a;</title></item></channel></rss>", "<urlset>&c;&a;</urlset>"]
)
def test_xml_that_declares_entities_is_refused(trap: str, root: str) -> None:
    assert "declares entities, as traps do" in refused(xml(trap + root))
    assert "declares entities, as traps do" in refused(xml((trap + root).encode("utf-16")))


def test_entities_are_looked_for_once_the_text_is_decoded() -> None:
    hidden = b'<?xml version="1.0" encoding="utf-7"?><rss>' + BOMB.encode("utf-7") + b"</rss>"
    assert "declares entities" in refused(xml(hidden))


def test_a_packed_sitemap_is_unpacked_and_a_bomb_of_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = gzip.compress(sitemap({f"{SITE}/1": ""}).encode())
    assert listed(opened(xml(packed, "application/x-gzip"))) == [f"{SITE}/1"]
    assert listed(opened(reply(gzip.compress(packed), "application/xml", Content_Encoding="gzip"))) == [
        f"{SITE}/1"
    ]
    monkeypatch.setattr(listing, "_BYTES", 100_000)
    assert "is over 0 MB" in refused(xml(gzip.compress(b"<urlset>" + b" " * 200_000), "application/gzip"))
    assert "was cut off" in refused(xml(packed[:-9], "application/gzip"))


def test_a_list_of_too_many_tags_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_TAGS", 100)
    monkeypatch.setattr(listing, "_FEED_TAGS", 100)
    monkeypatch.setattr(listing, "_FEED_BYTES", 1_000_000)
    for charset in ("", "; charset=utf-8"):
        for text in (numbered(range(50)), sitemap({f"/{number}": "" for number in range(50)})):
            assert "has over 100 tags: add its pages one by one" in refused(xml(text, f"text/xml{charset}"))
    assert "is over 1 MB" in refused(xml(rss(item("/1", title="a" * 1_000_000))))


def test_the_sitemaps_of_an_index_are_read_and_one_that_is_missing_costs_itself_alone() -> None:
    answers = {
        "/feed.xml": xml(
            sitemap_index("/a.xml", "/none.xml", "/b.xml.gz", "/feed.xml", "/rss", "/page", "/a.xml")
        ),
        "/a.xml": xml(sitemap({f"{SITE}/1": "2024-01-01", f"{SITE}/2": "2024-03-01"})),
        "/b.xml.gz": xml(
            gzip.compress(sitemap({f"{SITE}/3": "2024-02-01", f"{SITE}/1": ""}).encode()), "application/gzip"
        ),
        "/rss": xml(numbered([4])),
        "/page": reply(LAMP_PAGE),
    }
    with site(answers) as served:
        found = open_address(FEED, served.access)
        assert sorted(served.asked()) == sorted(answers | {"/none.xml": b""})
    assert sorted(listed(found)) == [f"{SITE}/{number}" for number in (1, 2, 3, 4)]
    assert [error.reason for error in found.errors] == [
        "answers 404 Not Found: check the address",
        "is no sitemap and no feed: it is left out",
    ]


def test_an_index_of_many_sitemaps_is_read_up_to_a_limit_which_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "_SITEMAPS", 2)
    answers = {f"/{number}.xml": xml(sitemap({f"{SITE}/{number}": ""})) for number in range(5)}
    index = xml(sitemap_index(*answers))
    with site({**answers, "/feed.xml": index}) as served:
        found = open_address(FEED, served.access)
    assert len(listed(found)) == 2
    assert found.warnings == (
        f"{FEED!r}: 3 of its sitemaps not read, as 2 were: give the address of one of these",
    )


def test_entries_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_ENTRIES", 3)
    found = opened(xml(numbered(range(5))))
    assert len(listed(found)) == 3
    assert found.warnings == (f"{FEED!r}: 2 entries beyond the first 3 are not listed",)


def test_two_entries_for_one_page_are_one() -> None:
    links = ("/a", "http://www.news.example/a#top", f"{SITE}/a?utm_source=rss", f"{SITE}/A")
    assert listed(opened(xml(rss(*map(item, links))))) == [f"{SITE}/a", f"{SITE}/A"]


def test_links_are_relative_to_where_the_last_redirect_led() -> None:
    with site({"/feed.xml": moved("/en/rss"), "/en/rss": xml(rss(item("lamp")))}) as served:
        assert listed(open_address(FEED, served.access)) == [f"{SITE}/en/lamp"]


def test_a_page_is_an_article_and_no_list() -> None:
    found = opened(reply(LAMP_PAGE))
    assert isinstance(found, ReadResult)
    assert only(found).title == "The lamp"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (xml("<catalogue/>"), "is no feed (RSS, Atom), no sitemap and no page: check the address"),
        (xml(b"\x00\x01\x02", "text/xml"), "is no feed"),
        (xml(b""), "is no feed"),
        (xml(b"\x1f\x8b\x08broken", "application/gzip"), "is damaged"),
        (reply("", status="503 Service Unavailable"), "answers 503"),
        (reply("{}", "application/json"), "which is not read"),
    ],
)
def test_what_is_neither_is_refused_in_a_line(answer: Answer, why: str) -> None:
    assert why in refused(answer)


def test_a_page_where_a_feed_was_expected_names_its_own() -> None:
    head = "<html><head><link rel=alternate type='application/rss+xml' href='/rss?a=1&amp;b=2'></head>"
    with site({"/feed.xml": reply(head + LAMP_PAGE), "/bare": reply(LAMP_PAGE)}) as served:
        with pytest.raises(
            ArticleError, match=r"is no feed .* its feed is 'http://news.example/rss\?a=1&b=2'$"
        ):
            open_listing(FEED, served.access)
        with pytest.raises(ArticleError, match=r"is no feed .* `pincite add` adds a page"):
            open_listing(f"{SITE}/bare", served.access)


def test_by_default_nothing_is_fetched_from_this_machine(served: Site) -> None:
    for found in (open_address("http://127.0.0.1/feed.xml"), open_address("http://localhost/feed.xml")):
        assert isinstance(found, ReadResult)
        assert "not on the open internet" in reason(found)
    assert served.asked() == []


@pytest.fixture
def served() -> Iterator[Site]:
    with site({"/feed.xml": xml(numbered([1]))}) as running:
        yield running
