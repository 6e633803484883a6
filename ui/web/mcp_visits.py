"""Who asks by the Model Context Protocol: a visitor, who sees what that visitor may see and is counted as one."""

import time
from concurrent.futures import wait
from contextlib import ExitStack
from typing import TypeVar

from starlette.requests import Request

from rag.chatbot import QUOTES
from ui.protocol.access import Steps, Use, Work
from ui.web.access.visitors import Visitor
from ui.web.served import Served

_BEAT_S = 0.25  # seconds between two steps of who waits
_T = TypeVar("_T")


class Visits:
    """The articles for the visitor of each request. Questions, checks and searches count as questions."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def admit(self, request: Request, opens: bool) -> None:  # noqa: FBT001 - called by the endpoint alone
        """Count a request, and a session that it ``opens`` as a question: each takes memory until it is idle."""
        who: Visitor = request.state.visitor
        self._served.limits.call(who.id, request.state.address)
        if opens:
            self._served.limits.ask(who.id, request.state.address)

    def worked(self, work: Work[_T], *, use: Use, request: Request) -> Steps[_T]:
        """Do work over what this visitor may ask; a language model is there for ``ask`` alone."""
        who: Visitor = request.state.visitor
        if use != "read":
            self._served.limits.ask(who.id, request.state.address)
        desk = self._served.desk
        with ExitStack() as held:
            if use in ("ask", "check"):
                place = held.enter_context(desk.slots.place())
                while wait((place,), timeout=_BEAT_S).not_done:
                    yield "Waiting for other questions"
            bot = held.enter_context(desk.chatbot(who, model="" if use == "ask" else QUOTES))
            begun = time.monotonic()
            found = yield from work(bot)
            if use == "ask":
                desk.took(bot.name, time.monotonic() - begun)
            return found
