"""For everybody: by keyboard alone, on a phone, in the dark, with a screen reader, with less motion."""

import sys
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, ready, sidebar, tab
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
    found = page.evaluate(
        """() => axe.run(document, {
            resultTypes: ['violations'],
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        })"""
    )
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
    page = ready(visitor(site, color_scheme=scheme, viewport={"width": width, "height": 800}))
    assert faults(page, axe) == []
    ask(page, QUESTION)
    ask(page, "What is the capital of France?")
    assert faults(page, axe) == []
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert faults(page, axe) == []
    page.click("#close a")
    tab(page, "Articles")
    expect(page.locator("#articles label")).to_have_count(1)
    assert faults(page, axe) == []
    sidebar(page)
    expect(page.locator("#chats li")).to_have_count(1)
    assert faults(page, axe) == []


def test_from_a_question_to_its_first_source_in_three_keys(page: Page) -> None:
    page.locator("#question textarea").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".answer[id] .chip")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => document.activeElement.matches('.text .chip')")
    page.keyboard.press("Enter")
    expect(page.locator("mark.current")).to_be_in_viewport()
    page.wait_for_function("() => document.activeElement.id === 'panel'")
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).to_be_hidden()
    page.wait_for_function("() => document.activeElement.matches('#question textarea')")


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("#question textarea").focus()
    reached: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        reached.add(
            page.evaluate(
                "() => { const on = document.activeElement;"
                " return on.getAttribute('aria-label') || on.textContent.trim(); }"
            )
        )
    assert {"Copy message", "Edit", "Retry", "Undo", "Like", "Dislike", "Ask", "Toggle Sidebar"} <= reached


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_nothing_is_wider_than_the_page(visitor: Callable[..., Page], site: str, width: int) -> None:
    page = ready(visitor(site, viewport={"width": width, "height": 740}))
    ask(page, "x" * 500 + " how long did Colossus take to build?")
    ask(page, QUESTION)
    page.locator(".text .chip").last.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    over = page.evaluate(
        """() => [...document.querySelectorAll('#chat .prose *, #source *')]
            .filter(one => !one.closest('.unseen') && one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.className)"""
    )
    assert over == []


def test_on_a_wide_screen_the_space_is_used(visitor: Callable[..., Page], site: str) -> None:
    page = ready(visitor(site, viewport={"width": 1920, "height": 1000}))
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    panel, room = page.locator("#panel").bounding_box(), page.locator("#room").bounding_box()
    assert panel
    assert room
    assert panel["width"] > 500
    assert room["width"] > 1800


def test_on_a_phone_the_source_is_above_the_chat_and_closes_again(
    visitor: Callable[..., Page], site: str
) -> None:
    page = ready(visitor(site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True))
    ask(page, QUESTION)
    page.locator(".text .chip").first.tap()
    expect(page.locator("mark.current")).to_be_in_viewport()
    panel, question = page.locator("#panel").bounding_box(), page.locator("#question").bounding_box()
    assert panel
    assert question
    assert panel["y"] + panel["height"] <= question["y"]
    page.tap("#close a")
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#question textarea")).to_be_visible()


def test_what_can_be_tapped_is_large_enough(page: Page) -> None:
    ask(page, "Summarise the article")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('.chip, #chat button, #question button')]
            .filter(one => one.offsetParent && !one.closest('.thought .arrow') && one.tabIndex >= 0)
            .map(one => [one.getAttribute('aria-label') || one.className, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([name]) => name)"""
    )
    assert sizes == []


def test_the_colours_can_be_chosen_and_are_remembered(page: Page) -> None:
    def paper() -> str:
        colour: str = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        return colour

    light = paper()
    sidebar(page)
    page.click("text=Light or dark")
    assert paper() != light
    page.reload()
    ready(page)
    assert paper() != light


def test_what_happens_is_said_to_screen_readers(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.get_by_role("main")).to_be_visible()
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("textbox", name="Your question")).to_be_visible()
    # No message is read out as its markup.
    expect(page.locator("#chat [aria-label*='<']")).to_have_count(0)


def test_forced_colours_keep_chips_and_marks_apart_and_readable(
    visitor: Callable[..., Page], site: str
) -> None:
    page = ready(visitor(site, forced_colors="active"))
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    style = "one => [getComputedStyle(one).borderStyle, getComputedStyle(one).backgroundColor]"
    assert page.locator(".text .chip").first.evaluate(style)[0] == "solid"
    plain = page.locator("#source .article").evaluate(style)[1]
    assert page.locator("mark.current").evaluate(style)[1] != plain
    colours = """one => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.cssText = "forced-color-adjust: none; color: HighlightText";
        return [getComputedStyle(one).color, getComputedStyle(probe).color];
    }"""
    found, wanted = page.locator("mark.current").evaluate(colours)
    assert found == wanted


def test_a_print_has_the_whole_conversation_with_its_sources_and_no_controls(
    page: Page, tmp_path: Path
) -> None:
    ask(page, "Summarise the article")
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    quotes = [quote.strip("“” ") for quote in page.locator(".text span.quoted").all_text_contents()]
    page.pdf(path=tmp_path / "print.pdf")
    with pypdfium2.PdfDocument(tmp_path / "print.pdf") as pdf:
        printed = " ".join(" ".join(one.get_textpage().get_text_range() for one in pdf).split())
        for one in pdf:
            assert (one.render().to_numpy() < 128).mean() > 0.005  # the words are to be seen
    for words in ("Summarise the article", QUESTION, "7 quotes with their sources"):
        assert words in printed
    assert len(quotes) > 4
    for quote in quotes:
        assert printed.count(quote) >= 2  # in the answer, and as a passage
    for words in ("Ask the articles", "Check my text", "Close", "Open the original"):
        assert words not in printed


def test_the_closed_list_of_conversations_takes_one_stop(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate("() => document.activeElement.blur()")
    for _ in range(25):
        page.keyboard.press("Tab")
        assert not page.evaluate("() => Boolean(document.activeElement.closest('.sidebar-content'))")
    sidebar(page)
    expect(page.get_by_placeholder("Find a conversation")).to_be_visible()


def test_on_a_phone_the_list_of_conversations_closes_when_one_is_chosen(
    visitor: Callable[..., Page], site: str
) -> None:
    page = ready(visitor(site, viewport={"width": 375, "height": 740}))
    ask(page, QUESTION)
    for choice, asked in (("text=New conversation", 0), ("#chats li > a", 1)):
        sidebar(page)
        page.click(choice)
        expect(page.locator("#sidebar.open")).to_have_count(0)
        expect(page.locator("#chat .asked")).to_have_count(asked)


def test_titles_and_questions_from_right_to_left_keep_their_place(page: Page, tmp_path: Path) -> None:
    head = "---\ntitle: منارة أورين\npublisher: أخبار الساحل\n---\n"
    (tmp_path / "light.md").write_text(
        f"{head}بنيت منارة أورين عام 1871 على يد ماريا كيلر.", encoding="utf-8"
    )
    page.set_input_files("#question input[type=file]", str(tmp_path / "light.md"))
    expect(page.locator("#question .thumbnail-item")).to_be_visible()
    page.click("#question .submit-button")
    parts = page.locator(".welcome p", has_text="منارة").locator("span")
    expect(parts).to_have_text(["منارة أورين", "أخبار الساحل"])
    title, publisher = parts.evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert title < publisher
    ask(page, "من بنى منارة أورين؟ " * 12)
    words = page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector("#chat .asked"));
            return Math.max(...[...range.getClientRects()].map(one => one.right));
        }"""
    )
    buttons = page.locator("#chat .user-row .message-buttons").bounding_box()
    assert buttons
    assert words <= buttons["x"]
