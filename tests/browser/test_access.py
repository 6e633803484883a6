"""For everybody: by keyboard alone, on a phone, in the dark, with a screen reader, with less motion."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from tests.support.servers import missing

pytestmark = pytest.mark.browser

AXE = Path(sys.prefix) / "npm" / "node_modules" / "axe-core" / "axe.min.js"  # where the Makefile puts it
QUESTION = "How long did Colossus take to build?"


@pytest.fixture
def axe() -> str:
    if not AXE.is_file():
        missing(
            "no axe-core on this machine: install npm, then `make test` gets it", setting="PINCITE_BROWSER"
        )
    return AXE.read_text("utf-8")


def faults(page: Page, axe: str) -> list[str]:
    """What axe-core finds serious or critical. It is put in past the page's own policy, by the debugger."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_serious_fault(
    visitor: Callable[..., Page], site: str, axe: str, scheme: str, width: int
) -> None:
    page = visitor(site, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.wait_for_selector("#welcome .offer")
    page.click(".legend summary")
    assert faults(page, axe) == []
    ask(page, QUESTION)
    ask(page, "What is the capital of France?")
    page.locator(".timings summary").first.click()
    assert faults(page, axe) == []
    page.locator(".text .chip").first.click()
    page.wait_for_selector("mark.current")
    assert faults(page, axe) == []
    if width < 960:
        page.click(".close")
    page.click("#chats-toggle")
    page.wait_for_selector("#chats .title")
    assert faults(page, axe) == []


def test_everything_can_be_done_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    page.locator("#question").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn .actions")
    page.wait_for_selector("#send:visible")
    page.locator("#question").focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("() => document.activeElement.matches('.text .chip')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert page.evaluate("() => document.activeElement.id") == "source"
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "() => { const on = document.activeElement;"
                " return on.textContent.trim() || on.getAttribute('aria-label') || on.id; }"
            )
        )
    assert {
        "Ask",
        "Copy",
        "Edit",
        "Ask again",
        "Good answer",
        "Bad answer",
        "← All articles",
        "Open the original at this sentence ↗",
    } <= reached


def test_the_link_before_all_else_leads_to_the_question(page: Page) -> None:
    expect(page.locator(".skip")).not_to_be_in_viewport()
    page.locator("#chats-toggle").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "question"


@pytest.mark.parametrize("width", [360, 768, 2560])
def test_nothing_is_wider_than_the_page(visitor: Callable[..., Page], site: str, width: int) -> None:
    page = visitor(site, viewport={"width": width, "height": 740})
    page.wait_for_selector("#welcome .offer")
    ask(page, "x" * 500 + " how long did Colossus take to build?")
    ask(page, QUESTION)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    over = page.evaluate(
        """() => [...document.querySelectorAll('#scroll *')]
            .filter(one => !one.closest('.unseen') && one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.className)"""
    )
    assert over == []


def test_on_a_phone_the_source_lies_over_the_chat_and_closes_again(
    visitor: Callable[..., Page], site: str
) -> None:
    page = visitor(site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.wait_for_selector("#welcome .offer")
    ask(page, QUESTION)
    page.locator(".text .chip").first.tap()
    expect(page.locator("mark.current")).to_be_in_viewport()
    expect(page.locator("#question")).to_be_hidden()
    page.click(".close")
    expect(page.locator("#question")).to_be_visible()
    expect(page.locator("#source")).to_be_hidden()


def test_the_colours_can_be_chosen_and_are_remembered(page: Page) -> None:
    def paper() -> str:
        colour: str = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return colour

    light = paper()
    page.click("#theme")
    page.click("#theme")
    assert paper() != light
    page.reload()
    page.wait_for_selector("#welcome .offer")
    assert paper() != light


def test_what_happens_is_said_to_screen_readers(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator("#status")).to_have_text("Answered. 1 quote.")
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("complementary", name="Source")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    expect(page.get_by_role("heading", name=f"You asked: {QUESTION}")).to_be_attached()


def test_nothing_glides_where_less_motion_is_asked_for(visitor: Callable[..., Page], site: str) -> None:
    page = visitor(site, reduced_motion="reduce")
    page.wait_for_selector("#welcome .offer")
    ask(page, "Summarise the article")
    page.locator(".text .chip").last.click()
    page.wait_for_selector("mark.current")
    page.locator(".map .tick.cited").first.click()
    top = page.evaluate("() => document.querySelector('.article').scrollTop")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.querySelector('.article').scrollTop") == top
