"""The gate from outside: what is not on the list does not exist, whoever asks; who asks is known behind it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Message, Receive, Scope, Send

from ui.web.access.gate import Gate
from ui.web.access.rate_limits import Limits
from ui.web.access.sessions import Sessions
from ui.web.access.users import Users
from ui.web.framing import read_framing
from ui.web.options import Serving

HERE = "http://127.0.0.1:8765"
HEADERS = {
    "content-security-policy": "default-src 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says who asked and how much was sent; tries to open what the gate closes."""
    request = Request(scope, receive)
    said = {
        "visitor": request.state.visitor.id,
        "name": request.state.visitor.name,
        "address": request.state.address,
        "page": request.state.page,
        "bytes": len(await request.body()),
    }
    await JSONResponse(said, headers={"server": "echo/1.0", "access-control-allow-origin": "*"})(
        scope, receive, send
    )


class Outside:
    """A client of a gate, with a jar of cookies of its own."""

    def __init__(self, serving: Serving | None = None, *, sessions: Sessions | None = None) -> None:
        self.gate = Gate(echo, serving=serving or Serving(), sessions=sessions)
        self.cookies = httpx.Cookies()

    def __call__(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401
        async def reply() -> httpx.Response:
            transport = httpx.ASGITransport(self.gate)
            async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=self.cookies) as client:
                found = await client.request(method, path, **options)
                self.cookies = client.cookies
                return found

        return asyncio.run(reply())


def basic(text: str) -> dict[str, str]:
    """The header of a program that signs in."""
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def known(outside: Outside) -> Outside:
    """A browser that has opened the page."""
    assert outside("GET", "/").status_code == 200
    return outside


@pytest.fixture
def guarded(tmp_path: Path) -> Outside:
    users = Users(tmp_path / "users")
    users.add("ada", "correct horse")
    users.add("bob", "battery staple")
    return Outside(Serving(users=tmp_path / "users"), sessions=Sessions(users, limits=Limits()))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("HEAD", "/"),
        ("GET", "/static/pincite.js"),
        ("GET", "/static/pincite.css"),
        ("GET", "/static/fonts/ui-sans-serif/ui-sans-serif-Regular.woff2"),
        ("GET", "/assets/index-DphvyggB.js"),
        ("GET", "/theme.css"),
        ("GET", "/api/me"),
        ("GET", "/api/chats/abc_-1/download"),
        ("GET", "/api/turns/abc_-1/copy"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/config"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("POST", "/gradio_api/call/ask"),
        ("GET", "/gradio_api/call/ask/abc123"),
    ],
)
def test_what_is_on_the_list_is_answered(known: Outside, method: str, path: str) -> None:
    assert known(method, path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/openapi.json",
        "/mcp",
        "/monitoring",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/etc/passwd",
        "/gradio_api/proxy=http://192.0.2.1/",
        "/gradio_api/stream/x/y/z/playlist.m3u8",
        "/gradio_api/run/ask",
        "/gradio_api/api/ask",
        "/gradio_api/call/other",
        "/gradio_api/mcp/",
        "/gradio_api/queue/status",
        "/static/",
        "/static/../config",
        "/static/%2e%2e/config",
        "/static/x/../../config",
        "/static/pincite.js/",
        "/static/pincite.py",
        "/static/pincite.js%00",
        "/static/..%2f..%2fapp.py",
        "//",
        "//evil.example/",
        "/assets/",
        "/assets/../config",
        "/assets/%2e%2e%2fconfig",
        "/gradio_api/component_server",
        "/gradio_api/call/chat",
        "/api/",
        "/api/chats",
        "/api//chats/x/download",
        "/api/../config",
        "/api/%2e%2e/config",
        "/api/chats/x%2f..%2fy/download",
        "/api/chats/x/download\n",
        "/API/chats/x/download",
        "/login/",
        "/logout.php",
        "/.git/config",
        "/ ",
    ],
)
def test_all_else_does_not_exist_by_any_method(outside: Outside, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        assert _untidied(outside, method, path) == 404, method


def _untidied(outside: Outside, method: str, path: str) -> int:
    """The status of a request whose path no client has tidied: decoded once, as a server hands it on."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8765")],
        "scheme": "http",
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8765),
    }
    asyncio.run(outside.gate(scope, receive, send))
    status: int = said[0]["status"]
    return status


def test_a_path_on_the_list_answers_no_other_method(outside: Outside) -> None:
    for method, path in (
        ("POST", "/"),
        ("DELETE", "/config"),
        ("PUT", "/api/chats/x/download"),
        ("GET", "/login"),
        ("OPTIONS", "/api/chats/x/download"),
        ("TRACE", "/"),
    ):
        assert outside(method, path).status_code == 405, (method, path)


def test_the_protocol_is_there_where_it_was_asked_for() -> None:
    assert Outside(Serving(mcp=True))("POST", "/mcp").status_code == 200
    assert Outside()("POST", "/mcp").status_code == 404


def test_every_reply_has_the_headers_whatever_it_says(outside: Outside, guarded: Outside) -> None:
    replies = (
        outside("GET", "/"),
        outside("GET", "/static/pincite.js"),
        outside("GET", "/nowhere"),
        outside("POST", "/"),
        outside("GET", "/", headers={"host": "evil.example"}),
        outside("POST", "/gradio_api/upload", headers={"origin": "http://evil.example"}),
        outside("POST", "/gradio_api/cancel", content=b"x" * 300_000),
        guarded("GET", "/config"),
        guarded("POST", "/login", data={"username": "x", "password": "y"}),
    )
    assert {reply.status_code for reply in replies} == {200, 404, 405, 421, 403, 413, 401, 400}
    for reply in replies:
        for name, start in HEADERS.items():
            assert reply.headers[name].startswith(start), (reply.status_code, name)
        assert "server" not in reply.headers
        assert not [name for name in reply.headers if name.startswith("access-control")]
        policy = reply.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "img-src 'self' data:;" in policy
        assert "unsafe-eval" not in policy


def test_answers_are_kept_nowhere_and_our_own_files_are_asked_for_again(outside: Outside) -> None:
    assert "immutable" in outside("GET", "/assets/index-DphvyggB.js").headers["cache-control"]
    assert outside("GET", "/config").headers["cache-control"] == "no-store"
    assert outside("GET", "/static/pincite.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8765", "LOCALHOST", "[::1]:8765"])
def test_loopback_is_reached_by_its_names(outside: Outside, host: str) -> None:
    assert outside("GET", "/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[", "localhost.", "a@evil.example"]
)
def test_loopback_is_reached_by_no_other_name(outside: Outside, host: str) -> None:
    """A page elsewhere may have its name lead here (DNS rebinding)."""
    assert outside("GET", "/", headers={"host": host}).status_code == 421


def test_beyond_loopback_a_server_goes_by_the_names_it_was_given() -> None:
    named = Outside(Serving(host="192.0.2.1", hosts=("pincite.example",)))
    assert named("GET", "/", headers={"host": "pincite.example"}).status_code == 200
    assert named("GET", "/", headers={"host": "127.0.0.1"}).status_code == 200
    assert named("GET", "/", headers={"host": "evil.example"}).status_code == 421
    any_name = Outside(Serving(host="192.0.2.1"))
    assert any_name("GET", "/", headers={"host": "whatever.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"origin": HERE, "sec-fetch-site": "cross-site"},
    ],
)
def test_another_sites_page_changes_nothing(outside: Outside, headers: dict[str, str]) -> None:
    for path in ("/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/call/ask", "/login", "/logout"):
        assert outside("POST", path, headers=headers).status_code == 403


def test_the_pages_own_requests_and_programs_may_change_things(known: Outside) -> None:
    for headers in ({}, {"origin": HERE}, {"origin": HERE, "sec-fetch-site": "same-origin"}):
        assert known("POST", "/gradio_api/upload", headers=headers).status_code == 200


def test_a_page_that_was_opened_here_is_told_from_another_program(outside: Outside) -> None:
    ours = {"origin": HERE}
    assert outside("POST", "/gradio_api/queue/join", headers=ours).json()["page"] is False
    outside("GET", "/")
    assert outside("POST", "/gradio_api/queue/join", headers=ours).json()["page"] is True
    assert outside("POST", "/gradio_api/queue/join").json()["page"] is False


def test_what_nobody_could_find_again_is_not_written(outside: Outside, guarded: Outside) -> None:
    said = outside("POST", "/gradio_api/upload")
    assert (said.status_code, said.json()["detail"]) == (
        400,
        "this browser is not known here: open the page first",
    )
    assert outside("POST", "/gradio_api/call/ask").status_code == 200  # a program's answer needs no browser
    assert guarded("POST", "/gradio_api/upload", headers=basic("ada:correct horse")).status_code == 200


def test_behind_a_proxy_the_origin_is_that_of_the_proxy() -> None:
    """A proxy speaks TLS outside and plain HTTP inside; the name is the same."""
    named = Outside(Serving(host="192.0.2.1", hosts=("pincite.example",)))
    headers = {"host": "pincite.example", "origin": "https://pincite.example"}
    named("GET", "/", headers={"host": "pincite.example"})
    assert named("POST", "/gradio_api/upload", headers=headers).status_code == 200


def test_a_browser_is_known_again_by_a_cookie_that_no_script_reads(outside: Outside) -> None:
    first = outside("GET", "/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    again = outside("GET", "/config")
    assert "set-cookie" not in again.headers
    assert again.json()["visitor"] == first.json()["visitor"]
    assert Outside()("GET", "/").json()["visitor"] != first.json()["visitor"]


@pytest.mark.parametrize("token", ["", "x", "../../etc", "a" * 44, "é" * 43])
def test_a_cookie_that_was_never_given_is_replaced(outside: Outside, token: str) -> None:
    reply = outside("GET", "/", headers={"cookie": f"pincite={token}".encode()})
    assert "pincite=" in reply.headers["set-cookie"]


def test_the_cookie_goes_over_tls_alone_where_there_is_tls(outside: Outside) -> None:
    assert "Secure" not in outside("GET", "/").headers["set-cookie"]
    outside.cookies = httpx.Cookies()
    assert "Secure" in outside("GET", HERE.replace("http:", "https:") + "/").headers["set-cookie"]


def test_a_body_is_cut_off_at_its_limit_whatever_its_header_says(known: Outside) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10_000

    assert known("POST", "/gradio_api/cancel", content=b"x" * 256 * 1024).json()["bytes"] == 256 * 1024
    said = known("POST", "/gradio_api/cancel", content=b"x" * (256 * 1024 + 1))
    assert (said.status_code, said.json()["detail"]) == (
        413,
        "this is larger than the limit of 256 KiB: send less, or split it",
    )
    assert known("POST", "/gradio_api/call/ask", content=chunks()).status_code == 413
    assert known("POST", "/gradio_api/upload", content=chunks()).json()["bytes"] == 300_000
    files = known("POST", "/gradio_api/upload", content=b"", headers={"content-length": str(201 * 2**20)})
    assert (
        files.text == "this is larger than the limit of 200 MiB: send less, or split it"
    )  # as the page shows it
    assert known("POST", "/gradio_api/queue/join", content=chunks()).json()["bytes"] == 300_000


def test_a_fault_behind_the_gate_is_one_line_for_the_visitor_and_all_of_it_for_the_log(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("/home/owner/secret")

    outside.gate = Gate(broken, serving=Serving(), sessions=None)
    said = outside("GET", "/config")
    assert said.status_code == 500
    assert said.json()["detail"].startswith("something went wrong here: try again")
    assert "secret" not in said.text
    assert "secret" in caplog.text
    assert "GET /config failed" in caplog.text


def test_half_a_reply_is_never_taken_for_a_whole_one(outside: Outside) -> None:
    async def broken(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise KeyError("half")

    outside.gate = Gate(broken, serving=Serving(), sessions=None)
    with pytest.raises(KeyError, match="half"):
        outside("GET", "/config")


def test_a_websocket_is_closed(outside: Outside) -> None:
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        said.append(message)

    asyncio.run(outside.gate({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert said == [{"type": "websocket.close", "code": 1008}]


# --- where visitors must sign in ---------------------------------------------------------------------------


def test_before_signing_in_there_is_the_page_and_nothing_behind_it(guarded: Outside) -> None:
    for path in ("/", "/static/pincite.css", "/static/icon.svg"):
        assert guarded("GET", path).status_code == 200
    for method, path in (
        ("GET", "/static/pincite.js"),
        ("GET", "/api/chats/x/download"),
        ("GET", "/assets/index-DphvyggB.js"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("POST", "/gradio_api/call/ask"),
        ("GET", "/gradio_api/queue/data"),
    ):
        reply = guarded(method, path)
        assert (reply.status_code, reply.json()) == (401, {"detail": "sign in first"}), path
    assert guarded("GET", "/nowhere").status_code == 404


def test_one_signs_in_and_out(guarded: Outside) -> None:
    wrong = guarded("POST", "/login", data={"username": "ada", "password": "wrong password"})
    assert (wrong.status_code, wrong.json()["detail"]) == (400, "The name or the password is wrong.")
    assert "set-cookie" not in wrong.headers
    right = guarded("POST", "/login", data={"username": " ada ", "password": "correct horse"})
    assert right.status_code == 200
    assert "HttpOnly" in right.headers["set-cookie"]
    assert guarded("GET", "/config").json()["name"] == "ada"
    kept = guarded.cookies["pincite_session"]
    guarded("POST", "/logout")
    assert guarded("GET", "/config").status_code == 401
    assert guarded("GET", "/config", headers={"cookie": f"pincite_session={kept}"}).status_code == 401


def test_a_form_leads_back_to_the_page_or_to_what_was_wrong(guarded: Outside) -> None:
    by_hand = {"accept": "text/html,application/xhtml+xml"}
    for password, place in (("wrong password", "/#wrong"), ("correct horse", "/")):
        given = {"username": "ada", "password": password}
        reply = guarded("POST", "/login", data=given, headers=by_hand)
        assert (reply.status_code, reply.headers["location"]) == (303, place)
    assert guarded("GET", "/config").json()["name"] == "ada"
    guarded.cookies = httpx.Cookies()
    for _ in range(5):
        reply = guarded("POST", "/login", data={"username": "ada", "password": "x"}, headers=by_hand)
    assert reply.headers["location"] == "/#wait"


def test_a_user_is_the_same_visitor_at_every_browser_and_no_other_user_is(guarded: Outside) -> None:
    seen: dict[str, set[str]] = {}
    for name, password in (("ada", "correct horse"), ("bob", "battery staple"), ("ada", "correct horse")):
        guarded.cookies = httpx.Cookies()
        guarded("POST", "/login", data={"username": name, "password": password})
        seen.setdefault(name, set()).add(guarded("GET", "/config").json()["visitor"])
    assert [len(ids) for ids in seen.values()] == [1, 1]
    assert seen["ada"] != seen["bob"]


def test_a_program_signs_in_by_a_header(guarded: Outside) -> None:
    assert guarded("GET", "/config", headers=basic("ada:correct horse")).json()["name"] == "ada"
    assert guarded("GET", "/config", headers=basic("ada:wrong password")).status_code == 400
    assert guarded("GET", "/config", headers={"authorization": "Bearer x"}).status_code == 401


def test_where_nobody_has_to_sign_in_nobody_can(outside: Outside) -> None:
    assert outside("POST", "/login", data={"username": "ada", "password": "x"}).status_code == 404
    assert outside("POST", "/logout").status_code == 200


def test_pages_that_may_frame_the_chat_are_named_in_every_reply() -> None:
    framed = Outside(Serving(framing=read_framing(["https://huggingface.co", "self"])))
    for path in ("/", "/nothing"):
        headers = framed("GET", path).headers
        assert headers["content-security-policy"].endswith("; frame-ancestors https://huggingface.co 'self'")
        assert "x-frame-options" not in headers
    assert framed("GET", "/nothing").status_code == 404


def test_a_cookie_for_a_frame_is_given_where_the_proxy_speaks_tls() -> None:
    framed = Outside(Serving(framing=read_framing(["https://huggingface.co"])))
    behind = framed("GET", "/", headers={"x-forwarded-proto": "https"})
    assert "SameSite=None; Secure; Partitioned" in behind.headers["set-cookie"]
    framed.cookies = httpx.Cookies()
    assert framed("GET", "/").headers["set-cookie"].endswith("SameSite=Strict")


def test_a_page_that_frames_the_chat_still_cannot_act_for_the_visitor() -> None:
    framed = Outside(Serving(framing=read_framing(["https://huggingface.co"])))
    framed("GET", "/")
    for headers in (
        {"origin": "https://huggingface.co"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
    ):
        assert framed("POST", "/gradio_api/call/ask", headers=headers).status_code == 403
