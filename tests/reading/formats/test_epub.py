"""Books: chapters in the order of reading, and books that cannot be read."""

from datetime import date
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import (
    epub_file,
    only,
    reason,
    write,
    zip_file,
)


def test_a_book_is_its_chapters_in_the_order_of_reading(tmp_path: Path) -> None:
    first = (
        "<h1>One</h1><div><p>It was <i>very</i>\n  dark &amp; cold.</p><ul><li><p>Oil</p></li><li>Wicks</li></ul></div>"
        "<table><tr><td><p>Night</p></td><td>Oil</td></tr></table><script>no()</script><nav>Contents</nav>"
    )
    data = write(tmp_path / "a.epub", epub_file(first, "<h1><span>Two</span></h1><p>Then<br/>light.</p>"))
    article = only(read_articles(data))
    assert (article.title, article.publisher, article.date) == ("The lamp", "Post", date(1904, 5, 2))
    assert article.text.split("\n\n") == [
        "# One",
        "It was very dark & cold.",
        "- Oil\n- Wicks",
        "| Night | Oil |",
        "# Two",
        "Then",
        "light.",
    ]


def test_the_bare_year_of_a_book_is_no_date(tmp_path: Path) -> None:
    assert only(read_articles(write(tmp_path / "a.epub", epub_file("<p>One.</p>", day="1904")))).date is None


LOCK = '<encryption><CipherReference URI="{}"/></encryption>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no whole archive"),
        (zip_file({"a.txt": "One."}), "is not in the archive"),
        (epub_file("<p>One.</p>", head="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "declares entities"),
        (epub_file("<p>One.</p>", head="<"), "no whole book"),
        (epub_file("<p>One.</p>", head="<a>" * 200_000), "no whole book"),
        (epub_file(), "holds no words"),
        (epub_file("<p></p>"), "holds no words"),
        (epub_file("<p>" * 200_001), "over 200,000 tags"),
        (epub_file("<p>x</p>", also={"META-INF/encryption.xml": LOCK.format("in/t%20/c0.xhtml")}), "(DRM)"),
    ],
)
def test_a_bad_book_says_what_is_wrong(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.epub", content)))


def test_a_book_whose_fonts_alone_are_locked_and_one_nested_without_end_are_read(tmp_path: Path) -> None:
    also: dict[str, bytes | str] = {"META-INF/encryption.xml": LOCK.format("in/font.otf")}
    assert only(read_articles(write(tmp_path / "a.epub", epub_file("<p>One.</p>", also=also)))).text == "One."
    read_articles(write(tmp_path / "b.epub", epub_file("<p>One.</p>" + "<div>" * 100_000)))
