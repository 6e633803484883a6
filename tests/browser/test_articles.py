import json
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from rag.reading.web.article import fetch_file
from rag.system.progress import Progress
from tests.browser.conftest import Serve, ask, ready, settled, tab
from tests.support.browser_chat import site as site_of_its_own
from tests.support.files import pdf_file
from tests.support.web_server import LAMP_PAGE, PAGE, reply, web
from ui.web.library import addresses
from ui.web.library.visitor_articles import Added, Named, Shelves

pytestmark = pytest.mark.browser

TEXT = (
    "The Orrin lighthouse was built in 1871 by Maria Keller. It stands on a cliff of black basalt. "
    "Its lamp was replaced in 1923 after a storm broke the lens."
)


def upload(page: Page, *files: Path) -> None:
    """Give files in the tab of articles, and wait until it says what became of them."""
    tab(page, "Articles")
    page.set_input_files("#files input[type=file]", [str(file) for file in files])
    expect(page.locator("#became .became")).to_be_visible(timeout=30_000)


def listed(page: Page) -> list[str]:
    return page.locator("#articles label").all_inner_texts()


def test_an_uploaded_article_is_asked_read_and_removed_and_is_the_visitors_alone(
    visitor: Callable[..., Page], site: str, tmp_path: Path
) -> None:
    page, other = ready(visitor(site)), ready(visitor(site))
    file = tmp_path / "lighthouse.md"
    file.write_text(f"---\ntitle: The Orrin light\npublisher: Coast News\n---\n{TEXT}")
    upload(page, file)
    expect(page.locator("#became .good")).to_have_text("Added “The Orrin light”.")
    expect(page.locator("#articles label")).to_have_count(2)
    assert any(
        "The Orrin light\u2069 · \u2068Coast News" in line and "added here" in line for line in listed(page)
    )
    expect(page.locator(".toast-body")).to_have_count(0)  # the lines say it
    tab(page, "Ask")
    expect(page.locator(".welcome")).to_contain_text("The Orrin light")
    ask(page, "Who built the Orrin lighthouse?")
    expect(page.locator(".text")).to_contain_text("built in 1871 by Maria Keller")
    page.locator(".text .chip").first.click()
    expect(page.locator("mark.current")).to_be_in_viewport()

    other.reload()
    ready(other)
    tab(other, "Articles")
    expect(other.locator("#articles label")).to_have_count(1)
    tab(other, "Ask")
    ask(other, "Who built the Orrin lighthouse?")
    expect(other.locator(".answer .text")).to_contain_text("The articles do not say")

    tab(page, "Articles")
    page.locator("#articles label", has_text="The Orrin light").click()
    page.click("text=Remove those ticked that you added")
    expect(page.locator("#became .good")).to_have_text("Removed “The Orrin light”.")
    expect(page.locator("#articles label")).to_have_count(1)
    page.reload()
    settled(page, 1)
    expect(page.locator("#source .standing")).to_contain_text("Removed since it was cited")
    expect(page.locator("#source blockquote")).to_contain_text("built in 1871")


def test_a_pasted_text_can_be_asked(page: Page) -> None:
    tab(page, "Articles")
    page.click("text=Or paste a text")
    page.get_by_label("Title", exact=True).fill("The Orrin light")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.click("text=Add this text")
    expect(page.locator("#became .good")).to_have_text("Added “The Orrin light”.")
    tab(page, "Ask")
    ask(page, "When was the lamp of the lighthouse replaced?")
    expect(page.locator(".text")).to_contain_text("1923")


def test_a_file_attached_to_a_question_is_added_and_then_asked(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "light.txt"
    file.write_text(TEXT)
    page.set_input_files("#question input[type=file]", str(file))
    expect(page.locator("#question .thumbnail-item")).to_be_visible()
    ask(page, "Who built the Orrin lighthouse?")
    expect(page.locator(".toast-body")).to_contain_text("Added “light”.")
    expect(page.locator(".text")).to_contain_text("built in 1871 by Maria Keller")
    expect(page.locator("#question .thumbnail-item")).to_have_count(0)


def drop(page: Page, place: str) -> None:
    """Drop a file there."""
    page.evaluate(
        """([place, text]) => {
            const given = new DataTransfer();
            given.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
            document.querySelector(place).dispatchEvent(
                new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true })
            );
        }""",
        [place, TEXT],
    )


def test_attached_files_have_their_names_and_the_first_that_went_wrong_a_toast(
    page: Page, tmp_path: Path
) -> None:
    for name in ("one.txt", "two.txt", "empty.txt", "none.png"):
        (tmp_path / name).write_text("" if name == "empty.txt" else f"{TEXT} This is {name}.")
    field = page.locator("#question input[type=file]")
    field.set_input_files([tmp_path / "one.txt", tmp_path / "two.txt"])
    expect(page.locator("#question .thumbnail-item")).to_have_count(2)
    field.set_input_files([tmp_path / "empty.txt", tmp_path / "none.png"])
    expect(page.locator("#question .thumbnail-item")).to_have_count(4)
    page.locator("#question .delete-button").first.click()
    expect(page.locator("#question .thumbnail-item")).to_have_count(3)
    names = "all => all.map(one => getComputedStyle(one, '::after').content)"
    shown = page.locator("#question .thumbnail-item").evaluate_all(names)
    assert shown == ['"two.txt"', '"empty.txt"', '"none.png"']
    page.click("#question .submit-button")
    expect(page.locator(".toast-body")).to_have_count(1)
    expect(page.locator(".toast-body")).to_contain_text("empty.txt")
    expect(page.locator(".toast-body")).to_contain_text("and 1 more, see the tab Articles")
    tab(page, "Articles")
    expect(page.locator("#became p")).to_have_count(3)


def test_a_file_dropped_on_the_articles_is_added(page: Page) -> None:
    tab(page, "Articles")
    drop(page, "#articles")
    expect(page.locator("#became .good")).to_have_text("Added “dropped”.")


@pytest.mark.parametrize("name", ["Ask", "Check my text"])
def test_a_file_dropped_elsewhere_is_attached_to_the_question(page: Page, name: str) -> None:
    tab(page, name)
    drop(page, "#chat" if name == "Ask" else "#check-text")
    expect(page.locator("#question .thumbnail-item")).to_be_visible()
    page.click("#question .submit-button")
    expect(page.locator(".toast-body")).to_contain_text("Added “dropped”.")
    expect(page.locator(".welcome")).to_contain_text("dropped")


def test_a_citation_of_a_pdf_names_its_page(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "log.pdf"
    file.write_bytes(pdf_file("The keepers of Orrin kept a log of every ship.", TEXT))
    upload(page, file)
    expect(page.locator("#became .good")).to_have_count(1)
    tab(page, "Ask")
    ask(page, "Who built the Orrin lighthouse?")
    page.locator(".text .chip").first.click()
    expect(page.locator("#source .about")).to_have_text("p. 2")


def test_a_page_is_added_by_its_address(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with web({"/lamp": reply(LAMP_PAGE)}) as there, site_of_its_own(tmp_path, monkeypatch) as address:
        fetch = partial(fetch_file, resolve=there.resolve, allowed=there.allowed)
        monkeypatch.setattr(addresses, "fetch_file", fetch)
        page = ready(visitor(address))
        tab(page, "Articles")
        page.click("text=Or the page at an address")
        page.get_by_label("Web address").press_sequentially("http://news.example/nothing")
        page.keyboard.press("Enter")
        expect(page.locator("#became .bad")).to_contain_text("answers 404 Not Found")
        page.get_by_label("Web address").fill(PAGE)
        page.click("text=Add this page")
        expect(page.locator("#became .good")).to_have_text("Added “The lamp”.")
        expect(page.get_by_label("Web address")).to_have_value("")


def test_while_an_article_is_embedded_the_page_says_how_far_it_is(
    visitor: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(shelves: Shelves, *_: object, on_progress: Progress, **__: object) -> Added:
        on_progress(12, 80)
        assert go.wait(30)
        return Added((Named("own-1", "light"),))

    go = threading.Event()
    monkeypatch.setattr(Shelves, "add", slow)
    with site_of_its_own(tmp_path, monkeypatch) as address:
        page = ready(visitor(address))
        tab(page, "Articles")
        file = tmp_path / "light.txt"
        file.write_text(TEXT)
        page.set_input_files("#files input[type=file]", str(file))
        expect(page.locator("#became")).to_contain_text("Embedding light.txt")
        expect(page.locator("#became")).to_contain_text("12/80")
        go.set()
        expect(page.locator("#became .good")).to_have_text("Added “light”.")


def test_bad_files_have_a_line_each_and_the_good_ones_go_in(page: Page, tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(TEXT)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(range(256)) * 40)
    records = tmp_path / "records.jsonl"
    records.write_text(
        json.dumps({"id": "a", "title": "A record", "text": "The harbour at Pell was dredged in 1950."})
        + "\n{broken\n"
    )
    upload(page, empty, binary, good, records)
    said = page.locator("#became .bad, #became .note").all_inner_texts()
    for name in ("empty.txt", "binary.txt", "records.jsonl"):
        assert any(name in line for line in said), (name, said)
    expect(page.locator("#became .good")).to_have_count(2)
    expect(page.locator("#articles label")).to_have_count(3)


def test_a_file_that_is_too_large_or_of_another_type_costs_itself_alone(page: Page, tmp_path: Path) -> None:
    sizes = {"huge.txt": 21 * 2**20, "monster.txt": 300 * 2**20, "image.png": 10}
    for name, size in sizes.items():
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    (tmp_path / "good.txt").write_text(TEXT)
    upload(page, *(tmp_path / name for name in (*sizes, "good.txt")))
    expect(page.locator("#became .good")).to_have_text("Added “good”.")
    said = [
        "'huge.txt' has more than 20,971,520 bytes",
        "'monster.txt' has more than",
        "'image.png' is no .txt",
    ]
    expect(page.locator("#became .bad")).to_contain_text(said)
    page.set_input_files("#files input[type=file]", str(tmp_path / "good.txt"))
    expect(page.locator("#became p")).to_have_text(["'good' is among the articles already: nothing to add"])


def test_an_address_of_a_pasted_text_that_is_none_is_said(page: Page) -> None:
    tab(page, "Articles")
    page.click("text=Or paste a text")
    page.get_by_label("Title", exact=True).fill("The Orrin light")
    page.get_by_label("Text", exact=True).fill(TEXT)
    page.get_by_label("Address (optional)").fill("javascript:alert(1)")
    page.click("text=Add this text")
    expect(page.locator("#became .note")).to_have_text(
        "'javascript:alert(1)' is no web address: the source has no link."
    )


@pytest.mark.slow
def test_shared_articles_are_there_for_all(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    address = serve("--model", "quotes", "--share")
    page, other = ready(visitor(address)), ready(visitor(address))
    file = tmp_path / "light.txt"
    file.write_text(TEXT)
    tab(page, "Articles")
    expect(page.locator("body")).to_contain_text("Everybody who uses this server will see what you add.")
    upload(page, file)
    expect(page.locator("#became .good")).to_have_count(1)
    other.reload()
    ready(other)
    tab(other, "Articles")
    expect(other.locator("#articles label")).to_have_count(2)


@pytest.mark.slow
def test_after_a_restart_a_citation_says_whether_its_article_was_edited(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "light.txt").write_text(TEXT)
    options = ("--model", "quotes", "--corpus", str(corpus))
    page = ready(visitor(serve(*options), complaints=("ERR_CONNECTION", "Failed to")))
    ask(page, "Who built the Orrin lighthouse?")
    conversation = page.evaluate("() => location.search")

    page.goto(serve(*options) + "/" + conversation)
    settled(page, 1)
    page.locator(".text .chip").first.click()
    expect(page.locator("#source .standing")).to_have_text("Source unchanged since it was cited.")

    (corpus / "light.txt").write_text(TEXT.replace("Maria", "Martha"))
    page.goto(serve(*options) + "/" + conversation)
    settled(page, 1)
    expect(page.locator(".text")).to_contain_text("Maria Keller")
    page.locator(".text .chip").first.click()
    expect(page.locator("#source .standing").first).to_have_text("Edited since it was cited.")
    expect(page.locator("#source blockquote")).to_contain_text("Maria Keller")
    expect(page.locator("#source .article")).to_contain_text("Martha Keller")


@pytest.mark.slow
def test_a_name_without_a_front_matter_is_the_title(
    serve: Serve, visitor: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text(TEXT)
    page = visitor(serve("--model", "quotes", "--corpus", str(tmp_path / "one.txt")))
    expect(page.locator(".welcome")).to_contain_text("one")
    ask(page, "asdf qwer zxcv")
    expect(page.locator(".answer .text")).to_contain_text("The articles do not say")
