"""The page in Gradio's server, behind the gate, with what other programs may call."""

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.events import api as listener
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.errors import PinciteError
from rag.filters import EVERYTHING, Filter, read_filter
from rag.question.input import parse_history
from rag.schema import Answer, Turn
from rag.serialization import to_json
from ui.json_text import as_text
from ui.protocol.server import over_http
from ui.web.access.gate import Gate
from ui.web.access.visitors import Visitor
from ui.web.calls import Calls
from ui.web.display import copies
from ui.web.mcp_visits import Visits
from ui.web.refusal import Refusal, is_v1, refusal_of, told
from ui.web.served import Served
from ui.web.theme import THEME
from ui.web.v1.routes import api

_STATIC = Path(__file__).parent / "static"
_TEMPLATE = Path(gr.__file__).parent / "templates" / "frontend" / "index.html"
_THREADS = 40  # requests and answers worked on at the same time
_ASK = "Answer a question from the articles, each statement pinned to the words it rests on: the fields of Answer."


def build(served: Served, page: gr.Blocks, gate: Callable[[ASGIApp], Gate]) -> Gate:
    """The whole application."""
    with page:
        ask = listener(
            _asking(served),
            api_name="ask",
            api_description=_ASK,
            concurrency_limit=served.serving.at_once,
            concurrency_id="answers",
        )
    page.queue(max_size=served.serving.waiting)
    page.max_threads = _THREADS
    visits = Visits(served)
    protocol = over_http(visits, visits.admit) if served.serving.mcp else None

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            if protocol:
                await running.enter_async_context(protocol.running())
            yield

    # A fault of ours is told the visitor in a line, and raised again for the gate to write down.
    handlers: dict[Any, Any] = {PinciteError: refused, Exception: refused}
    plain: dict[str, Any] = {
        "docs_url": None,
        "redoc_url": None,
        "openapi_url": None,
        "exception_handlers": handlers,
    }
    server = FastAPI(title="Pincite", lifespan=life, **plain)
    _routes(server, served)
    programs = api(served)
    calls = Calls(
        server, pages=served.pages, inbox=served.inbox, limits=served.limits, reports=served.reports.belongs
    )
    gr.mount_gradio_app(
        server,
        page,
        "/",
        app_kwargs=plain,
        theme=THEME,
        footer_links=[],
        max_file_size=served.serving.sent_bytes,  # each file is looked at where it is added
        show_error=False,
        ssr_mode=False,
        run_history=False,
        mcp_server=False,
    )
    page.has_launched = True  # or Gradio takes any path for one that it may read
    calls.programs = frozenset({ask["id"]})

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        if protocol and scope["type"] == "http" and scope["path"] == "/mcp":
            await protocol.app(scope, receive, send)
            return
        if scope["type"] == "http" and is_v1(scope["path"]):
            await programs(scope, receive, send)
            return
        await calls(scope, receive, send)

    return gate(routed)


async def refused(request: Request, error: Exception) -> Response:
    """What went wrong, as one line of JSON; a fault of ours keeps its details to itself."""
    return told(refusal_of(error), request.url.path)


# --- for the page ------------------------------------------------------------------------------------------


def _routes(server: FastAPI, served: Served) -> None:
    whole = _page_html(_TEMPLATE.read_text("utf-8"))

    @server.api_route("/", methods=["GET", "HEAD"])
    def start(request: Request) -> Response:
        if served.serving.users and not request.state.visitor.name:
            return FileResponse(_STATIC / "signin.html", media_type="text/html; charset=utf-8")
        return Response(whole, media_type="text/html; charset=utf-8")

    @server.get("/api/me")
    def me(request: Request) -> Response:
        return JSONResponse({"name": request.state.visitor.name})

    @server.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in ("pincite.css", "pincite.js", "icon.svg"):
            raise Refusal("there is nothing here", status=404)
        return FileResponse(_STATIC / name)

    @server.get("/api/chats/{chat}/download")
    def download(request: Request, chat: str, form: str = "markdown") -> Response:
        who = request.state.visitor
        turns = [(kept.question, kept.answer) for kept in served.chats.read(who, chat)]
        title = served.chats.title(who, chat)
        today = datetime.now(UTC).date()
        if form == "json":
            body, ending = as_text(copies.conversation_json(title, turns, accessed=today)), "json"
        else:
            body, ending = copies.conversation_markdown(title, turns, accessed=today), "md"
        return Response(
            body.encode("utf-8", "replace"),
            media_type="application/json" if ending == "json" else "text/markdown; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="pincite-conversation.{ending}"'},
        )

    @server.get("/api/turns/{turn}/copy")
    def copy(request: Request, turn: str) -> Response:
        answer = served.chats.turn(request.state.visitor, turn).answer
        today = datetime.now(UTC).date()
        return JSONResponse(
            {"text": copies.plain(answer, accessed=today), "html": copies.html(answer, accessed=today)}
        )


def _page_html(template: str) -> str:
    """Gradio's page without its inline scripts and its addresses elsewhere, and with our style and script.

    Without them it asks for its configuration at ``/config``, so nothing inline has to be allowed.
    """
    page = re.sub(r"<script(?![^>]*\bsrc=)[^>]*>.*?</script>", "", template, flags=re.DOTALL)
    page = re.sub(r"<meta\s+(?:property|name)=\"(?:og|twitter):.*?/>", "", page, flags=re.DOTALL)
    page = re.sub(r"<(?:base|link rel=\"manifest\")[^>]*>|\s*style=\"[^\"]*\"", "", page)
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    ours = (
        '<title>Pincite</title><link rel="icon" href="/static/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/static/pincite.css"><script type="module" src="/static/pincite.js"></script>'
    )
    return page.replace("</head>", f"{ours}</head>", 1)


# --- for programs ------------------------------------------------------------------------------------------


def _asking(served: Served) -> Callable[..., Any]:
    def ask(
        question: str,
        request: gr.Request,
        history: list[dict[str, str]] | None = None,
        publishers: list[str] | None = None,
        after: str = "",
        before: str = "",
        articles: list[str] | None = None,
    ) -> dict[str, Any]:
        try:
            within = read_filter(publishers=publishers, after=after, before=before, articles=articles)
            answer = _answered(served, question, request, parse_history(history or []), within=within)
        except PinciteError as error:
            raise gr.Error(str(error), print_exception=False) from error
        found = to_json(answer)
        return found if isinstance(found, dict) else {}

    return ask


def _answered(
    served: Served,
    question: str,
    request: "gr.Request | Request",
    history: Sequence[Turn] = (),
    *,
    within: Filter = EVERYTHING,
) -> Answer:
    """The answer to one question of a program, counted against what its visitor may ask in a while."""
    who: Visitor = request.state.visitor
    served.limits.ask(who.id, request.state.address)
    with served.desk.slots.place() as place, served.desk.chatbot(who, model="") as bot:
        place.result()
        answer = bot.ask(question, history=history, within=within)
    served.desk.took(answer.model, answer.timings.get("total", 0.0))
    return answer
