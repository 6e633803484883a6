"""Where text stands on a page: columns, paragraphs, rows, running titles, tables of contents, raised figures."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.reading.formats.pdf.reader import read_pdf
from tests.support.files import only, pdf_drawing, write

STORY = (
    "The ferry of Orrin carried 412 people in the first week of the year, which was more than in\n"
    "the year before it. Its oldest boat was taken out of service in March after a fire that the\n"
    "crew put out within forty minutes. The board will replace it with a boat that will cost 18\n"
    "million crowns and that a yard in Oslund will deliver in the autumn.\n"
)


def shown(text: str, left: float, top: float, size: float = 9) -> str:
    """Lines of text, the first of which stands ``top`` points below the upper edge of a page."""
    lines = "".join(f"({line}) Tj T* " for line in text.strip("\n").split("\n"))
    return f"BT /F1 {size} Tf {size * 1.2:.1f} TL {left} {842 - top} Td {lines}ET "


def text_of(*drawings: str) -> str:
    return read_pdf(pdf_drawing(*drawings), "a.pdf").text


def test_a_wide_line_leaves_the_lines_of_the_rest_joined() -> None:
    wide = "This report was approved by the general meeting of the members on the fourteenth of April."
    narrow = (
        "The ferry of Orrin carried 412 people in the first\n"
        "week of the year, which was more than in the year\n"
        "before it, as the town wrote in its paper. An old\n"
        "boat was taken out of the service in the spring."
    )
    text = text_of(shown(wide, 40, 60, 10) + shown(narrow, 40, 90, 10))
    assert text == f"{wide}\n" + narrow.replace("\n", " ")


def test_two_columns_are_read_one_after_the_other_below_their_headline() -> None:
    left = (
        "The ferry of Orrin carried\nmany people in the first\nweek of the year, which was\n"
        "more than in the winters\nbefore it, as all the town"
    )
    right = (
        "wrote in its paper. Its old\nboat was taken out of the\nservice in March, after one\n"
        "fire that the crew put out\nwithin forty minutes."
    )
    headline = shown("The ferry of Orrin and what came of it in the year of the great ice", 40, 60, 14)
    for order in ((left, right), (right, left)):
        drawn = "".join(shown(part, 40 if part is left else 220, 90, 10) for part in order)
        assert text_of(headline + drawn).endswith("\n" + f"{left} {right}".replace("\n", " "))


def test_verses_and_short_lines_stay_lines() -> None:
    verses = "Oil for the lamp\nwicks for a year\nthe keepers went home\nover ice"
    assert text_of(shown(verses, 40, 60) + shown(STORY, 40, 160)).startswith(verses + "\n")


def test_rows_of_a_table_stay_rows_with_their_cells_apart() -> None:
    cells = "".join(
        shown(text, left, top)
        for top, row in (
            (60, ("Room", "Price", "Beds")),
            (72, ("12", "400 crowns", "2")),
            (84, ("14", "350 crowns", "1")),
        )
        for text, left in zip(row, (40, 140, 240), strict=True)
    )
    assert text_of(cells) == "| Room | Price | Beds |\n| 12 | 400 crowns | 2 |\n| 14 | 350 crowns | 1 |"


def pages_with(head: str, foot: str, *, apart: float = 30) -> list[str]:
    body = 60 + apart
    return [
        shown(head.format(n), 40, 60)
        + shown(f"On night {n} it was cold.\n{STORY}", 40, body)
        + shown(foot.format(n), 40, body + 66 + apart)
        for n in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Orrin Post", "{}"),
        ("The lamp of Orrin", "Page {} of 5"),
        ("Orrin Post {}", "- {} -"),
        ("Annual report 2023", "{} / 5"),
    ],
)
def test_running_titles_and_page_numbers_are_left_out_and_counted(
    tmp_path: Path, head: str, foot: str
) -> None:
    result = read_articles(write(tmp_path / "a.pdf", pdf_drawing(*pages_with(head, foot))))
    text = only(result).text
    assert head.format(3) not in text
    assert "\n" + foot.format(3) not in text
    assert all(f"On night {n} it was cold." in text for n in range(1, 6))
    assert any("10 line(s) of running titles" in warning for warning in result.warnings)


@pytest.mark.parametrize("head", ["Week {}", "Room {}", "Takings: {}00 crowns", "Breakfast is included"])
def test_lines_of_the_text_are_kept_though_each_page_begins_with_one_like_it(head: str) -> None:
    drawings = pages_with(head, "Price: {}50 crowns", apart=10.8)
    text = text_of(*drawings)
    assert all(head.format(n) in text and f"Price: {n}50 crowns" in text for n in range(1, 6))


@pytest.mark.parametrize("head", ["Week {}", "Room {}", "Breakfast is included"])
def test_a_line_that_stands_apart_on_each_page_is_kept_unless_it_is_at_the_edge(head: str) -> None:
    pages = [
        shown(head.format(n), 40, 140) + shown(f"On night {n} it was cold.\n{STORY}", 40, 170)
        for n in range(1, 6)
    ]
    text = text_of(*pages)
    assert all(head.format(n) in text for n in range(1, 6))


@pytest.mark.parametrize("head", ["Week {}", "Invoice 100{}", "Lesson No. {}"])
def test_a_line_at_the_edge_that_names_what_its_page_is_about_is_kept(head: str) -> None:
    text = text_of(*pages_with(head, "{}"))
    assert all(head.format(n) in text for n in range(1, 6))


def test_a_page_of_a_few_lines_keeps_all_of_them() -> None:
    pages = [
        shown(f"Week {n}", 40, 40) + shown(f"Monday: {n}00\nTuesday: closed\nTakings: {n}50", 40, 90)
        for n in range(1, 6)
    ]
    assert text_of(*pages).count("Tuesday: closed") == 5


def test_a_number_that_does_not_count_the_pages_is_kept_wherever_it_stands() -> None:
    takings = iter((951, 402, 377, 420, 388))
    pages = [
        page + shown(f"Takings: {next(takings)} crowns", 40, 700) for page in pages_with("Orrin Post", "{}")
    ]
    text = text_of(*pages)
    assert all(f"Takings: {sum_} crowns" in text for sum_ in (951, 402, 377, 420, 388))


@pytest.mark.parametrize("leader", [" . . . . . . . . . . ", "..........", " "])
@pytest.mark.parametrize("heading", ["Contents\n", ""])
def test_a_table_of_contents_is_left_out_and_its_headings_stay(leader: str, heading: str) -> None:
    heads = (
        "1 What is the valve?",
        "2 Cleaning the filter",
        "2.1 How often it is cleaned",
        "3 Storing it in winter",
    )
    table = heading + "\n".join(f"{head}{leader}{page}" for page, head in enumerate(heads, start=2))
    text = text_of(shown(table, 40, 60), *(shown(head, 40, 60, 12) + shown(STORY, 40, 90) for head in heads))
    assert all(text.count(f"## {head}\n") == 1 for head in heads)
    assert "Contents" not in text
    assert ". . ." not in text


def test_a_list_of_prices_with_dots_is_no_table_of_contents() -> None:
    prices = "Coffee ........ 3\nTea ........ 4\nRolls ........ 6\nSoup ........ 9"
    assert text_of(shown(prices, 40, 60) + shown(STORY, 40, 160)).startswith(prices)


@pytest.mark.parametrize(
    ("before", "raised", "after", "line"),
    [
        ("The flask holds 3 x 10", "6", "cells.", "The flask holds 3 x 10⁶ cells."),
        ("It was rebuilt at a cost of $40", "5", "million.", "It was rebuilt at a cost of $40 million."),
        ("It was in the year 1998", "3", "that it froze.", "It was in the year 1998 that it froze."),
    ],
)
def test_a_raised_figure_is_a_power_or_left_out(before: str, raised: str, after: str, line: str) -> None:
    drawing = (
        f"BT /F1 10 Tf 40 780 Td ({before}) Tj /F1 6 Tf 4 Ts ({raised}) Tj /F1 10 Tf 0 Ts ( {after}) Tj ET "
        + shown(STORY, 40, 100)
    )
    assert text_of(drawing).startswith(line + "\n")


def test_text_that_runs_up_the_margin_is_left_out_and_a_turned_page_is_read() -> None:
    up = "BT /F1 9 Tf 0 1 -1 0 20 300 Tm (Draft of the seventh of May) Tj ET "
    document = read_pdf(pdf_drawing(shown(STORY, 40, 60) + up), "a.pdf")
    assert document.text == STORY.strip().replace("\n", " ")
    assert any("up or down" in note for note in document.notes)
    lines = STORY.strip().split("\n")
    turned = "".join(
        f"BT /F1 9 Tf 0 1 -1 0 {100 + 11 * n} 40 Tm ({line}) Tj ET " for n, line in enumerate(lines)
    )
    assert text_of(turned) == " ".join(lines)


def test_text_drawn_twice_for_its_shadow_is_read_once() -> None:
    assert (
        text_of(shown("The lamp of Orrin", 40, 60) + shown("The lamp of Orrin", 41, 61))
        == "The lamp of Orrin"
    )


@pytest.mark.parametrize("words", ["What it cost", "1. What it cost", "Did the lamp go out?"])
def test_a_line_in_larger_letters_is_a_heading(words: str) -> None:
    text = text_of(shown(words, 40, 60, 12) + shown(STORY, 40, 90))
    assert text == f"## {words}\n" + STORY.strip().replace("\n", " ")
