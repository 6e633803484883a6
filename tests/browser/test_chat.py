import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, settled, sidebar

pytestmark = pytest.mark.browser

QUESTION = "How long did Colossus take to build?"


def test_the_empty_page_says_what_is_loaded_and_offers_questions_that_are_answered(page: Page) -> None:
    expect(page.locator(".welcome")).to_contain_text("Anthropic Partners With xAI for Compute Power")
    expect(page.locator(".welcome")).to_contain_text("GogoAI News · 8,987 characters")
    offers = page.locator("#chat .example-text").all_inner_texts()
    assert len(offers) == 4
    page.locator("#chat .example").first.click()
    settled(page, 1)
    expect(page.locator("#chat .asked")).to_have_text(offers[0])
    for text in offers[1:]:
        ask(page, text)
        expect(page.locator(".answer").last.locator(".chip.quoted")).not_to_have_count(0)


def test_an_answer_has_a_chip_after_its_claim_and_names_its_source_in_words(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.locator(".text .quoted").first).to_contain_text("in just 122 days.”")
    # Words cut from the article: there was nothing to check, so nothing is sealed.
    chip = page.locator(".text .chip.quoted")
    expect(chip).to_have_count(1)
    named = page.get_by_role(
        "link", name=re.compile("^1 Source 1, quoted: Anthropic Partners With xAI .* GogoAI News")
    )
    expect(named.first).to_be_visible()
    assert "in just 122 days." in (chip.get_attribute("title") or "")
    expect(page.locator(".answer .how")).to_have_count(0)  # no model wrote it


def test_the_quoted_passages_are_in_a_fold_with_their_sources(page: Page) -> None:
    ask(page, QUESTION)
    fold = page.locator(".thought .title")
    expect(fold).to_contain_text("1 quote with its source")
    expect(page.locator(".passage")).to_be_hidden()
    fold.click()
    expect(page.locator(".passage blockquote")).to_contain_text("in just 122 days.")
    expect(page.locator(".passage p")).to_contain_text(
        "Anthropic Partners With xAI for Compute Power · GogoAI News"
    )


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
    expect(page.locator("#source .credit")).to_contain_text("Source: GogoAI News (www.gogoai.xin)")
    whole = page.locator("#source .article").inner_text()
    assert whole.startswith("Anthropic, the maker of the Claude AI assistant")
    assert "having enough GPUs to train the next model." in whole
    expect(page.locator("#source mark")).to_have_count(1)


def test_the_other_cited_sentences_are_marked_and_lead_to_one_another(page: Page) -> None:
    ask(page, "Summarise the article")
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    labels = page.locator(".text .chip").count()
    expect(page.locator("mark.other")).to_have_count(labels - 1)
    links = page.locator("#source .others .chip")
    expect(links).to_have_count(labels)
    links.last.click()
    expect(page.locator("mark.current sup")).to_have_text(str(labels))
    expect(page.locator("mark.current")).to_be_in_viewport()


def test_a_declined_question_says_what_is_missing_and_what_can_be_asked(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator(".answer .text")).to_contain_text(
        "The articles do not say. They do not mention “France”."
    )
    expect(page.locator(".thought .title")).to_contain_text("Nearest passages")
    expect(page.locator(".passage")).to_have_count(3)
    expect(page.locator(".answer .chip, .chip.verified, .chip.quoted")).to_have_count(0)
    page.locator("#chat .option").first.click()
    settled(page, 2)
    expect(page.locator(".answer").last.locator(".chip")).not_to_have_count(0)


def test_a_question_that_the_articles_only_come_near_shows_how_near_without_a_seal(page: Page) -> None:
    ask(page, "Who is the CEO of Nvidia?")
    for again in (True, False):
        expect(page.locator(".answer.nearest .text")).to_have_text(
            "The articles do not say who the CEO of Nvidia is. The nearest words do not mention “CEO”."
        )
        expect(page.locator(".thought .title")).to_contain_text("The closest they come")
        expect(page.locator(".passage blockquote")).to_have_count(3)
        expect(page.locator(".answer .chip, .chip.verified")).to_have_count(0)
        if again:
            page.reload()
            settled(page, 1)


def test_a_greeting_is_answered_with_a_sentence_alone(page: Page) -> None:
    ask(page, "hello")
    expect(page.locator(".answer.conversation .text")).not_to_be_empty()
    expect(page.locator(".passage, .chip")).to_have_count(0)


def test_words_about_another_are_near_and_say_whom_they_do_not_mention(page: Page) -> None:
    ask(page, "What is Anthropic's valuation?")
    expect(page.locator(".answer.nearest .text")).to_contain_text("do not mention “Anthropic”")
    page.reload()
    expect(page.locator(".answer.nearest .text")).to_contain_text("do not mention “Anthropic”")


def test_a_follow_up_shows_the_question_that_was_searched(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "Where was it built?")
    turn = page.locator(".answer").last
    expect(turn.locator(".searched")).to_contain_text("Colossus")
    expect(turn.locator(".text")).to_contain_text("Memphis, Tennessee")


def test_the_same_sentence_has_the_same_number_everywhere(page: Page) -> None:
    ask(page, "Summarise the article")
    labels = [text.split()[0] for text in page.locator(".text .chip").all_text_contents()]
    assert labels == [str(n) for n in range(1, len(labels) + 1)]
    page.click(".thought .title")
    assert [text.split()[0] for text in page.locator(".passage .chip").all_text_contents()] == labels


def test_a_reload_keeps_the_conversation_with_its_citations(page: Page) -> None:
    ask(page, QUESTION)
    page.reload()
    expect(page.locator(".text .chip.quoted")).to_have_count(1)
    page.locator(".text .chip").click()
    expect(page.locator("#source .standing")).to_have_text("Source unchanged since it was cited.")
    ask(page, "Where was it built?")
    expect(page.locator(".answer").last.locator(".searched")).to_contain_text("Colossus")


def test_a_reload_keeps_the_source_open_and_a_step_back_closes_it(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    page.reload()
    expect(page.locator("mark.current")).to_be_in_viewport()
    page.go_back()
    expect(page.locator("#panel")).to_be_hidden()
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)


def test_a_step_back_leads_to_the_conversation_before_and_does_not_leave(page: Page) -> None:
    ask(page, QUESTION)
    sidebar(page)
    page.click("text=New conversation")
    expect(page.locator("#chat .asked")).to_have_count(0)
    ask(page, "Who founded Anthropic?")
    page.go_back()
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.go_back()
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    page.go_forward()
    page.go_forward()
    expect(page.locator("#chat .asked")).to_have_text("Who founded Anthropic?")


def test_steps_faster_than_the_server_lead_to_the_conversation_that_the_address_names(page: Page) -> None:
    ask(page, QUESTION)
    first = page.url
    sidebar(page)
    page.click("text=New conversation")
    expect(page.locator("#chat .asked")).to_have_count(0)
    ask(page, "Who founded Anthropic?")
    second = page.url
    assert first != second
    page.evaluate(
        "() => { window.requestAnimationFrame = later => setTimeout(later, 400) }"
    )  # a busy machine
    page.go_back()
    page.go_back()
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    page.go_forward()
    page.go_forward()
    expect(page.locator("#chat .asked")).to_have_text("Who founded Anthropic?")
    for _ in range(3):
        page.evaluate("history.go(-2)")
        page.evaluate("history.go(2)")
    page.wait_for_timeout(1000)
    expect(page.locator("#chat .asked")).to_have_text("Who founded Anthropic?")
    assert page.url == second
    page.go_back()
    page.go_back()
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    assert page.url == first


def test_an_answer_is_copied_with_its_quotes_and_addresses(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".bot-row [aria-label='Copy message']:visible").first.click()
    expect(page.locator("#chat .copied")).to_have_count(1)
    lines = "one => getComputedStyle(one, '::after').height < getComputedStyle(one, '::after').width"
    assert page.locator("#chat .copied").evaluate(lines)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "in just 122 days." in copied
    assert "www.gogoai.xin" in copied
    assert re.search(r"accessed \d{4}-\d\d-\d\d", copied)
    item = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    assert "<strong>Sources</strong>" in page.evaluate(item)


def test_an_edited_question_takes_the_place_of_the_old_one_and_all_after_it(page: Page) -> None:
    ask(page, QUESTION)
    ask(page, "Where was it built?")
    settled(page, 2)
    page.locator(".user-row [aria-label='Edit']").first.click()
    field = page.locator("#chat textarea")
    expect(field).to_have_value(QUESTION)
    field.fill("Who founded Anthropic?")
    page.locator("#chat [aria-label='Submit']").click()
    settled(page, 1)
    expect(page.locator(".text")).to_contain_text("Dario and Daniela Amodei")
    page.reload()
    expect(page.locator("#chat .asked")).to_have_text(["Who founded Anthropic?"])
    expect(page.locator(".text").first).to_contain_text("Dario and Daniela Amodei")


def test_asking_again_keeps_one_answer(page: Page) -> None:
    ask(page, QUESTION)
    before = page.locator(".answer").get_attribute("id") or ""
    page.locator("[aria-label='Retry']:visible").click()
    expect(page.locator(".answer[id]")).not_to_have_id(before)
    settled(page, 1)
    page.reload()
    expect(page.locator("#chat .asked")).to_have_count(1)


def test_undo_puts_the_question_back_into_the_box(page: Page) -> None:
    ask(page, QUESTION)
    page.locator("button[aria-label='Undo']:visible").click()
    expect(page.locator("#question textarea")).to_have_value(QUESTION)
    expect(page.locator("#chat .asked")).to_have_count(0)


def test_a_refused_question_stays_in_the_field_with_the_reason_and_the_conversation_in_view(
    page: Page,
) -> None:
    ask(page, QUESTION)
    page.fill("#question textarea", "x" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator("#refused")).to_contain_text("The question has 2001 characters, the limit is 2000")
    expect(page.locator("#question textarea")).to_have_value("x" * 2001)
    uncovered(page)
    ask(page, "Where was it built?")
    expect(page.locator("#refused")).to_be_hidden()


def test_an_address_that_names_nothing_is_said_and_the_conversation_stays_in_view(page: Page) -> None:
    ask(page, QUESTION)
    page.evaluate("() => { location.hash = '#nothing.1.0'; }")
    expect(page.locator(".toast-body")).to_contain_text("there is no such answer")
    uncovered(page)


def uncovered(page: Page) -> None:
    """Nothing lies over the first answer."""
    at = page.locator("#chat .text").first
    at.scroll_into_view_if_needed()
    top = """one => {
        const box = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(box.x + 9, box.y + 9));
    }"""
    assert at.evaluate(top)
    expect(page.locator(".error:visible:not([class*=toast])")).to_have_count(0)


def test_another_question_closes_the_source_of_the_last(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    ask(page, "Who founded Anthropic?")
    expect(page.locator("#panel")).to_be_hidden()
    page.wait_for_url(lambda url: "#" not in url)


def test_the_head_of_the_source_stays_in_view_with_the_cited_sentence_below_it(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    expect(page.locator("#source h2")).to_be_in_viewport()
    expect(page.locator("#source .verdict")).to_have_text("Quoted: these are the article's words")
    expect(page.locator("#source .verdict")).to_be_in_viewport()
    expect(page.locator("#source .original")).to_be_in_viewport()
    head, mark = page.locator("#source header").bounding_box(), page.locator("mark.current").bounding_box()
    assert head
    assert mark
    assert head["y"] + head["height"] < mark["y"]


def test_a_question_is_edited_in_a_field_as_wide_as_the_conversation(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".user-row [aria-label='Edit']").first.click()
    field, row = page.locator("#chat textarea").bounding_box(), page.locator("#chat .user-row").bounding_box()
    assert field
    assert row
    assert field["width"] > row["width"] * 0.9


def test_nothing_shown_is_taken_back(page: Page) -> None:
    """What is written only ever grows: each state of the text begins with the one before."""
    page.evaluate(
        """() => {
            window.states = [];
            new MutationObserver(() => {
                const all = document.querySelectorAll('#chat .answer .text');
                if (all.length) window.states.push([...all].pop().textContent);
            }).observe(document.querySelector('#chat'), { subtree: true, childList: true, characterData: true });
        }"""
    )
    ask(page, "Summarise the article")
    states = [re.sub(r"\d*[✓✗?]? Source \d+[^“]*", "", state) for state in page.evaluate("window.states")]
    assert states
    for before, after in itertools.pairwise(states):
        assert after.startswith(before.rstrip()[:-2])
        assert not re.search(r"\[\d*$", after)
