import itertools
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, ask, settled

pytestmark = pytest.mark.browser

QUESTION = "How long did Colossus take to build?"


def test_the_empty_page_says_what_is_loaded_and_offers_questions_that_are_answered(page: Page) -> None:
    expect(page.locator("#welcome")).to_contain_text("Anthropic Partners With xAI for Compute Power")
    expect(page.locator("#welcome")).to_contain_text("GogoAI News · 8,987 characters")
    offers = page.locator("#welcome .offer")
    assert offers.count() == 4
    for text in offers.all_inner_texts():
        ask(page, text)
        assert page.locator(".turn").last.locator(".chip[data-verdict=quoted]").count() > 0, text


def test_an_answer_has_a_chip_after_its_claim_and_credits_its_source(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".text .quoted").first).to_contain_text("in just 122 days.”")
    chip = page.locator(".text .chip").first
    # Words cut from the article: there was nothing to check, so nothing is sealed.
    expect(chip).to_have_attribute("data-verdict", "quoted")
    expect(chip).to_have_text("1")
    assert "Source 1, quoted: " in (chip.get_attribute("aria-label") or "")
    expect(page.locator(".sources .credit").first).to_contain_text("Source: GogoAI News (www.gogoai.xin)")
    expect(page.locator(".tally")).to_have_text("1 quote")


def test_hover_and_keyboard_focus_show_the_card_and_escape_hides_it(page: Page) -> None:
    ask(page, QUESTION)
    card = page.locator("#card")
    page.locator(".text .chip").first.hover()
    expect(card).to_be_visible()
    for words in ("Anthropic Partners With xAI", "GogoAI News", "in just 122 days.", "quoted"):
        expect(card).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    page.locator("#question").focus()
    while page.evaluate("document.activeElement.className") != "chip":
        page.keyboard.press("Shift+Tab")
    expect(card).to_be_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "card"


def test_a_click_opens_the_article_with_the_right_words_marked_and_in_view(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    mark = page.locator("mark.current")
    expect(mark).to_be_in_viewport()
    quote = page.locator(".text .quoted").first.inner_text().strip("“”")
    assert mark.inner_text().removeprefix("1") == quote
    link = page.locator("#source .original")
    assert (link.get_attribute("href") or "").startswith(
        "https://www.gogoai.xin/article/anthropic-partners-with-xai-for-compute-power#:~:text=xAI%2C%20meanwhile"
    )
    assert link.get_attribute("rel") == "noopener noreferrer"
    whole = page.locator(".article").inner_text()
    assert whole.startswith("Anthropic, the maker of the Claude AI assistant")
    assert "having enough GPUs to train the next model." in whole
    ticks = page.locator(".map .tick.cited")
    assert ticks.count() == 1


def test_the_map_leads_to_each_passage(page: Page) -> None:
    ask(page, "Summarise the article")
    page.locator(".text .chip").first.click()
    page.wait_for_selector("mark.current")
    ticks = page.locator(".map .tick.cited")
    assert ticks.count() > 2
    ticks.last.click()
    expect(page.locator("mark.current").first).to_be_in_viewport()


def test_a_declined_question_says_what_is_missing_and_what_can_be_asked(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator(".turn .text")).to_contain_text(
        "The articles do not say. They do not mention “France”."
    )
    assert page.locator(".quotes .passage").count() == 3
    expect(page.locator(".quotes h3")).to_have_text("Nearest passages")
    assert page.locator(".turn .chip, .turn .tally").count() == 0
    offer = page.locator(".turn .follow .offer").first
    offer.click()
    settled(page, 2)
    assert page.locator(".turn").last.locator(".chip").count() > 0


def test_a_question_that_the_articles_only_come_near_shows_how_near_without_a_seal(page: Page) -> None:
    ask(page, "Who is the CEO of Nvidia?")
    turn = page.locator(".turn")
    expect(turn).to_have_attribute("data-outcome", "nearest")
    expect(turn.locator(".text")).to_have_text("The articles do not say who the CEO of Nvidia is.")
    expect(turn.locator(".quotes h3")).to_have_text("The closest they come")
    assert turn.locator(".passage").count() == 3
    assert turn.locator(".chip, .tally").count() == 0
    page.reload()
    expect(turn.locator(".passage")).to_have_count(3)
    expect(turn.locator(".text")).to_have_text("The articles do not say who the CEO of Nvidia is.")
    assert turn.locator(".chip, .tally").count() == 0


def test_a_greeting_is_answered_with_a_sentence_alone(page: Page) -> None:
    ask(page, "hello")
    turn = page.locator(".turn")
    expect(turn).to_have_attribute("data-outcome", "conversation")
    expect(turn.locator(".text")).not_to_be_empty()
    assert turn.locator(".passage, .sources, .chip, .tally").count() == 0


def test_an_answer_about_another_says_whom_it_does_not_mention(page: Page) -> None:
    ask(page, "What is Anthropic's valuation?")
    expect(page.locator(".caveat")).to_have_text("? The cited words do not mention “Anthropic”.")
    page.reload()
    expect(page.locator(".caveat")).to_be_visible()


def test_a_follow_up_shows_the_question_that_was_searched(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "Where was it built?")
    turn = page.locator(".turn").last
    expect(turn.locator(".searched")).to_contain_text("Colossus")
    expect(turn.locator(".text")).to_contain_text("Memphis, Tennessee")


def test_the_same_sentence_has_the_same_number_everywhere(page: Page) -> None:
    ask(page, "Summarise the article")
    labels = [text.removesuffix("✓") for text in page.locator(".text .chip").all_text_contents()]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    below = [text.removesuffix("✓") for text in page.locator(".sources .chip").all_text_contents()]
    assert below == labels


def test_a_reload_keeps_the_conversation_with_its_citations(page: Page) -> None:
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".text .chip").first).to_have_attribute("data-verdict", "quoted")
    expect(page.locator(".standing").first).to_have_text("source unchanged")
    ask(page, "Where was it built?")
    expect(page.locator(".turn").last.locator(".searched")).to_contain_text("Colossus")


def test_conversations_are_listed_renamed_reopened_and_deleted(page: Page) -> None:
    ask(page, QUESTION)
    page.click("#chats-toggle")
    expect(page.locator("#chats .title")).to_have_text([QUESTION])
    page.click("text=Rename")
    page.fill(".rename input", "About <b>Colossus</b>")
    page.keyboard.press("Enter")
    expect(page.locator("#chats .title")).to_have_text(["About <b>Colossus</b>"])
    page.click("text=New conversation")
    expect(page.locator("#welcome .offer").first).to_be_visible()
    page.click("#chats .title")
    expect(page.locator(".turn .asked")).to_have_text(QUESTION)
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("#chats >> text=Delete")
    expect(page.locator("#chats .title")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("as Markdown", r"accessed \d{4}-\d\d-\d\d"),
        ("as plain text", r"accessed \d{4}-\d\d-\d\d"),
        ("as HTML", r"accessed \d{4}-\d\d-\d\d"),
    ],
)
def test_an_answer_is_copied_with_its_citations(page: Page, name: str, expected: str) -> None:
    ask(page, QUESTION)
    page.click("summary:text('Copy'):not(:text('quote'))")
    page.click(f"text={name}")
    expect(page.locator("#status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "in just 122 days." in copied
    assert "www.gogoai.xin" in copied
    assert re.search(expected, copied)
    if name == "as HTML":
        item = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
        assert 'rel="noopener noreferrer"' in page.evaluate(item)


def test_a_quote_is_copied_alone(page: Page) -> None:
    ask(page, QUESTION)
    page.click("summary:text('Copy a quote')")
    page.locator(".choices button:text('[1]')").click()
    expect(page.locator("#status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“xAI, meanwhile")
    assert "https://www.gogoai.xin/article/anthropic-partners-with-xai-for-compute-power" in copied


@pytest.mark.parametrize(("kind", "ending"), [("Markdown", "md"), ("JSON", "json")])
def test_a_conversation_is_downloaded(page: Page, kind: str, ending: str) -> None:
    ask(page, QUESTION)
    page.click("#chats-toggle")
    with page.expect_download() as waiting:
        page.click(f"#chats a:text('{kind}')")
    assert waiting.value.suggested_filename == f"pincite-conversation.{ending}"
    text = waiting.value.path().read_text("utf-8")
    assert "in just 122 days." in text
    if ending == "json":
        assert json.loads(text)["turns"][0]["answer"]["citations"][0]["support"] == "quoted"


def test_thumbs_and_a_note_are_stored_and_can_be_taken_back(page: Page) -> None:
    ask(page, QUESTION)
    page.click("[aria-label='Bad answer']")
    page.fill(".note input", "wrong <i>supercomputer</i>")
    page.keyboard.press("Enter")
    expect(page.locator(".note button")).to_have_text("Change")
    page.reload()
    expect(page.locator("[aria-label='Bad answer']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".note input")).to_have_value("wrong <i>supercomputer</i>")
    page.click("[aria-label='Bad answer']")
    expect(page.locator(".note")).to_have_count(0)


def test_an_edited_question_takes_the_place_of_the_old_one_and_all_after_it(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "Where was it built?")
    page.locator(".turn").first.locator("button:text('Edit')").click()
    page.fill(".edit textarea", "Who founded Anthropic?")
    page.click(".edit button[type=submit]")
    expect(page.locator(".turn")).to_have_count(1)
    settled(page, 1)
    page.reload()
    expect(page.locator(".turn .asked")).to_have_text(["Who founded Anthropic?"])
    expect(page.locator(".text").first).to_contain_text("Dario and Daniela Amodei")


def test_asking_again_keeps_one_answer(page: Page) -> None:
    ask(page, QUESTION)
    page.click("text=Ask again")
    settled(page, 1)
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_question_over_the_limit_is_refused_in_words_and_stays_in_the_field(page: Page) -> None:
    page.fill("#question", "x" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_have_text(
        "The question has 2001 characters and the limit is 2000: shorten it."
    )
    assert page.input_value("#question") == "x" * 2001


def test_timings_are_shown_on_demand(page: Page) -> None:
    ask(page, QUESTION)
    page.click(".timings summary")
    expect(page.locator(".timings dl")).to_contain_text("evidence")


def test_evidence_is_on_the_page_soon_and_nothing_shown_is_taken_back(page: Page) -> None:
    """What is written only ever grows: each state of the text begins with the one before."""
    page.evaluate(
        """() => {
            window.states = [];
            new MutationObserver(() => {
                const text = document.querySelector('.turn:last-child .text');
                if (text) window.states.push(text.innerText.replaceAll(/[✓✗?…]/g, ''));
            }).observe(document.querySelector('#turns'), { subtree: true, childList: true, characterData: true });
        }"""
    )
    ask(page, "Summarise the article")
    states = page.evaluate("window.states")
    assert len(states) > 1
    for before, after in itertools.pairwise(states):
        assert after.startswith(before.rstrip())
        assert not re.search(r"\[\d*$", after)


def test_two_visitors_are_apart(visitor: Callable[..., Page], site: str) -> None:
    one, other = visitor(site), visitor(site)
    ask(one, QUESTION)
    shared = one.url
    other.click("#chats-toggle")
    expect(other.locator("#chats")).to_contain_text("None yet")
    stranger = visitor(shared)
    expect(stranger.locator("#notice")).to_contain_text("no such conversation")
    expect(other.locator(".turn")).to_have_count(0)


@pytest.mark.slow
def test_a_conversation_outlives_a_restart(
    serve: Serve, visitor: Callable[..., Page], tmp_path: object
) -> None:
    first = serve("--model", "quotes")
    page = visitor(first)
    ask(page, QUESTION)
    state = page.context.storage_state()
    second = serve("--model", "quotes")
    again = visitor(second, storage_state=state)
    again.goto(f"{second}/#{page.url.partition('#')[2]}")
    again.reload()
    expect(again.locator(".text .quoted").first).to_contain_text("in just 122 days.”")
