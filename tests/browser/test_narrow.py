"""Some of the articles are asked: chosen, seen, taken away, kept; by hand, by keyboard, on a phone, by ear."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, ready, settled, sidebar, start, stop, tab
from tests.support.servers import free_port

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
    return ready(visitor(town))


def fold(page: Page) -> None:
    """Open what narrows by publisher and date."""
    tab(page, "Articles")
    page.click("text=By publisher and date")
    expect(page.get_by_text("Published by")).to_be_visible()  # the list of articles has come
    expect(page.get_by_label("First day")).to_be_visible()


def publisher(page: Page, name: str) -> None:
    fold(page)
    page.get_by_label(f"{name} (").check()
    tab(page, "Ask")


def article(page: Page, title: str) -> None:
    tab(page, "Articles")
    page.locator("#articles label", has_text=title).locator("input").check()
    tab(page, "Ask")


def test_the_answer_comes_from_the_publisher_chosen_and_says_so(page: Page) -> None:
    fold(page)
    for line in ("Bay Post (2)", "Coast News (2)", "Vell Gazette (1)"):
        expect(page.get_by_label(line)).to_be_visible()
    page.get_by_label("Coast News (2)").check()
    tab(page, "Ask")
    expect(page.locator("#narrowed")).to_contain_text("Asking 2 of 5 articles: by “Coast News”.")
    ask(page, COST)
    expect(page.locator(".answer .text")).to_contain_text("19 million")
    expect(page.locator(".answer .text")).not_to_contain_text("12 million")
    expect(page.locator(".answer .limited")).to_have_text("Only 2 articles by “Coast News” were searched.")
    expect(page.locator("#narrowed")).to_be_visible()  # for the next question too
    page.click("#narrowed button")
    expect(page.locator("#narrowed")).to_be_hidden()
    ask(page, COST)
    expect(page.locator(".answer").last.locator(".text")).to_contain_text("12 million")
    expect(page.locator(".answer").last.locator(".limited")).to_have_count(0)


def test_days_narrow(page: Page) -> None:
    fold(page)
    page.get_by_label("First day").fill("2026-05-01")
    expect(page.locator("#asked-here")).to_contain_text("2026-05-01")
    page.get_by_label("Last day").fill("2026-05-31")
    tab(page, "Ask")
    expect(page.locator("#narrowed")).to_contain_text(
        "Asking 1 of 5 articles: dated 2026-05-01 to 2026-05-31."
    )
    ask(page, COST)
    expect(page.locator(".answer .limited")).to_contain_text(
        "1 article has no date and can match no range of dates."
    )


@pytest.mark.parametrize(
    ("first", "last", "line"),
    [
        ("2026-06-01", "2026-05-01", "after '2026-06-01' is later than before '2026-05-01'"),
        ("May", "", "'May' is no date"),
    ],
)
def test_days_that_make_no_sense_are_said_and_the_question_is_not_lost(
    page: Page, first: str, last: str, line: str
) -> None:
    fold(page)
    page.get_by_label("First day").fill(first)
    expect(page.locator("#asked-here")).to_contain_text(first)  # as fast as somebody who types
    page.get_by_label("Last day").fill(last)
    expect(page.locator("#asked-here")).to_contain_text(line)
    tab(page, "Ask")
    expect(page.locator("#narrowed")).to_contain_text(line)
    page.fill("#question textarea", COST)
    page.keyboard.press("Enter")
    expect(page.locator("#refused")).to_contain_text(line, ignore_case=True)
    expect(page.locator("#question textarea")).to_have_value(COST)
    expect(page.locator("#chat .asked")).to_have_count(0)


def test_where_nothing_matches_that_is_said_before_and_after(page: Page) -> None:
    fold(page)
    page.get_by_label("Vell Gazette (1)").check()
    page.get_by_label("First day").fill("2026-01-01")
    tab(page, "Ask")
    expect(page.locator("#narrowed")).to_contain_text("No article matches all of this.")
    ask(page, COST)
    line = "No article matches: none is by “Vell Gazette”, dated 2026-01-01 or later."
    expect(page.locator(".answer .text")).to_contain_text(line)
    page.reload()
    settled(page, 1)
    expect(page.locator(".answer .text")).to_contain_text(line)
    page.click("#narrowed button")
    expect(page.locator("#narrowed")).to_be_hidden()
    page.locator("[aria-label='Retry']:visible").click()
    expect(page.locator(".answer .text")).to_contain_text("12 million")


def test_one_article_of_the_list_is_asked_and_another_too(page: Page) -> None:
    article(page, "The bridge opens")
    expect(page.locator("#narrowed")).to_contain_text("Asking 1 of 5 articles")
    article(page, "The Orrin light")
    expect(page.locator("#narrowed")).to_contain_text("Asking 2 of 5 articles")
    ask(page, COST)
    expect(page.locator(".answer .text")).not_to_contain_text("19 million")
    expect(page.locator(".answer .limited")).to_have_text(
        "Only 2 articles titled “The bridge opens” or “The Orrin light” were searched."
    )


def test_the_first_screen_names_and_offers_what_is_chosen(page: Page) -> None:
    article(page, "The Orrin light")
    expect(page.locator(".welcome")).to_contain_text("1 article to ask")
    expect(page.locator(".welcome")).to_contain_text("The Orrin light · Coast News · 2026-04-11")
    offered = page.locator("#chat .example-text").all_inner_texts()
    assert offered
    assert not any("bridge" in question for question in offered)


def test_a_text_is_checked_against_what_is_chosen(page: Page) -> None:
    article(page, "The bridge opens")
    tab(page, "Check my text")
    expect(page.locator("#checked-with")).to_contain_text("Asking 1 of 5 articles")
    page.locator("#check-text textarea").fill("The Larkwater bridge cost 19 million pounds to build.")
    page.locator("#check-button").click()
    expect(page.locator("#check-count")).to_contain_text("0 of 1 statement is carried")


def test_an_article_is_found_and_what_is_chosen_stays_in_the_list(page: Page) -> None:
    article(page, "The bridge opens")
    tab(page, "Articles")
    page.get_by_label("Find an article").fill("gazette")
    expect(page.locator("#articles label")).to_have_count(2)
    expect(page.locator("#articles input:checked")).to_have_count(1)
    expect(page.locator("#articles")).to_contain_text("Ask only these (1 of 5)")


def test_a_reload_and_a_download_keep_what_was_chosen_and_a_new_conversation_does_not(page: Page) -> None:
    publisher(page, "Coast News")
    ask(page, COST)
    page.reload()
    settled(page, 1)
    said = "Only 2 articles by “Coast News” were searched."
    expect(page.locator(".answer .limited")).to_have_text(said)
    expect(page.locator("#narrowed")).to_contain_text("by “Coast News”")
    sidebar(page)
    with page.expect_download() as got:
        page.click("#chats a:text('Markdown')")
    assert said in Path(got.value.path()).read_text("utf-8")
    page.click("text=New conversation")
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.locator("#narrowed")).to_be_hidden()


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_is_wider_than_the_page(visitor: Callable[..., Page], town: str, width: int) -> None:
    page = ready(visitor(town, viewport={"width": width, "height": 740}))
    article(page, "A ferry for Pell")
    ask(page, "How many people does the ferry to Pell carry?")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
