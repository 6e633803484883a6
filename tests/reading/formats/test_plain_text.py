"""Plain text and Markdown: front matter, titles, and the text that follows."""

from datetime import date
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.schema import Article
from tests.support.files import only, reason, write


def test_front_matter_is_read_and_the_text_starts_after_it(tmp_path: Path) -> None:
    head = "---\nid: my-id\ntitle: 'A: title'\nurl: https://a.example/x\npublisher: P\ncredit: C\n"
    article = only(
        read_articles(
            write(tmp_path / "a.md", head + "date: 2023-12-07\ntags: [a, b]\n---\n\nOne.\n\n---\n\nTwo.\n")
        )
    )
    assert article == Article(
        id="my-id",
        title="A: title",
        text="One.\n\n---\n\nTwo.",
        url="https://a.example/x",
        publisher="P",
        credit="C",
        date=date(2023, 12, 7),
    )


@pytest.mark.parametrize(
    "text",
    ["---\nno end of this", "----\n\nOne.\n\n----", "--- a dash\nOne.\n---\n", "- one\n---\n- two", "---"],
)
def test_dashes_that_are_no_front_matter_are_text(tmp_path: Path, text: str) -> None:
    assert only(read_articles(write(tmp_path / "a.md", text))).text == text.strip()


def test_a_plain_text_file_has_no_front_matter(tmp_path: Path) -> None:
    text = "---\ntitle: One\n---\nTwo."
    assert only(read_articles(write(tmp_path / "a.txt", text))).text == text


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("title: [", "line 3"),
        ("title: [a, b]", "'title' is a list"),
        ("title: {a: b}", "'title' is a mapping"),
        ("date: 2023-02-30", "'2023-02-30'"),
        ("id: " + "x" * 201, "201 characters"),
        ('id: "a\\nb"', "control character"),
        ('title: "\\ud800"', "half a character"),
    ],
)
def test_front_matter_that_cannot_be_used_is_an_error_that_says_why(
    tmp_path: Path, head: str, why: str
) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.md", f"---\n{head}\n---\nOne.")))


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "Intro text.\n\n# The Heading #\n\nOne.", "The Heading"),
        ("a.md", "```\n# a comment\n```\n# Real\n", "Real"),
        ("a.md", "#hashtag\n\nOne.", "hashtag"),
        ("a.md", "## Second level\nOne.", "Second level"),
        ("a.txt", "A Headline Without a Stop\nOne.", "A Headline Without a Stop"),
        ("a.txt", "Who built it?\nOne.", "Who built it?"),
        ("a.txt", "\n\n  A headline, indented\nOne.", "A headline, indented"),
        ("my file.txt", "A sentence with a stop.\nOne.", "my file"),
        ("my file.txt", "东京的天气很好。\n一。", "my file"),
        ("my file.txt", "word " * 40 + "\nOne.", "my file"),
        ("my file.txt", "- a list item\n- another", "my file"),
        ("my file.txt", "| a | b |\n| c | d |", "my file"),
        ("my file.txt", "-----\n\nOne.", "my file"),
    ],
)
def test_a_title_is_found_and_its_line_stays_in_the_text(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    article = only(read_articles(write(tmp_path / name, text)))
    assert article.title == title
    assert article.text == text.lstrip("\n").rstrip()
