"""What the tab "Check my text" calls: each statement of a pasted text with its verdict."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.chatbot import QUOTES
from rag.checking import CheckedStatement
from ui.web.access.busy import Busy
from ui.web.page.listening import chosen_filter, visitor
from ui.web.served import Served


class Checking:
    """The listener of the tab. A text counts as one question of its visitor, who has one checked at a time."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._busy = Busy("a text of yours is being checked: wait, or stop it")

    def each(self, request: gr.Request, text: str, *chosen: Any) -> Iterator[CheckedStatement]:  # noqa: ANN401
        """Check a text against the articles that this visitor asks, a statement at a time; it ends where all leave."""
        within = chosen_filter(*chosen)
        who = visitor(request)
        self._served.limits.ask(who.id, request.state.address)
        with self._busy.one_of(who.id), self._served.desk.chatbot(who, model=QUOTES) as bot:
            for statement in bot.check_each(text, within=within):
                yield statement
                if self._served.pages.left(request.session_hash):
                    return

    def keep(self, request: gr.Request, report: str) -> str:
        """Keep a report for this visitor; its path."""
        return self._served.reports.keep(visitor(request), report)
