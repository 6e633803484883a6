"""The fields an article is made of: date, id, title."""

import re
from datetime import date
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.fields import Origin, article_from_fields, check_id, find_title, slug


def test_a_date_is_the_day_as_written_and_one_that_is_none_costs_itself_alone() -> None:
    article, notes = article_from_fields({"date": "7 Dec 2023"}, source="a", id="a", title="A", text="One.")
    assert (article.date, notes) == (date(2023, 12, 7), ())
    article, notes = article_from_fields({"date": "soon"}, source="a", id="a", title="A", text="One.")
    assert article.date is None
    assert notes == ("'date' 'soon' is no certain day (left out): write it as 2023-12-07",)


@pytest.mark.parametrize(
    ("fields", "title", "credit"),
    [
        ({"title": 1984}, "1984", ""),
        ({"title": ["One", "Two"]}, "One, Two", ""),
        ({"credit": ["Ada", "Tom"]}, "First line", "Ada, Tom"),
        ({"title": {"a": "b"}}, "First line", ""),
        ({"title": True}, "First line", ""),
        ({"title": "\udfff"}, "First line", ""),
    ],
)
def test_a_field_that_cannot_be_read_costs_itself_alone(
    fields: dict[str, object], title: str, credit: str
) -> None:
    article, notes = article_from_fields(fields, source="a", id="7", title="First line", text="One.")
    assert (article.title, article.credit) == (title, credit)
    assert bool(notes) == (title == "First line" and not credit)


def test_a_field_comes_before_what_stands_in_for_it() -> None:
    fields = {"id": "own", "title": "Own title", "url": " https://a.example "}
    article, _ = article_from_fields(fields, source="a", id="path", title="First line", text="One.")
    assert (article.id, article.title, article.url) == ("own", "Own title", "https://a.example")
    article, _ = article_from_fields({}, source="a", id="path", title="First line", text="One.")
    assert (article.id, article.title, article.url) == ("path", "First line", "")


@pytest.mark.parametrize(
    ("text", "markdown", "title"),
    [
        ("Intro text.\n\n# The Heading #\n\nOne.", True, "The Heading"),
        ("```\n# a comment\n```\n# Real\n", True, "Real"),
        ("#hashtag\n\nOne.", True, "hashtag"),
        ("## Second level\nOne.", True, "Second level"),
        ("A Headline Without a Stop\nOne.", False, "A Headline Without a Stop"),
        ("Who built it?\nOne.", False, "Who built it?"),
        ("  A headline, indented\nOne.", False, "A headline, indented"),
        ("A sentence with a stop.\nOne.", False, ""),
        ("东京的天气很好。\n一。", False, ""),
        ("word " * 40 + "\nOne.", False, ""),
        ("- a list item\n- another", False, ""),
        ("| a | b |\n| c | d |", False, ""),
        ("-----\n\nOne.", False, ""),
    ],
)
def test_a_title_is_found_where_the_text_has_one(text: str, *, markdown: bool, title: str) -> None:
    assert find_title(text, markdown=markdown) == title


@given(st.text("#a \t", max_size=12))
def test_marks_that_close_a_heading_are_no_part_of_it(heading: str) -> None:
    plain = re.fullmatch(r"[ \t]*(\S.*?)[ \t]*#*[ \t]*", heading)
    wanted = one_line(plain[1]) if plain else ""
    if wanted:
        assert find_title(f"# {heading}", markdown=True) == wanted


def test_a_long_row_of_spaces_in_a_heading_holds_nobody_up() -> None:
    assert find_title("# Orrin" + " " * 100_000 + "harbour", markdown=True) == "Orrin harbour"


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Hello World!", "hello-world"),
        ("2023/12 Déc/Été", "2023/12-déc/été"),
        ("हिन्दी", "हिन्दी"),
        ("東京 の 天気", "東京-の-天気"),
        ("cafe\u0301", "café"),
        ("a.b.c", "a-b-c"),
        ("--x--", "x"),
    ],
)
def test_a_name_is_spelt_as_an_id_in_any_script(name: str, id: str) -> None:
    assert slug(name) == id


@given(st.text(max_size=400))
def test_any_name_makes_an_id_that_passes(name: str) -> None:
    assert check_id(slug(name), "a") == slug(name)


def test_names_that_are_alike_in_their_first_two_hundred_letters_make_two_ids() -> None:
    assert slug("d" * 300 + "x") != slug("d" * 300 + "y")
    assert slug("!!!") != slug("???")


@pytest.mark.parametrize("id", ["", "  ", "x" * 201, "a\nb", "a\u2028b"])
def test_an_id_that_cannot_be_shown_is_refused(id: str) -> None:
    with pytest.raises(ArticleError, match="'id'"):
        check_id(id, "a")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2024-03-05-first-post.md", "2024-03-05"),
        ("2024-03-05.txt", "2024-03-05"),
        ("2024-03-05 minutes.docx", "2024-03-05"),
        ("2024-13-05-post.md", ""),
        ("2024-03-051.md", ""),
        ("post-2024-03-05.md", ""),
    ],
)
def test_a_day_at_the_head_of_a_files_name_is_its_date(name: str, day: str) -> None:
    assert Origin(source=name, path=PurePath("a", name)).day == day
