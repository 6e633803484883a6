"""Tables: one article a row."""

from datetime import date
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.schema import Article
from tests.support.files import (
    reason,
    write,
)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_each_row_of_a_table_is_an_article(tmp_path: Path, sign: str) -> None:
    head = sign.join(("ID", "Title", "url", "date", "publisher", "text", "views"))
    row = sign.join(
        ("l1", "Lamp", "https://o.example", "2024-03-02", "Post", '"One, two; ""three""\r\nfour."', "9")
    )
    (article,) = read_articles(write(tmp_path / "a.csv", f"\ufeff{head}\r\n{row}\r\n\r\n")).articles
    assert article == Article(
        id="l1",
        title="Lamp",
        text='One, two; "three"\nfour.',
        url="https://o.example",
        publisher="Post",
        date=date(2024, 3, 2),
    )


def test_rows_without_ids_are_numbered_and_a_bad_row_costs_itself_alone(tmp_path: Path) -> None:
    rows = [
        "text,date",
        "One stands here.,",
        ",",
        ",2024-01-01",
        "Three.,7.5.2024",
        "a,b,c",
        "x" * 200_000 + ",",
    ]
    result = read_articles(write(tmp_path / "A b.csv", "\n".join(rows)))
    assert [(a.id, a.title) for a in result.articles] == [
        ("a-b/1", "A b 1"),
        ("a-b/3", "A b 3"),
        ("a-b/5", "A b 5"),
    ]
    assert [error.source.rpartition(":")[2] for error in result.errors] == ["4", "6"]
    assert [error.reason.partition(":")[0] for error in result.errors] == [
        "holds no words",
        "has 3 values for 2 columns",
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("title,notes\na,b\n", "has no column 'text' but title, notes"),
        ("text,Text\na,b\n", "two columns 'text'"),
        ("text\n", "holds no rows"),
        ("", "no column 'text' but nothing"),
        ('"text\na', "is no table"),
        ('text\n"a', "is no row"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, content: str, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.csv", content)))


def test_a_day_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    rows = "text,date\nOne.,31.12.2024\nTwo.,12/31/2024\nThree.,soon\nFour.,01/05/2024\n"
    result = read_articles(write(tmp_path / "a.csv", rows))
    last = date(2024, 12, 31)
    assert [(a.text, a.date) for a in result.articles] == [
        ("One.", last),
        ("Two.", last),
        ("Three.", None),
        ("Four.", None),
    ]
    assert len(result.warnings) == 2


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "\ufeffsep=;"])
def test_the_line_in_which_excel_names_the_separator_is_no_row(tmp_path: Path, first: str) -> None:
    table = f'{first}\r\nid;title;text\r\n1;Pool;"It opens at seven, or at eight; on Sundays."\r\n'
    (article,) = read_articles(write(tmp_path / "a.csv", table)).articles
    assert (article.id, article.title, article.text) == (
        "1",
        "Pool",
        "It opens at seven, or at eight; on Sundays.",
    )


@pytest.mark.parametrize(
    "head",
    [
        *("Question,Answer", "question,answer,category", "Q,A", "Frage,Antwort", "Fragen,Antworten"),
        *("Question (EN),Answer (EN)", "Frequently asked question,Our answer", "prompt,completion"),
    ],
)
def test_of_a_question_and_its_answer_the_question_is_the_heading(tmp_path: Path, head: str) -> None:
    result = read_articles(write(tmp_path / "faq.csv", f'{head}\nWhen does it open?,"At seven, daily."\n'))
    (article,) = result.articles
    assert (article.title, article.text) == ("When does it open?", "# When does it open?\n\nAt seven, daily.")


@pytest.mark.parametrize(
    "table",
    [
        "Report of the harbour\nExported 2024-05-01\n\ntitle,text\nPool,It opens at seven.\n",
        '"# Tool v3",,\n,,\ntitle,,text\nPool,,It opens at seven.\n',
        "Harbour, report\n\ntitle;text\nPool;It opens at seven.\n",
        "Headline,Body\nPool,It opens at seven.\n",
        'title, content\n"Pool", "It opens at seven."\n',
    ],
)
def test_the_row_that_names_the_columns_is_found(tmp_path: Path, table: str) -> None:
    (article,) = read_articles(write(tmp_path / "a.csv", table)).articles
    assert (article.title, article.text) == ("Pool", "It opens at seven.")


def test_a_quotation_mark_behind_a_backslash_is_one(tmp_path: Path) -> None:
    table = 'id,text\n1,"He said \\"no\\", and left."\n2,Then it rained.\n'
    texts = [article.text for article in read_articles(write(tmp_path / "a.csv", table)).articles]
    assert texts == ['He said "no", and left.', "Then it rained."]


def test_fields_are_known_by_their_other_names(tmp_path: Path) -> None:
    table = (
        "Headline,Published At,Link,Author,Content,Text\nPool,2024-05-01,https://o.example,Ann,Old.,New.\n"
    )
    (article,) = read_articles(write(tmp_path / "a.csv", table)).articles
    assert (article.title, article.date, article.url) == ("Pool", date(2024, 5, 1), "https://o.example")
    assert (article.credit, article.text) == ("Ann", "New.")
