"""What the tab "Check my text" calls: each statement of a pasted text with its verdict."""

from collections.abc import Iterator

import gradio as gr

from rag.chatbot import QUOTES
from rag.checking import CheckedStatement
from ui.web.page.listening import visitor
from ui.web.served import Served


class Checking:
    """The listener of the tab. A text counts as one question of its visitor."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def each(self, request: gr.Request, text: str) -> Iterator[CheckedStatement]:
        """Check a text against what this visitor may ask, a statement at a time."""
        who = visitor(request)
        self._served.limits.ask(who.id, request.state.address)
        with self._served.desk.chatbot(who, model=QUOTES) as bot:
            yield from bot.check_each(text)
