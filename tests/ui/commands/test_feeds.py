"""`pincite add` and `pincite sync` with the address of a feed or sitemap."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command_line import Output
from tests.support.feeds import FEED, SITE, Site, item, numbered, pages, rss, site, sitemap, xml
from tests.support.web_server import LAMP_PAGE, reply

pytestmark = pytest.mark.usefixtures("private_home")


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site with a feed of two pages and a sitemap of three."""
    answers = {"/feed.xml": xml(numbered([1, 2])), **pages([1, 2, 3])}
    with site(answers) as running:
        running.publish(
            "/map.xml", xml(sitemap({f"{SITE}/{n}": f"2024-01-0{n}" for n in (1, 2, 3)}), "text/xml")
        )
        running.publish("/lamp", reply(LAMP_PAGE))
        running.answer_commands(monkeypatch)
        yield running


def test_a_feed_is_added_beside_files_and_added_again_only_its_new_entries_are_fetched(
    capsys: pytest.CaptureFixture[str], corpus: Path, served: Site
) -> None:
    said = Output(capsys, "add", corpus, FEED, f"{SITE}/lamp")
    assert (said.status, said.out, said.err) == (0, "added 4, updated 0, unchanged 0\n", "")
    served.publish("/feed.xml", xml(numbered([3, 2])))
    served.asked()
    said = Output(capsys, "add", FEED)
    assert (said.status, said.out) == (0, "added 1, updated 0, unchanged 1\n")
    assert served.asked() == ["/feed.xml", "/3"]
    assert len(json.loads(Output(capsys, "list", "--json").out)["articles"]) == 5


def test_sync_adds_what_is_new_and_removes_nothing(
    capsys: pytest.CaptureFixture[str], corpus: Path, served: Site
) -> None:
    Output(capsys, "add", corpus)
    dry = Output(capsys, "sync", FEED, "--dry-run")
    assert dry.out == f"add       {SITE}/1\nadd       {SITE}/2\nunchanged 0\n"
    assert Output(capsys, "sync", FEED).out == "added 2, updated 0, unchanged 0\n"
    assert Output(capsys, "sync", FEED).out == "added 0, updated 0, unchanged 2\n"
    served.publish("/feed.xml", xml(numbered([2], day=9)))
    dry = Output(capsys, "sync", FEED, "--dry-run")
    assert dry.out == f"update    {SITE}/2\nunchanged 0\n"
    assert Output(capsys, "sync", FEED).out == "added 0, updated 1, unchanged 0\n"
    assert len(json.loads(Output(capsys, "list", "--json").out)["articles"]) == 3


def test_more_entries_than_the_limit_are_counted_and_the_same_command_goes_on(
    capsys: pytest.CaptureFixture[str], served: Site
) -> None:
    address = f"{SITE}/map.xml"
    said = Output(capsys, "sync", address, "--entries", "2")
    assert (said.status, said.out) == (0, "added 2, updated 0, unchanged 0\n")
    assert said.err == (
        f"'{address}': 1 of 3 new or changed entries are left out, as the limit is 2: run it again for the next ones, "
        "or give --entries 3 (limit=3 in Python)\n"
    )
    said = Output(capsys, "add", address, "--entries", "2")
    assert (said.out, said.err) == ("added 1, updated 0, unchanged 2\n", "")


def test_a_bad_entry_costs_itself_and_a_line(capsys: pytest.CaptureFixture[str], served: Site) -> None:
    served.publish("/feed.xml", xml(rss(item("/gone"), item("http://10.0.0.1/"), item("/1"))))
    said = Output(capsys, "add", FEED)
    assert (said.status, said.out) == (0, "added 1, updated 0, unchanged 0\n")
    gone, private = said.err.splitlines()
    assert gone == f"left out '{SITE}/gone': answers 404 Not Found: check the address"
    assert private.startswith("left out 'http://10.0.0.1/': '10.0.0.1', which is not on the open internet")


def test_where_no_entry_can_be_had_the_status_of_add_is_1_and_there_is_no_index(
    capsys: pytest.CaptureFixture[str], served: Site, home: Path
) -> None:
    for feed in (numbered([7]), rss(), "<rss>"):
        served.publish("/feed.xml", xml(feed))
        said = Output(capsys, "add", FEED)
        assert (said.status, said.out) == (1, "")
        assert said.err.splitlines()[-1].startswith("pincite: nothing was added")
    assert not home.exists()


def test_a_page_is_not_synced_and_the_error_names_its_feed(
    capsys: pytest.CaptureFixture[str], served: Site
) -> None:
    said = Output(capsys, "sync", f"{SITE}/lamp")
    assert (said.status, said.out) == (1, "")
    assert (
        said.err
        == f"pincite: '{SITE}/lamp': is no feed (RSS, Atom) and no sitemap: `pincite add` adds a page\n"
    )


@pytest.mark.parametrize(
    ("argv", "status", "words"),
    [
        (["sync", FEED, "--take-over"], 1, "for a feed nothing is removed"),
        (["sync", FEED, "--allow-empty"], 1, "for a feed nothing is removed"),
        (["sync", ".", "--entries", "3"], 1, "--entries is for the address of a feed"),
        (["sync", FEED, "--entries", "0"], 2, "'0' is no number of entries: give 1 or more"),
        (["add", FEED, "--entries", "many"], 2, "'many' is no number of entries: give 1 or more"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    capsys: pytest.CaptureFixture[str], served: Site, argv: list[str], status: int, words: str
) -> None:
    said = Output(capsys, *argv)
    assert (said.status, said.out) == (status, "")
    assert words in said.err
    assert served.asked() == []


def test_into_an_index_that_follows_a_folder_a_feed_is_added_with_a_warning(
    capsys: pytest.CaptureFixture[str], corpus: Path, served: Site
) -> None:
    Output(capsys, "sync", corpus)
    said = Output(capsys, "sync", FEED)
    assert f"the index follows {str(corpus)!r}: the next `pincite sync` takes out again" in said.err
    assert Output(capsys, "sync", FEED).err == ""


def test_a_watched_feed_is_looked_at_again_until_ctrl_c(
    capsys: pytest.CaptureFixture[str], served: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.publish("/feed.xml", xml(numbered([1, 7])))
    meanwhile = iter(
        [
            xml(numbered([1, 7])),
            reply(status="503 Service Unavailable"),
            reply(status="503 Service Unavailable"),
            xml(numbered([1, 7, 2])),
        ]
    )

    def pass_time(seconds: float) -> None:
        assert seconds == 1_800
        answer = next(meanwhile, None)
        if answer is None:
            raise KeyboardInterrupt
        served.publish("/feed.xml", answer)

    monkeypatch.setattr("ui.commands.sync.time.sleep", pass_time)
    said = Output(capsys, "sync", FEED, "--watch")
    assert (said.status, said.out) == (
        0,
        "added 1, updated 0, unchanged 0\nadded 1, updated 0, unchanged 1\n",
    )
    assert said.err.splitlines() == [
        f"left out '{SITE}/7': answers 404 Not Found: check the address",
        f"watching '{FEED}', every 30 minutes: Ctrl-C ends",
        f"pincite: '{FEED}': answers 503 Service Unavailable: try again later",
        f"left out '{SITE}/7': answers 404 Not Found: check the address",
    ]
