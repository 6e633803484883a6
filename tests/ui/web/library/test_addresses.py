"""A page at a web address becomes an article of the visitor who named it, where visitors may have that."""

import html
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from rag.reading.web.article import fetch_file
from tests.support.browser_chat import site
from tests.support.files import SENTENCE, html_page
from tests.support.opened_page import Opened
from tests.support.web_server import LAMP_PAGE, PAGE, Web, moved, reply, web
from ui.web.library import addresses
from ui.web.options import Serving


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with web({"/lamp": reply(LAMP_PAGE), "/lamp?utm_source=x": reply(LAMP_PAGE)}) as there:
        fetch = partial(fetch_file, resolve=there.resolve, allowed=there.allowed)
        monkeypatch.setattr(addresses, "fetch_file", fetch)
        yield there


def told(address: str, wanted: str) -> str:
    """What a visitor of the chat at ``address`` is told who adds the page at ``wanted``."""
    with httpx.Client(base_url=address, timeout=60) as visitor:
        visitor.get("/")
        return html.unescape(str(Opened(visitor)("fetch", wanted)[0]))


def test_a_page_is_added_with_its_address_and_answers_its_visitor_alone(
    served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site(tmp_path, monkeypatch) as address, httpx.Client(base_url=address, timeout=60) as visitor:
        visitor.get("/")
        page = Opened(visitor)
        became, _, field = page("fetch", f"  {PAGE}?utm_source=x ")
        assert "Added “The lamp”." in became
        assert field == ""
        [[title, own]] = page("listing", "lamp", [], "", "", [])[0]["choices"]
        assert "The lamp" in title
        assert "added here" in title
        assert PAGE in page("read", [own])[0]
        assert "among the articles already" in html.unescape(page("fetch", PAGE)[0])
        with httpx.Client(base_url=address, timeout=60) as other:
            other.get("/")
            assert Opened(other)("listing", "lamp", [], "", "", [])[0]["choices"] == []
    assert len(served.requests) == 2


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("http://192.168.0.1/", "not on the open internet"),
        ("http://169.254.169.254/latest/meta-data", "not on the open internet"),
        ("http://[::1]/", "not on the open internet"),
        ("http://news.example/away", "not on the open internet"),
        ("http://news.example/gone", "answers 404 Not Found"),
        ("file:///etc/passwd", "'file:///etc/passwd'"),
        ("/etc/passwd", "'/etc/passwd'"),
        ("", "''"),
    ],
)
def test_what_is_not_fetched_is_said_in_a_line_and_the_address_stays(
    wanted: str, why: str, served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.answers["/away"] = moved("http://10.0.0.1/secret")
    with site(tmp_path, monkeypatch) as address:
        said = told(address, wanted)
    assert why in said
    assert "Added" not in said


def test_a_hostile_page_is_text_and_its_reader_is_apart(
    served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (
        f"<h1>&lt;img src=x onerror=alert(1)&gt;</h1><p>{SENTENCE} &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )
    served.answers["/lamp"] = reply(html_page(body, "<title>&lt;img src=x onerror=alert(1)&gt;</title>"))
    with site(tmp_path, monkeypatch) as address, httpx.Client(base_url=address, timeout=60) as visitor:
        visitor.get("/")
        said = str(Opened(visitor)("fetch", PAGE)[0])
    assert "<img" not in said
    assert "&lt;img src=x" in said


def test_where_others_may_come_nothing_is_fetched_unless_the_operator_says_so(
    served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Serving().fetching
    assert not Serving(host="0.0.0.0").fetching  # noqa: S104
    assert not Serving(users=tmp_path / "users").fetching
    assert Serving(users=tmp_path / "users", addresses=True).fetching
    with site(tmp_path / "a", monkeypatch, hosts=("news.example",)) as address:
        assert "this server fetches no addresses" in told(address, PAGE)
    assert served.requests == []
    with site(tmp_path / "b", monkeypatch, hosts=("news.example",), addresses=True) as address:
        assert "Added “The lamp”." in told(address, PAGE)


def test_an_address_counts_as_an_article_added(
    served: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site(tmp_path, monkeypatch, upload_rate="1/minute") as address:
        assert "Added" in told(address, PAGE)
        assert "Added" not in told(address, PAGE)
    assert len(served.requests) == 1
