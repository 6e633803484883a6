"""What a reader sees of a language model that writes freely: its words apart, each statement with its finding."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from tests.support.browser_chat import site
from tests.support.language_model import ScriptedChat

pytestmark = pytest.mark.browser

QUESTION = "How long did Colossus take to build?"
SAID = (
    "xAI assembled its Colossus cluster in just 122 days [1]. It was assembled in 123 days [1]. "
    "It is in Paris [99]. Yes."
)


@pytest.fixture
def written(visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The page after a model's answer, true and false."""
    with site(tmp_path, monkeypatch, ScriptedChat(replies=[SAID])) as address:
        page = visitor(address)
        page.wait_for_selector("#welcome .offer")
        ask(page, QUESTION)
        yield page


def test_each_statement_of_a_model_has_its_finding_by_sign_and_by_words(written: Page) -> None:
    chips = written.locator(".text .chip")
    assert [chip.get_attribute("data-verdict") for chip in chips.all()] == [
        "verified",
        "unsupported",
        "unsupported",
    ]
    assert chips.all_text_contents() == ["1✓", "1✗", "99✗"]
    chips.nth(1).hover()
    expect(written.locator("#card .verdict")).to_contain_text(
        "✗ unsupported: ‘123 days’ is not in the cited words"
    )
    chips.nth(2).hover()
    expect(written.locator("#card")).to_contain_text("No passage has this number")
    expect(written.locator(".tally")).to_contain_text("1 of 4 statements verified")


def test_a_models_words_look_unlike_quoted_ones_and_a_finding_without_a_mark_is_shown(written: Page) -> None:
    assert written.locator(".text .own").count() > 0
    assert written.locator(".text .quoted").count() == 0
    expect(written.locator(".unmarked")).to_contain_text("“Yes.”")


def test_kept_and_opened_again_the_findings_are_the_same(written: Page) -> None:
    before = [chip.get_attribute("aria-label") for chip in written.locator(".text .chip").all()]
    written.reload()
    expect(written.locator(".text .chip")).to_have_count(len(before))
    assert [chip.get_attribute("aria-label") for chip in written.locator(".text .chip").all()] == before
