"""Behind a proxy that signs visitors in: whom the gate believes, and what of a request says who asks."""

import asyncio

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from ui.web.access.gate import Gate
from ui.web.access.visitors import user
from ui.web.options import Serving
from ui.web.proxy import read_proxy

HERE = "http://127.0.0.1:8765"
PROXY, STRANGER = "10.1.2.3", "10.9.9.9"
SERVING = Serving(mcp=True, proxy=read_proxy("X-Forwarded-User", [PROXY, "2001:db8::/64"]))
ADA = ("X-Forwarded-User", "ada")
PATHS = (
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", "/static/pincite.js"),
    ("GET", "/assets/index-DphvyggB.js"),
    ("GET", "/api/chats/x/download"),
    ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/call/ask"),
    ("POST", "/mcp"),
)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Says who asked."""
    state = Request(scope, receive).state
    said = {"id": state.visitor.id, "name": state.visitor.name, "page": state.page}
    await JSONResponse(said)(scope, receive, send)


def asked(
    method: str,
    path: str,
    *headers: tuple[str | bytes, str | bytes],
    peer: str = PROXY,
    serving: Serving = SERVING,
    cookies: httpx.Cookies | None = None,
) -> httpx.Response:
    async def reply() -> httpx.Response:
        transport = httpx.ASGITransport(Gate(echo, serving=serving, sessions=None), client=(peer, 50000))
        async with httpx.AsyncClient(transport=transport, base_url=HERE, cookies=cookies) as client:
            return await client.request(method, path, headers=list(headers))  # type: ignore[arg-type]

    return asyncio.run(reply())


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_the_visitor_is_the_user_whom_the_proxy_names(method: str, path: str) -> None:
    said = asked(method, path, ADA)
    assert said.status_code == 200
    assert (said.json()["name"], said.json()["id"]) == ("ada", user("ada").id)


@pytest.mark.parametrize(
    ("method", "path"), [*PATHS, ("GET", "/api/me"), ("POST", "/login"), ("GET", "/nowhere")]
)
@pytest.mark.parametrize("peer", [STRANGER, "127.0.0.1", "::1", "", "2001:db8:1::5"])
def test_another_peer_gets_nothing_whatever_it_sends(method: str, path: str, peer: str) -> None:
    for headers in (
        (),
        (ADA,),
        (ADA, ("X-Forwarded-For", PROXY), ("Forwarded", f"for={PROXY}"), ("X-Real-IP", PROXY)),
    ):
        said = asked(method, path, *headers, peer=peer)
        assert (said.status_code, said.json()) == (
            403,
            {"detail": "this server answers its proxy alone: open it by the proxy's address"},
        )
        assert "set-cookie" not in said.headers


def test_a_network_of_proxies_is_believed_as_a_whole() -> None:
    assert asked("GET", "/config", ADA, peer="2001:db8::77").json()["name"] == "ada"
    assert asked("GET", "/config", ADA, peer=f"::ffff:{PROXY}").json()["name"] == "ada"


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize("headers", [(), (("X-Forwarded-User", ""),)])
def test_where_the_proxy_names_nobody_one_has_to_sign_in_there(
    method: str, path: str, headers: tuple[tuple[str, str], ...]
) -> None:
    said = asked(method, path, *headers)
    assert (said.status_code, said.json()) == (
        401,
        {"detail": "the proxy named nobody in x-forwarded-user: sign in there"},
    )


def test_the_proxy_can_ask_whether_the_server_is_there() -> None:
    assert asked("GET", "/api/me").status_code == 200
    assert asked("GET", "/api/me").json()["name"] == ""


@pytest.mark.parametrize(
    "headers",
    [
        (ADA, ADA),
        (ADA, ("x-forwarded-user", "bob")),
        (ADA, ("X-FORWARDED-USER", "")),
        (("X-Forwarded-User", ""), ADA),
        (ADA, ("X_Forwarded_User", "bob")),
        (ADA, ("X-Forwarded_User", "bob")),
        (("X_Forwarded_User", "bob"),),
    ],
)
def test_two_names_are_never_chosen_from(headers: tuple[tuple[str, str], ...]) -> None:
    said = asked("GET", "/config", *headers)
    assert (said.status_code, said.json()) == (
        400,
        {"detail": "the proxy must set x-forwarded-user once, and let none through"},
    )


@pytest.mark.parametrize(
    "name",
    [
        "ada, bob",
        "ada,bob",
        "ada bob",
        " ",
        "a" * 65,
        "../ada",
        "ada\x7f",
        "<b>",
        "ada;admin",
        b"\xff",
        b"a\xe9",
        "a+b@example.org",
    ],
)
def test_a_name_that_no_user_can_have_is_refused(name: str | bytes) -> None:
    said = asked("GET", "/config", ("X-Forwarded-User", name))
    assert said.status_code == 400
    assert said.json()["detail"].startswith("the name in x-forwarded-user cannot be used: it needs 1 to 64")


def test_a_name_in_utf8_is_that_user() -> None:
    said = asked("GET", "/config", ("X-Forwarded-User", "åsa@example.org".encode()))
    assert said.json()["name"] == "åsa@example.org"


def test_the_header_is_nothing_where_no_proxy_was_named() -> None:
    said = asked("GET", "/config", ADA, serving=Serving())
    assert (said.status_code, said.json()["name"]) == (200, "")


def test_a_password_or_an_old_session_names_nobody_here() -> None:
    basic = ("Authorization", "Basic YWRhOmNvcnJlY3QgaG9yc2U=")
    assert asked("GET", "/config", basic).status_code == 401
    assert asked("GET", "/config", ("Cookie", "pincite_session=x")).status_code == 401
    assert asked("GET", "/config", basic, ("X-Forwarded-User", "bob")).json()["name"] == "bob"


@pytest.mark.parametrize("path", ["/login", "/logout"])
def test_nothing_is_said_of_signing_in_or_out_here(path: str) -> None:
    said = asked("POST", path, ADA)
    assert (said.status_code, said.json()) == (
        404,
        {"detail": "the proxy before this server signs in and out"},
    )
    assert "set-cookie" not in said.headers


@pytest.mark.parametrize(
    "headers", [(("Origin", "http://evil.example"),), (("Sec-Fetch-Site", "cross-site"),)]
)
def test_another_sites_page_still_changes_nothing(headers: tuple[tuple[str, str], ...]) -> None:
    for path in ("/gradio_api/upload", "/gradio_api/queue/join", "/gradio_api/call/ask", "/mcp"):
        assert asked("POST", path, ADA, *headers).status_code == 403


def test_a_name_of_another_site_still_leads_nowhere() -> None:
    assert asked("GET", "/", ADA, ("Host", "evil.example")).status_code == 421


def test_a_page_is_known_by_its_browser_and_a_program_is_not() -> None:
    first = asked("GET", "/", ADA)
    cookies = httpx.Cookies({"pincite": first.cookies["pincite"]})
    origin = ("Origin", HERE)
    assert asked("POST", "/gradio_api/queue/join", ADA, origin, cookies=cookies).json()["page"] is True
    assert asked("POST", "/gradio_api/queue/join", ADA, origin).json()["page"] is False
    # Another user at the same browser is another visitor.
    other = asked("POST", "/gradio_api/queue/join", ("X-Forwarded-User", "bob"), origin, cookies=cookies)
    assert other.json()["id"] == user("bob").id
