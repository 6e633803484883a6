"""What passes to Gradio's routes: calls of pages that were opened here, with their own files alone.

Gradio lets anybody call what its page calls, by number. It takes each path and each address in a call for a file that
was sent, and fetches or reads it before any function of ours runs. So calls are read here first.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.access.pages import Pages
from ui.web.access.rate_limits import Limits
from ui.web.access.visitors import Visitor
from ui.web.library.inbox import Inbox
from ui.web.refusal import Refusal

_GRADIO = "/gradio_api"
_LONGEST_PAGE = 128  # characters of a page's hash


class Calls:
    """Stands before Gradio's application. ``programs`` has the numbers of the functions that anybody may call."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        pages: Pages,
        inbox: Inbox,
        limits: Limits,
        reports: Callable[[Visitor, str], bool],
    ) -> None:
        self._app = app
        self._pages = pages
        self._inbox = inbox
        self._limits = limits
        self._reports = reports
        self.programs: frozenset[int] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what may pass. Raises ``Refusal`` for all else."""
        path: str = scope["path"].removeprefix(_GRADIO) if scope["type"] == "http" else ""
        if path in ("/queue/join", "/call/ask"):
            receive = await self._joined(scope, receive, by_name=path == "/call/ask")
        elif path in ("/cancel", "/reset"):
            body, again = await _read(scope, receive)
            self._pages.refuse_others(_page(body), self._owner(scope))
            receive = again
        elif path == "/upload":
            await self._upload(scope, receive, send)
            return
        elif path == "/queue/data" or path.startswith("/heartbeat/"):
            await self._stream(scope, receive, send)
            return
        elif path.startswith("/file=") and not self._reports(scope["state"]["visitor"], path[6:]):
            raise Refusal("there is nothing here", status=404)
        await self._app(scope, receive, send)

    async def _joined(self, scope: Scope, receive: Receive, *, by_name: bool) -> Receive:
        body, again = await _read(scope, receive)
        number = body.get("fn_index")
        if not (by_name or (isinstance(number, int) and number in self.programs) or scope["state"]["page"]):
            raise Refusal("this is for the page alone: programs call /ask", status=403)
        visitor: Visitor = scope["state"]["visitor"]
        self._limits.call(visitor.id, scope["state"]["address"])
        for file in _named_files(body):
            if file.get("is_stream") or not self._inbox.holds(visitor.id, str(file["path"])):
                raise Refusal("a file that was not sent from this page: send it again", status=400)
            file["url"] = None
        if scope["state"]["known"] and not by_name:
            self._pages.claim(_page(body), visitor.id)
        return _again(json.dumps(body).encode()) if body else again

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Gradio store what is sent, and give the page the paths at which its visitor alone can name it."""
        visitor: Visitor = scope["state"]["visitor"]
        self._limits.call(visitor.id, scope["state"]["address"])
        length = Request(scope).headers.get("content-length", "")
        if not length.isdecimal():
            raise Refusal("what is sent does not say how long it is: send it from the page", status=411)
        held: list[Message] = []
        with self._inbox.room(visitor.id, int(length)):

            async def hold(message: Message) -> None:
                held.append(message)

            await self._app(scope, receive, hold)
            start, said = held[0], b"".join(message.get("body", b"") for message in held[1:])
            if start["status"] == 200:
                said = json.dumps(
                    [self._inbox.put(visitor.id, stored) for stored in json.loads(said)]
                ).encode()
                kept = [one for one in start["headers"] if one[0] != b"content-length"]
                start = {**start, "headers": [*kept, (b"content-length", str(len(said)).encode())]}
        await send(start)
        await send({"type": "http.response.body", "body": said})

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["path"].rpartition("/")[2]
        if page == "data":
            page = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[0]
        self._pages.refuse_others(page, self._owner(scope))
        with self._pages.listening(page):
            await self._app(scope, receive, send)

    @staticmethod
    def _owner(scope: Scope) -> str:
        visitor: Visitor = scope["state"]["visitor"]
        return visitor.id


def _page(body: dict[str, Any]) -> str:
    page = body.get("session_hash")
    if not isinstance(page, str) or not 0 < len(page) <= _LONGEST_PAGE:
        raise Refusal("the call does not say from which page it comes: reload the page", status=400)
    return page


def _named_files(body: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        return _files(body)
    except RecursionError:
        raise Refusal("the call cannot be read: it is nested too deeply", status=400) from None


def _files(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 (JSON)
    """All that Gradio may take for a file in a call."""
    if isinstance(value, list):
        return [file for one in value for file in _files(one)]
    if not isinstance(value, dict):
        return []
    inside = [file for one in value.values() for file in _files(one)]
    return [value, *inside] if "path" in value else inside


async def _read(scope: Scope, receive: Receive) -> tuple[dict[str, Any], Receive]:
    """The JSON object of a call, and its body to be read again."""
    body = await Request(scope, receive).body()
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refusal("the call cannot be read: it is no JSON object", status=400)
    return found, _again(body)


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
