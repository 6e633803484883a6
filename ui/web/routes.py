"""The page's own addresses: what is loaded, articles, conversations, copies, ratings.

Who asks is in ``request.state.visitor``, put there by the gate; no path or id of a client is ever a file's.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel

from rag.chatbot import QUOTES
from rag.errors import PinciteError
from rag.evaluation.questions import Question
from rag.serialization import Json, to_json
from rag.settings import Settings
from ui.json_text import as_text
from ui.web.access.rate_limits import Limits
from ui.web.access.visitors import Visitor
from ui.web.conversation.ask import Talk
from ui.web.conversation.chatbots import Desk
from ui.web.conversation.saved import Chats, Conversation
from ui.web.display import copies
from ui.web.display.links import safe_url
from ui.web.library.uploads import TYPES
from ui.web.library.visitor_articles import Added, Shelves
from ui.web.options import Serving
from ui.web.refusal import Refusal, fault
from ui.web.suggestions import examples

STATIC = Path(__file__).parent / "static"
_OFFERS = 100  # sets of articles whose offers are remembered
_FIRST = 3  # articles named before the first question
_MEDIA = {"markdown": "text/markdown; charset=utf-8", "json": "application/json"}


class Pasted(BaseModel):
    """A text that a visitor pastes in."""

    title: str
    text: str
    url: str = ""


class Titled(BaseModel):
    """A new title of a conversation."""

    title: str


class Rating(BaseModel):
    """Thumbs up, thumbs down, or taken back, with a note."""

    liked: bool | None
    note: str = ""


class Served:
    """Everything the routes stand on."""

    def __init__(
        self,
        *,
        shelves: Shelves,
        chats: Chats,
        desk: Desk,
        limits: Limits,
        serving: Serving,
        settings: Settings,
        known: tuple[Question, ...],
    ) -> None:
        self.shelves = shelves
        self.chats = chats
        self.desk = desk
        self.limits = limits
        self.serving = serving
        self.settings = settings
        self.known = known
        self.talk = Talk(desk=desk, chats=chats, shelves=shelves, settings=settings)
        self._offered: OrderedDict[tuple[str, ...], tuple[str, ...]] = OrderedDict()

    def offers(self, who: Visitor) -> tuple[str, ...]:
        """Questions to begin with, each tried on what this visitor may ask; remembered until that changes."""
        with self.desk.chatbot(who, model=QUOTES) as bot:
            key = tuple(item.fingerprint for item in bot.index.listing())
            if key not in self._offered:
                self._offered[key] = examples(bot, known=self.known)
            while len(self._offered) > _OFFERS:
                self._offered.popitem(last=False)
            return self._offered[key]


def visitor(request: Request) -> Visitor:
    """Who asks."""
    found = request.state.visitor
    if not isinstance(found, Visitor):
        raise TypeError("the gate puts a visitor before every route")
    return found


async def refused(_: Request, error: Exception) -> Response:
    """What went wrong, as one line of JSON; a fault of ours keeps its details to itself."""
    said = error if isinstance(error, PinciteError) else fault()
    status = said.status if isinstance(said, Refusal) else 400
    return JSONResponse({"detail": str(said)}, status_code=status)


def page() -> Response:
    """The page."""
    return FileResponse(STATIC / "index.html", media_type="text/html; charset=utf-8")


def static_files() -> StaticFiles:
    """The page's own files."""
    return StaticFiles(directory=STATIC)


def api(served: Served) -> APIRouter:
    """All routes under ``/api``."""
    routes = APIRouter(prefix="/api")
    _about(routes, served)
    _articles(routes, served)
    _chats(routes, served)
    _turns(routes, served)
    return routes


def _about(routes: APIRouter, served: Served) -> None:
    @routes.get("/me")
    def me(request: Request) -> Response:
        return _json(
            {
                "name": visitor(request).name,
                "sign_in": bool(served.serving.users) and not visitor(request).name,
                "question_chars": served.settings.question_chars,
                "model": served.desk.default,
                "models": to_json(served.desk.choices()),
            }
        )

    @routes.get("/welcome")
    def welcome(request: Request) -> Response:
        listed = served.shelves.listing(visitor(request))
        first = sorted(listed, key=lambda item: not item.own)[:_FIRST]
        offered = served.offers(visitor(request))
        return _json(
            {
                "articles": [_line(served, visitor(request), item.id) for item in first],
                "total": len(listed),
                "characters": sum(item.characters for item in listed),
                "examples": list(offered),
            }
        )


def _line(served: Served, who: Visitor, article_id: str) -> dict[str, Json]:
    article = served.shelves.article(who, article_id)
    return {
        "id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date.isoformat() if article.date else "",
        "url": safe_url(article.url),
        "credit": article.credit,
        "characters": len(article.text),
        "fingerprint": article.fingerprint,
    }


def _articles(routes: APIRouter, served: Served) -> None:
    @routes.get("/articles")
    def listing(request: Request) -> Response:
        items = served.shelves.listing(visitor(request))
        return _json(
            {
                "shared": served.serving.shared,
                "types": list(TYPES),
                "upload_bytes": served.serving.upload_bytes,
                "articles": [
                    {
                        "id": item.id,
                        "title": item.title,
                        "publisher": item.publisher,
                        "date": item.date.isoformat() if item.date else "",
                        "characters": item.characters,
                        "own": item.own,
                    }
                    for item in items
                ],
            }
        )

    @routes.post("/articles")
    async def add(request: Request, name: str) -> Response:
        served.limits.upload(visitor(request).id, request.state.address)
        data = await request.body()
        return _added(
            await _while_awaited(
                request,
                lambda unwanted: served.shelves.add(visitor(request), name, data, unwanted=unwanted),
            )
        )

    @routes.post("/articles/paste")
    def paste(request: Request, pasted: Pasted) -> Response:
        served.limits.upload(visitor(request).id, request.state.address)
        added = served.shelves.paste(visitor(request), pasted.title, pasted.text, url=pasted.url)
        return _added(added)

    @routes.get("/article")  # ids may hold anything, so they are no part of the path
    def read(request: Request, id: str) -> Response:
        article = served.shelves.article(visitor(request), id)
        return _json({**_line(served, visitor(request), id), "text": article.text})

    @routes.delete("/article")
    def remove(request: Request, id: str) -> Response:
        served.shelves.remove(visitor(request), id)
        return _json({})


async def _while_awaited(request: Request, work: Callable[[Event], Added]) -> Added:
    """``work`` in a thread; the event it gets is set when the visitor goes away or the server stops."""
    unwanted = Event()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        unwanted.set()

    watching = asyncio.create_task(watch())
    try:
        return await run_in_threadpool(work, unwanted)
    finally:
        unwanted.set()
        watching.cancel()


def _added(added: Added) -> Response:
    return _json(
        {
            "added": [{"id": item.id, "title": item.title} for item in added.articles],
            "problems": list(added.problems),
        }
    )


def _chats(routes: APIRouter, served: Served) -> None:
    @routes.get("/chats")
    def chats(request: Request) -> Response:
        return _json({"chats": to_json([_chat(item) for item in served.chats.listing(visitor(request))])})

    @routes.get("/chats/{chat}")
    def chat(request: Request, chat: str) -> Response:
        who = visitor(request)
        return _json({"turns": [served.talk.turn(who, kept) for kept in served.chats.read(who, chat)]})

    @routes.patch("/chats/{chat}")
    def rename(request: Request, chat: str, titled: Titled) -> Response:
        served.chats.rename(visitor(request), chat, titled.title)
        return _json({})

    @routes.delete("/chats/{chat}")
    def delete(request: Request, chat: str) -> Response:
        served.chats.delete(visitor(request), chat)
        return _json({})

    @routes.get("/chats/{chat}/download")
    def download(request: Request, chat: str, form: str = "markdown") -> Response:
        who = visitor(request)
        turns = [(kept.question, kept.answer) for kept in served.chats.read(who, chat)]
        title = next((item.title for item in served.chats.listing(who) if item.id == chat), "Conversation")
        today = datetime.now(UTC).date()
        if form == "json":
            body = as_text(copies.conversation_json(title, turns, accessed=today))
        else:
            body = copies.conversation_markdown(title, turns, accessed=today)
        ending = "json" if form == "json" else "md"
        headers = {"Content-Disposition": f'attachment; filename="pincite-conversation.{ending}"'}
        return Response(
            body.encode("utf-8", "replace"), media_type=_MEDIA.get(form, _MEDIA["markdown"]), headers=headers
        )


def _chat(item: Conversation) -> dict[str, Json]:
    return {"id": item.id, "title": item.title, "changed": item.changed.isoformat(), "turns": item.turns}


def _turns(routes: APIRouter, served: Served) -> None:
    @routes.post("/turns/{turn}/rating")
    def rate(request: Request, turn: str, rating: Rating) -> Response:
        served.chats.rate(visitor(request), turn, liked=rating.liked, note=rating.note)
        return _json({"liked": rating.liked, "note": rating.note if rating.liked is not None else ""})

    @routes.get("/turns/{turn}/quote")
    def quote(request: Request, turn: str, label: int) -> Response:
        answer = served.chats.turn(visitor(request), turn).answer
        found = next((item for item in answer.evidence if item.label == label), None)
        if found is None:
            raise Refusal(f"the answer has no passage {label}: reload the page", status=404)
        return _json({"text": copies.quote_text(found, accessed=datetime.now(UTC).date())})

    @routes.get("/turns/{turn}/copy")
    def copy(request: Request, turn: str, form: str = "markdown") -> Response:
        answer = served.chats.turn(visitor(request), turn).answer
        today = datetime.now(UTC).date()
        if form == "markdown":
            return _json({"text": copies.markdown(answer, accessed=today)})
        text = copies.plain(answer, accessed=today)
        return _json(
            {"text": text, "html": copies.html(answer, accessed=today)} if form == "html" else {"text": text}
        )


def _json(value: Json) -> Response:
    return Response(as_text(value), media_type="application/json")
