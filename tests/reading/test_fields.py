"""Records of a JSONL file, and the fields an article is made of."""

import codecs
import io
import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.fields import ReadArticle, article_from_fields, checked_id, slug, title_in
from rag.reading.formats.jsonl import read_records
from rag.schema import Article


def read(data: bytes, *, line_bytes: int = 1_000_000) -> list[ReadArticle | ArticleError]:
    return list(read_records(io.BytesIO(data), "x.jsonl", line_bytes=line_bytes))


def records(*rows: object) -> list[ReadArticle | ArticleError]:
    return read("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode())


def only(found: list[ReadArticle | ArticleError]) -> ReadArticle:
    (one,) = found
    assert isinstance(one, ReadArticle)
    return one


def ids(found: list[ReadArticle | ArticleError]) -> list[str]:
    return [one.article.id for one in found if isinstance(one, ReadArticle)]


# --- records -----------------------------------------------------------------------------------------------


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_a_records_text_is_kept_code_point_for_code_point(text: str) -> None:
    assert only(records({"id": "a", "text": text})).article.text == text


def test_a_record_gives_all_its_fields() -> None:
    row = {
        "id": " An id/1 ",
        "title": "T\nU",
        "url": "https://a.example",
        "date": "2023/12/07",
        "text": "\r\nOne.\f ",
    }
    found = only(records(row | {"publisher": "P", "credit": "C", "section": "unknown", "n": [1]}))
    assert found.source == "x.jsonl:1"
    assert found.article == Article(
        id=" An id/1 ",
        title="T U",
        text="\r\nOne.\f ",
        url="https://a.example",
        publisher="P",
        credit="C",
        date=date(2023, 12, 7),
    )


def test_a_record_without_a_title_is_named_by_its_text_or_its_id() -> None:
    assert only(records({"id": "a", "text": "Headline\nOne."})).article.title == "Headline"
    assert only(records({"id": "b", "text": "One.", "title": None})).article.title == "b"


def test_hidden_characters_of_a_record_are_kept_and_noted() -> None:
    found = only(records({"id": "a", "text": "Profit \u202enever\u202c rose."}))
    assert found.article.text == "Profit \u202enever\u202c rose."
    assert found.notes == ("2 control character(s) kept (U+202C, U+202E)",)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("{", "not JSON"),
        ("[1]", "a list"),
        ("null", "null"),
        ("[" * 100_000, "nesting too deep"),
        ('{"id": "a", "text": "One.", "n": ' + "1" * 5000 + "}", "a number too long"),
        ({"text": "One."}, "'id' is ''"),
        ({"id": "", "text": "One."}, "'id' is ''"),
        ({"id": "  ", "text": "One."}, "'id' is '  '"),
        ({"id": 7, "text": "One."}, "'id' is a number"),
        ({"id": True, "text": "One."}, "'id' is true or false"),
        ({"id": "x" * 201, "text": "One."}, "201 characters"),
        ({"id": "a\tb", "text": "One."}, "control character"),
        ({"id": "a"}, "no words"),
        ({"id": "a", "text": " \n"}, "no words"),
        ({"id": "a", "text": ["One."]}, "'text' is a list"),
        ({"id": "a", "text": "One \ud800."}, "U+D800 at 4"),
        ({"id": "a", "text": "One.", "title": "\udfff"}, "'title' holds half a character"),
        ({"id": "a", "text": "One.", "date": "soon"}, "'soon'"),
        ({"id": "a", "text": "One.", "date": 20231207}, "'date' is a number"),
    ],
)
def test_a_bad_record_is_named_by_its_line_and_the_rest_go_in(row: object, why: str) -> None:
    found = records({"id": "first", "text": "One."}, "", row, {"id": "last", "text": "Two."})
    assert ids(found) == ["first", "last"]
    error = found[1]
    assert isinstance(error, ArticleError)
    assert error.source == "x.jsonl:3"
    assert why in error.reason
    assert len(str(error)) < 400


def test_a_record_file_may_have_a_byte_order_mark_crlf_and_no_last_line_end() -> None:
    data = codecs.BOM_UTF8 + b'{"id": "a", "text": "One."}\r\n\r\n{"id": "b", "text": "Two."}'
    assert ids(read(data)) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "no records"), (b"\n\n", "no records"), ('{"id": "a"}'.encode("utf-16"), "UTF-16")],
)
def test_a_record_file_that_is_empty_or_utf_16_is_one_error(data: bytes, why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        read(data)


def test_a_line_that_is_not_utf_8_is_an_error_of_its_own() -> None:
    found = read(b'{"id": "caf\xe9", "text": "a"}\n{"id": "b", "text": "One."}')
    assert "not UTF-8" in str(found[0])
    assert ids(found) == ["b"]


def test_a_line_over_the_limit_is_passed_over_to_its_end() -> None:
    long = json.dumps({"id": "a", "text": "x" * 500}).encode()
    short = b'{"id": "b", "text": "One."}'
    found = read(long + b"\n" + short, line_bytes=100)
    assert isinstance(found[0], ArticleError)
    assert (found[0].source, "split it" in found[0].reason) == ("x.jsonl:1", True)
    assert ids(found) == ["b"]
    assert ids(read(short, line_bytes=len(short))) == ["b"]
    assert ids(read(short, line_bytes=len(short) - 1)) == []


# --- fields ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-12-07", date(2023, 12, 7)),
        ("2023/12/07", date(2023, 12, 7)),
        ("2023/12/7", date(2023, 12, 7)),
        ("20231207", date(2023, 12, 7)),
        ("2023-12-07T23:59:59Z", date(2023, 12, 7)),
        ("2023-12-07 23:59:59.10 -05:00", date(2023, 12, 7)),
        ("  2024-02-29 ", date(2024, 2, 29)),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_the_day_as_written(written: str | None, day: date | None) -> None:
    assert article_from_fields({"date": written}, source="a", id="a", title="A", text="One.").date == day


@pytest.mark.parametrize(
    "written", ["2023-02-30", "yesterday", "2023-12/07", "2023-12-07 or so", "0000-01-01"]
)
def test_what_is_no_day_is_refused_as_written(written: str) -> None:
    with pytest.raises(ArticleError, match=f"'{written}' is no day"):
        article_from_fields({"date": written}, source="a", id="a", title="A", text="One.")


def test_a_field_comes_before_what_stands_in_for_it() -> None:
    fields = {"id": "own", "title": "Own title", "url": " https://a.example "}
    article = article_from_fields(fields, source="a", id="path", title="First line", text="One.")
    assert (article.id, article.title, article.url) == ("own", "Own title", "https://a.example")
    article = article_from_fields({}, source="a", id="path", title="First line", text="One.")
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
    assert title_in(text, markdown=markdown) == title


@given(st.text("#a \t", max_size=12))
def test_marks_that_close_a_heading_are_no_part_of_it(heading: str) -> None:
    plain = re.fullmatch(r"[ \t]*(\S.*?)[ \t]*#*[ \t]*", heading)
    wanted = one_line(plain[1]) if plain else ""
    if wanted:
        assert title_in(f"# {heading}", markdown=True) == wanted


def test_a_long_row_of_spaces_in_a_heading_holds_nobody_up() -> None:
    assert title_in("# Orrin" + " " * 100_000 + "harbour", markdown=True) == "Orrin harbour"


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
    assert checked_id(slug(name), "a") == slug(name)


def test_names_that_are_alike_in_their_first_two_hundred_letters_make_two_ids() -> None:
    assert slug("d" * 300 + "x") != slug("d" * 300 + "y")
    assert slug("!!!") != slug("???")


@pytest.mark.parametrize("id", ["", "  ", "x" * 201, "a\nb", "a\u2028b"])
def test_an_id_that_cannot_be_shown_is_refused(id: str) -> None:
    with pytest.raises(ArticleError, match="'id'"):
        checked_id(id, "a")
