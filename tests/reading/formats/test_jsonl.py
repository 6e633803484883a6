"""Records of a JSONL file: one article a line, kept as given, and every way a line can be bad."""

import codecs
import io
import json
from datetime import date
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.articles import ReadResult, read_articles
from rag.reading.fields import Origin, ReadArticle
from rag.reading.formats.jsonl import read_records
from rag.schema import Article
from tests.support.files import only, reason, write

ORIGIN = Origin(source="x.jsonl", path=PurePath("x.jsonl"))


def read_lines(data: bytes, *, line_bytes: int = 1_000_000) -> list[ReadArticle | ArticleError]:
    return list(read_records(io.BytesIO(data), ORIGIN, line_bytes=line_bytes))


def read_rows(*rows: object) -> list[ReadArticle | ArticleError]:
    return read_lines(
        "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows).encode()
    )


def only_article(items: list[ReadArticle | ArticleError]) -> ReadArticle:
    (item,) = items
    assert isinstance(item, ReadArticle)
    return item


def ids(items: list[ReadArticle | ArticleError]) -> list[str]:
    return [item.article.id for item in items if isinstance(item, ReadArticle)]


@given(st.text(min_size=1).filter(lambda text: text.strip() != ""))
def test_a_records_text_is_kept_code_point_for_code_point(text: str) -> None:
    assert only_article(read_rows({"id": "a", "text": text})).article.text == text


def test_a_record_gives_all_its_fields() -> None:
    row = {
        "id": " An id/1 ",
        "title": "T\nU",
        "url": "https://a.example",
        "date": "2023/12/07",
        "text": "\r\nOne.\f ",
    }
    read = only_article(read_rows(row | {"publisher": "P", "credit": "C", "section": "unknown", "n": [1]}))
    assert read.source == "x.jsonl:1"
    assert read.article == Article(
        id=" An id/1 ",
        title="T U",
        text="\r\nOne.\f ",
        url="https://a.example",
        publisher="P",
        credit="C",
        date=date(2023, 12, 7),
    )


def test_a_record_without_a_title_is_named_by_its_text_or_its_id() -> None:
    assert only_article(read_rows({"id": "a", "text": "Headline\nOne."})).article.title == "Headline"
    assert only_article(read_rows({"id": "b", "text": "One.", "title": None})).article.title == "b"


def test_hidden_characters_of_a_record_are_kept_and_noted() -> None:
    read = only_article(read_rows({"id": "a", "text": "Profit \u202enever\u202c rose."}))
    assert read.article.text == "Profit \u202enever\u202c rose."
    assert read.notes == ("2 control character(s) kept (U+202C, U+202E)",)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("{", "not JSON"),
        ("[1]", "a list"),
        ("null", "null"),
        ("[" * 100_000, "nesting too deep"),
        ('{"id": "a", "text": "One.", "n": ' + "1" * 5000 + "}", "a number too long"),
        ({"id": True, "text": "One."}, "'id' is true or false"),
        ({"id": "x" * 201, "text": "One."}, "201 characters"),
        ({"id": "a\tb", "text": "One."}, "control character"),
        ({"id": "a"}, "no words"),
        ({"id": "a", "text": " \n"}, "no words"),
        ({"id": "a", "text": ["One."]}, "'text' is a list"),
        ({"id": "a", "text": "One \ud800."}, "U+D800 at 4"),
    ],
)
def test_a_bad_record_is_named_by_its_line_and_the_rest_go_in(row: object, why: str) -> None:
    items = read_rows({"id": "first", "text": "One."}, "", row, {"id": "last", "text": "Two."})
    assert ids(items) == ["first", "last"]
    error = items[1]
    assert isinstance(error, ArticleError)
    assert error.source == "x.jsonl:3"
    assert why in error.reason
    assert len(str(error)) < 400


def test_a_record_file_may_have_a_byte_order_mark_crlf_and_no_last_line_end() -> None:
    data = codecs.BOM_UTF8 + b'{"id": "a", "text": "One."}\r\n\r\n{"id": "b", "text": "Two."}'
    assert ids(read_lines(data)) == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "no records"), (b"\n\n", "no records"), ('{"id": "a"}'.encode("utf-16"), "UTF-16")],
)
def test_a_record_file_that_is_empty_or_utf_16_is_one_error(data: bytes, why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        read_lines(data)


def test_a_line_with_a_bad_byte_is_read_and_noted() -> None:
    line = '{"id": "a", "text": "Café – Zürich"}'.encode().replace(b"Z", b"\x96Z")
    read = only_article(read_lines(line))
    assert read.article.text.replace("\ufffd", "") == "Café – Zürich"
    assert "not UTF-8" in read.notes[0]


def test_records_without_an_id_are_numbered_and_a_number_is_an_id() -> None:
    items = read_rows(
        {"text": "One."},
        {"id": 7, "text": "Two."},
        {"id": " ", "text": "Three."},
        {"id": None, "text": "Four."},
    )
    assert ids(items) == ["x/1", "7", "x/3", "x/4"]
    assert [item.article.title for item in items if isinstance(item, ReadArticle)] == [
        "x 1",
        "7",
        "x 3",
        "x 4",
    ]


def test_a_field_that_cannot_be_read_costs_itself_alone() -> None:
    row = {"id": "a", "text": "One.", "date": "soon", "title": "\udfff", "url": {"a": "b"}}
    read = only_article(read_rows(row))
    assert (read.article.date, read.article.title, read.article.url) == (None, "a", "")
    assert len(read.notes) == 3


def test_of_a_question_and_its_answer_the_question_is_the_heading() -> None:
    read = only_article(read_rows({"question": "When does it open?", "answer": "At seven."}))
    assert (read.article.title, read.article.text) == (
        "When does it open?",
        "# When does it open?\n\nAt seven.",
    )


def test_a_line_over_the_limit_is_passed_over_to_its_end() -> None:
    long = json.dumps({"id": "a", "text": "x" * 500}).encode()
    short = b'{"id": "b", "text": "One."}'
    items = read_lines(long + b"\n" + short, line_bytes=100)
    assert isinstance(items[0], ArticleError)
    assert (items[0].source, "split it" in items[0].reason) == ("x.jsonl:1", True)
    assert ids(items) == ["b"]
    assert ids(read_lines(short, line_bytes=len(short))) == ["b"]
    assert ids(read_lines(short, line_bytes=len(short) - 1)) == []


# --- as files ------------------------------------------------------------------------------------------------


def read_file(tmp_path: Path, *rows: object) -> ReadResult:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    return read_articles(write(tmp_path / "articles.jsonl", "\n".join(lines) + "\n"))


def test_a_bad_record_of_a_file_is_named_by_its_line_and_the_rest_go_in(tmp_path: Path) -> None:
    result = read_file(
        tmp_path,
        {"id": "good", "text": "Profit \u202enever\u202c rose."},
        {"id": "good", "text": "One."},
        "{",
        {"id": "last", "text": "Two."},
    )
    assert [a.id for a in result.articles] == ["good", "last"]
    path = tmp_path / "articles.jsonl"
    assert [e.source for e in result.errors] == [f"{path}:2", f"{path}:3"]
    assert "taken by" in result.errors[0].reason
    (warning,) = result.warnings
    assert warning.startswith(repr(f"{path}:1"))


def test_a_record_file_that_is_empty_or_not_utf_8_is_one_error(tmp_path: Path) -> None:
    assert "no records" in reason(read_articles(write(tmp_path / "x.jsonl", "\n\n")))
    wide = '{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}'.encode("utf-16")
    assert "UTF-16" in reason(read_articles(write(tmp_path / "x.jsonl", wide)))


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{"title": "T", "body": "It opens at seven."}', "It opens at seven."),
        ('{"Text": "It opens at seven."}', "It opens at seven."),
        ('{"Question": "When?", "Answer": "At seven."}', "# When?\n\nAt seven."),
        ('{"instruction": "When?", "output": "At seven."}', "# When?\n\nAt seven."),
    ],
)
def test_a_record_is_read_under_other_names_of_its_fields(tmp_path: Path, line: str, text: str) -> None:
    assert only(read_articles(write(tmp_path / "a.jsonl", line + "\n"))).text == text
