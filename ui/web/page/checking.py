"""What the tab "Check my text" calls: each statement of a pasted text with its verdict."""

from collections.abc import Iterator

import gradio as gr

from rag.chatbot import QUOTES
from rag.checking import CheckedStatement
from ui.web.access.busy import Busy
from ui.web.page.listening import visitor
from ui.web.served import Served


class Checking:
    """The listener of the tab. A text counts as one question of its visitor, who has one checked at a time."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._busy = Busy("a text of yours is being checked: wait, or stop it")

    def each(self, request: gr.Request, text: str) -> Iterator[CheckedStatement]:
        """Check a text against what this visitor may ask, a statement at a time; it ends where the page is left."""
        who = visitor(request)
        self._served.limits.ask(who.id, request.state.address)
        with self._busy.one_of(who.id), self._served.desk.chatbot(who, model=QUOTES) as bot:
            for statement in bot.check_each(text):
                yield statement
                if self._served.pages.left(request.session_hash):
                    return

    def keep(self, request: gr.Request, report: str) -> str:
        """Keep a report for this visitor; its path."""
        return self._served.reports.keep(visitor(request), report)
