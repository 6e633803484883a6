"""The whole application on loopback: its real queue, reached by real clients, from outside."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from gradio.blocks import Blocks
from gradio.routes import App
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client

from rag.serialization import answer_from_json
from tests.support.browser_chat import site
from tests.support.language_model import ScriptedChat
from tests.support.opened_page import Opened
from ui.web.access.allowed_paths import Reachable
from ui.web.access.users import Users
from ui.web.proxy import read_proxy

pytestmark = pytest.mark.slow

QUESTION = "How long did Colossus take to build?"
MEMPHIS = "xAI built its Colossus supercomputer in Memphis, Tennessee"
WHO = "Who built the Orrin lighthouse?"
LIGHT = "The Orrin lighthouse was built in 1871 by Maria Keller."


class SlowChat(ScriptedChat):
    """Answers every question alike, when ``go`` is set; ``writing`` counts the answers begun."""

    go: threading.Event
    writing: list[float]

    def _stream(self, *arguments: Any, **options: Any) -> Iterator[Any]:  # noqa: ANN401
        self.writing.append(time.monotonic())
        self.go.wait(30)
        self.replies = ["122 days [1]."]
        yield from super()._stream(*arguments, **options)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        pytest.MonkeyPatch.context() as patch,
        site(tmp_path_factory.mktemp("site"), patch, rate="10000/minute", mcp=True) as found,
    ):
        yield found


@pytest.fixture(autouse=True)
def reached(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test of the application may reach another machine, nor look its name up."""
    strange: list[object] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def connecting(own: socket.socket, to: Any) -> None:  # noqa: ANN401
        if own.family in (socket.AF_INET, socket.AF_INET6) and to[0] not in ("127.0.0.1", "::1"):
            strange.append(to)
        connect(own, to)

    def looking(host: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if host not in ("127.0.0.1", "localhost", "::1", None):
            strange.append(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", connecting)
    monkeypatch.setattr(socket, "getaddrinfo", looking)
    yield
    assert strange == []


_CLIENT = """
import json, sys
from gradio_client import Client
address, auth, arguments = json.loads(sys.argv[1])
client = Client(
    address, auth=auth and tuple(auth), verbose=False, analytics_enabled=False, download_files=False
)
print(json.dumps(client.predict(*arguments, api_name="/ask")))
"""


def predicted(address: str, *arguments: object, auth: tuple[str, str] | None = None) -> Any:  # noqa: ANN401
    """What a program that uses Gradio's client gets for a question; raises what it ended with."""
    given = json.dumps([address, auth, arguments])
    ran = subprocess.run([sys.executable, "-c", _CLIENT, given], capture_output=True, text=True, timeout=90)
    if ran.returncode:
        raise RuntimeError(ran.stderr.strip().splitlines()[-1])
    return json.loads(ran.stdout)


@contextmanager
def browser(address: str) -> Iterator[httpx.Client]:
    """A browser that has loaded the page."""
    with httpx.Client(base_url=address, timeout=30) as found:
        assert found.get("/").status_code == 200
        yield found


# --- what there is -----------------------------------------------------------------------------------------


def routes(found: Sequence[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of every route of a Gradio application, its routers included."""
    for route in found:
        if inner := getattr(route, "original_router", None):
            yield from routes(inner.routes, before)
        for method in getattr(route, "methods", None) or ():
            yield method, route.path


def test_no_route_of_gradios_but_the_listed_ones_exists(address: str) -> None:
    with Blocks(analytics_enabled=False) as blocks:
        pass
    every = set(routes(App.create_app(blocks).routes))
    assert len(every) > 60  # or this looks in the wrong place
    paths = {(method, re.sub(r"\{[^}]*\}", "x", path)) for method, path in every}
    there: set[tuple[str, str]] = set()
    with httpx.Client(base_url=address) as outside:
        for method, path in sorted(paths):
            for prefix in ("", "/gradio_api"):
                known = Reachable(mcp=False).methods(prefix + path)
                if known:
                    there.add((method, prefix + path))
                else:
                    assert outside.request(method, prefix + path).status_code == 404, (method, path)
    assert {path for _, path in there} == {
        "/",
        "/assets/x",
        "/config",
        "/favicon.ico",
        "/gradio_api/app_id",
        "/gradio_api/cancel",
        "/gradio_api/heartbeat/x",
        "/gradio_api/info",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/login",
        "/logout",
        "/theme.css",
    }


def test_programs_can_call_one_function_and_nothing_that_the_page_calls(address: str) -> None:
    with httpx.Client(base_url=address) as outside, browser(address) as visitor:
        described = outside.get("/gradio_api/info").json()
        assert set(described["named_endpoints"]) == {"/ask"}
        assert described["unnamed_endpoints"] == {}
        config = outside.get("/config").text
        listeners = {one["id"]: one["api_name"] for one in json.loads(config)["dependencies"]}
        assert len(listeners) > 15
        for number, name in [*listeners.items(), (99, "none"), (None, "none")]:
            body = {"fn_index": number, "data": [], "session_hash": "x"}
            for program in (outside, visitor):  # also one that took the cookie along
                reply = program.post("/gradio_api/queue/join", json=body)
                assert (reply.status_code == 403) == (name != "ask"), name
            if name != "ask":
                assert outside.post(f"/gradio_api/call/{name}", json={"data": []}).status_code == 404
            assert outside.post(f"/gradio_api/run/{name}", json={"data": []}).status_code == 404
    assert "/home" not in config
    assert str(Path.cwd()) not in config


def test_the_page_has_no_inline_script_and_its_files_are_there_with_the_right_types(address: str) -> None:
    with browser(address) as visitor:
        page = visitor.get("/").text
        assert re.findall(r"<script(?![^>]*src=)", page) == []
        assert "http://" not in page.replace(address, "")
        assert "https://" not in page
        paths = re.findall(r'(?:src|href)="\.?(/(?:static|assets)/[^"]+)"', page)
        assert len(paths) >= 5
        for path in paths:
            reply = visitor.get(path)
            assert reply.status_code == 200
            kind = {"js": "javascript", "css": "css", "svg": "svg"}[path.rpartition(".")[2]]
            assert kind in reply.headers["content-type"]


# --- by program --------------------------------------------------------------------------------------------


def test_a_gradio_client_gets_the_fields_of_an_answer(address: str) -> None:
    said = predicted(address, QUESTION)
    answer = answer_from_json(said)
    assert "122 days" in answer.text
    assert answer.citations[0].support == "quoted"


def test_a_gradio_client_gives_the_conversation_so_far(address: str) -> None:
    history = [
        {"role": "user", "content": "What is Colossus?"},
        {"role": "assistant", "content": "A supercomputer of xAI in Memphis."},
    ]
    said = predicted(address, "How long did it take to build?", history)
    assert "Colossus" in said["standalone_question"]
    assert "122 days" in said["text"]


def test_a_gradio_client_says_which_articles_may_answer(address: str) -> None:
    assert "122 days" in predicted(address, QUESTION, [], ["gogoai news"])["text"]
    declined = predicted(address, QUESTION, [], [], "2030-01-01")
    assert declined["abstained"]
    assert "No article matches: none is dated 2030-01-01 or later." in declined["text"]
    with pytest.raises(RuntimeError, match="did you mean 'GogoAI News'"):
        predicted(address, QUESTION, [], ["GogoAI Newz"])
    with pytest.raises(RuntimeError, match="'May' is no date"):
        predicted(address, QUESTION, [], [], "May")


@pytest.mark.parametrize(("question", "line"), [("", "holds no words"), ("x" * 2001, "2,?001 characters")])
def test_a_bad_question_is_one_clear_line_for_a_client(address: str, question: str, line: str) -> None:
    with pytest.raises(RuntimeError, match=line):
        predicted(address, question)


# --- visitors apart ----------------------------------------------------------------------------------------


def test_what_is_one_visitors_does_not_exist_for_another(address: str) -> None:
    with browser(address) as first, browser(address) as second:
        anna, bert = Opened(first), Opened(second)
        chat = anna.ask(QUESTION)
        turn = re.findall(r'id="a-([\w-]+)"', json.dumps(anna("go", f"?c={chat} 1", "")).replace("\\", ""))[0]
        assert "Added" in anna.add("light.txt", LIGHT.encode())
        own = next(one[1] for one in anna("listing", "", [], "", "", [])[0]["choices"] if "light" in one[0])
        for path in (f"/api/chats/{chat}/download?form=json", f"/api/turns/{turn}/copy"):
            assert first.get(path).status_code == 200
            assert second.get(path).status_code == 404
        for name, data in (
            ("go", (f"?c={chat} 1", "")),
            ("go", (f"#{turn}.1.0 1", "")),
            ("go", ("#.1.0 1", chat)),
            ("rename", ("x", chat)),
            ("doubt", (chat,)),
            ("delete", (chat,)),
        ):
            with pytest.raises(RuntimeError, match="there is no such"):
                bert(name, *data)
        with pytest.raises(RuntimeError, match="There is no such conversation"):
            bert.ask("And who built it?", here=chat)
        with pytest.raises(RuntimeError, match="there is no such conversation"):
            bert("rate", chat, event={"index": 1, "value": "x", "liked": True})
        assert own not in json.dumps(bert("listing", "", [], "", "", []))
        with pytest.raises(RuntimeError, match="not in the list of choices"):
            bert("remove", [own])
        assert "None yet" in bert("search", "", "")[0]
        assert "Keller" not in second.get(f"/api/chats/{bert.ask(WHO)}/download").text
        assert "Keller" in first.get(f"/api/chats/{anna.ask(WHO)}/download").text
        assert QUESTION in first.get(f"/api/chats/{chat}/download").text


def test_hostile_names_and_bodies_of_files_are_one_line_each(address: str, tmp_path: Path) -> None:
    with browser(address) as visitor:
        page = Opened(visitor)
        before = set(tmp_path.parent.rglob("passwd*"))
        assert "Added “passwd”." in page.add("../../../etc/passwd.txt", LIGHT.encode())
        assert set(tmp_path.parent.rglob("passwd*")) == before
        assert "x.txt" in page.add("x.txt", bytes(range(256)) * 9)
        assert "x.txt&#x27; has more than 20,971,520 bytes" in page.add("x.txt", b"x" * (20 * 2**20 + 1))


def test_a_file_that_was_read_is_not_kept_beside_the_articles(address: str) -> None:
    with browser(address) as visitor:
        page = Opened(visitor)
        sent = page.send("light.txt", b"A lamp that nobody else has, built in 1877.")
        assert Path(sent["path"]).is_file()
        page("add", [sent])
        assert not Path(sent["path"]).exists()
        assert visitor.get(f"/gradio_api/file={sent['path']}").status_code == 404


def test_a_browser_that_did_not_open_the_page_sends_no_file(address: str) -> None:
    with httpx.Client(base_url=address) as outside:
        reply = outside.post("/gradio_api/upload", files={"files": ("x.txt", b"x")})
        assert (reply.status_code, reply.json()["detail"]) == (
            400,
            "this browser is not known here: open the page first",
        )


@pytest.mark.parametrize(
    ("within", "line"),
    [
        (([], "2026-05-02", "2026-05-01", []), "after '2026-05-02' is later than before '2026-05-01'"),
        (([], "May", "", []), "'May' is no date"),
    ],
)
def test_a_choice_of_articles_that_makes_no_sense_is_a_line_and_begins_no_conversation(
    address: str, within: Sequence[object], line: str
) -> None:
    with browser(address) as visitor:
        page = Opened(visitor)
        with pytest.raises(RuntimeError, match=f"(?i){line}"):
            page.ask(QUESTION, within=within)
        assert "None yet" in page("search", "", "")[0]


# --- where visitors must sign in ---------------------------------------------------------------------------


@pytest.fixture
def signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    Users(tmp_path / "users").add("ada", "correct horse")
    with site(tmp_path / "home", monkeypatch, users=tmp_path / "users", mcp=True) as found:
        yield found


def test_a_program_signs_in_and_one_that_does_not_gets_nothing(signed: str) -> None:
    said = predicted(signed, QUESTION, auth=("ada", "correct horse"))
    assert "122 days" in said["text"]
    with httpx.Client(base_url=signed) as outside:
        for method, path in (
            ("GET", "/config"),
            ("GET", "/gradio_api/info"),
            ("POST", "/gradio_api/call/ask"),
            ("POST", "/gradio_api/queue/join"),
            ("GET", "/gradio_api/queue/data?session_hash=x"),
            ("GET", "/gradio_api/heartbeat/x"),
            ("POST", "/gradio_api/upload"),
            ("GET", "/assets/index.js"),
            ("POST", "/mcp"),
        ):
            assert outside.request(method, path, json={}).status_code == 401, path
        assert 'name="password"' in outside.get("/").text


# --- behind a proxy that signs visitors in -----------------------------------------------------------------


def test_whom_the_proxy_names_asks_by_every_way_and_has_conversations_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = read_proxy("X-Forwarded-User", ["127.0.0.1"])

    async def use(address: str, headers: dict[str, str]) -> Any:  # noqa: ANN401
        async with httpx2.AsyncClient(headers=headers) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with McpClient(transport) as found:
                return await found.call_tool("ask", {"question": QUESTION})

    with site(tmp_path / "home", monkeypatch, proxy=proxy, mcp=True) as address:
        ada, bob = {"X-Forwarded-User": "ada"}, {"X-Forwarded-User": "bob"}
        with (
            httpx.Client(base_url=address, headers=ada, timeout=30) as first,
            httpx.Client(base_url=address, headers=ada, timeout=30) as again,
            httpx.Client(base_url=address, headers=bob, timeout=30) as other,
        ):
            for one in (first, again, other):
                assert 'name="password"' not in one.get("/").text
            assert first.get("/api/me").json() == {"name": "ada"}
            assert "Sign out" not in first.get("/config").text
            chat = Opened(first).ask(QUESTION)
            assert again.get(f"/api/chats/{chat}/download").status_code == 200  # at another browser
            assert other.get(f"/api/chats/{chat}/download").status_code == 404
        assert "122 days" in asyncio.run(use(address, ada)).structured_content["answer"]
        with pytest.raises(BaseExceptionGroup):
            asyncio.run(use(address, {}))
        # The very bytes, as no client of ours sends a header twice.
        for more, status in (
            ("", "200"),
            ("X-Forwarded-User: bob\r\n", "400"),
            ("x_forwarded_user: bob\r\n", "400"),
        ):
            assert _status(address, f"X-Forwarded-User: ada\r\n{more}") == status


def test_a_server_behind_a_proxy_gives_nothing_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = read_proxy("X-Forwarded-User", ["192.0.2.0/24"])
    lies = {"X-Forwarded-User": "ada", "X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1"}
    with (
        site(tmp_path / "home", monkeypatch, proxy=proxy, mcp=True) as address,
        httpx.Client(base_url=address, headers=lies) as outside,
    ):
        for method, path in (
            *(
                ("GET", path)
                for path in ("/", "/config", "/api/me", "/static/pincite.js", "/gradio_api/info")
            ),
            *(
                ("POST", path)
                for path in ("/mcp", "/login", "/gradio_api/call/ask", "/gradio_api/queue/join")
            ),
        ):
            assert outside.request(method, path).status_code == 403, path


def _status(address: str, headers: str) -> str:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(f"GET /config HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode())
        return connection.recv(100).split()[1].decode()


# --- many at once ------------------------------------------------------------------------------------------


def test_those_beyond_capacity_wait_with_their_place_and_those_beyond_the_queue_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowChat(go=threading.Event(), writing=[])
    with site(tmp_path / "home", monkeypatch, slow, at_once=1, waiting=2) as address:
        with ThreadPoolExecutor(1) as pool:
            answering = pool.submit(predicted, address, QUESTION)
            while not slow.writing:
                time.sleep(0.02)
            waiting = [_join(address) for _ in range(4)]
            places = [_first(address, one) for one in waiting[:2]]
            assert [place["rank"] for place in places] == [0, 1]
            assert [one["status"] for one in waiting] == [200, 200, 503, 503]
            assert "Queue is full" in waiting[2]["said"]
            slow.go.set()
            assert "122 days" in answering.result()["text"]
        assert "122 days" in predicted(address, QUESTION)["text"]


def _join(address: str) -> dict[str, Any]:
    session = f"s{time.monotonic_ns()}"
    config = httpx.get(f"{address}/config").json()
    (number,) = [one["id"] for one in config["dependencies"] if one["api_name"] == "ask"]
    body = {"fn_index": number, "data": [QUESTION, []], "session_hash": session}
    reply = httpx.post(f"{address}/gradio_api/queue/join", json=body)
    return {"status": reply.status_code, "said": reply.text, "session": session}


def _first(address: str, joined: dict[str, Any]) -> dict[str, Any]:
    """The first estimate that one who waits is told."""
    with httpx.stream("GET", f"{address}/gradio_api/queue/data?session_hash={joined['session']}") as reply:
        for line in reply.iter_lines():
            if line.startswith("data: "):
                found: dict[str, Any] = json.loads(line[6:])
                if found["msg"] == "estimation":
                    return found
    raise AssertionError("no estimate came")


def test_a_visitor_who_asks_too_often_is_told_when_to_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site(tmp_path / "home", monkeypatch, rate="2/minute") as address, browser(address) as visitor:
        page = Opened(visitor)
        for _ in range(2):
            page.ask(QUESTION)
        with pytest.raises(RuntimeError, match="You have asked 2 questions within 60 seconds"):
            page.ask(QUESTION)
        with browser(address) as other:
            assert Opened(other).ask(QUESTION)


def test_ctrl_c_ends_the_server_in_silence_though_a_stream_is_open(tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "serve", "--model", "quotes", "--port", str(port)]
    environment = {**os.environ, "PINCITE_HOME": str(tmp_path)}
    with (
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as visitor,
    ):
        assert server.stdout
        while "Ctrl-C ends it" not in (line := server.stdout.readline()):
            assert line, "the server ended before it began"
        with visitor.stream("GET", "/gradio_api/heartbeat/x") as beating:
            assert beating.status_code == 200
            server.send_signal(signal.SIGINT)
            _, errors = server.communicate(timeout=30)
    assert server.returncode == 130
    assert errors == ""
