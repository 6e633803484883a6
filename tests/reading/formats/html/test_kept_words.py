"""Words in elements that the search for an article drops, and words that are struck out."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.reading.formats.html.page import read_chapter
from tests.support.files import SENTENCE, html_page, only, write


def text_of(tmp_path: Path, body: str) -> str:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE}</p>{body}<p>{SENTENCE} It went on.</p>")
    return only(read_articles(write(tmp_path / "a.html", page))).text


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<p>The board meets on <time datetime='2024-05-09'>9 May</time> at noon.</p>", "meets on 9 May at"),
        ("<p>It counts <output>17</output> of <label>Room 12</label> so far.</p>", "17 of Room 12 so far."),
        ("<p>He said <q>it is 6 metres</q> and left.</p>", "He said “it is 6 metres” and left."),
        (
            "<figure><img src='a'><figcaption>The slip in 1911.</figcaption></figure>",
            "\n\nThe slip in 1911.\n\n",
        ),
        ("<address>Harbour Road 4</address>", "\n\nHarbour Road 4\n\n"),
        ("<menu><li>Soup costs 4 crowns</li></menu>", "\n- Soup costs 4 crowns\n"),
        ("<hgroup><h2>Prices</h2><p>Of 2024</p></hgroup>", "\n## Prices\n\nOf 2024\n"),
        ("<p>They leave at 8.<img src='a'>The map is here.</p>", "leave at 8. The map"),
        (
            "<h3><button aria-expanded=false>Which oil is it?</button></h3><p>Thin oil.</p>",
            "### Which oil is it?",
        ),
        (
            "<div><button>Who opens it?</button><div>Trained staff.</div></div>",
            "### Who opens it?\n\nTrained",
        ),
        (
            "<button class='accordion-button' aria-expanded=false>Opening hours</button><p>From 9 to 17.</p>",
            "### Opening hours\n\nFrom 9",
        ),
        (
            "<p>The energy is <math><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math> here.</p>",
            "is mc² here",
        ),
        ("<p>It is <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> of it.</p>", "is 1/2 of it"),
    ],
)
def test_words_of_the_text_are_kept_whatever_element_they_stand_in(
    tmp_path: Path, body: str, line: str
) -> None:
    assert line in text_of(tmp_path, body)


@pytest.mark.parametrize(
    "button",
    [
        "<button>Subscribe</button>",
        "<button aria-expanded=false>Share this page</button>",
        "<nav><button aria-expanded=false aria-controls=m>Open the menu</button></nav>",
    ],
)
def test_a_button_that_opens_no_text_is_no_heading(tmp_path: Path, button: str) -> None:
    assert "#" not in text_of(tmp_path, button).partition("\n")[2]


@pytest.mark.parametrize(
    "price",
    [
        "<del>30</del> <ins>40</ins>",
        "<s>30</s> 40",
        "<strike>30</strike> 40",
        "<span style='text-decoration: line-through red'>30</span> 40",
    ],
)
def test_what_is_struck_out_is_no_word_of_the_page(tmp_path: Path, price: str) -> None:
    assert "It costs 40 crowns." in text_of(tmp_path, f"<p>It costs {price} crowns.</p>")


@pytest.mark.parametrize(
    "caption", ["(Image credit: Ada of the Orrin Post)", "Photo: Ada Merrin, Orrin Post", "Ada Merrin"]
)
def test_who_made_a_picture_is_no_text_of_the_page(tmp_path: Path, caption: str) -> None:
    figure = f"<figure><img src='a'><figcaption>{caption}</figcaption></figure>"
    assert caption not in text_of(tmp_path, figure)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (
            "<aside class='note'><p>The pier is closed on 9 May.</p></aside>",
            "\n\nThe pier is closed on 9 May.\n\n",
        ),
        (
            "<h3>Which oil is used?</h3><div style='display: none'><p>Thin oil without wax.</p></div>",
            "### Which oil is used?\n\nThin oil without wax.",
        ),
        (
            "<div class='tab-pane' style='display:none'><p>Guests pay 9 crowns.</p></div>",
            "Guests pay 9 crowns.",
        ),
        ("<p>Use the <code>--force</code> option of it.</p>", "\n\nUse the --force option of it.\n\n"),
        (
            "<dl><dt>Length</dt><dd>12 m</dd><dt>Crew:</dt><dd><p>Four</p></dd></dl>",
            "\n- Length: 12 m\n- Crew: Four\n",
        ),
        (
            "<dl><dt>Is it long?</dt><dd>Yes.</dd><dt>Oils</dt><dd>Thin</dd><dd>Thick</dd></dl>",
            "\n- Is it long?\n- Yes.\n- Oils\n- Thin\n- Thick\n",
        ),
    ],
)
def test_notices_answers_code_and_labelled_values_are_read(tmp_path: Path, body: str, line: str) -> None:
    assert line in text_of(tmp_path, body)


@pytest.mark.parametrize(
    "body",
    [
        "<aside class='related'><p>Another lamp was lit in the south.</p></aside>",
        "<aside class='note'><a href='b'>Another lamp was lit in the south</a></aside>",
    ],
)
def test_an_aside_of_others_or_of_links_is_left_out(tmp_path: Path, body: str) -> None:
    assert "Another lamp" not in text_of(tmp_path, body)


def test_a_short_page_without_prose_keeps_its_blocks(tmp_path: Path) -> None:
    first = "<h3>Which oil?</h3><div>Thin oil.</div>"
    body = f"<h1>Bicycles</h1><div role=list>{first}<h3>How often?</h3><div>Daily.</div></div>"
    write(tmp_path / "a.html", f"<html><body>{body}</body></html>")
    text = only(read_articles(tmp_path / "a.html")).text
    assert text == "# Bicycles\n\n### Which oil?\n\nThin oil.\n\n### How often?\n\nDaily."


def test_a_file_written_out_in_base64_is_no_text_of_a_page(tmp_path: Path) -> None:
    data = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAB" * 20
    assert "iVBOR" not in text_of(tmp_path, f"<p>The map {data} is here, and it shows the harbour.</p>")


def test_rows_of_a_table_stand_on_adjacent_lines_in_a_chapter() -> None:
    page = (
        b"<html><body><table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table></body></html>"
    )
    assert read_chapter(page, "a") == "| A | 1 |\n| B | 2 |"
