"""Pages whose text stands where only a browser looks for it: behind headings, in cells, beside a number."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.reading.formats.html.page import read_chapter
from tests.support.files import SENTENCE, html_page, only, write

FEE = "A day ticket costs 64 crowns for adults, and children under twelve pay 30 crowns at the door."


def text_of(tmp_path: Path, body: str) -> str:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE}</p>{body}<p>{SENTENCE} It went on.</p>")
    return only(read_articles(write(tmp_path / "a.html", page))).text


def chapter(body: str) -> tuple[str, ...]:
    text = read_chapter(f"<html><body>{body}</body></html>".encode(), "a")
    return tuple(line for line in text.split("\n") if line)


@pytest.mark.parametrize(
    "body",
    [
        f"<h2>Prices</h2>{FEE}",
        f"<h2>Prices</h2>{FEE}<h2>Sauna</h2><p>{SENTENCE}</p>",
        f"<p>Prices of the winter</p>{FEE}",
        f"<ul><li>Prices</li></ul>{FEE}",
        f"<div><p>Prices</p>{FEE}</div>",
        f"<section><div>Prices</div>{FEE}</section>",
        f"<table><tr><td>Day</td><td>Night</td></tr></table>{FEE}",
        f"Prices<br><br>{FEE}<br><br>{SENTENCE}",
        f"<div>Prices<br/> <br/>{FEE}</div>",
        f"<span><p>Prices</p>{FEE}</span>",
        f"<blockquote><p>Prices</p>{FEE}</blockquote>",
        f"<h2>Prices</h2><!-- a comment -->{FEE}",
        f"<h2>Prices</h2><script>var x = 1;</script>{FEE}",
    ],
)
def test_text_behind_an_element_is_read(tmp_path: Path, body: str) -> None:
    text = text_of(tmp_path, body)
    assert FEE in text
    assert f"Prices{FEE[:2]}" not in text
    assert FEE in " ".join(chapter(body))


def test_a_text_behind_the_last_heading_keeps_its_heading(tmp_path: Path) -> None:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE}</p><h2>Prices</h2>{FEE}")
    assert f"## Prices\n\n{FEE}" in only(read_articles(write(tmp_path / "a.html", page))).text


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (
            "<ul><li>Weekdays: 55 crowns</li><li>Weekends: 70 crowns</li></ul>",
            "Weekdays: 55 crowns; Weekends: 70 crowns",
        ),
        ("<ol><li><p>Tower</p></li><li>Cellar</li></ol>", "Tower; Cellar"),
        ("<p>55 crowns</p><p>on weekdays</p>", "55 crowns on weekdays"),
        ("<div>55</div><div>crowns</div>", "55 crowns"),
        ("55<br>70", "55 70"),
        ("<dl><dt>Weekdays</dt><dd>55 crowns</dd></dl>", "Weekdays 55 crowns"),
        ("<table><tr><td>Day</td><td>55</td></tr><tr><td>Eve</td><td>70</td></tr></table>", "Day 55; Eve 70"),
        ("<blockquote>55 crowns</blockquote>", "55 crowns"),
    ],
)
def test_a_cell_is_one_line_whatever_is_in_it(tmp_path: Path, cell: str, words: str) -> None:
    table = f"<table><tr><th>Who</th><th>Fee</th></tr><tr><td>Families</td><td>{cell}</td></tr></table>"
    assert f"| Families | {words} |" in text_of(tmp_path, table)
    assert f"| Families | {words} |" in chapter(table)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<ol><li><div>1</div><div>4 eggs are beaten.</div></li></ol>", "- 1. 4 eggs are beaten."),
        ("<ol><li><span>1</span><span>4 eggs are beaten.</span></li></ol>", "- 1. 4 eggs are beaten."),
        ("<ul><li><b>8</b><i>50 plums are halved.</i></li></ul>", "- 8 50 plums are halved."),
        ("<p><span>1</span>4 eggs are beaten.</p>", "1 4 eggs are beaten."),
        ("<p>Bake for <span>1</span><span>2 hours</span> at most.</p>", "Bake for 1 2 hours at most."),
        ("<h3><span>2</span><span>200 grams</span></h3>", "### 2 200 grams"),
        ("<p><span>Price</span><span>40 crowns</span></p>", "Price 40 crowns"),
    ],
)
def test_a_number_beside_a_number_stays_two(body: str, line: str) -> None:
    assert chapter(body) == (line,)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<p><span class='dropcap'>1</span>998 was cold.</p>", "1998 was cold."),
        ("<p>har<b>bour</b></p>", "harbour"),
        ("<p><span>har</span><span>bour</span></p>", "harbour"),
        ("<p>H<sub>2</sub>O</p>", "H2O"),
        ("<p>$<b>40</b>,000</p>", "$40,000"),
    ],
)
def test_a_word_marked_up_in_parts_stays_one(body: str, line: str) -> None:
    assert chapter(body) == (line,)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Monday: 9 to 12<br>Tuesday: 10 to 14<br>Friday: closed</p>",
        "<div>Monday: 9 to 12<br/>Tuesday: 10 to 14<br/>Friday: closed</div>",
        "<pre>Monday: 9 to 12\nTuesday: 10 to 14\nFriday: closed\n</pre>",
        "<div><div>Monday: 9 to 12</div><div>Tuesday: 10 to 14</div>Friday: closed</div>",
    ],
)
def test_lines_of_a_timetable_do_not_run_together(tmp_path: Path, body: str) -> None:
    lines = ("Monday: 9 to 12", "Tuesday: 10 to 14", "Friday: closed")
    assert chapter(body) == lines
    assert "\n\n".join(lines) in text_of(tmp_path, body)


def test_items_of_an_inner_list_are_items_and_read_once(tmp_path: Path) -> None:
    inner = "<ul><li>Seal of Orrin<ul><li>Old seal</li></ul></li><li>Whale</li></ul>"
    items = f"<ul><li>Oil of the north{inner}</li><li>Wicks</li></ul>"
    assert "- Oil of the north\n- Seal of Orrin\n- Old seal\n- Whale\n- Wicks" in text_of(tmp_path, items)


def test_a_page_laid_out_by_a_table_keeps_its_headings(tmp_path: Path) -> None:
    page = (
        f"<table><tr><td><h2>Prices</h2><p>{FEE}</p></td><td><h2>Oil</h2><p>{SENTENCE}</p></td></tr></table>"
    )
    assert f"## Prices\n\n{FEE}" in text_of(tmp_path, page)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<p>3 × 10<sup>6</sup> cells</p>", "3 × 10⁶ cells"),
        ("<p>at $40<sup>5</sup> million</p>", "at $40 million"),
        ("<p>in 1998<sup><a href='#fn3'>3</a></sup>.</p>", "in 1998."),
        ("<p>some 10<a href='#fn3'><sup>6</sup></a> men</p>", "some 10 men"),
        ("<p>in 1998<a href='#fn3' class='footnote-ref'>3</a>.</p>", "in 1998."),
        ("<p>in 1998<a role='doc-noteref' href='notes.html#n3'>[3]</a>.</p>", "in 1998."),
        (
            "<p>at $40<span style='font-size:60%; vertical-align: super'>5</span> million</p>",
            "at $40 million",
        ),
        ("<p>the 19<sup>th</sup> of May</p>", "the 19th of May"),
        ("<p><b>12 m</b><sup>2</sup></p>", "12 m²"),
        ("<p>4 × 10<sup>&minus;3</sup> litres</p>", "4 × 10⁻³ litres"),
    ],
)
def test_a_raised_figure_is_a_power_or_left_out(tmp_path: Path, body: str, line: str) -> None:
    assert chapter(body) == (line,)
    assert line in text_of(tmp_path, body.replace("</p>", f" {SENTENCE}</p>"))


def test_a_page_whose_article_is_not_found_is_read_whole_and_says_so(tmp_path: Path) -> None:
    rules = "".join(f"<p>Rule {number}: {FEE}</p>" for number in range(6))
    story = "".join(f"<p>Night {number}: {SENTENCE}</p>" for number in range(30))
    page = html_page(f"<h1>Lamp</h1>{rules}").replace(
        "</body>", f"<div class='pagination'>{story}</div></body>"
    )
    result = read_articles(write(tmp_path / "a.html", page))
    assert "Night 29:" in only(result).text
    assert any("could not be told from the rest" in warning for warning in result.warnings)
