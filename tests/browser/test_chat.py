import itertools
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, ask, ready, settled, sidebar

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
    page.get_by_placeholder("Find a conversation").fill("colossus")
    page.click("#chats li > a")
    expect(page.locator("#chat .asked")).to_have_text(QUESTION)
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#chats li")).to_have_count(0)
    expect(page.locator("#chat .asked")).to_have_count(0)


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


def test_an_answer_is_copied_with_its_quotes_and_addresses(page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".bot-row [aria-label='Copy message']:visible").first.click()
    expect(page.locator("#chat .copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "in just 122 days." in copied
    assert "www.gogoai.xin" in copied
    assert re.search(r"accessed \d{4}-\d\d-\d\d", copied)
    item = "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    assert "<strong>Sources</strong>" in page.evaluate(item)


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
    page.reload()
    expect(page.locator("[aria-label='Liked']:visible")).to_have_count(1)


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


def test_a_question_over_the_limit_is_refused_in_words_and_stays_in_the_field(page: Page) -> None:
    page.fill("#question textarea", "x" * 2001)
    page.keyboard.press("Enter")
    expect(page.locator(".toast-body")).to_contain_text("the limit is 2000")
    expect(page.locator("#question textarea")).to_have_value("x" * 2001)


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
