"""The gate before the application: what is not on the list does not exist, and who asks is known behind it.

Plain ASGI, so that a stream passes as it is written. Behind it ``request.state`` has ``visitor``, ``address`` and
``page``: whether a page that was opened here asks, not another program.
"""

import logging
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.access.allowed_paths import Reachable, before_sign_in
from ui.web.access.headers import secure
from ui.web.access.keys import Keys
from ui.web.access.proxied import proxied_user, refuse_other_peers
from ui.web.access.sessions import Sessions
from ui.web.access.visitors import Visitor, browser, fresh_token, is_token, program, user
from ui.web.options import Serving
from ui.web.refusal import Refusal, fault, is_v1, told

BROWSER, SESSION = "pincite", "pincite_session"  # the names of the cookies
_YEAR_S = 365 * 24 * 3600  # seconds that a browser is remembered
_BODY = 256 * 1024  # bytes in the body of a request that is no upload
_CALL = 4 * 1024 * 1024  # bytes in a call of the page: a pasted text may be in it
_UPLOAD, _JOIN = "/gradio_api/upload", "/gradio_api/queue/join"
_WRONG, _TOO_LARGE = 400, 413  # the status of a wrong name or password, and of a body over its limit
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_log = logging.getLogger(__name__)


class Gate:
    """Stands before an application.

    ``sessions`` is ``None`` where nobody has to sign in, ``keys`` where no program needs a key.
    """

    def __init__(
        self, app: ASGIApp, *, serving: Serving, sessions: Sessions | None, keys: Keys | None = None
    ) -> None:
        self._app = app
        self._serving = serving
        self._sessions = sessions
        self._keys = keys
        self._reachable = Reachable(mcp=serving.mcp, page=serving.page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, answer, or hand on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        path: str = scope["path"]
        answering = whole = False

        async def secured(message: Message) -> None:
            nonlocal answering, whole
            if message["type"] == "http.response.start":
                answering = True
                headers = MutableHeaders(scope=message)
                secure(headers, path=path, status=message["status"], framing=self._serving.framing)
            await send(message)
            whole = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._pass(scope, receive, secured)
        except Refusal as refusal:
            if answering:
                raise  # too late to say it; the connection is cut
            if path == _UPLOAD and refusal.status == _TOO_LARGE:  # Gradio's script shows the body as it is
                await PlainTextResponse(str(refusal), refusal.status)(scope, receive, secured)
                return
            await told(refusal, path)(scope, receive, secured)
        except Exception:
            if answering and not whole:
                raise  # the connection is cut, so that nobody takes half a reply for a whole one
            _log.exception("%s %s failed", scope["method"], path)
            if not answering:
                await told(fault(), path)(scope, receive, secured)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        path, method = scope["path"], scope["method"]
        # The peer of the connection: no header says it.
        address = scope["client"][0] if scope.get("client") else ""
        if self._serving.proxy is not None:
            refuse_other_peers(self._serving.proxy, address)
        self._refuse_strangers(headers, method, scope["scheme"])
        methods = self._reachable.methods(path)
        if not methods or b"%2f" in scope.get("raw_path", b"").lower():
            raise Refusal(
                f"there is nothing at {path!r:.80}: /v1/openapi.json lists what a program may ask", status=404
            )
        if method not in methods:
            raise Refusal(f"{path} does not answer {method!r:.20}", status=405)
        cookies = _cookies(headers.get("cookie", ""))
        limit = {_UPLOAD: self._serving.sent_bytes, _JOIN: _CALL}.get(path, _BODY)
        body = _Limited(receive, headers, limit)
        if self._serving.proxy is not None and path in ("/login", "/logout"):
            raise Refusal("the proxy before this server signs in and out", status=404)
        if path == "/login":
            await self._sign_in(Request(scope, body), address, send)
            return
        key = self._key(headers) if is_v1(path) else ""
        name = "" if key else await self._name(cookies, headers, address)
        if self._serving.proxy is not None and not (key or name) and path != "/api/me":
            raise Refusal(
                f"the proxy named nobody in {self._serving.proxy.header}: sign in there", status=401
            )
        if path == "/logout":
            await self._sign_out(Request(scope, body), cookies, send)
            return
        if not (key or name):
            self._refuse_unknown(path)
        token = cookies.get(BROWSER, "")
        known_browser = is_token(token)
        token = token if known_browser else fresh_token()
        if not (name or known_browser) and path == _UPLOAD:
            # What it wrote would belong to nobody.
            raise Refusal("this browser is not known here: open the page first", status=400)
        visitor: Visitor = program(key) if key else user(name) if name else browser(token)
        # A page has the cookie of its browser, and says where it comes from.
        page = known_browser and headers.get("origin") is not None
        known = bool(key or name) or known_browser
        said = {"visitor": visitor, "address": address, "page": page, "known": known}
        scope["state"] = {**scope.get("state", {}), **said}
        # Gradio would take its own address from it.
        scope["headers"] = [one for one in scope["headers"] if one[0].lower() != b"x-forwarded-host"]
        settled = (
            send
            if known_browser or path != "/"
            else _with_cookie(send, self._cookie(BROWSER, token, scope, _YEAR_S))
        )
        await self._app(scope, body, settled)

    def _refuse_strangers(self, headers: Headers, method: str, scheme: str) -> None:
        """Another site's page must not speak for the visitor, nor reach this machine under a name of its own."""
        host = headers.get("host", "")
        named = _host(f"//{host}")
        allowed = frozenset(self._serving.hosts) | (
            _LOOPBACK if self._serving.local or self._serving.hosts else frozenset()
        )
        if allowed and named not in allowed:
            raise Refusal(f"this server is not reached as {host!r:.80}: start it with --hostname", status=421)
        if method not in _CHANGES:
            return
        origin = headers.get("origin")
        if origin is not None and origin != f"{scheme}://{host}" and urlsplit(origin).netloc != host:
            raise Refusal("another site may not do this here", status=403)
        if headers.get("sec-fetch-site") == "cross-site":
            raise Refusal("another site may not do this here", status=403)

    def _key(self, headers: Headers) -> str:
        """The name of the key that a program sends; empty where it sends none, or none is asked for."""
        kind, _, key = headers.get("authorization", "").partition(" ")
        if self._keys is None or kind.lower() != "bearer":
            return ""
        name = self._keys.name(key.strip())
        if not name:
            raise Refusal(
                "this key is not known here: send one that `pincite keys add` has printed", status=401
            )
        return name

    def _refuse_unknown(self, path: str) -> None:
        """Refuse who has neither signed in nor a key, where that is asked for."""
        if is_v1(path) and self._keys is not None:
            raise Refusal("this needs a key: send it as `Authorization: Bearer KEY`", status=401)
        if self._sessions is not None and not before_sign_in(path):
            raise Refusal("sign in first", status=401)

    async def _name(self, cookies: dict[str, str], headers: Headers, address: str) -> str:
        if self._serving.proxy is not None:
            return proxied_user(self._serving.proxy, headers.raw)
        if self._sessions is None:
            return ""
        basic = headers.get("authorization", "")
        if basic.lower().startswith("basic "):
            return await run_in_threadpool(self._sessions.basic, basic, address=address)
        return self._sessions.name(cookies.get(SESSION, ""))

    async def _sign_in(self, request: Request, address: str, send: Send) -> None:
        """Name and password from a form, as the page and ``gradio_client`` send them."""
        if self._sessions is None:
            raise Refusal("nobody has to sign in here", status=404)
        fields = parse_qs((await _read(request)).decode("utf-8", "replace"))
        name, password = (fields.get(key, [""])[0] for key in ("username", "password"))
        by_hand = "text/html" in request.headers.get("accept", "")
        try:
            token = await run_in_threadpool(self._sessions.sign_in, name.strip(), password, address=address)
        except Refusal as refusal:
            if not by_hand:
                raise
            back = RedirectResponse("/#wrong" if refusal.status == _WRONG else "/#wait", status_code=303)
            await back(request.scope, request.receive, send)
            return
        reply = RedirectResponse("/", status_code=303) if by_hand else JSONResponse({"success": True})
        reply.headers.append("set-cookie", self._cookie(SESSION, token, request.scope, _YEAR_S))
        await reply(request.scope, request.receive, send)

    async def _sign_out(self, request: Request, cookies: dict[str, str], send: Send) -> None:
        if self._sessions is not None:
            self._sessions.sign_out(cookies.get(SESSION, ""))
        reply = JSONResponse({"success": True})
        reply.headers.append("set-cookie", self._cookie(SESSION, "", request.scope, 0))
        await reply(request.scope, request.receive, send)

    def _cookie(self, name: str, value: str, scope: Scope, life_s: int) -> str:
        reach = self._serving.framing.cookie_attributes(https=_is_https(scope))
        return f"{name}={value}; Path=/; Max-Age={life_s}; HttpOnly; {reach}"


class _Limited:
    """A body that may not be longer than ``limit`` bytes, whatever its header says."""

    def __init__(self, receive: Receive, headers: Headers, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0
        said = headers.get("content-length", "0")
        if said.isdigit() and int(said) > limit:
            raise Refusal(_too_large(limit), status=_TOO_LARGE)

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                raise Refusal(_too_large(self._limit), status=_TOO_LARGE)
        return message


async def _read(request: Request) -> bytes:
    return await request.body()


def _too_large(limit: int) -> str:
    amount = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 2**10} KiB"
    return f"this is larger than the limit of {amount}: send less, or split it"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _is_https(scope: Scope) -> bool:
    """Whether the browser speaks TLS, be it to a proxy that says so. Who lies about it only harms its own cookies."""
    said = Headers(scope=scope).get("x-forwarded-proto", "")
    return scope["scheme"] == "https" or said.partition(",")[0].strip().lower() == "https"


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _with_cookie(send: Send, cookie: str) -> Callable[[Any], Awaitable[None]]:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("set-cookie", cookie)
        await send(message)

    return sent
