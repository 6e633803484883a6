"""Lists of links: those that are the page's own text, and those that lead elsewhere."""

from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import SENTENCE, html_page, only, write

TALKS = [
    f"Night {n} of the lamp, told by keeper {name} in the tower"
    for n, name in enumerate(("Ann", "Bo", "Cy", "Di", "Eve"), 1)
]


def links(target: str) -> str:
    return "".join(f'<li><a href="{target}{n}">{talk}</a></li>' for n, talk in enumerate(TALKS))


def text_of(tmp_path: Path, body: str) -> str:
    page = html_page(f"<h1>Lamp</h1><p>{SENTENCE} {SENTENCE} {SENTENCE}</p>{body}")
    return only(read_articles(write(tmp_path / "a.html", page))).text


@pytest.mark.parametrize(
    "body",
    [
        f"<h3>Talks</h3><ul>{links('/talk/')}</ul><p>{SENTENCE} It went on.</p>",
        f"<h3>Talks</h3><ul>{links('#talk')}</ul><h3>Night 1</h3><p>{SENTENCE} It went on.</p>",
    ],
)
def test_the_programme_of_a_page_is_read_though_its_items_are_links(tmp_path: Path, body: str) -> None:
    assert "### Talks\n\n" + "\n".join(f"- {talk}" for talk in TALKS) in text_of(tmp_path, body)


@pytest.mark.parametrize(
    "body",
    [
        f"<h3>Related stories</h3><ul>{links('/talk/')}</ul><p>{SENTENCE} It went on.</p>",
        f"<p>{SENTENCE} It went on.</p><h3>Talks</h3><ul>{links('/talk/')}</ul>",
        f"<ul class='more-news'>{links('#talk')}</ul><p>{SENTENCE} It went on.</p>",
        f"<nav><h3>Talks</h3><ul>{links('/talk/')}</ul><p>{SENTENCE}</p></nav><p>{SENTENCE} It went on.</p>",
    ],
)
def test_links_to_other_pages_are_not_read(tmp_path: Path, body: str) -> None:
    assert TALKS[1] not in text_of(tmp_path, body)
