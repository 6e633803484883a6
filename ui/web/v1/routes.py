"""The application under ``/v1``. Who asks is known by then: it stands behind the gate."""

import time
from typing import Any

from fastapi import FastAPI, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPBearer
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

import rag
from rag.checking import check_length, checked_to_json
from rag.errors import PinciteError
from ui.protocol.arguments import LONGEST_CHECKED
from ui.web.access.visitors import Visitor
from ui.web.refusal import Refusal, refusal_of, told
from ui.web.served import Served
from ui.web.v1 import wire
from ui.web.v1.asked import known_model, malformed, read_request, read_within, whole_characters
from ui.web.v1.connection import ClientGone, EventStream, while_connected
from ui.web.v1.described import document
from ui.web.v1.events import answered, checked
from ui.web.v1.reply import Reply, completed, frames

_ABOUT = "Answers from a fixed set of articles, each statement pinned to the words it rests on."
_STREAM = {
    "description": "The answer; with `stream`, events of which each is a Chunk, and the last `[DONE]`.",
    "content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/Chunk"}}},
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": wire.ErrorReply, "description": "What was asked for cannot be had, and why"},
    "5XX": {"model": wire.ErrorReply, "description": "It can be had later, or not at all; and why"},
}


def api(served: Served) -> FastAPI:
    """The application."""
    app = FastAPI(
        title="Pincite",
        version=rag.__version__,
        description=_ABOUT,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Security(HTTPBearer(auto_error=False))],
        exception_handlers={  # a fault of ours is raised again after it was told, for the gate to write down
            RequestValidationError: _malformed,
            HTTPException: _unreadable,
            ClientGone: _gone,
            PinciteError: _refused,
            Exception: _refused,
        },
    )
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    started = int(time.time())

    @app.api_route("/api/me", methods=["GET", "HEAD"], include_in_schema=False)
    async def me(request: Request) -> Response:
        """Whether the server is there, as the page's own server says it."""
        return JSONResponse({"name": request.state.visitor.name})

    @app.get("/v1/models", responses=_ERRORS)
    async def models() -> wire.Models:
        """The models on offer, the default one first."""
        return wire.Models(data=[wire.Model(id=name, created=started) for _, name in served.desk.choices()])

    @app.get("/v1/models/{model}", responses=_ERRORS)
    async def one_model(model: str) -> wire.Model:
        """A model by its name; `pincite` is the default one."""
        names = [name for _, name in served.desk.choices()]
        return wire.Model(id=known_model(model, names), created=started)

    @app.post("/v1/chat/completions", response_model=wire.Completion, responses={200: _STREAM, **_ERRORS})
    async def complete(body: wire.ChatRequest, request: Request) -> Response:
        """Answer the last message from the articles."""
        names = [name for _, name in served.desk.choices()]
        asked = read_request(body, models=names, question_chars=served.settings.question_chars)
        who = _counted(served, request)
        events, reply = answered(served.desk, who, asked), Reply(asked)
        if body.stream:
            usage = bool(body.stream_options and body.stream_options.include_usage)
            return EventStream(frames(events, reply, usage=usage))
        whole = await while_connected(request.receive, completed(events, reply))
        return Response(whole, media_type="application/json")

    @app.post("/v1/check", response_model=wire.CheckedReply, responses=_ERRORS)
    async def check(body: wire.CheckRequest, request: Request) -> Response:
        """Check a text against the articles, statement by statement; it counts as one question."""
        text = whole_characters(body.text)
        check_length(text, limit=LONGEST_CHECKED)
        within = read_within(body.within, param="within")
        work = checked(served.desk, _counted(served, request), text, within)
        return JSONResponse(checked_to_json(await while_connected(request.receive, work)))

    return app


def _counted(served: Served, request: Request) -> Visitor:
    """Who asks, counted against what a visitor may ask in a while."""
    who: Visitor = request.state.visitor
    served.limits.ask(who.id, request.state.address)
    return who


async def _refused(request: Request, error: Exception) -> Response:
    return told(refusal_of(error), request.url.path)


async def _malformed(request: Request, error: Exception) -> Response:
    errors = error.errors() if isinstance(error, RequestValidationError) else ()
    return told(malformed(errors), request.url.path)


async def _unreadable(request: Request, error: Exception) -> Response:
    if isinstance(error.__cause__, Refusal):  # of the gate, while the body was read: it is too large
        return told(error.__cause__, request.url.path)
    status = error.status_code if isinstance(error, HTTPException) else 400
    return told(
        Refusal("the body cannot be read: send one JSON object in UTF-8", status=status), request.url.path
    )


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=499)  # for the log of a proxy, as nobody else reads it
