"""The articles of a server with one client: opened beside the first requests, which need not wait for them."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from ui.protocol.access import Steps, Use, Work

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

_T = TypeVar("_T")
_STEP_S = 0.25  # seconds between two steps while the articles are opened


class OpenedApart:
    """Opens the chatbot of ``opened`` in a thread. Where it cannot be opened, each request is told why and tries again.

    ``complain`` is told why as well, once for each attempt.
    """

    def __init__(
        self, opened: "Callable[[], AbstractContextManager[Chatbot]]", *, complain: Callable[[str], object]
    ) -> None:
        self._opened = opened
        self._complain = complain
        self._lock = threading.Lock()
        self._attempt: _Attempt | None = None

    def start(self) -> "_Attempt":
        """Begin to open it, unless it is open or somebody is at it; the attempt."""
        with self._lock:
            if self._attempt is None or self._attempt.error is not None:
                self._attempt = _Attempt(self._opened, self._complain)
            return self._attempt

    def close(self) -> None:
        """Close what is open; what is being opened now is left to the end of the process."""
        with self._lock:
            if self._attempt and self._attempt.ended.is_set():
                self._attempt.held.close()

    def worked(self, work: Work[_T], *, use: Use, request: Any) -> Steps[_T]:  # noqa: ANN401
        """Do work over the one chatbot, whatever for, once it is open; raises what kept it from being opened."""
        attempt = self.start()
        while not attempt.ended.wait(_STEP_S):
            yield "the articles and the models are being opened"
        if attempt.error is not None:
            raise attempt.error
        return (yield from work(attempt.bots[0]))


class _Attempt:
    """One attempt: what is ``held`` open, the chatbot in ``bots``, or the ``error``, once it has ``ended``."""

    def __init__(
        self, opened: "Callable[[], AbstractContextManager[Chatbot]]", complain: Callable[[str], object]
    ) -> None:
        self.held = ExitStack()
        self.bots: list[Chatbot] = []
        self.error: Exception | None = None
        self.ended = threading.Event()
        threading.Thread(
            target=self._run, args=(opened, complain), name="pincite-opening", daemon=True
        ).start()

    def _run(
        self, opened: "Callable[[], AbstractContextManager[Chatbot]]", complain: Callable[[str], object]
    ) -> None:
        from rag.answer.warm_up import start_warm_up

        try:
            bot = self.held.enter_context(opened())
            self.bots.append(bot)
            start_warm_up(bot.writer)
        except Exception as error:  # noqa: BLE001 - raised again in the requests that wait for it
            self.error = error
            complain(f"pincite: {error}")
        finally:
            self.ended.set()
