"""What every listener needs: who calls, errors as toasts, and the filter that the page's fields make.

An ``Updates`` is what the components named beside it get, in their order.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from rag.errors import PinciteError
from rag.filters import Filter, read_filter
from ui.web.access.visitors import Visitor
from ui.wording import one_line

Updates = tuple[Any, ...]


def visitor(request: gr.Request) -> Visitor:
    """Who calls, as the gate found; nothing else that a page sends is trusted."""
    found = request.state.visitor
    if not isinstance(found, Visitor):
        raise TypeError("the gate puts a visitor before every listener")
    return found


@contextmanager
def told() -> Iterator[None]:
    """What a person can mend is told in a line, as a toast."""
    try:
        yield
    except PinciteError as error:
        raise gr.Error(inert(str(error)), print_exception=False) from error


def inert(text: str) -> str:
    """``text`` for a toast, which shows HTML: with nothing in it that HTML or Markdown obeys."""
    return re.sub(r"[^\w\s]", lambda sign: f"&#{ord(sign.group())};", one_line(text))


def chosen_filter(
    publishers: list[str] | None, after: str | None, before: str | None, articles: list[str] | None
) -> Filter:
    """The filter that the page's fields make."""
    return read_filter(
        publishers=publishers, after=(after or "").strip(), before=(before or "").strip(), articles=articles
    )
