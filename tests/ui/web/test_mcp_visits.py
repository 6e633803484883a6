"""The protocol over HTTP on a server of many visitors: each sees what is theirs, and is counted."""

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client

from tests.support.browser_chat import site
from tests.support.opened_page import Opened
from tests.support.protocol_client import Spoken, spoken
from tests.support.waiting import wait_until
from tests.test_chatbot import HaltingChat
from ui.web.access.users import Users

pytestmark = pytest.mark.slow

LIGHT = "The lighthouse at Orrin was built in 1871 by Maria Keller."
WHO = "Who built the lighthouse at Orrin?"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}
BOTH = {"accept": "application/json, text/event-stream"}


@asynccontextmanager
async def signing_in(address: str, name: str, password: str) -> AsyncIterator[Any]:
    async with (
        httpx2.AsyncClient(auth=(name, password)) as http,
        streamable_http_client(f"{address}/mcp", http_client=http) as streams,
    ):
        yield streams


@contextmanager
def signed_in(address: str, name: str) -> Iterator[Spoken]:
    with spoken(signing_in(address, name, f"{name}'s horse")) as there:
        yield there


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("ada", "bert"):
        Users(tmp_path / "users").add(name, f"{name}'s horse")
    with site(tmp_path / "home", monkeypatch, users=tmp_path / "users", mcp=True) as found:
        yield found


def test_a_visitor_reaches_their_own_articles_by_the_protocol_and_nobody_else_does(signed: str) -> None:
    with httpx.Client(base_url=signed, auth=("ada", "ada's horse"), timeout=30) as browser:
        browser.get("/")
        assert "Added" in Opened(browser).add("light.txt", LIGHT.encode())
    with signed_in(signed, "ada") as ada, signed_in(signed, "bert") as bert:
        (statement,) = ada.call("ask", question=WHO)["statements"]
        assert statement["quote"] == LIGHT
        uri, own = statement["uri"], statement["article"]
        assert ada.read(uri)[0].text == LIGHT
        assert own in [one["article"] for one in ada.call("list_articles")["articles"]]
        assert own in [one.name for one in ada.resources()]
        assert ada.call("search", query=WHO)["passages"][0]["article"] == own

        assert bert.call("ask", question=WHO)["abstained"] is True
        assert "there is no article" in bert.unread(uri)
        assert "there is no article" in bert.refused("read_article", article=own)
        assert len(bert.call("list_articles")["articles"]) == len(bert.resources()) == 1
        assert own not in [one["article"] for one in bert.call("search", query=WHO, limit=50)["passages"]]
        assert "no article has the id" in bert.refused("ask", question=WHO, articles=[own])
        assert bert.call("check", text=LIGHT)["all_supported"] is False


def test_a_wrong_password_opens_nothing(signed: str) -> None:
    with pytest.raises(BaseExceptionGroup), spoken(signing_in(signed, "ada", "wrong")):
        pass


def test_another_visitors_session_shows_only_what_is_ones_own(signed: str) -> None:
    with httpx.Client(base_url=signed, auth=("ada", "ada's horse"), timeout=30) as browser:
        browser.get("/")
        assert "Added" in Opened(browser).add("light.txt", LIGHT.encode())
        session = browser.post("/mcp", json=HELLO, headers=BOTH).headers["mcp-session-id"]
    listing = {"jsonrpc": "2.0", "id": 2, "method": "resources/list", "params": {}}
    headers = {**BOTH, "mcp-session-id": session, "mcp-protocol-version": "2025-06-18"}
    for name, count in (("ada", 2), ("bert", 1)):
        heard = httpx.post(f"{signed}/mcp", json=listing, headers=headers, auth=(name, f"{name}'s horse"))
        assert heard.text.count('"uri"') == count


@pytest.fixture
def counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with site(tmp_path / "home", monkeypatch, address_rate="3/minute", mcp=True) as found:
        yield found


def test_questions_checks_and_searches_count_together_and_reading_does_not(counted: str) -> None:
    with spoken(f"{counted}/mcp") as there:
        there.call("ask", question=WHO)
        there.call("check", text=LIGHT)
        there.call("search", query=WHO)
        for tool, arguments in (
            ("ask", {"question": WHO}),
            ("check", {"text": LIGHT}),
            ("search", {"query": WHO}),
        ):
            line = there.refused(tool, **arguments)
            assert "This address has asked 3 questions within 60 seconds, which is the limit: wait" in line
        (listed,) = there.call("list_articles")["articles"]
        assert there.call("read_article", article=listed["article"])["text"]
        assert there.read(there.resources()[0].uri)[0].text


def test_a_session_that_is_opened_counts_as_a_question(counted: str) -> None:
    with ExitStack() as stack:
        for _ in range(3):
            assert len(stack.enter_context(spoken(f"{counted}/mcp", mode="legacy")).tools()) == 5
        refused = httpx.post(f"{counted}/mcp", json=HELLO, headers=BOTH)
    assert refused.status_code == 429
    assert "which is the limit" in refused.json()["detail"]


def test_the_server_is_reached_by_the_name_it_was_given_and_by_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site(tmp_path / "home", monkeypatch, hosts=("pincite.example",), mcp=True) as address:
        for host, status in (("pincite.example", 200), ("elsewhere.example", 421)):
            reply = httpx.post(f"{address}/mcp", json=HELLO, headers={**BOTH, "host": host})
            assert reply.status_code == status
        foreign = {**BOTH, "origin": "https://elsewhere.example"}
        assert httpx.post(f"{address}/mcp", json=HELLO, headers=foreign).status_code == 403


def test_a_client_that_cuts_the_connection_stops_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = HaltingChat(replies=["It was built [1]."], go=threading.Event(), ended=threading.Event())
    meta: dict[str, Any] = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "a test", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    arguments = {"question": "How long did Colossus take to build?"}
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": arguments, "_meta": meta},
    }
    headers = {**BOTH, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "ask"}
    with site(tmp_path / "home", monkeypatch, chat, mcp=True) as address:
        with httpx.Client(base_url=address) as outside, pytest.raises(httpx.ReadTimeout):
            outside.post("/mcp", json=call, headers=headers, timeout=httpx.Timeout(30, read=4))
        wait_until(lambda: bool(chat.prompts), within_s=20)
        assert chat.ended.wait(10)
        assert not chat.go.is_set()
