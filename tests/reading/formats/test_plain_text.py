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
    [("id: " + "x" * 201, "201 characters"), ('id: "a\\nb"', "control character")],
)
def test_an_id_in_front_matter_that_cannot_be_shown_is_an_error(tmp_path: Path, head: str, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.md", f"---\n{head}\n---\nOne.")))


@pytest.mark.parametrize(
    "head", ["title: Ferry: the new one", "date: 01/05/2024", "title: {a: b}", 'title: "\\ud800"']
)
def test_a_head_that_cannot_be_read_costs_itself_alone(tmp_path: Path, head: str) -> None:
    result = read_articles(write(tmp_path / "a.md", f"---\n{head}\n---\nOne."))
    assert only(result).text == "One."
    assert len(result.warnings) == 1


PICTURE = "".join(chr(33 + n * 7 % 90) for n in range(4000)).translate(
    {ord(c): None for c in "!#$%&'()*,-.:;<=>?@[\\]^_`{|}~\""}
)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("![map](data:image/png;base64,{})", "![map]()"),
        ("[image1]: <data:image/jpeg;base64,{}>", "[image1]: <>"),
        ('<img alt="map" src="data:image/svg+xml;charset=utf-8;base64,{}">', '<img alt="map" src="">'),
        ("{}", ""),
    ],
)
def test_a_picture_in_a_text_is_left_out_and_counted(
    tmp_path: Path, name: str, written: str, kept: str
) -> None:
    result = read_articles(write(tmp_path / name, f"One.\n\n{written.format(PICTURE)}\n\nTwo."))
    if name == "a.md":  # what stands for the picture
        kept = "map" if "map" in kept else ""
    assert only(result).text.split() == ["One.", *kept.split(), "Two."]
    assert any("1 embedded file(s) left out" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    "text", ["a" * 5000, "data:image/png;base64,iVBORw0KGgo=", "https://a.example/" + "ab/" * 800]
)
def test_long_words_that_are_no_picture_stay(tmp_path: Path, text: str) -> None:
    assert only(read_articles(write(tmp_path / "a.txt", f"One. {text}"))).text == f"One. {text}"


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
