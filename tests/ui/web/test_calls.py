"""What a call of a page may name: its visitor's own files and its own page, and nothing else on this machine."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.browser_chat import site
from tests.support.manual_clock import ManualClock
from tests.support.opened_page import Opened
from tests.support.web_server import reply, web
from ui.web.access import rate_limits
from ui.web.access.pages import Pages
from ui.web.access.rate_limits import Rate
from ui.web.library.inbox import Inbox
from ui.web.refusal import Refusal

QUESTION = "How long did Colossus take to build?"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    with site(tmp_path / "home", monkeypatch) as there:
        yield there


@pytest.fixture
def visitor(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as found:
        found.get("/")
        yield found


@pytest.fixture
def other(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as found:
        found.get("/")
        yield found


def file(path: object, **more: object) -> dict[str, object]:
    return {"path": str(path), "meta": {"_type": "gradio.FileData"}, **more}


@pytest.mark.parametrize("more", [{}, {"is_stream": True}, {"url": "http://127.0.0.1:9/x.txt"}])
@pytest.mark.parametrize("name", ["add", "ask_typed"])
def test_no_file_of_this_machine_is_read_or_deleted(
    visitor: httpx.Client, tmp_path: Path, name: str, more: dict[str, object]
) -> None:
    secret = tmp_path / "secret" / "secret.txt"
    secret.parent.mkdir()
    secret.write_text("The password of the harbour is 4711. Nobody may know it.")
    page = Opened(visitor)
    for path in (secret, secret.parent / "not-there.txt", "/etc/hosts.txt"):
        files = [file(path, **more)]
        data = [files] if name == "add" else [{"text": "", "files": files}, "", "", [], "", "", []]
        with pytest.raises(RuntimeError, match="was not sent from this page"):
            page(name, *data)
    assert secret.is_file()
    [[title, _]] = page("listing", "", [], "", "", [])[0]["choices"]
    assert "Anthropic" in title


@pytest.mark.parametrize("route", ["queue/join", "call/ask"])
def test_no_address_in_a_call_is_fetched(visitor: httpx.Client, route: str) -> None:
    with web({"/x.txt": reply("The keepers of Orrin.", "text/plain")}) as there:
        path = f"http://127.0.0.1:{there.endpoint[1]}/x.txt"
        page = Opened(visitor)
        for number in page.numbers.values():
            body = {"fn_index": number, "data": [[file(path)], {"a": file(path)}], "session_hash": "s"}
            said = visitor.post(f"/gradio_api/{route}", json=body, headers=page.origin)
            assert said.status_code == 400, said.text
    assert there.requests == []


def test_a_file_can_be_named_by_the_one_who_sent_it_and_once(
    visitor: httpx.Client, other: httpx.Client
) -> None:
    mine, theirs = Opened(visitor), Opened(other)
    sent = mine.send("light.txt", b"The keepers of Orrin kept a log.")
    with pytest.raises(RuntimeError, match="was not sent from this page"):
        theirs("add", [sent])
    assert Path(sent["path"]).is_file()
    assert "Added" in mine("add", [sent])[0]
    assert not Path(sent["path"]).exists()
    with pytest.raises(RuntimeError, match="was not sent from this page"):
        mine("add", [sent])


def test_two_visitors_who_send_the_same_file_each_have_it(visitor: httpx.Client, other: httpx.Client) -> None:
    sent = [Opened(one).send("light.txt", b"The keepers of Orrin kept a log.") for one in (visitor, other)]
    assert sent[0]["path"] != sent[1]["path"]
    assert "Added" in Opened(visitor)("add", [sent[0]])[0]
    assert "Added" in Opened(other)("add", [sent[1]])[0]


def test_what_was_sent_can_be_fetched_by_nobody_whatever_it_is_called(
    visitor: httpx.Client, other: httpx.Client
) -> None:
    sent = Opened(visitor).send("checked-text.md", b"The keepers of Orrin kept a log.")
    for one in (visitor, other):
        assert one.get(f"/gradio_api/file={sent['path']}").status_code == 404


def test_a_report_is_fetched_by_the_one_who_had_it_made_alone(
    visitor: httpx.Client, other: httpx.Client
) -> None:
    found = Opened(visitor)("checked", "Colossus was built in 122 days.", [], "", "", [])
    path = found[2]["value"]["path"]
    assert "Colossus was built in 122 days" in visitor.get(f"/gradio_api/file={path}").text
    assert other.get(f"/gradio_api/file={path}").status_code == 404


def test_a_page_is_listened_to_and_stopped_by_its_visitor_alone(
    visitor: httpx.Client, other: httpx.Client
) -> None:
    page = Opened(visitor)
    page.ask(QUESTION)
    nobody = httpx.Client(base_url=visitor.base_url)
    for one in (other, nobody):
        with one.stream("GET", "/gradio_api/queue/data", params={"session_hash": page.session}) as said:
            assert said.status_code == 403
        stop = {"session_hash": page.session, "fn_index": 0, "event_id": "x"}
        assert one.post("/gradio_api/cancel", json=stop, headers=page.origin).status_code == 403
        theirs = Opened(other)
        theirs.session = page.session
        with pytest.raises(RuntimeError, match="another visitor's"):
            theirs("search", "", "")
    nobody.close()


@pytest.mark.parametrize(
    "body", [b"[27]", b"{}", b"\xff", b"", b"[" * 100_000, b'{"a":' * 5000 + b"1" + b"}" * 5000]
)
def test_a_call_that_cannot_be_read_is_refused_in_words(visitor: httpx.Client, body: bytes) -> None:
    said = visitor.post(
        "/gradio_api/queue/join",
        content=body,
        headers={**Opened(visitor).origin, "content-type": "application/json"},
    )
    assert said.status_code == 400
    assert "call" in said.json()["detail"]


def test_a_flood_of_calls_is_refused_before_it_waits(
    visitor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "_CALLS", Rate(5, 60))
    page = Opened(visitor)
    body = {"fn_index": page.numbers["search"], "data": ["", ""], "session_hash": page.session}
    codes = [
        visitor.post("/gradio_api/queue/join", json=body, headers=page.origin).status_code for _ in range(70)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_what_is_not_there_is_kept_by_no_cache(visitor: httpx.Client) -> None:
    assert visitor.get("/assets/none.js").headers["cache-control"] == "no-store"


def test_the_server_takes_no_name_of_its_own_from_a_visitor(visitor: httpx.Client) -> None:
    assert "evil.example" not in visitor.get("/config", headers={"x-forwarded-host": "evil.example"}).text


def test_no_text_on_the_page_is_set_as_mathematics(visitor: httpx.Client) -> None:
    texts = [
        one["props"]
        for one in visitor.get("/config").json()["components"]
        if one["type"] in ("markdown", "chatbot")
    ]
    own = ("# Pincite", "Paste a draft", "Everybody who", "[New conv", "[Close")  # nobody's but ours
    assert [
        one for one in texts if one.get("latex_delimiters") and not str(one.get("value")).startswith(own)
    ] == []


# --- what lies there, and whose page it is ----------------------------------------------------------------


def test_files_beyond_the_room_are_refused_and_old_ones_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: ManualClock
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    inbox = Inbox(1000, now=clock)
    stored = tmp_path / ("0" * 64) / "a.txt"
    stored.parent.mkdir()
    stored.write_bytes(b"x" * 900)
    mine = inbox.put("ada", str(stored))
    with pytest.raises(Refusal, match="is not read yet") as refused, inbox.room("ada", 101):
        pass
    assert refused.value.status == 429
    with inbox.room("ada", 100), inbox.room("bob", 1000):
        assert inbox.holds("ada", mine)
    assert not inbox.holds("bob", mine)
    for n in range(8):
        with inbox.room(f"v{n}", 1000):
            inbox.put(f"v{n}", str(stored))
    with pytest.raises(Refusal, match="busy") as busy, inbox.room("cy", 950), inbox.room("di", 1000):
        pass
    assert busy.value.status == 507
    clock.seconds += 601
    os.utime(stored, (0, 0))
    inbox.sweep()
    assert [path.name for path in tmp_path.iterdir()] == []
    assert not inbox.holds("ada", mine)


def test_a_page_without_a_stream_for_a_while_counts_as_left(clock: ManualClock) -> None:
    pages = Pages(now=clock)
    assert not pages.left("p")
    pages.claim("p", "ada")
    assert not pages.left("p")
    clock.seconds += 16
    assert pages.left("p")
    with pages.listening("p"):
        clock.seconds += 1000
        assert not pages.left("p")
    assert not pages.left("p")
    with pytest.raises(Refusal):
        pages.claim("p", "bob")
