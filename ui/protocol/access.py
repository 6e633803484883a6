"""Where the tools get the articles from: what either way of serving has to give."""

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

Use = Literal["ask", "check", "search", "read"]
_T = TypeVar("_T")
# Each step says what goes on, in words for whoever waits.
Steps = Generator[str, None, _T]


class Access(Protocol):
    """Opens the articles for a request. Both methods are called in a thread of the request's own."""

    def opening(self) -> Iterator[str]:
        """Steps until the articles are open, several a second; raises ``PinciteError`` where they cannot be opened."""

    def chatbot(self, use: Use, request: Any) -> "AbstractContextManager[Chatbot]":  # noqa: ANN401
        """The chatbot over what may be asked by whoever sent ``request``, which is ``None`` where there is but one.

        Raises ``PinciteError`` where it is not to be had for this use.
        """
