"""Conversations as they are kept: found, renamed, deleted, downloaded, rated, and there again after a restart."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, ask, ready, settled, sidebar

pytestmark = pytest.mark.browser

QUESTION = "How long did Colossus take to build?"


def test_conversations_are_listed_found_renamed_reopened_and_deleted(page: Page) -> None:
    ask(page, QUESTION)
    sidebar(page)
    expect(page.locator("#chats li > a")).to_have_text([QUESTION])
    page.click("text=Rename or delete the open one")
    page.get_by_label("New title").fill("About <b>Colossus</b>")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("#chats li > a")).to_have_text(["About <b>Colossus</b>"])
    page.click("text=New conversation")
    expect(page.locator("#chat .example").first).to_be_visible()
    page.get_by_placeholder("Find a conversation").fill("nothing of it")
    expect(page.locator("#chats")).to_contain_text("None found.")
    page.get_by_placeholder("Find a conversation").fill("COLOSSUS supercomputer memphis")  # of the answer
    page.click("#chats li > a")
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.click("#sure:text('Delete “About <b>Colossus</b>”?')")
    expect(page.locator("#chats li")).to_have_count(0)
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.locator("#sure")).to_be_hidden()
    page.reload()
    ready(page)
    expect(page.locator(".toast-body")).to_have_count(0)


def test_two_tabs_agree(page: Page) -> None:
    ask(page, QUESTION)
    other = page.context.new_page()
    other.goto(page.url)
    settled(other, 1)
    ask(other, "Where was it built?")
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#chat .asked")).to_have_text([QUESTION, "Where was it built?"])
    other.close()


@pytest.mark.parametrize(("kind", "ending"), [("Markdown", "md"), ("JSON", "json")])
def test_a_conversation_is_downloaded(page: Page, kind: str, ending: str) -> None:
    ask(page, QUESTION)
    sidebar(page)
    with page.expect_download() as waiting:
        page.click(f"#chats a:text('{kind}')")
    assert waiting.value.suggested_filename == f"pincite-conversation.{ending}"
    text = waiting.value.path().read_text("utf-8")
    assert "in just 122 days." in text
    if ending == "json":
        assert json.loads(text)["turns"][0]["answer"]["citations"][0]["support"] == "quoted"


def test_a_thumb_is_thanked_for_kept_and_shown_again(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("[aria-label='Like']:visible").click()
    expect(page.locator(".toast-body")).to_contain_text("kept with the answer")
    ask(page, "Where was it built?")
    ask(page, "Who founded Anthropic?")
    page.locator("[aria-label='Like']:visible").first.click()
    page.reload()
    settled(page, 3)
    liked = "rows => rows.map(row => Boolean(row.querySelector('[aria-label=Liked]')))"
    expect(page.locator("[aria-label='Liked']:visible")).to_have_count(2)
    assert page.locator(".bot-row").evaluate_all(liked) == [True, True, False]


def test_what_is_half_typed_outlives_a_reload_and_what_was_sent_does_not_come_back(page: Page) -> None:
    page.fill("#question textarea", "a question half typed")
    page.reload()
    expect(page.locator("#question textarea")).to_have_value("a question half typed")
    ask(page, QUESTION)
    page.reload()
    settled(page, 1)
    expect(page.locator("#question textarea")).to_have_value("")


def test_the_open_conversation_is_marked_in_the_list(page: Page) -> None:
    ask(page, QUESTION)
    sidebar(page)
    expect(page.locator("#chats a.here")).to_have_text(QUESTION)
    page.click("text=New conversation")
    expect(page.locator("#chats a.here")).to_have_count(0)
    expect(page.locator("#chats li > a")).to_have_count(1)


def test_two_visitors_are_apart(visitor: Callable[..., Page], site: str) -> None:
    one, other = ready(visitor(site)), ready(visitor(site))
    ask(one, QUESTION)
    sidebar(other)
    expect(other.locator("#chats")).to_contain_text("None yet")
    stranger = visitor(one.url)
    expect(stranger.locator(".toast-body")).to_contain_text("no such conversation")
    expect(stranger.locator("#chat .asked")).to_have_count(0)


@pytest.mark.slow
def test_a_conversation_outlives_a_restart_and_the_page_comes_back_by_itself(
    serve: Serve, visitor: Callable[..., Page]
) -> None:
    page = ready(visitor(serve("--model", "quotes"), complaints=("ERR_CONNECTION", "Failed to")))
    ask(page, QUESTION)
    page.fill("#question textarea", "a question half typed")
    serve.end()
    expect(page.locator("body.gone")).to_be_attached(timeout=15_000)
    said = page.evaluate("() => getComputedStyle(document.body, '::after').content")
    assert said == '"The server is gone: it can be asked again when it is back."'
    serve.again("--model", "quotes")
    expect(page.locator("body.gone")).to_have_count(0, timeout=15_000)
    expect(page.locator(".text .quoted").first).to_contain_text("in just 122 days.”", timeout=15_000)
    expect(page.locator("#question textarea")).to_have_value("a question half typed")
    ask(page, "Where was it built?")
