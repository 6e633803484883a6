"""The date of a page is its own, not that of another page, a visitor, a picture or a tale."""

from datetime import date
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from tests.support.files import SENTENCE, only, write

STORY = f"<h1>Lamp</h1><p>{SENTENCE}</p><p>{SENTENCE} It went on.</p>"
ITEM_LIST = (
    '{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2019-03-01"}]}'
)


def date_of(tmp_path: Path, body: str, head: str = "") -> date | None:
    page = f"<!DOCTYPE html><html><head><title>Lamp</title>{head}</head><body>{body}</body></html>"
    return only(read_articles(write(tmp_path / "a.html", page))).date


@pytest.mark.parametrize(
    "beside",
    [
        "<aside><time datetime='2019-03-01'>1 March 2019</time><a href='/b'>Another</a></aside>",
        "<div class='related'><time datetime='2019-03-01'>1 March 2019</time></div>",
        "<ul class='news'><li><time datetime='2019-03-01'>1 March 2019</time><a href='/b'>Another</a></li></ul>",
        "<article><h3><a href='/x'>Another</a></h3><time datetime='2019-03-01'>1 March 2019</time></article>",
        "<section><h2>News</h2><div class='card'><span class='date'>1 March 2019</span></div></section>",
        "<div id='comments'><time datetime='2019-03-01'>1 March 2019</time> I was there.</div>",
        "<div class='previous'><span class='post-date'>1 March 2019</span></div>",
    ],
)
def test_the_date_of_another_page_is_not_this_one_s(tmp_path: Path, beside: str) -> None:
    assert date_of(tmp_path, f"<article>{STORY}</article>{beside}") is None
    assert date_of(tmp_path, f"{beside}<article>{STORY}</article>") is None


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:image" content="https://a.example/2019/03/01/lamp.jpg">',
        f'<script type="application/ld+json">{ITEM_LIST}</script>',
    ],
)
def test_the_date_of_a_picture_or_of_a_list_is_not_the_page_s(tmp_path: Path, head: str) -> None:
    assert date_of(tmp_path, f"<article>{STORY}</article>", head) is None


def test_a_day_that_the_text_tells_of_is_not_the_page_s(tmp_path: Path) -> None:
    assert (
        date_of(tmp_path, f"<article>{STORY}<p>On 2017-05-06 and 3 May 1998: {SENTENCE}</p></article>")
        is None
    )


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ('<meta property="article:published_time" content="2024-03-02T10:00:00Z">', ""),
        (
            '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-03-02"}</script>',
            "",
        ),
        ("", "<time datetime='2024-03-02'>2 March 2024</time>"),
        ("", "<p class='byline'>Published on 2 March 2024 by Ada</p>"),
    ],
)
def test_the_date_that_a_page_states_of_itself_is_read(tmp_path: Path, head: str, line: str) -> None:
    body = f"<article>{STORY.replace('</h1>', '</h1>' + line)}</article>"
    assert date_of(tmp_path, body, head) == date(2024, 3, 2)
