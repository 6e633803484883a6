"""The dialects in which feeds are written, and what is made of broken ones."""

import re
import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.web.feeds.entries import Entry
from rag.reading.web.feeds.syndication import read_feed
from tests.support.feeds import CONTENT, FEED, SITE, item, numbered, rss


def only(feed: str) -> Entry:
    (entry,) = read_feed(feed.encode(), FEED).pages
    return entry


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://news.example/"><title>Orrin</title>
 <items><rdf:Seq><rdf:li rdf:resource="http://news.example/lamp"/></rdf:Seq></items></channel>
 <item rdf:about="http://news.example/lamp"><title>The lamp</title><link>http://news.example/lamp</link>
 <dc:date>2024-01-02T10:00:00Z</dc:date></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Orrin</title><updated>2024-02-01T00:00:00Z</updated>
 <link rel="self" href="http://news.example/feed.xml"/><entry><title>The lamp</title><id>urn:1</id>
 <link rel="enclosure" href="http://news.example/lamp.mp3"/><link href="http://news.example/lamp"/>
 <published>2024-01-02T10:00:00Z</published><updated>2024-01-05T10:00:00Z</updated></entry></feed>"""
RSS_091 = """<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">
 <rss version="0.91"><channel><title>Orrin</title><item><title>The lamp</title><link>http://news.example/lamp</link>
 <pubDate>Tue, 02 Jan 2024 10:00:00 +0100</pubDate></item></channel></rss>"""


@pytest.mark.parametrize(
    ("feed", "stamp"),
    [
        (RDF, "2024-01-02T10:00:00Z"),
        (ATOM, "2024-01-05T10:00:00Z"),
        (RSS_091, "Tue, 02 Jan 2024 10:00:00 +0100"),
        (re.sub(r"<(/?)(\w+)", r"<\1a:\2", ATOM).replace("xmlns=", "xmlns:a="), "2024-01-05T10:00:00Z"),
    ],
)
def test_an_entry_has_its_link_title_day_and_time_of_change_in_every_dialect(feed: str, stamp: str) -> None:
    entry = only(feed)
    assert (entry.url, entry.title, entry.publisher) == (f"{SITE}/lamp", "The lamp", "Orrin")
    assert (entry.stamp, entry.date, entry.html) == (stamp, date(2024, 1, 2), "")


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/lamp", f"{SITE}/lamp"),
        ("lamp?a=1&amp;b=2", f"{SITE}/lamp?a=1&b=2"),
        ("//other.example/lamp", "http://other.example/lamp"),
        ("<![CDATA[ https://other.example/lamp ]]>", "https://other.example/lamp"),
    ],
)
def test_a_relative_link_is_one_of_the_feeds_own_site(link: str, url: str) -> None:
    assert only(rss(item(link))).url == url


def test_a_base_within_the_feed_goes_before_its_own_address() -> None:
    based = ATOM.replace('href="http://news.example/lamp"', 'href="lamp"')
    based = based.replace("<feed ", '<feed xml:base="https://base.example/a/" ')
    assert only(based).url == "https://base.example/a/lamp"


def test_the_id_of_an_entry_is_its_link_where_it_says_so() -> None:
    guid = "<item><guid>http://news.example/lamp</guid></item>"
    assert only(rss(guid)).url == f"{SITE}/lamp"
    without = read_feed(
        rss(guid.replace("<guid>", '<guid isPermaLink="false">'), item("http://[")).encode(), FEED
    )
    assert without.pages == ()
    assert without.notes == (f"{FEED!r}: 2 entries without the address of a page are left out",)


def test_the_whole_content_is_kept_and_a_summary_is_not() -> None:
    assert only(rss(item("/lamp"))).html == ""
    assert only(rss(item("/lamp", content="<p>All of it.</p>"))).html == "<p>All of it.</p>"
    atom = ATOM.replace(
        "</entry>", '<summary>Short</summary><content type="html">&lt;p>All&lt;/p></content></entry>'
    )
    assert only(atom).html == "<p>All</p>"
    plain = ATOM.replace("</entry>", "<content>1 &lt; 2\n\nAnd so on.</content></entry>")
    assert only(plain).html == "<p>1 &lt; 2</p><p>And so on.</p>"
    xhtml = (
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All</p></div></content></entry>'
    )
    assert "<p>All</p>" in only(ATOM.replace("</entry>", xhtml)).html


def test_a_title_is_plain_text() -> None:
    assert only(rss(item("/a", title="&lt;b&gt;Salt&lt;/b&gt; &amp;amp; ice"))).title == "Salt & ice"


@pytest.mark.parametrize(
    "fault",
    ["&nbsp;", "<br>", " a & b ", "\x0b", "</channel>", "<p>not closed"],
)
def test_a_feed_that_is_no_well_formed_xml_is_read_all_the_same(fault: str) -> None:
    broken = rss(item("/1"), fault, item("/2"))
    assert [entry.url for entry in read_feed(broken.encode(), FEED).pages] == [f"{SITE}/1", f"{SITE}/2"]


def test_a_feed_that_breaks_off_gives_what_came() -> None:
    whole = numbered(range(20))
    assert len(read_feed(whole[: len(whole) // 2].encode(), FEED).pages) in (9, 10, 11)


def test_ten_thousand_entries_are_read_in_seconds() -> None:
    start = time.monotonic()
    assert len(read_feed(numbered(range(10_000)).encode(), FEED).pages) == 10_000
    assert time.monotonic() - start < 30


def test_nothing_is_fetched_or_opened_for_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    import urllib.request

    def never(*_: object, **__: object) -> None:
        raise AssertionError("asked for something")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setattr(urllib.request, "build_opener", never)
    external = '<!DOCTYPE rss SYSTEM "http://evil.example/x.dtd">' + rss(item("/1"))
    assert len(read_feed(external.encode(), FEED).pages) == 1
    assert read_feed(b"http://evil.example/feed", FEED).pages == ()
    assert read_feed(b"/etc/hostname", FEED).pages == ()


@given(
    st.lists(
        st.sampled_from(
            "<item> </item> <link> </link> /a <![CDATA[ ]]> <content:encoded> & &#xD800; <entry> <div> </div> "
            "<content\ttype='xhtml'> <updated> 2024-13-45 <!-- \udcff".split(" ")
        ),
        max_size=30,
    )
)
def test_whatever_a_feed_holds_it_gives_entries_or_an_article_error(parts: list[str]) -> None:
    feed = f"<rss version='2.0' {CONTENT}><channel>{''.join(parts)}".encode("utf-8", "replace")
    with suppress(ArticleError):
        assert all(entry.url for entry in read_feed(feed, FEED).pages)


def test_a_feed_s_name_in_html_is_its_words() -> None:
    name = '<title type="html">&lt;i&gt;Orrin&lt;/i&gt; &amp;amp; Coast</title>'
    assert only(ATOM.replace("<title>Orrin</title>", name)).publisher == "Orrin & Coast"
