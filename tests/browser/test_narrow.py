"""Some of the articles are asked: chosen, seen, taken away, kept; by hand, by keyboard, on a phone, by ear."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, settled, start, stop
from tests.browser.test_access import axe, faults
from tests.support.servers import free_port

__all__ = ["axe"]

pytestmark = pytest.mark.browser

COST = "What did the Larkwater bridge cost?"
LONG = "A ferry for Pell with a rather long headline that goes on and on and on for a while"
STORIES = (
    ("bay", "The bridge opens", "Bay Post", "2026-03-02", "The Larkwater bridge cost 12 million pounds to build."),
    ("coast", "The bridge costs", "Coast News", "2026-05-20", "The Larkwater bridge cost 19 million pounds to build."),
    ("light", "The Orrin light", "Coast News", "2026-04-11", "The Orrin lighthouse was built in 1871 by Ada Keller."),
    ("ferry", LONG, "Bay Post", "2026-06-01", "The ferry to Pell carries 240 people."),
    ("vell", "The harbour", "Vell Gazette", "", "The harbour of Vell was dug in 1902."),
)  # fmt: skip


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over five articles of three publishers, one of them without a date."""
    corpus = tmp_path_factory.mktemp("town")
    for name, title, publisher, when, text in STORIES:
        head = f"---\ntitle: {title}\npublisher: {publisher}\n" + (f"date: {when}\n" if when else "")
        (corpus / f"{name}.md").write_text(f"{head}---\n{text}\n")
    port = free_port()
    rates = ("--rate", "10000/minute", "--address-rate", "10000/minute", "--upload-rate", "10000/minute")
    home = tmp_path_factory.mktemp("town-home")
    running = start(home, "--model", "quotes", "--corpus", str(corpus), *rates, port=port)
    yield f"http://127.0.0.1:{port}"
    stop(running)


@pytest.fixture
def page(visitor: Callable[..., Page], town: str) -> Page:
    found = visitor(town)
    found.wait_for_selector("#narrow-toggle")
    return found


def chips(page: Page) -> list[str]:
    return page.locator(".narrow-chip .name").all_inner_texts()


def publisher(page: Page, name: str) -> None:
    page.click("#narrow-toggle")
    page.check(f"#narrow-panel input[value='{name}']")
    page.click("#narrow-panel .done")


def test_the_answer_comes_from_the_publisher_chosen_and_says_so(page: Page) -> None:
    page.click("#narrow-toggle")
    assert page.locator(".names .tick-line").all_inner_texts() == [
        "Bay Post\n2",
        "Coast News\n2",
        "Vell Gazette\n1",
    ]
    page.check("#narrow-panel input[value='Coast News']")
    expect(page.locator("#narrow-panel .found")).to_have_text("2 of 5 articles")
    page.click("#narrow-panel .done")
    assert chips(page) == ["Coast News"]
    ask(page, COST)
    expect(page.locator(".turn .text")).to_contain_text("19 million")
    expect(page.locator(".turn .text")).not_to_contain_text("12 million")
    expect(page.locator(".turn .limited")).to_have_text("Only 2 articles by “Coast News” were searched.")
    assert chips(page) == ["Coast News"]  # for the next question too
    page.click("#narrow .clear")
    assert chips(page) == []
    ask(page, COST)
    expect(page.locator(".turn").last.locator(".text")).to_contain_text("12 million")
    expect(page.locator(".turn").last.locator(".limited")).to_be_hidden()


def test_days_narrow_and_a_chip_takes_one_of_them_away(page: Page) -> None:
    page.click("#narrow-toggle")
    page.fill("#narrow-after", "2026-05-01")
    page.fill("#narrow-before", "2026-05-31")
    expect(page.locator("#narrow-panel")).to_contain_text("1 article without a date")
    expect(page.locator("#narrow-panel .found")).to_have_text("1 of 5 articles")
    assert chips(page) == ["from 2026-05-01", "to 2026-05-31"]
    page.click("[aria-label='Take away: from 2026-05-01']")
    assert chips(page) == ["to 2026-05-31"]
    assert page.input_value("#narrow-after") == ""
    ask(page, COST)
    expect(page.locator("#narrow-panel")).to_be_hidden()
    expect(page.locator(".turn .limited")).to_contain_text(
        "dated 2026-05-31 or earlier were searched. 1 article has no"
    )


def test_days_in_the_wrong_order_have_a_line_beside_them_and_the_question_is_not_lost(page: Page) -> None:
    page.click("#narrow-toggle")
    page.fill("#narrow-after", "2026-06-01")
    page.fill("#narrow-before", "2026-05-01")
    line = "The first day, 2026-06-01, is later than the last, 2026-05-01: change one of them."
    expect(page.locator("#narrow-wrong")).to_have_text(line)
    expect(page.locator("#narrow-after")).to_have_attribute("aria-invalid", "true")
    page.click("#narrow-panel .done")
    page.fill("#question", COST)
    page.keyboard.press("Enter")
    expect(page.locator("#narrow-wrong")).to_be_visible()
    assert page.evaluate("() => document.activeElement.id") == "narrow-after"
    assert page.input_value("#question") == COST
    assert page.locator(".turn").count() == 0
    page.fill("#narrow-before", "2026-06-30")
    expect(page.locator("#narrow-wrong")).to_be_empty()
    page.click("#send")
    settled(page, 1)
    expect(page.locator(".turn .asked")).to_have_text(COST)


def test_half_a_day_is_not_taken_for_none(page: Page) -> None:
    page.click("#narrow-toggle")
    page.focus("#narrow-after")
    page.keyboard.type("05")
    page.fill("#question", COST)
    page.keyboard.press("Enter")
    expect(page.locator("#narrow-wrong")).to_have_text(
        "The first day is not whole: give day, month and year, or clear the field."
    )
    assert page.input_value("#question") == COST
    page.click("#narrow-panel >> text=Ask all articles")
    expect(page.locator("#narrow-wrong")).to_be_empty()


def test_where_nothing_matches_that_is_said_before_and_after(page: Page) -> None:
    publisher(page, "Vell Gazette")
    page.click("#narrow-toggle")
    page.fill("#narrow-after", "2026-01-01")
    expect(page.locator("#narrow-panel .found")).to_have_text("No article matches all of this.")
    page.click("#narrow-panel .done")
    expect(page.locator(".tallied")).to_have_text("No article matches all of this.")
    ask(page, COST)
    expect(page.locator(".turn .text")).to_contain_text(
        "No article matches: none is by “Vell Gazette”, dated 2026-01-01 or later."
    )
    page.reload()
    settled(page, 1)
    expect(page.locator(".turn .text")).to_contain_text("No article matches")
    page.click("#narrow .clear")
    page.click("text=Ask again")
    page.wait_for_selector(".turn .chip")
    expect(page.locator(".turn .text")).to_contain_text("12 million")


def test_one_article_of_the_list_is_asked_and_another_too(page: Page) -> None:
    publisher(page, "Vell Gazette")
    only = page.locator("#source [data-only='bay']")
    expect(only).to_have_text("Ask only this")
    only.click()
    assert chips(page) == ["“The bridge opens”"]  # whoever published it
    expect(only).to_have_attribute("aria-pressed", "true")
    other = page.locator("#source [data-only='light']")
    expect(other).to_have_text("Ask this too")
    other.click()
    assert chips(page) == ["“The bridge opens”", "“The Orrin light”"]
    ask(page, COST)
    expect(page.locator(".turn .text")).not_to_contain_text("19 million")
    expect(page.locator(".turn .limited")).to_have_text(
        "Only 2 articles titled “The bridge opens” or “The Orrin light” were searched."
    )
    page.locator(".text .chip").first.click()
    page.locator("#source .head [data-only='bay']").click()
    assert chips(page) == ["“The Orrin light”"]


def test_a_reload_a_copy_and_another_conversation(page: Page) -> None:
    publisher(page, "Coast News")
    ask(page, COST)
    page.reload()
    settled(page, 1)
    said = "Only 2 articles by “Coast News” were searched."
    expect(page.locator(".turn .limited")).to_have_text(said)
    assert chips(page) == ["Coast News"]
    page.click("summary:text('Copy')")
    page.click("text=as plain text")
    expect(page.locator("#status")).not_to_be_empty()
    page.wait_for_function("async said => (await navigator.clipboard.readText()).includes(said)", arg=said)
    page.click("#chats-toggle")
    with page.expect_download() as got:
        page.click("#chats a:text('Markdown')")
    assert said in Path(got.value.path()).read_text("utf-8")
    page.click("text=New conversation")
    page.wait_for_selector("#welcome .loaded")
    assert chips(page) == []


def test_what_a_visitor_added_is_asked_alone_and_forgotten_when_it_goes(page: Page, tmp_path: Path) -> None:
    for name, cost in (("one", 25), ("two", 26)):
        file = tmp_path / f"{name}.txt"
        file.write_text(f"In {name} they say the Larkwater bridge cost {cost} million pounds to build.")
    page.set_input_files("#files", [str(tmp_path / "one.txt"), str(tmp_path / "two.txt")])
    expect(page.locator(".said .good")).to_have_count(2)
    page.click("#narrow-toggle")
    expect(page.locator(".tick-line:has(#narrow-own)")).to_have_text("What you added (2)")
    page.check("#narrow-own")
    page.click("#narrow-panel .done")
    assert chips(page) == ["what you added"]
    ask(page, COST)
    expect(page.locator(".turn .text")).to_contain_text("25 million")
    expect(page.locator(".turn .text")).not_to_contain_text("12 million")
    page.reload()
    settled(page, 1)
    assert chips(page) == ["what you added"]
    for name in ("one", "two"):
        page.once("dialog", lambda dialog: dialog.accept())
        page.click(f"[aria-label='Remove {name}']")
        expect(page.locator(f"[aria-label='Remove {name}']")).to_have_count(0)
    assert chips(page) == []
    expect(page.locator("#notice")).to_have_text("The articles chosen are gone: all are asked now.")


def test_everything_is_done_by_keyboard(page: Page) -> None:
    page.focus("#question")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("() => document.activeElement.id") == "narrow-toggle"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.value") == "Bay Post"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert chips(page) == ["Bay Post", "Coast News"]
    page.keyboard.press("Escape")
    expect(page.locator("#narrow-panel")).to_be_hidden()
    assert page.evaluate("() => document.activeElement.id") == "narrow-toggle"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert chips(page) == ["Coast News"]
    label = "() => document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "Take away: Coast News"
    expect(page.locator("#status")).to_have_text("Taken away: Bay Post. 2 of 5 articles.")
    page.keyboard.press("Tab")
    assert page.evaluate(label) == "Ask all articles again"
    page.keyboard.press("Enter")
    assert chips(page) == []
    assert page.evaluate("() => document.activeElement.id") == "narrow-toggle"


def test_return_in_a_day_asks_nothing(page: Page) -> None:
    page.fill("#question", COST)
    page.click("#narrow-toggle")
    page.focus("#narrow-after")
    page.keyboard.press("Enter")
    assert page.locator(".turn").count() == 0
    assert page.input_value("#question") == COST


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_no_serious_fault_and_nothing_is_wider_than_the_page(
    visitor: Callable[..., Page], town: str, axe: str, scheme: str, width: int
) -> None:
    page = visitor(town, color_scheme=scheme, viewport={"width": width, "height": 740})
    page.click("#narrow-toggle")
    page.check("#narrow-panel input[value='Bay Post']")
    page.fill("#narrow-after", "2026-06-02")
    page.fill("#narrow-before", "2026-06-01")
    assert faults(page, axe) == []
    page.fill("#narrow-after", "2026-05-02")
    if width < 960:
        page.click("#source-toggle")
    page.click("#source [data-only='ferry']")
    page.click("#source [data-only='bay']")
    assert faults(page, axe) == []
    if width < 960:
        page.click(".close")
    ask(page, "How many people does the ferry to Pell carry?")
    assert faults(page, axe) == []
    page.click("#narrow-toggle")
    over = page.evaluate(
        """() => [...document.querySelectorAll('#chat *')]
            .filter(one => !one.closest('.unseen') && one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.className)"""
    )
    assert over == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_a_single_article_offers_no_choice(visitor: Callable[..., Page], site: str) -> None:
    page = visitor(site)
    page.wait_for_selector("#welcome .offer")
    expect(page.locator("#narrow-toggle")).to_be_hidden()
    expect(page.locator("#source [data-only]")).to_be_hidden()
