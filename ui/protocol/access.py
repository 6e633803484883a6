"""Where the tools get the articles from: what either way of serving has to give."""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

Use = Literal["ask", "check", "search", "read"]
_T = TypeVar("_T")
# Each step says what goes on, in words for whoever waits; work is given up by closing it at one.
Steps = Generator[str, None, _T]
Work = Callable[["Chatbot"], Steps[_T]]


class Access(Protocol):
    """Opens the articles for a request."""

    def worked(self, work: Work[_T], *, use: Use, request: Any) -> Steps[_T]:  # noqa: ANN401
        """Do work over what may be asked by whoever sent ``request``, which is ``None`` where there is but one client.

        The steps are made in a thread of the request's own; they come several a second also while the articles are
        waited for. Raises ``PinciteError`` where they are not to be had for this use, and what the work raises.
        """
