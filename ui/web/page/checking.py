"""What the tab "Check my text" calls: each statement of a pasted text with its verdict."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.chatbot import QUOTES
from rag.checking import CheckedStatement
from ui.web.page.listening import chosen_filter, visitor
from ui.web.served import Served


class Checking:
    """The listener of the tab. A text counts as one question of its visitor."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def each(self, request: gr.Request, text: str, *chosen: Any) -> Iterator[CheckedStatement]:  # noqa: ANN401
        """Check a text against the articles that this visitor asks, a statement at a time."""
        within = chosen_filter(*chosen)
        who = visitor(request)
        self._served.limits.ask(who.id, request.state.address)
        with self._served.desk.chatbot(who, model=QUOTES) as bot:
            yield from bot.check_each(text, within=within)
