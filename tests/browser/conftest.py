"""A real server on loopback and a real browser before it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from rag.system.paths import models_folder
from tests.support.servers import free_port, missing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


expect.set_options(timeout=15_000)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/me", timeout=2) as reply:  # noqa: S310  # our own server
            return bool(reply.status == 200)
    except OSError:
        return False


def start(home: Path, *options: str, port: int) -> subprocess.Popen[bytes]:
    """`pincite serve` in a process of its own, with a home of its own and the models of this machine."""
    home.mkdir(parents=True, exist_ok=True)
    if models_folder().is_dir() and not (home / "models").exists():
        (home / "models").symlink_to(models_folder())
    environment = {**os.environ, "PINCITE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    log = (home / "serve.log").open("ab")
    running = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "serve", "--port", str(port), *options],
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    log.close()
    end = time.monotonic() + 90
    while not answers(f"http://127.0.0.1:{port}"):
        if running.poll() is not None or time.monotonic() > end:
            running.kill()
            raise RuntimeError((home / "serve.log").read_text("utf-8", "replace"))
        time.sleep(0.1)
    return running


def stop(running: subprocess.Popen[bytes]) -> None:
    running.terminate()
    try:
        running.wait(20)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server over the shipped article for all tests that leave nothing behind; quotes alone."""
    port = free_port()
    rates = ("--rate", "10000/minute", "--address-rate", "10000/minute", "--upload-rate", "10000/minute")
    running = start(tmp_path_factory.mktemp("site"), "--model", "quotes", *rates, port=port)
    yield f"http://127.0.0.1:{port}"
    stop(running)


class Serve:
    """Starts servers of the test's own, one after another in the same home; gives their addresses."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._running: subprocess.Popen[bytes] | None = None
        self._port = 0

    def __call__(self, *options: str) -> str:
        self.end()
        self._port = free_port()
        return self.again(*options)

    def again(self, *options: str) -> str:
        """Start one at the address of the last."""
        self._running = start(self._home, *options, port=self._port)
        return f"http://127.0.0.1:{self._port}"

    def end(self) -> None:
        if self._running:
            stop(self._running)
        self._running = None


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    serving = Serve(tmp_path / "home")
    yield serving
    serving.end()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        missing(
            "no Chromium on this machine: install it with `apt-get install chromium`",
            setting="PINCITE_BROWSER",
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page as a visitor of its own.

    Whatever it asks of another machine fails the test; so does each error on its console, but ``complaints``.
    """
    contexts: list[BrowserContext] = []
    strange: list[str] = []
    broken: list[str] = []

    def come(address: str, *, complaints: tuple[str, ...] = (), **options: object) -> Page:
        context = chromium.new_context(**{"permissions": ["clipboard-read", "clipboard-write"], **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: strange.append(request.url) if not local(request.url) else None)
        # Gradio says so of its own stream where the page is left.
        expected = (
            "status of 4",
            "AbortError",
            "Connection errored out",
            "ERR_CONNECTION_REFUSED",
            "ERR_INCOMPLETE_CHUNKED_ENCODING",
            "network error",
            "Failed to fetch",
            # The last word of a server that ends while a page listens.
            "Unexpected error Cancelled via cancel scope",
            *complaints,
        )
        page.on(
            "pageerror",
            lambda error: None if any(part in str(error) for part in expected) else broken.append(str(error)),
        )
        page.on(
            "console",
            lambda said: (
                broken.append(said.text)
                if said.type == "error" and not any(part in said.text for part in expected)
                else None
            ),
        )
        page.goto(address)
        return page

    yield come
    for context in contexts:
        context.close()
    assert strange == []
    assert broken == []


def local(address: str) -> bool:
    return address.startswith(("http://127.0.0.1:", "blob:", "data:"))


def ask(page: Page, question: str) -> None:
    """Type a question and wait until its answer is whole."""
    before = page.locator("#chat .asked").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    settled(page, before + 1)


def settled(page: Page, turns: int) -> None:
    """Wait until there are so many turns, and the last is answered and kept."""
    page.wait_for_function(
        """turns => {
            const all = document.querySelectorAll('#chat .answer');
            const asking = document.querySelector('#question .submit-button');
            return all.length === turns && all[turns - 1].id && asking;
        }""",
        arg=turns,
        timeout=30_000,
    )


def ready(page: Page) -> Page:
    """Wait until the page can be used and says what is loaded."""
    page.wait_for_selector("#chat .example", timeout=30_000)
    return page


def tab(page: Page, name: str) -> None:
    """Open a tab."""
    page.get_by_role("tab", name=name).click()


def sidebar(page: Page) -> None:
    """Open, or close, the list of conversations."""
    page.click("#sidebar .toggle-button")


@pytest.fixture
def page(visitor: Callable[..., Page], site: str) -> Page:
    return ready(visitor(site))
