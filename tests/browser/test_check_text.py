"""The tab "Check my text" in a real browser: verdicts as they come, the report, and hostile text that stays text."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.servers import free_port, waited

pytestmark = pytest.mark.browser

HOSTILE = (
    "The price of <img src=x onerror=window.harmed=1> oil ![](https://evil.example/x.png) rose by 12% in May. "
    "See [the report](javascript:window.harmed=1) and <a href='https://evil.example'>this</a> of 1999."
)
ARTICLE = (
    "# Oil <script>window.harmed=1</script>\n\nThe lighthouse at Orrin was built in 1871 by Maria Keller. "
    "The price of ![](https://evil.example/y.png) oil <b onmouseover=window.harmed=1>rose</b> by 21% in May.\n\n"
    "بني المنارة في عام 1871.\n"
)
TRUE, FALSE = "The lighthouse at Orrin was built in 1871.", "The lighthouse at Orrin was built in 1872."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("check")
    (folder / "oil.md").write_text(ARTICLE, encoding="utf-8")
    port = free_port()
    place = {"GRADIO_TEMP_DIR": str(folder / "kept"), "PINCITE_HOME": str(folder / "home")}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.support.check_page",
                str(port),
                str(folder / "oil.md"),
                str(folder / "i"),
            ],
            env={**os.environ, **place},
            stdout=log,
            stderr=log,
        )
    address = f"http://127.0.0.1:{port}"

    def up() -> bool:
        with suppress(OSError), urllib.request.urlopen(address, timeout=2) as reply:  # our own
            return bool(reply.status == 200)
        return False

    waited(up, process=process, within_s=120)
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture
def tab(visitor: Callable[..., Page], address: str) -> Page:
    page = visitor(address)
    page.wait_for_selector("#check-text textarea")
    return page


def check(page: Page, text: str) -> None:
    page.fill("#check-text textarea", text)
    page.get_by_role("button", name="Check", exact=True).click()


def check_whole(page: Page, text: str) -> None:
    """Check a text and wait until all of it is checked; the first check also loads the parser."""
    check(page, text)
    expect(page.locator("#check-count strong")).to_be_visible(timeout=60_000)


def test_each_statement_gets_its_verdict_its_quote_and_its_reason(tab: Page) -> None:
    check_whole(tab, f"{TRUE} {FALSE} Who knew?")
    expect(tab.locator("#check-count")).to_have_text(
        "1 of 2 statements are carried by the articles; 1 was not checked."
    )
    true, false, question = tab.locator("#check-found .checked").all()
    expect(true).to_contain_text(f"✓ Supported {TRUE}")
    expect(true.locator("blockquote")).to_contain_text(
        "“The lighthouse at Orrin was built in 1871 by Maria Keller.”"
    )
    expect(false).to_contain_text("✗ Not supported")
    expect(false).to_contain_text("Why: ‘1872’ is not in the cited words.")
    assert false.locator("strong u").all_inner_texts() == ["1872", "1871"]
    expect(question).to_contain_text("? Not checked Who knew?")
    expect(question).to_contain_text("Why: a question states nothing.")


def test_the_report_is_downloaded_as_markdown(tab: Page, tmp_path: Path) -> None:
    check_whole(tab, f"{TRUE} {FALSE}")
    button = tab.get_by_role("button", name="Download as Markdown")
    expect(button).to_be_enabled()
    with tab.expect_download() as coming:
        button.click()
    assert coming.value.suggested_filename == "checked-text.md"
    report = Path(coming.value.path()).read_text("utf-8")
    assert report.startswith(
        "# Checked against the articles\n\n1 of 2 statements are carried by the articles."
    )
    assert "**✗ Not supported** The lighthouse at Orrin was built in **1872**." in report
    assert "“The lighthouse at Orrin was built in **1871** by Maria Keller.”" in report


def test_hostile_text_stays_text_on_the_page(tab: Page) -> None:
    check_whole(tab, HOSTILE)
    expect(tab.locator("#check-count")).to_contain_text("statements are carried")
    found = tab.locator("#check-found")
    expect(found).to_contain_text("<img src=x onerror=window.harmed=1>")
    expect(found).to_contain_text("![](https://evil.example/")
    for made in ("img", "a", "script", "b", "[onmouseover]"):
        expect(found.locator(f".checked {made}")).to_have_count(0)
    assert tab.evaluate("() => window.harmed") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  ", "The text is empty: give one with at least one statement."),
        ("x" * 100_001, "The text has 100,001 characters: the limit is 100,000; check it in parts."),
        ("Too often.", "You ask too often: wait 3 seconds."),
        ("Who knew?", "Nothing in it can be checked."),
    ],
)
def test_what_cannot_be_checked_is_said_in_one_line(tab: Page, text: str, line: str) -> None:
    check(tab, text)
    expect(tab.locator("#check-count")).to_have_text(line)
    assert tab.input_value("#check-text textarea") == text


def test_statements_in_another_script_are_set_in_its_direction(tab: Page) -> None:
    check_whole(tab, "بني المنارة في عام 1999.")
    expect(tab.locator("#check-count")).not_to_contain_text("Checking")
    assert tab.locator("#check-found .checked").get_attribute("dir") == "auto"


def test_a_long_check_is_stopped_and_keeps_what_was_found(tab: Page) -> None:
    check(tab, " ".join(f"The lighthouse at Orrin was built in {year}." for year in range(1500, 1900)))
    expect(tab.locator("#check-found .checked").first).to_be_visible(timeout=30_000)
    tab.get_by_role("button", name="Stop").click()
    expect(tab.locator("#check-count")).to_contain_text("Stopped. ")
    expect(tab.locator("#check-download")).to_be_enabled()
    before = tab.locator("#check-found .checked").count()
    tab.wait_for_timeout(1500)
    expect(tab.locator("#check-count")).to_contain_text("Stopped. ")
    assert 0 < tab.locator("#check-found .checked").count() == before < 400
