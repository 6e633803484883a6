"""While a model reads: notices of progress to a client that asked for them, and a client that gives up stops it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.browser_chat import site
from tests.support.protocol_client import Spoken, spoken, started
from tests.support.protocol_server import Sign
from tests.support.waiting import wait_until
from tests.test_chatbot import HaltingChat

WHEN = "When was the lighthouse at Orrin built?"
READS = "a language model reads"
ERAS = ["auto", "legacy"]


@contextmanager
def over_stdio(articles: Path, folder: Path, era: str) -> Iterator[tuple[Spoken, Sign, Sign]]:
    """A connection, the sign on which the model goes on, and the one that it gives when it ends."""
    (folder / "open").touch()
    server = started(articles, folder, home=folder, module="tests.support.protocol_server")
    with spoken(server, mode=era) as there:
        yield there, Sign(folder / "go"), Sign(folder / "ended")


@contextmanager
def over_http(
    articles: Path, folder: Path, era: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Spoken, threading.Event, threading.Event]]:
    chat = HaltingChat(
        replies=["It was built in 1871 [1]."] * 9, go=threading.Event(), ended=threading.Event()
    )
    with (
        site(folder, monkeypatch, chat, corpus=articles, mcp=True) as address,
        spoken(f"{address}/mcp", mode=era) as there,
    ):
        yield there, chat.go, chat.ended


def told_and_stopped(there: Spoken, go: threading.Event, ended: threading.Event) -> None:
    notices: list[tuple[float, str | None]] = []
    asked = there.calling("ask", notices, question=WHEN)
    wait_until(lambda: len([one for one in notices if READS in str(one[1])]) >= 3)
    asked.cancel()
    assert ended.wait(10)
    assert not go.is_set()
    progress = [one for one, _ in notices]
    assert progress == sorted(set(progress))  # it rises with each
    assert len(there.call("list_articles")["articles"]) == 5  # and the server goes on


def answered_in_the_end(there: Spoken, go: threading.Event, ended: threading.Event) -> None:
    notices: list[tuple[float, str | None]] = []
    asked = there.calling("ask", notices, question=WHEN)
    wait_until(lambda: len(notices) >= 3)
    assert not asked.done()
    go.set()
    said = asked.result(60).structured_content
    assert said is not None
    assert said["statements"][0]["verified"] is True
    assert "1871" in said["answer"]
    assert ended.is_set()


@pytest.mark.slow
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("happens", [told_and_stopped, answered_in_the_end])
def test_over_standard_input_and_output(happens: object, era: str, articles: Path, tmp_path: Path) -> None:
    assert callable(happens)
    with over_stdio(articles, tmp_path, era) as (there, go, ended):
        happens(there, go, ended)


@pytest.mark.slow
@pytest.mark.parametrize("era", ERAS)
@pytest.mark.parametrize("happens", [told_and_stopped, answered_in_the_end])
def test_over_http(
    happens: object, era: str, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(happens)
    with over_http(articles, tmp_path, era, monkeypatch) as (there, go, ended):
        happens(there, go, ended)


@pytest.mark.slow
@pytest.mark.timeout(600)  # on cores that others use as well
def test_a_small_model_answers_with_notices_while_it_reads(
    test_model: Path, articles: Path, tmp_path: Path
) -> None:
    server = started("mcp", "--corpus", articles, "--model", test_model, home=tmp_path)
    with spoken(server) as there:
        notices: list[tuple[float, str | None]] = []
        called = there.calling("ask", notices, question=WHEN).result(540)
        assert called.structured_content is not None
        assert called.structured_content["outcome"] in ("answered", "nearest")
        assert any(READS in str(message) or "written" in str(message) for _, message in notices)
        for statement in called.structured_content["statements"]:
            assert there.read(statement["uri"])[0].text == statement["quote"]


@pytest.mark.slow
def test_a_text_that_is_checked_is_told_of_statement_by_statement(articles: Path, tmp_path: Path) -> None:
    server = started("mcp", "--corpus", articles, "--model", "quotes", home=tmp_path)
    with spoken(server) as there:
        notices: list[tuple[float, str | None]] = []
        text = " ".join(
            f"Barge {number} carried {number + 7} crates of pears to Vell." for number in range(60)
        )
        checked = there.calling("check", notices, text=text).result(120).structured_content
        assert checked is not None
        assert len(checked["statements"]) == 60
        assert any("statements checked" in str(message) for _, message in notices)
