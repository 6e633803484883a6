"""Takes the pictures of README.md and docs/browser.md anew: `python -m tests.screenshots`. Needs Chromium."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, ask, ready, start, stop
from tests.support.servers import free_port

IMAGES = Path(__file__).parent.parent / "docs" / "images"
QUESTION = "How long did Colossus take to build?"


def main() -> None:
    """Take all of them, from a server over the shipped article that writes quotes alone."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        server = start(Path(folder), "--model", "quotes", port=port)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        try:
            for name, width, height, scheme in (
                ("answer", 1400, 860, "light"),
                ("answer-dark", 1400, 860, "dark"),
                ("answer-phone", 390, 780, "light"),
            ):
                page = chromium.new_page(viewport={"width": width, "height": height})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                page.goto(f"http://127.0.0.1:{port}/")
                _shot(page, name)
        finally:
            chromium.close()
            stop(server)


def _shot(page: Page, name: str) -> None:
    """An answer with its source beside it."""
    ready(page)
    ask(page, QUESTION if name != "answer-dark" else "Summarise the article")
    page.locator("#chat .text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()
    page.locator("#chat .option").first.wait_for()
    page.screenshot(path=IMAGES / f"{name}.png")


if __name__ == "__main__":
    main()
