"""The tab "Check my text" in the page itself, behind the gate."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import tab

pytestmark = pytest.mark.browser

TEXT = "Each H100 costs roughly $30,000-$40,000. Each H100 costs roughly $50,000."


def test_a_text_is_checked_against_the_articles_and_its_report_can_be_kept(
    page: Page, tmp_path: Path
) -> None:
    tab(page, "Check my text")
    page.locator("#check-text textarea").fill(TEXT)
    page.locator("#check-button").click()
    expect(page.locator("#check-count")).to_contain_text("1 of 2 statements are carried by the articles")
    found = page.locator("#check-found")
    expect(found).to_contain_text("✓ Supported")
    expect(found).to_contain_text("✗ Not supported")
    with page.expect_download() as download:
        page.locator("#check-download").click()
    download.value.save_as(kept := tmp_path / "report.md")
    assert "✗ Not supported" in kept.read_text("utf-8")


def test_a_check_is_stopped_and_keeps_what_was_found(page: Page) -> None:
    tab(page, "Check my text")
    page.locator("#check-text textarea").fill(" ".join(f"An H100 costs {n} dollars." for n in range(400)))
    page.locator("#check-button").click()
    expect(page.locator("#check-found .checked").first).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#check-count")).to_contain_text("Stopped. ")
