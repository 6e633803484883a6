import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve, ask, settled

pytestmark = pytest.mark.browser

TEXT = (
    "The Orrin lighthouse was built in 1871 by Maria Keller. It stands on a cliff of black basalt. "
    "Its lamp was replaced in 1923 after a storm broke the lens."
)


def upload(page: Page, *files: Path) -> None:
    page.set_input_files("#files", [str(file) for file in files])
    page.wait_for_function(
        "() => document.querySelector('.said li') && !document.querySelector('#source progress')"
    )


def test_an_uploaded_article_is_asked_read_and_removed_and_is_the_visitors_alone(
    visitor: Callable[..., Page], site: str, tmp_path: Path
) -> None:
    page, other = visitor(site), visitor(site)
    file = tmp_path / "lighthouse.md"
    file.write_text(f"---\ntitle: The Orrin light\npublisher: Coast News\n---\n{TEXT}")
    upload(page, file)
    expect(page.locator(".said .good")).to_have_text("Added “The Orrin light”.")
    expect(page.locator(".shelf .title")).to_have_count(2)
    expect(page.locator("#welcome")).to_contain_text("The Orrin light")
    ask(page, "Who built the Orrin lighthouse?")
    expect(page.locator(".text")).to_contain_text("built in 1871 by Maria Keller")
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()

    other.reload()
    expect(other.locator(".shelf .title")).to_have_count(1)
    ask(other, "Who built the Orrin lighthouse?")
    expect(other.locator(".turn .text")).to_contain_text("The articles do not say")

    page.click("text=← All articles")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("[aria-label='Remove The Orrin light']")
    expect(page.locator(".shelf .title")).to_have_count(1)
    page.reload()
    expect(page.locator(".standing").first).to_have_text("removed since")
    page.locator(".text .chip").first.click()
    expect(page.locator("#source blockquote")).to_contain_text("built in 1871")
    expect(page.locator("#source .failed")).to_be_visible()


def test_a_pasted_text_can_be_asked(page: Page) -> None:
    page.click("summary:text('Or paste a text')")
    page.fill("#paste-title", "The Orrin light")
    page.fill("#paste-text", TEXT)
    page.click("text=Add this text")
    expect(page.locator(".said .good")).to_have_text("Added “The Orrin light”.")
    ask(page, "When was the lamp of the lighthouse replaced?")
    expect(page.locator(".text")).to_contain_text("1923")


def test_bad_files_have_a_line_each_and_the_good_ones_go_in(page: Page, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(TEXT)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(range(256)) * 40)
    program = tmp_path / "program.exe"
    program.write_bytes(b"MZ" + b"\0" * 100)
    records = tmp_path / "records.jsonl"
    records.write_text(
        json.dumps({"id": "a", "title": "A record", "text": "The harbour at Pell was dredged in 1950."})
        + "\n{broken\n"
    )
    upload(page, empty, binary, good, program, records)
    failed = page.locator(".said .failed").all_inner_texts()
    for name in ("empty.txt", "binary.txt", "program.exe", "records.jsonl"):
        assert any(name in line for line in failed), (name, failed)
    expect(page.locator(".said .good")).to_have_count(2)
    expect(page.locator(".shelf .title")).to_have_count(3)


def test_a_file_over_the_limit_is_refused_before_it_is_sent(page: Page, tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(21 * 2**20)
    upload(page, huge)
    expect(page.locator(".said .failed")).to_contain_text("21 MiB is over the limit of 20 MiB: split it")


def test_files_can_be_dropped(page: Page) -> None:
    page.evaluate(
        """text => {
            const given = new DataTransfer();
            given.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
            const dropped = new DragEvent("drop", { dataTransfer: given, bubbles: true });
            document.querySelector(".drop").dispatchEvent(dropped);
        }""",
        TEXT,
    )
    expect(page.locator(".said .good")).to_have_count(1)


@pytest.mark.slow
def test_shared_articles_are_there_for_all(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    address = serve("--model", "quotes", "--share")
    page, other = visitor(address), visitor(address)
    file = tmp_path / "light.txt"
    file.write_text(TEXT)
    expect(page.locator("#source")).to_contain_text("Everybody who uses this server will see what you add.")
    upload(page, file)
    expect(page.locator(".said .good")).to_have_count(1)
    other.reload()
    expect(other.locator(".shelf .title")).to_have_count(2)


@pytest.mark.slow
def test_after_a_restart_a_citation_says_whether_its_article_was_edited(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "light.txt").write_text(TEXT)
    options = ("--model", "quotes", "--corpus", str(corpus))
    page = visitor(serve(*options))
    ask(page, "Who built the Orrin lighthouse?")
    conversation = page.evaluate("() => location.hash")

    page.goto(serve(*options) + "/" + conversation)
    settled(page, 1)
    expect(page.locator(".standing").first).to_have_text("source unchanged")

    (corpus / "light.txt").write_text(TEXT.replace("Maria", "Martha"))
    page.goto(serve(*options) + "/" + conversation)
    settled(page, 1)
    expect(page.locator(".standing").first).to_have_text("edited since")
    expect(page.locator(".text")).to_contain_text("Maria Keller")
    page.locator(".text .chip").first.click()
    expect(page.locator("#source")).to_contain_text("Martha Keller")


@pytest.mark.slow
def test_a_name_without_a_front_matter_is_the_title(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text(TEXT)
    page = visitor(serve("--model", "quotes", "--corpus", str(tmp_path / "one.txt")))
    expect(page.locator("#welcome .loaded")).to_contain_text("one")
    ask(page, "asdf qwer zxcv")
    expect(page.locator(".turn .text")).to_contain_text("The articles do not say")
