"""The chatbot for code that awaits: ``aask``, ``astream``, ``acheck``, and the asynchronous context manager."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from functools import partial
from typing import Self

from rag.checking import Checked, CheckedStatement
from rag.events import Event, Finished
from rag.filters import EVERYTHING, Filter
from rag.question.input import History
from rag.schema import Answer
from rag.system.async_stream import in_thread


class AsyncChatbot(ABC):
    """What ``Chatbot`` offers to asyncio, over its own methods; each call works in a thread that ends with it.

    Cancelling the task stops the model, within about a quarter of a second, and frees it for the next question.
    """

    @abstractmethod
    def stream(
        self, question: str, *, history: History = (), within: Filter = EVERYTHING
    ) -> Generator[Event, None, None]:
        """The events of an answer."""

    @abstractmethod
    def check_each(
        self, text: str, *, within: Filter = EVERYTHING
    ) -> Generator[CheckedStatement, None, None]:
        """The statements of a text, checked."""

    @abstractmethod
    def close(self) -> None:
        """Close what is open."""

    async def aask(self, question: str, *, history: History = (), within: Filter = EVERYTHING) -> Answer:
        """Answer ``question`` as ``ask`` does."""
        async with aclosing(self.astream(question, history=history, within=within)) as events:
            async for event in events:
                if isinstance(event, Finished):
                    return event.answer
        raise TypeError("a stream ends with Finished")

    def astream(
        self, question: str, *, history: History = (), within: Filter = EVERYTHING
    ) -> AsyncGenerator[Event, None]:
        """Answer ``question`` as a stream of events, as ``stream`` does.

        Leave the loop early only within ``contextlib.aclosing``: Python closes an asynchronous iterator late.
        """
        return in_thread(partial(self.stream, question, history=history, within=within))

    async def acheck(self, text: str, *, within: Filter = EVERYTHING) -> Checked:
        """Check each statement of ``text`` as ``check`` does."""
        async with aclosing(in_thread(partial(self.check_each, text, within=within))) as statements:
            return Checked(text=text, statements=tuple([one async for one in statements]))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)
