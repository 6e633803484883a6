"""An index that follows a feed on a real server on loopback: what is new is added once, and nothing is lost."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag.errors import Stopped
from rag.index.changes import Changes
from rag.index.contents import open_contents
from rag.index.following import feed_sync
from rag.index.following.feed_memory import load, memory_file
from rag.index.following.feed_sync import FeedSynced, plan_feed, sync_feed
from rag.models.embedders import Embedder
from rag.reading.web.feeds.listing import open_listing
from rag.schema import Article
from rag.settings import Settings
from rag.storage.location import ServerAddress
from tests.support.embedder import embedder
from tests.support.feeds import (
    FEED,
    SITE,
    Site,
    item,
    numbered,
    page,
    pages,
    rss,
    site,
    sitemap,
    xml,
)
from tests.support.files import SENTENCE
from tests.support.indexes import hit_ids, open_index
from tests.support.synced_folder import CountingEmbeddings
from tests.support.web_server import moved, reply

Where = Path | ServerAddress
pytestmark = pytest.mark.usefixtures("private_home")  # the memory for an index on servers is kept there


def never(_: Sequence[Article]) -> Embedder:
    raise AssertionError("an embedder was asked for")


def follow(
    served: Site,
    where: Where,
    *,
    limit: int = 200,
    choose: Callable[[Sequence[Article]], Embedder] = lambda _: embedder(),
) -> FeedSynced:
    listing = open_listing(FEED, served.access)
    return sync_feed(listing, where=where, embedder=choose, settings=Settings(), limit=limit)


def urls(where: Where) -> list[str]:
    with open_contents(where) as contents:
        return sorted(summary.url for summary in contents.listing())


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_a_feed_is_added_beside_what_is_there_and_again_only_what_is_new(where: Where) -> None:
    with open_index(where) as opened:
        opened.add([Article(id="own", title="Own", text="A note of our own.")])
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1, 2, 3])}) as served:
        assert len(follow(served, where).changes.added) == 2
        assert served.asked() == ["/feed.xml", "/1", "/2"]
        served.publish("/feed.xml", xml(numbered([3, 2, 1])))
        changes = follow(served, where).changes
        assert (len(changes.added), len(changes.updated), len(changes.unchanged)) == (1, 0, 2)
        assert served.asked() == ["/feed.xml", "/3"]
        again = follow(served, where, choose=never)
        assert served.asked() == ["/feed.xml"]
    assert (bool(again.changes), again.changes.present, again.problems) == (False, 3, ())
    assert urls(where) == ["", f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]
    with open_index(where) as opened:
        assert hit_ids(opened, "word3")[0] == changes.added[0]


def test_an_article_that_the_feed_drops_stays(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1, 2])}) as served:
        follow(served, index)
        served.publish("/feed.xml", xml(numbered([2])))
        follow(served, index)
        served.publish("/feed.xml", xml(rss()))
        assert follow(served, index).changes == Changes()
    assert urls(index) == [f"{SITE}/1", f"{SITE}/2"]


def test_an_entry_whose_time_of_change_is_another_is_fetched_again(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1, 2])}) as served:
        follow(served, index)
        served.asked()
        served.publish("/1", page(1, "A correction."))
        served.publish("/feed.xml", xml(numbered([1, 2], day=9)))
        model = CountingEmbeddings()
        changes = follow(served, index, choose=lambda _: Embedder(name="bag-of-words", model=model)).changes
        assert served.asked() == ["/feed.xml", "/1", "/2"]
        assert len(changes.updated) == 2  # of one only the day
        assert {"word1" in text for text in model.texts} == {True}
        follow(served, index, choose=never)
        assert served.asked() == ["/feed.xml"]
    with open_contents(index) as contents:
        assert "A correction." in contents.article(changes.updated[0]).text


def test_the_day_of_a_sitemap_is_compared_and_a_page_without_one_counts_as_unchanged(index: Path) -> None:
    def listed(first: str, second: str) -> bytes:
        return xml(sitemap({f"{SITE}/1": first, f"{SITE}/2": second}), "text/xml")

    with site({"/feed.xml": listed("2024-01-01", ""), **pages([1, 2])}) as served:
        follow(served, index)
        for first, second, fetched in (
            ("2024-01-01", "2024-05-01", []),  # the first day that the second states
            ("", "2024-05-01", []),
            ("2024-01-02", "2024-05-02", ["/2", "/1"]),
        ):
            served.publish("/feed.xml", listed(first, second))
            served.asked()
            follow(served, index)
            assert served.asked()[1:] == fetched


def test_an_article_that_was_added_by_its_address_or_from_a_file_is_known_by_its_url(index: Path) -> None:
    with open_index(index) as opened:
        url = "https://www.news.example/1"
        opened.add([Article(id="from-a-file", title="One", text=SENTENCE, url=url)])
    with site({"/feed.xml": xml(numbered([1])), **pages([1])}) as served:
        assert follow(served, index, choose=never).changes == Changes(unchanged=("from-a-file",))
        assert served.asked() == ["/feed.xml"]


def test_a_link_that_leads_elsewhere_is_not_followed_twice(index: Path) -> None:
    feed = rss(item("/go?to=1"))
    with site({"/feed.xml": xml(feed), "/go?to=1": moved("/1"), **pages([1])}) as served:
        follow(served, index)
        assert served.asked() == ["/feed.xml", "/go?to=1", "/1"]
        assert follow(served, index, choose=never).changes.present == 1
        assert served.asked() == ["/feed.xml"]


def test_without_its_memory_the_index_still_knows_the_pages(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1, 2])}) as served:
        follow(served, index)
        served.asked()
        for content in (None, b"", b"[1]", b'{"version": 1, "entries": {"a": 1}}'):
            memory_file(index).unlink()
            if content is not None:
                memory_file(index).write_bytes(content)
            assert follow(served, index, choose=never).changes.present == 2
            assert served.asked() == ["/feed.xml"]
            assert len(load(memory_file(index))) == 2


def test_an_article_that_was_removed_comes_again_while_the_feed_has_it(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1])), **pages([1])}) as served:
        (added,) = follow(served, index).changes.added
        with open_contents(index) as contents:
            contents.remove([added])
        assert follow(served, index).changes.added == (added,)


def test_a_bad_entry_costs_itself_is_named_and_tried_again_after_the_new_ones(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([2, 3])}) as served:
        synced = follow(served, index)
        assert synced.problems == (f"left out '{SITE}/1': answers 404 Not Found: check the address",)
        assert len(synced.changes.added) == 1
        served.asked()
        served.publish("/feed.xml", xml(numbered([1, 2, 3])))
        assert plan_feed(open_listing(FEED, served.access), where=index, limit=1).wanted[0].url == f"{SITE}/3"
        served.publish("/1", page(1))
        assert len(follow(served, index).changes.added) == 2
        assert served.asked()[2:] == ["/3", "/1"]


def test_beyond_the_limit_the_next_run_goes_on(index: Path) -> None:
    with site({"/feed.xml": xml(numbered(range(25))), **pages(range(25))}) as served:
        sizes = [len(follow(served, index, limit=10).changes.added) for _ in range(4)]
        synced = follow(served, index, limit=10)
    assert sizes == [10, 10, 5, 0]
    assert synced.problems == ()
    assert len(urls(index)) == 25


def test_where_nothing_can_be_had_no_index_is_made(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2]))}) as served:
        synced = follow(served, index, choose=never)
    assert (synced.changes, len(synced.problems)) == (Changes(), 2)
    assert not index.exists()


def test_a_preview_fetches_no_page_and_writes_nothing(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1, 2])), **pages([1])}) as served:
        plan = plan_feed(open_listing(FEED, served.access), where=index)
        assert [entry.url for entry in plan.wanted] == [f"{SITE}/1", f"{SITE}/2"]
        assert served.asked() == ["/feed.xml"]
    assert not index.exists()


def test_the_text_in_the_feed_gives_way_to_the_page_only_when_the_entry_changes(index: Path) -> None:
    def feed(text: str, day: int) -> bytes:
        return xml(
            rss(item("/go", published=f"Tue, {day:02d} Jan 2024 10:00:00 GMT", content=f"<p>{text}</p>"))
        )

    def text() -> str:
        with open_contents(index) as contents:
            (summary,) = contents.listing()
            return contents.article(summary.id).text

    with site({"/feed.xml": feed("First words.", 1), "/go": reply(status="403 Forbidden")}) as served:
        follow(served, index)
        assert text() == "First words."
        served.publish("/go", reply(status="503 Service Unavailable"))
        served.publish("/feed.xml", feed("Second words.", 2))
        synced = follow(served, index)
        assert (text(), len(synced.problems)) == ("First words.", 1)
        served.publish("/go", reply(status="403 Forbidden"))
        follow(served, index)
        assert text() == "Second words."


def test_a_known_page_that_moved_and_is_then_refused_keeps_its_id(index: Path) -> None:
    def feed(day: int) -> bytes:
        return xml(
            rss(item("/go", published=f"Tue, {day:02d} Jan 2024 10:00:00 GMT", content="<p>Of the feed.</p>"))
        )

    with site({"/feed.xml": feed(1), "/go": moved("/1"), **pages([1])}) as served:
        (added,) = follow(served, index).changes.added
        served.publish("/go", reply(status="403 Forbidden"))
        served.publish("/feed.xml", feed(2))
        assert follow(served, index).changes.updated == (added,)
    assert len(urls(index)) == 1


def test_ctrl_c_keeps_the_pages_that_are_stored_and_the_next_run_goes_on(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_sync, "_AT_ONCE", 2)

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with site({"/feed.xml": xml(numbered(range(8))), **pages(range(8))}) as served:
        listing = open_listing(FEED, served.access)
        with pytest.raises(Stopped, match="4 of 8 pages are stored"):
            sync_feed(
                listing, where=index, embedder=lambda _: embedder(), settings=Settings(), on_progress=stop
            )
        assert len(urls(index)) == 4
        served.asked()
        assert len(follow(served, index).changes.added) == 4
        assert served.asked() == ["/feed.xml", "/4", "/5", "/6", "/7"]


def test_the_embedder_is_chosen_by_how_much_there_will_be(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_sync, "_AT_ONCE", 2)
    sizes: list[int] = []

    def choose(articles: Sequence[Article]) -> Embedder:
        sizes.append(len(articles))
        return embedder()

    with site({"/feed.xml": xml(numbered(range(7))), **pages(range(7))}) as served:
        follow(served, index, choose=choose)
    assert sizes == [8]


def test_two_feeds_share_what_is_known(index: Path) -> None:
    with site({"/feed.xml": xml(numbered([1])), **pages([1, 2])}) as served:
        follow(served, index)
        served.publish("/feed.xml", xml(numbered([2])))
        follow(served, index)
    assert sorted(load(memory_file(index))) == ["news.example/1", "news.example/2"]
