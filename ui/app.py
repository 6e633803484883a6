"""The browser chat: Gradio's queue and API behind a gate, and a page of our own before them.

The only file that imports gradio. Gradio runs in server mode: it brings the queue, the streaming and the API that
``gradio_client`` speaks; its own page, which needs inline scripts and ``eval``, is never served.
"""

import json
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import Any

# Before gradio is imported: without it the server asks the internet for its version and tells of its use.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
import gradio as gr
from gradio.blocks import Blocks
from gradio.events import api as listener
from gradio.routes import App
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.chatbot import QUOTES
from rag.checking import Checked, check_length
from rag.errors import CheckError, PinciteError, SettingsError
from rag.filters import EVERYTHING, Filter, read_filter
from rag.question.input import parse_history
from rag.schema import Answer, Turn
from rag.serialization import Json, to_json
from ui.web.access.gate import Gate
from ui.web.access.rate_limits import Limits
from ui.web.access.sessions import Sessions
from ui.web.access.users import Users
from ui.web.access.visitors import Visitor
from ui.web.mcp_tool import tools
from ui.web.options import Serving
from ui.web.routes import Served, api, page, refused, static_files

_LONGEST_CHECKED = 10_000  # characters of a text to check: some seconds of work, as an answer is

_THREADS = 40  # requests and answers worked on at the same time


def build(served: Served, gate: Callable[[ASGIApp], Gate]) -> Gate:
    """The whole application: the page, its routes, Gradio's engine, all behind the gate."""
    server = gr.Server(title="Pincite", docs_url=None, redoc_url=None, openapi_url=None)
    # A fault of ours is told the visitor in a line, and raised again for the gate to write down.
    for kind in (PinciteError, Exception):
        server.add_exception_handler(kind, refused)
    server.include_router(api(served))
    server.add_api_route("/", page, methods=["GET", "HEAD"], response_class=Response)
    server.mount("/static", static_files())
    with Blocks(mode="server", analytics_enabled=False) as blocks:
        for function, about in ((_asking(served), _ASK), (_chatting(served), _CHAT)):
            listener(
                fn=function,
                api_name=function.__name__,
                api_description=about,
                concurrency_limit=served.serving.at_once,
                concurrency_id="answers",
            )
    blocks.queue(max_size=served.serving.waiting)
    blocks.max_threads = _THREADS
    protocol = (
        tools(
            lambda question, within, request: _answered(served, question, request, within=within),
            lambda text, within, request: _checked(served, text, request, within=within),
        )
        if served.serving.mcp
        else None
    )

    @asynccontextmanager
    async def life(_: App) -> AsyncIterator[None]:
        blocks.run_startup_events()
        await blocks.run_extra_startup_events()
        async with AsyncExitStack() as running:
            if protocol:
                await running.enter_async_context(protocol.running())
            yield

    App.create_app(blocks, app=server, app_kwargs={"lifespan": life})
    blocks._queue.set_server_app(server)

    async def routed(scope: Scope, receive: Receive, send: Send) -> None:
        to = protocol.app if protocol and scope["type"] == "http" and scope["path"] == "/mcp" else server
        await to(scope, receive, send)

    return gate(routed)


def guarded(serving: Serving, limits: Limits) -> Callable[[ASGIApp], Gate]:
    """Puts the gate before an application, with the users' file where visitors must sign in."""
    if serving.users is None:
        return lambda app: Gate(app, serving=serving, sessions=None)
    users = Users(serving.users)
    if not users.names():
        raise SettingsError(
            f"nobody may sign in yet: `pincite users add NAME` adds a user to {str(serving.users)!r}"
        )
    return lambda app: Gate(app, serving=serving, sessions=Sessions(users, limits=limits))


_ASK = "Answer a question from the articles, each statement pinned to the words it rests on: the fields of Answer."


_CHAT = (
    "The page's own: one question of a conversation, as lines of JSON that grow while the answer is written."
)


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


def _chatting(served: Served) -> Callable[..., Any]:
    def chat(
        question: str,
        conversation: str,
        model: str,
        instead: str,
        request: gr.Request,
        publishers: list[str] | None = None,
        after: str = "",
        before: str = "",
        articles: list[str] | None = None,
    ) -> Iterator[str]:
        who: Visitor = request.state.visitor
        said = ""
        try:
            within = read_filter(publishers=publishers, after=after, before=before, articles=articles)
            served.limits.ask(who.id, request.state.address)
        except PinciteError as error:
            yield _line({"kind": "error", "message": str(error)})
            return
        events = served.talk.ask(
            who, question, conversation=conversation, model=model, instead=instead, within=within
        )
        with closing(events):
            for event in events:
                if event["kind"] != "waiting":
                    said += _line(event)
                yield said

    return chat


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
    with served.desk.chatbot(who, model="") as bot:
        answer = bot.ask(question, history=history, within=within)
    served.desk.took(answer.model, answer.timings.get("total", 0.0))
    return answer


def _checked(served: Served, text: str, request: Request, *, within: Filter) -> Checked:
    """A text of a program, checked; it counts as one question of its visitor."""
    if len(text) > _LONGEST_CHECKED:
        raise CheckError(
            f"the text has {len(text):,} characters: the limit is {_LONGEST_CHECKED:,}; check it in parts"
        )
    check_length(text)
    who: Visitor = request.state.visitor
    served.limits.ask(who.id, request.state.address)
    with served.desk.chatbot(who, model=QUOTES) as bot:
        return bot.check(text, within=within)


def _line(event: dict[str, Json]) -> str:
    return json.dumps(event, ensure_ascii=True, allow_nan=False) + "\n"
