"""Tables of a page: those with headings, those in other tables, and the lines in their cells."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import SENTENCE, html_page, only, write

HEAD = "<tr><th>Ticket</th><th>Adult</th><th>Child</th></tr>"
ROWS = (
    "<tr><td>Day</td><td>64 crowns</td><td>30 crowns</td></tr><tr><td>Night</td><td>70</td><td>35</td></tr>"
)
READ = "| Ticket | Adult | Child |\n| Day | 64 crowns | 30 crowns |\n| Night | 70 | 35 |"


def text_of(tmp_path: Path, body: str) -> str:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE}</p>{body}<p>{SENTENCE} It went on.</p>")
    return only(read_articles(write(tmp_path / "a.html", page))).text


@pytest.mark.parametrize(
    "name",
    [
        "<caption><h3>Prices</h3></caption>",
        "<tr><th colspan=3><h3>Prices</h3></th></tr>",
        "<thead><tr><td></td><td colspan=2><div><h3>Prices</h3></div></td></tr></thead>",
    ],
)
def test_a_heading_that_names_a_table_is_its_heading(tmp_path: Path, name: str) -> None:
    assert f"### Prices\n\n{READ}" in text_of(tmp_path, f"<table>{name}{HEAD}{ROWS}</table>")


def test_a_caption_stands_before_its_table(tmp_path: Path) -> None:
    text = text_of(tmp_path, f"<table><caption>Prices <b>of 1871</b></caption>{HEAD}{ROWS}</table>")
    assert f"Prices of 1871\n\n{READ}" in text


@pytest.mark.parametrize(
    "table",
    [
        f"<table>{HEAD.replace('Adult', '<h4>Adult</h4>')}{ROWS}</table>",
        f"<table>{HEAD}{ROWS.replace('Day', '<h4>Day</h4>')}</table>",
    ],
)
def test_a_heading_that_names_a_row_or_column_leaves_its_table_one(tmp_path: Path, table: str) -> None:
    assert READ in text_of(tmp_path, table)


def test_headings_of_cards_stay_headings(tmp_path: Path) -> None:
    card = f"<td><h3>Oil</h3><p>{SENTENCE}</p></td>"
    text = text_of(tmp_path, f"<table><tr>{card}{card}</tr><tr>{card}{card}</tr></table>")
    assert text.count(f"### Oil\n\n{SENTENCE}") == 4


@pytest.mark.parametrize(
    "outer",
    [
        "<table><tr><td><h4>Prices</h4>{}<p>Paid at the door.</p></td></tr></table>",
        "<table width=830><tr><td>{}<p>Paid at the door.</p></td></tr></table>",
        "<table><tr><td><p>Paid at the door.</p></td><td>{}</td></tr></table>",
        "<table><tr><td>Paid at the door.</td><td>by noon</td></tr><tr><td colspan=2>{}</td></tr></table>",
        "<table><tr><td><table><tr><td>{}<p>Paid at the door.</p></td></tr></table></td></tr></table>",
    ],
)
def test_a_table_in_one_that_lays_out_the_page_is_a_table(tmp_path: Path, outer: str) -> None:
    text = text_of(tmp_path, outer.format(f"<table border=1>{HEAD}{ROWS}</table>"))
    assert READ in text
    assert "Paid at the door." in text.replace(READ, "")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            "<td><div>Card</div><div>Fee</div></td><td><div>$2.00</div><div>$60.00</div></td>",
            "| Card; Fee | $2.00; $60.00 |",
        ),
        (
            "<td>Card<br>Fee<br>Tax</td><td>$2<br>$60<br>$5 + HST</td>",
            "| Card; Fee; Tax | $2; $60; $5 + HST |",
        ),
        (
            "<td>Hours</td><td><span>9 to 12<br><b>1</b> to 5<br>8 to 9</span></td>",
            "| Hours | 9 to 12; 1 to 5; 8 to 9 |",
        ),
        (
            "<td>Days</td><td><p>Monday.</p><p>Friday.</p><p>Sunday</p></td>",
            "| Days | Monday. Friday. Sunday |",
        ),
    ],
)
def test_lines_stacked_in_a_cell_are_told_apart(tmp_path: Path, row: str, line: str) -> None:
    assert line in text_of(tmp_path, f"<table><tr>{row}</tr><tr><td>So</td><td>on</td></tr></table>")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (
            "<th>Daily fine<br>per item</th><th>Total fine<br>in 1871</th>",
            "| Daily fine per item | Total fine in 1871 |",
        ),
        ("<td>Maximum<br>Fine</td><td>Daily<br>Fine</td>", "| Maximum Fine | Daily Fine |"),
        ("<td>Lamp</td><td>a lamp<br>that is lit<br>at dusk</td>", "| Lamp | a lamp that is lit at dusk |"),
    ],
)
def test_a_name_broken_over_lines_stays_one(tmp_path: Path, row: str, line: str) -> None:
    assert line in text_of(tmp_path, f"<table><tr>{row}</tr><tr><td>So</td><td>on</td></tr></table>")


def test_a_cell_over_several_rows_is_said_in_each(tmp_path: Path) -> None:
    head = "<tr><th>Zone</th><th>Ticket</th><th>Price</th></tr>"
    rows = "<tr><td rowspan=2>A</td><td>Day</td><td>4</td></tr><tr><td>Week</td><td>20</td></tr>"
    text = text_of(tmp_path, f"<table>{head}{rows}<tr><td>B</td><td>Day</td><td>6</td></tr></table>")
    assert "| A | Day | 4 |\n| A | Week | 20 |\n| B | Day | 6 |" in text


@pytest.mark.parametrize("span", ["0", "-1", "many", "99999999999", ""])
def test_a_span_that_is_no_number_of_rows_is_one(tmp_path: Path, span: str) -> None:
    rows = f"<tr><td rowspan='{span}'>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr>"
    assert "| A | 1 |\n| B | 2 |" in text_of(tmp_path, f"<table>{rows}</table>")
