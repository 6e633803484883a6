"""Papers in two columns: their order among tables and formulas, hyphens, titles, authors, marks of notes."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter

from rag.reading.formats.pdf.hyphens import Hyphens
from rag.reading.formats.pdf.reader import read_pdf
from tests.reading.formats.pdf.test_layout import STORY, shown, text_of
from tests.support.files import pdf_drawing

LEFT = (
    "The ferry of Orrin carried people",
    "over the sound in all the winters",
    "that the oldest of them remember,",
    "and the board wrote down how many",
    "came on each of the days on which",
    "the ice was thin enough to let it",
)
RIGHT = (
    "sail from the harbour to the town",
    "where the bank, the school and an",
    "old mill stood on the other shore",
    "of the water, which was deep, and",
    "cold, so that nobody swam in that",
    "part of it before summer was near",
)


def column(lines: tuple[str, ...], left: float, top: float) -> str:
    return shown("\n".join(lines), left, top, 10)


def words(lines: tuple[str, ...]) -> str:
    return " ".join(lines)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 15)), min_size=1, max_size=50, unique=True),
    st.booleans(),
)
def test_small_words_of_a_figure_or_table_never_weave_two_columns(
    cells: list[tuple[int, int]], right: bool
) -> None:
    beside = 230 if right else 40
    loose = "".join(shown("4.5", beside + 44 * x, 180 + 12 * y, 8) for x, y in cells)
    text = text_of(column(LEFT, 40, 60) + column(RIGHT, 230, 60) + loose)
    assert words(LEFT) in text
    assert words(RIGHT) in text
    assert text.index(words(LEFT)) < text.index(words(RIGHT))
    assert text.count("4.5") == len(cells)


def test_columns_are_found_on_each_side_of_a_table_as_wide_as_both() -> None:
    table = "".join(
        shown(f"row {y}.{x}", 40 + 60 * x, 175 + 12 * y, 9) for x in range(6) for y in range(8)
    ) + shown("Table 1: The people on the ferry and on the ice, by day and by the hour", 60, 160, 9)
    text = text_of(
        *[
            column(LEFT, 40, 60)
            + column(RIGHT, 230, 60)
            + table
            + column(LEFT[::-1], 40, 320)
            + column(RIGHT[::-1], 230, 320)
        ]
    )
    places = [text.index(words(part)) for part in (LEFT, RIGHT, LEFT[::-1], RIGHT[::-1])]
    assert places == sorted(places)
    assert places[1] < text.index("Table 1") < places[2]
    assert all("| " + " | ".join(f"row {y}.{x}" for x in range(6)) + " |" in text for y in range(8))


def test_a_numbered_list_of_references_is_parted_at_the_numbers_not_behind_them() -> None:
    numbers = "".join(shown(f"[{n}]", left, 60 + 24 * n, 8.5) for n in range(6) for left in (40, 270))
    entries = [
        (f"Ann {name}, The ferry and the ice\nthat came before it, Orrin Press {year}.", left, 60 + 24 * n)
        for left, year in ((60, 1987), (290, 1992))
        for n, name in enumerate(("Ash", "Birch", "Cedar", "Elm", "Fir", "Oak"))
    ]
    drawing = numbers + "".join(shown(entry, left, top, 10) for entry, left, top in entries)
    text = text_of(drawing).replace("\n", " ")
    assert all(entry.replace("\n", " ") in text for entry, *_ in entries)
    assert text.index("Oak, The ferry") < text.index("Press 1992")


def test_a_bracket_of_a_larger_typeface_neither_parts_a_paragraph_nor_makes_a_heading() -> None:
    lines = STORY.strip().split("\n")
    drawing = shown("\n".join(lines[:2]), 40, 60)
    drawing += f"BT /F1 10.05 Tf 40 {842 - 81.6} Td (\\() Tj /F1 9 Tf (see) Tj ( {lines[2]}) Tj ET "
    text = text_of(drawing + shown(lines[3], 40, 92.4))
    assert text == " ".join([*lines[:2], "(see " + lines[2], lines[3]])


def test_a_mark_set_high_stays_on_the_line_of_its_word() -> None:
    mark = shown("*", 79.5, 54, 7)
    text = text_of(shown("Ann Birch", 40, 60) + mark + shown(STORY, 40, 120))
    assert text.startswith("Ann Birch\n")


KNOWN = ["detection is well-known", "and detection of first-class forms"]


@pytest.mark.parametrize(
    ("before", "after", "is_break", "space"),
    [
        ("a de-", "tection of", True, ""),
        ("a De-", "tection of", True, ""),
        ("it is well-", "known that", False, ""),
        ("a first-", "class one", False, ""),
        ("it may be un-", "heard of", False, ""),  # neither known as one word nor as two
        ("by Dar-", "Shyang", False, ""),
        ("pages 12-", "15", False, ""),
        ("in pre-", "and post-war", False, " "),
    ],
)
def test_a_hyphen_goes_where_the_document_has_the_word_without_it(
    before: str, after: str, is_break: bool, space: str
) -> None:
    assert Hyphens(KNOWN).between(before, after) == (is_break, space)


def test_in_a_long_document_a_hyphen_goes_between_halves_that_no_line_has_alone() -> None:
    letters = "abcdefghij"
    many = [f"{a}{b}{c}x" for a in letters for b in letters for c in letters]
    hyphens = Hyphens([" ".join(many), "it may be infor-", "mation of the press"])
    assert hyphens.between("infor-", "mation") == (True, "")
    assert hyphens.between("infor-", "press") == (False, "")
    assert hyphens.between("non-", "mation") == (False, "")


def test_a_broken_word_is_whole_in_the_text_and_one_over_two_pages_keeps_its_hyphen() -> None:
    broken = (
        "The harbour board of Orrin wrote of the detec-\n"
        "tion of ice under the ferry, and that the detection\n"
        "of it by ear is well-known in the town, as a well-\n"
        "known song of the keepers says of that same detec-"
    )
    text = text_of(shown(broken, 40, 60, 10), shown("tion in the night.", 40, 60, 10))
    assert "wrote of the detection of ice" in text
    assert "as a well-known song" in text
    assert text.endswith("same detec-\ftion in the night.")


def paper(*, cover: str = "", title: str | None = None) -> bytes:
    front = (
        shown("On the Ice of Orrin", 40, 60, 18)
        + shown("Ann Birch", 40, 90, 13)
        + shown("ann@orrin.example", 40, 110, 13)
        + shown("Abstract", 40, 140, 13)
        + shown(STORY, 40, 160)
        + shown("1 Introduction", 40, 240, 13)
        + shown(STORY, 40, 260)
    )
    writer = PdfWriter(clone_from=io.BytesIO(pdf_drawing(*filter(None, (cover, front)))))
    if title is not None:
        writer.add_metadata({"/Title": title})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_the_authors_of_a_paper_and_their_addresses_are_no_headings() -> None:
    text = read_pdf(paper(), "a.pdf").text
    headings = [line for line in text.split("\n") if line.startswith("## ")]
    assert headings == ["## On the Ice of Orrin", "## Abstract", "## 1 Introduction"]
    assert "\nAnn Birch\nann@orrin.example\n" in text


@pytest.mark.parametrize(
    "metadata", [None, "", "Paper Title (use style: paper title)", "Proceedings Template - WORD", "ice.dvi"]
)
def test_a_title_that_is_none_gives_way_to_the_largest_words_of_the_first_page(metadata: str | None) -> None:
    assert read_pdf(paper(title=metadata), "a.pdf").fields["title"] == "On the Ice of Orrin"


def test_a_title_in_the_metadata_is_kept() -> None:
    assert read_pdf(paper(title="Ice, and its uses"), "a.pdf").fields["title"] == "Ice, and its uses"


def test_the_first_line_of_a_cover_is_no_title() -> None:
    cover = (
        shown("See discussions, stats, and author profiles for this publication at: orrin.example", 40, 40)
        + shown("On the ice of Orrin\nand its uses", 40, 70, 18)
        + shown(STORY, 40, 200)
    )
    assert read_pdf(paper(cover=cover), "a.pdf").fields["title"] == "On the ice of Orrin and its uses"


def test_a_page_in_one_size_has_no_largest_words() -> None:
    assert read_pdf(pdf_drawing(shown(STORY, 40, 60)), "a.pdf").fields["title"] == ""


def test_an_address_in_large_letters_is_no_title() -> None:
    drawing = shown("www.orrin.example", 40, 60, 20) + shown(STORY, 40, 120)
    assert read_pdf(pdf_drawing(drawing), "a.pdf").fields["title"] == ""
