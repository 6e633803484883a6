"""The events of an answer, awaited, once there is a place for it; and a text, checked."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import Future
from contextlib import aclosing
from functools import partial

from rag.chatbot import QUOTES
from rag.checking import Checked, CheckedStatement
from rag.events import Event, Finished, Waiting
from rag.filters import Filter
from rag.system.async_stream import in_thread
from ui.web.access.visitors import Visitor
from ui.web.conversation.chatbots import Desk
from ui.web.v1.asked import Asked

_BEAT_S = 0.5  # seconds between two events for who waits


async def answered(desk: Desk, who: Visitor, asked: Asked) -> AsyncGenerator[Event, None]:
    """The events of an answer; ``Waiting`` until there is a place. Close it to stop the model and free the place."""
    with desk.slots.place() as place:
        async for _ in _beats(place):
            yield Waiting()
        async with aclosing(in_thread(partial(_events, desk, who, asked))) as events:
            async for event in events:
                yield event


async def checked(desk: Desk, who: Visitor, text: str, within: Filter) -> Checked:
    """A text, checked by rules alone, once there is a place for it."""
    with desk.slots.place() as place:
        await asyncio.wrap_future(place)
        async with aclosing(in_thread(partial(_statements, desk, who, text, within))) as statements:
            return Checked(text=text, statements=tuple([one async for one in statements]))


def _events(desk: Desk, who: Visitor, asked: Asked) -> Generator[Event, None, None]:
    """The events in a thread, from the opening of the visitor's index to its end."""
    with desk.chatbot(who, model=asked.model) as bot:
        for event in bot.stream(asked.question, history=asked.history, within=asked.within):
            if isinstance(event, Finished):
                desk.took(asked.model, event.answer.timings.get("total", 0.0))
            yield event


def _statements(
    desk: Desk, who: Visitor, text: str, within: Filter
) -> Generator[CheckedStatement, None, None]:
    with desk.chatbot(who, model=QUOTES) as bot:
        yield from bot.check_each(text, within=within)


async def _beats(place: "Future[None]") -> AsyncGenerator[None, None]:
    given = asyncio.wrap_future(place)
    while not given.done():
        await asyncio.wait((given,), timeout=_BEAT_S)
        yield
