"""The gate in a frame of another site's page, in a real browser: who may frame it, and who is known in it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Frame, Page
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.support.servers import certificate
from ui.web.access.gate import Gate
from ui.web.framing import NOWHERE, Framing, read_framing
from ui.web.options import Serving
from ui.web.server import listen

pytestmark = pytest.mark.browser


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    """A page, and behind it who asks."""
    request = Request(scope, receive)
    page = HTMLResponse("<h1>Framed</h1>")
    reply = page if scope["path"] == "/" else JSONResponse(request.state.visitor.id)
    await reply(scope, receive, send)


@contextmanager
def served(app: ASGIApp, tls: tuple[Path, Path] | None) -> Iterator[int]:
    """An application on a port of loopback, with TLS or without."""
    socket = listen("127.0.0.1", 0)
    made, key = tls or (None, None)
    config = uvicorn.Config(app, log_level="error", ssl_certfile=made, ssl_keyfile=key, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    yield socket.getsockname()[1]
    server.should_exit = True
    thread.join(20)
    socket.close()


@pytest.fixture
def framed(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., tuple[Page, str]]]:
    """Opens a page of one site that frames the chat of another; gives the page and the framed address."""
    with ExitStack() as stack:

        def opened(framing: Callable[[str], Framing], *, https: bool) -> tuple[Page, str]:
            tls = certificate(tmp_path) if https else None
            scheme = "https" if https else "http"
            inner = ""

            async def outer(scope: Scope, receive: Receive, send: Send) -> None:
                await HTMLResponse(f'<iframe src="{inner}"></iframe>')(scope, receive, send)

            outside = f"{scheme}://localhost:{stack.enter_context(served(outer, tls))}"
            gate = Gate(who, serving=Serving(framing=framing(outside)), sessions=None)
            inner = f"{scheme}://127.0.0.1:{stack.enter_context(served(gate, tls))}/"
            context = chromium.new_context(ignore_https_errors=True)
            stack.callback(context.close)
            page = context.new_page()
            page.goto(outside)
            return page, inner

        yield opened


def visitor_in(frame: Frame) -> str:
    said = frame.evaluate("() => fetch('/config').then(reply => reply.json())")
    assert isinstance(said, str)
    return said


def test_a_page_that_may_frame_the_chat_keeps_its_visitor_over_https(
    framed: Callable[..., tuple[Page, str]],
) -> None:
    page, address = framed(lambda outside: read_framing([outside]), https=True)
    inside = page.frames[1]
    assert inside.url == address
    assert inside.locator("h1").inner_text() == "Framed"
    first = visitor_in(inside)
    page.reload()
    assert visitor_in(page.frames[1]) == first
    # By itself it is another visitor: the cookie belongs to the page that frames.
    page.goto(address)
    assert visitor_in(page.main_frame) != first


def test_a_page_that_may_not_frame_the_chat_shows_nothing_of_it(
    framed: Callable[..., tuple[Page, str]],
) -> None:
    for framing in (lambda _: NOWHERE, lambda _: read_framing(["self", "https://huggingface.co"])):
        page, address = framed(framing, https=True)
        assert page.frames[1].url != address
        assert "Framed" not in page.frames[1].content()


def test_over_http_a_frame_of_another_site_forgets_its_visitor(
    framed: Callable[..., tuple[Page, str]],
) -> None:
    page, address = framed(lambda outside: read_framing([outside]), https=False)
    inside = page.frames[1]
    assert inside.url == address
    assert visitor_in(inside) != visitor_in(inside)
