"""The articles of a feed's pages, fetched from a real server on loopback, and what a bad entry costs."""

from datetime import date

import pytest

import rag
from rag.errors import ArticleError, SettingsError, SiteAway
from rag.reading.web.feeds.articles import fetch_articles
from tests.support.feeds import (
    FEED,
    SITE,
    item,
    numbered,
    page,
    pages,
    rss,
    site,
    sitemap,
    xml,
)
from tests.support.files import SENTENCE, html_page, only
from tests.support.web_server import LAMP_PAGE, moved, reply

WHOLE = f"<h2>The lamp</h2><p>{SENTENCE}</p><script>alert(1)</script><p>It burns oil.</p>"
DAY = "Tue, 02 Jan 2024 10:00:00 GMT"


def test_each_page_of_a_feed_is_an_article() -> None:
    with site({"/feed.xml": xml(numbered([1, 2, 3])), **pages([1, 2, 3])}) as served:
        result = rag.fetch_articles(FEED, access=served.access)
        assert served.asked() == ["/feed.xml", "/1", "/2", "/3"]
    assert [(article.title, article.url) for article in result.articles] == [
        (f"Report {number}", f"{SITE}/{number}") for number in (1, 2, 3)
    ]
    assert (result.errors, result.warnings) == ((), ())


def test_a_page_that_states_no_day_has_that_of_its_entry() -> None:
    day = '<meta property="article:published_time" content="2020-05-06">'
    own = html_page(f"<p>{SENTENCE}</p><p>{SENTENCE} More.</p>", day)
    feed = rss(item("/1", published=DAY), item("/own", published=DAY))
    with site({"/feed.xml": xml(feed), **pages([1]), "/own": reply(own)}) as served:
        articles = fetch_articles(FEED, access=served.access).articles
    assert [article.date for article in articles] == [date(2024, 1, 2), date(2020, 5, 6)]


def test_a_page_is_the_same_article_whether_a_feed_or_its_address_led_to_it() -> None:
    with site(
        {"/feed.xml": xml(rss(item(f"{SITE}/1?utm_source=rss"))), **pages([1]), "/1?utm_source=rss": page(1)}
    ) as served:
        by_feed = only(fetch_articles(FEED, access=served.access))
        by_address = only(fetch_articles(f"{SITE}/1", access=served.access))
    assert by_feed == by_address


def test_one_bad_entry_costs_itself_and_a_line() -> None:
    bad = (
        "javascript:alert(1)",
        "http://127.0.0.1:6379/",
        "ftp://news.example/a",
        "/gone",
        "/feed.xml",
        "/empty",
    )
    feed = rss(item("/1"), *map(item, bad), item("/2"))
    answers = {"/feed.xml": xml(feed), **pages([1, 2]), "/empty": reply("...", "text/plain")}
    with site(answers) as served:
        result = fetch_articles(FEED, access=served.access)
    assert [article.url for article in result.articles] == [f"{SITE}/1", f"{SITE}/2"]
    assert len(result.errors) == len(bad)
    for error in result.errors:
        assert "\n" not in str(error)


def test_a_private_address_in_a_feed_is_not_asked() -> None:
    feed = rss(item("http://10.0.0.1/"), item("http://169.254.169.254/latest/"), item("/away"))
    with site({"/feed.xml": xml(feed), "/away": moved("http://192.168.0.1/")}) as served:
        result = fetch_articles(FEED, access=served.access)
    assert result.articles == ()
    assert ["not on the open internet" in error.reason for error in result.errors] == [True] * 3


def test_where_the_page_cannot_be_had_the_whole_content_in_the_feed_is_read() -> None:
    feed = rss(item("/lamp?utm_source=rss", published=DAY, content=WHOLE, title="Lamp &amp; oil"))
    with site({"/feed.xml": xml(feed), "/lamp?utm_source=rss": reply(status="403 Forbidden")}) as served:
        result = fetch_articles(FEED, access=served.access)
        served.publish("/lamp", reply(LAMP_PAGE))
        by_page = only(fetch_articles(f"{SITE}/lamp", access=served.access))
    article = only(result)
    assert (article.title, article.publisher, article.date) == (
        "Lamp & oil",
        "Orrin Reports",
        date(2024, 1, 2),
    )
    assert article.text == f"## The lamp\n\n{SENTENCE}\n\nIt burns oil."
    assert (article.id, article.url) == (by_page.id, f"{SITE}/lamp")
    (note,) = result.warnings
    assert "answers 403 Forbidden" in note
    assert note.endswith("the text in the feed is read instead")


def test_a_page_goes_before_the_content_in_the_feed_and_a_summary_is_no_article() -> None:
    feed = rss(item("/1", content=WHOLE), item("/gone"))
    with site({"/feed.xml": xml(feed), **pages([1])}) as served:
        result = fetch_articles(FEED, access=served.access)
    assert "word1" in result.articles[0].text
    assert [error.reason for error in result.errors] == ["answers 404 Not Found: check the address"]


@pytest.mark.parametrize(
    "content", ["<img src='a.png'>", "<p>…</p>", "<div>" * 3_000, "\x00", "<p>&#xD800;</p>"]
)
def test_content_without_words_is_no_article(content: str) -> None:
    with site({"/feed.xml": xml(rss(item("/gone", content=content), item("/1"))), **pages([1])}) as served:
        result = fetch_articles(FEED, access=served.access)
    assert [article.url for article in result.articles] == [f"{SITE}/1"]
    (error,) = result.errors
    assert error.source == f"{SITE}/gone"


def test_no_more_pages_than_the_limit_are_fetched_and_the_rest_is_counted() -> None:
    with site({"/feed.xml": xml(numbered(range(10_000))), **pages(range(3))}) as served:
        result = fetch_articles(FEED, limit=3, access=served.access)
        assert served.asked() == ["/feed.xml", "/0", "/1", "/2"]
    assert len(result.articles) == 3
    (warning,) = result.warnings
    assert warning == (
        f"{FEED!r}: 9,997 of 10,000 new or changed entries are left out, as the limit is 3: run it again for the "
        "next ones, or give --entries 10000 (limit=10000 in Python)"
    )
    with pytest.raises(SettingsError, match="a limit of 0 entries: give 1 or more"):
        fetch_articles(FEED, limit=0)


def test_known_pages_are_not_fetched() -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1, 2])}) as served:
        known = ["https://www.news.example/1#top"]
        assert only(fetch_articles(FEED, known=known, access=served.access)).url == f"{SITE}/2"
        assert served.asked() == ["/feed.xml", "/2"]


def test_a_site_that_asks_for_fewer_requests_is_left_alone_and_others_are_not() -> None:
    feed = rss(*(item(f"/busy/{number}") for number in range(6)), item("http://other.example/1"))
    busy = {f"/busy/{number}": reply(status="429 Too Many Requests") for number in range(6)}
    with site({"/feed.xml": xml(feed), **busy, **pages([1])}) as served:
        result = fetch_articles(FEED, access=served.access)
        assert served.asked() == ["/feed.xml", "/busy/0", "/busy/1", "/busy/2", "/1"]
    assert [article.url for article in result.articles] == ["http://other.example/1"]
    assert [type(error) for error in result.errors] == [SiteAway] * 6
    assert "'news.example' did not answer 3 times in a row" in result.errors[-1].reason


def test_pages_that_are_gone_do_not_stop_the_others() -> None:
    with site({"/feed.xml": xml(numbered(range(8))), **pages([7])}) as served:
        result = fetch_articles(FEED, access=served.access)
    assert only_ids(result.articles) == [f"{SITE}/7"]
    assert [type(error) for error in result.errors] == [ArticleError] * 7


def only_ids(articles: tuple[rag.Article, ...]) -> list[str]:
    return [article.url for article in articles]


def test_two_links_to_one_page_are_one_article() -> None:
    answers = {"/a": moved("/1"), "/b": moved("/1"), **pages([1])}
    with site({"/feed.xml": xml(rss(item("/a"), item("/b"))), **answers}) as served:
        assert only(fetch_articles(FEED, access=served.access)).url == f"{SITE}/1"


def test_the_pages_of_a_sitemap_are_articles_the_newest_first() -> None:
    listed = sitemap({f"{SITE}/1": "2020-01-01", f"{SITE}/2": "2024-01-01"})
    with site({"/feed.xml": xml(listed, "text/xml"), **pages([1, 2])}) as served:
        assert only(fetch_articles(FEED, limit=1, access=served.access)).url == f"{SITE}/2"
