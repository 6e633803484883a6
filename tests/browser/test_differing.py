"""Two articles that disagree: both quoted with their dates, and a line that says so."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask, settled
from tests.browser.test_narrow import COST, page, publisher, town

__all__ = ["page", "town"]

pytestmark = pytest.mark.browser

SAID = (
    "The articles differ: 19 million pounds (Coast News, 2026-05-20, the newer) and 12 million pounds "
    "(Bay Post, 2026-03-02)."
)


def test_a_disagreement_is_said_with_its_dates_and_kept(page: Page) -> None:
    ask(page, COST)
    line = page.locator(".differing")
    expect(line).to_have_text(f"? {SAID}")
    page.click(".thought .title")
    expect(page.locator(".passage p")).to_have_text(
        ["The bridge costs · Coast News · 2026-05-20", "The bridge opens · Bay Post · 2026-03-02"]
    )
    expect(page.locator(".text")).not_to_contain_text("differ")
    page.reload()
    settled(page, 1)
    expect(line).to_have_text(f"? {SAID}")
    page.locator(".bot-row [aria-label='Copy message']:visible").first.click()
    expect(page.locator("#chat .copied")).to_have_count(1)
    assert SAID in page.evaluate("navigator.clipboard.readText()")


def test_one_article_alone_disagrees_with_nobody(page: Page) -> None:
    publisher(page, "Bay Post")
    ask(page, COST)
    expect(page.locator(".text")).to_contain_text("12 million")
    expect(page.locator(".differing")).to_have_count(0)
