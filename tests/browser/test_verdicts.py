"""What a reader sees of a language model: that it reads, its words when they were checked, and what is not shown."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.outputs import ChatGenerationChunk
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, ready, settled
from tests.support.browser_chat import site
from tests.support.language_model import ScriptedChat
from ui.web.conversation.chatbots import Desk

pytestmark = pytest.mark.browser

QUESTION = "How long did Colossus take to build?"
# Known tags are taken out of a reply; of one that no browser knows the page must make text.
ATTACK = "It took 123 days <img src=x onerror=window.fired=1><blink onclick=window.fired=1>now</blink> [1]."
SAID = f"xAI reportedly assembled the 100,000-GPU cluster in just 122 days [1]. {ATTACK} It is in Paris [99]."
TOP = "element => element.getBoundingClientRect().top"


class SlowChat(ScriptedChat):
    """Says nothing before ``go`` is set."""

    go: threading.Event

    def _stream(self, *arguments: Any, **options: Any) -> Iterator[ChatGenerationChunk]:  # noqa: ANN401
        assert self.go.wait(30)
        yield from super()._stream(*arguments, **options)


class HaltingChat(ScriptedChat):
    """Says its reply, and then nothing more and no end before ``go`` is set."""

    go: threading.Event

    def _stream(self, *arguments: Any, **options: Any) -> Iterator[ChatGenerationChunk]:  # noqa: ANN401
        before = len(self.prompts)
        yield from super()._stream(*arguments, **options)
        if len(self.prompts) > before:  # it was no judgement
            assert self.go.wait(60)


@pytest.fixture
def written(visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page after a model's answer, true and false."""
    with site(tmp_path, monkeypatch, ScriptedChat(replies=[SAID])) as address:
        page = ready(visitor(address))
        ask(page, QUESTION)
        yield page


def test_a_statement_that_was_checked_has_a_seal_and_its_quote_stands_beneath(written: Page) -> None:
    expect(written.locator(".text")).to_contain_text("in just 122 days")
    assert [chip.split()[0] for chip in written.locator(".text .chip").all_text_contents()] == ["1✓"]
    expect(written.locator(".thought .title")).to_contain_text("1 of 1 statements verified")
    assert "verified" in (written.locator(".passage .chip").first.get_attribute("class") or "")
    expect(written.locator(".passage blockquote").first).to_contain_text("in just 122 days.")
    expect(written.locator(".text .quoted")).to_have_count(0)
    written.locator(".text .chip").click()
    expect(written.locator("#source .verdict")).to_contain_text("✓ verified")
    expect(written.locator("mark.current")).to_be_in_viewport()


def test_which_model_wrote_and_how_long_is_behind_one_control(written: Page) -> None:
    expect(written.locator(".how p")).to_be_hidden()
    written.locator(".how summary").click()
    expect(written.locator(".how p")).to_contain_text("total")


def test_what_failed_is_not_in_the_answer_and_can_be_opened_with_its_reason_as_text(written: Page) -> None:
    expect(written.locator(".text")).not_to_contain_text("123 days")
    box = written.locator("details.withheld")
    expect(box.locator("li").first).to_be_hidden()
    box.locator("summary").click()
    expect(box.locator("summary")).to_have_text("Not shown: the model's own answer")
    expect(box).to_contain_text("<blink onclick=window.fired=1>now</blink>")
    expect(box).to_contain_text("unsupported: ‘123 days’ is not in the cited words")
    expect(box).to_contain_text("It is in Paris")
    expect(written.locator(".note")).to_contain_text("is not shown")
    expect(box.locator("img, blink")).to_have_count(0)
    assert written.evaluate("window.fired") is None


def test_kept_and_opened_again_the_answer_is_the_same(written: Page) -> None:
    before = written.locator(".answer").inner_text()
    written.reload()
    settled(written, 1)
    assert written.locator(".answer").inner_text() == before


def start_asking(page: Page) -> None:
    """Ask the question without waiting for the answer."""
    ready(page)
    page.fill("#question textarea", QUESTION)
    page.keyboard.press("Enter")


def stop(page: Page, chat: SlowChat | HaltingChat, *, kept: str = "", key: str = "") -> None:
    """Stop the answer while ``chat`` still waits: ``kept`` and the sources stay, also when the page is opened again."""
    if key:
        page.keyboard.press(key)
    else:
        page.click("#question .stop-button")
    page.wait_for_selector("#question .submit-button", timeout=1500)
    for again in (True, False):
        if kept:
            expect(page.locator(".text")).to_contain_text(kept)
        expect(page.locator(".stopped")).to_have_text("Stopped.")
        if again:
            expect(page.locator(".passage blockquote").first).to_contain_text("122 days")
            page.reload()
            settled(page, 1)
    page.click(".thought .title")
    expect(page.locator(".passage blockquote").first).to_contain_text("122 days")
    assert not chat.go.is_set()
    chat.go.set()


def test_while_the_model_is_loaded_the_page_says_so(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = SlowChat(replies=["122 days [1]."], go=threading.Event())
    monkeypatch.setattr(Desk, "loading", lambda *_: True)
    with site(tmp_path, monkeypatch, chat) as address:
        page = visitor(address)
        start_asking(page)
        expect(page.locator(".thought .title")).to_contain_text("Loading the model (once)…")
        expect(page.locator(".passage blockquote").first).to_contain_text("122 days")
        chat.go.set()
        settled(page, 1)


def test_a_stopped_answer_keeps_what_came_and_its_sources(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "122 days [1]. xAI built its supercomputer in Memphis, Tennessee [1]. It stands in "
    chat = HaltingChat(replies=[said], go=threading.Event())
    with site(tmp_path, monkeypatch, chat) as address:
        page = visitor(address)
        start_asking(page)
        expect(page.locator(".text")).to_contain_text("122 days")
        stop(page, chat, kept="122 days")


@pytest.mark.parametrize("key", ["", "Escape"])
def test_an_answer_that_is_stopped_while_a_model_reads_keeps_its_sources(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    chat = SlowChat(replies=["122 days [1]."], go=threading.Event())
    with site(tmp_path, monkeypatch, chat) as address:
        page = visitor(address)
        start_asking(page)
        expect(page.locator(".thought .title")).to_contain_text(re.compile(r"Reading \d+ passages?…"))
        stop(page, chat, key=key)


@pytest.mark.parametrize("width", [1280, 390])
def test_while_a_model_reads_its_quotes_are_there_and_do_not_move_when_it_answers(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    chat = SlowChat(replies=["122 days [1]."], go=threading.Event())
    with site(tmp_path, monkeypatch, chat) as address:
        page = visitor(address, viewport={"width": width, "height": 900})
        start_asking(page)
        expect(page.locator(".thought .title")).to_contain_text("Reading")
        quote = page.locator(".passage blockquote").first
        expect(quote).to_contain_text("in just 122 days.")
        page.wait_for_timeout(500)  # the page has come to rest
        before = quote.evaluate(TOP) - page.locator(".asked").evaluate(TOP)
        chat.go.set()
        expect(page.locator(".text")).to_contain_text("122 days")
        settled(page, 1)
        expect(page.locator(".doing")).to_have_count(0)
        page.wait_for_timeout(500)  # what is drawn anew has its place again
        assert quote.evaluate(TOP) - page.locator(".asked").evaluate(TOP) == pytest.approx(before, abs=1)
