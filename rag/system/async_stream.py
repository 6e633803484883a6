"""What a generator yields, for code that awaits: it runs in a thread of its own, which ends with the stream."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import closing, suppress
from contextvars import copy_context
from typing import TypeVar

from anyio import CancelScope

Item = TypeVar("Item")


async def in_thread(start: Callable[[], Generator[Item, None, None]]) -> AsyncGenerator[Item, None]:
    """Yield what the generator of ``start`` yields, and raise what it raises.

    One thread runs the generator from its first step to its close, so that what is bound to a thread or a context
    stays so. Closing the stream, or cancelling the task that waits for it, closes the generator after the step it is
    at, and waits for that; a generator that is to stop soon has to yield often.
    """
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[Item | _End] = asyncio.Queue()
    ended = asyncio.Event()
    unwanted = threading.Event()

    def tell(call: Callable[..., object], *given: object) -> None:
        with suppress(RuntimeError):  # the loop was closed without waiting for this thread
            loop.call_soon_threadsafe(call, *given)

    def run() -> None:
        error: BaseException | None = None
        try:
            with closing(start()) as running:
                for item in running:
                    if unwanted.is_set():
                        break
                    tell(items.put_nowait, item)
        except BaseException as raised:  # noqa: BLE001  # raised again where the stream is read
            error = raised
        tell(items.put_nowait, _End(error))
        tell(ended.set)

    # A daemon, so that a loop that was torn down in the middle does not keep the process from ending.
    threading.Thread(target=copy_context().run, args=(run,), name="pincite-async", daemon=True).start()
    try:
        while not isinstance(item := await items.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        unwanted.set()
        await _outlast(ended)


async def _outlast(ended: asyncio.Event) -> None:
    """Wait for the thread's end, also where the task is cancelled once more meanwhile, which is then raised."""
    waiting = asyncio.ensure_future(ended.wait())
    cancelled: asyncio.CancelledError | None = None
    # A cancelled scope of anyio cancels again at every step of the loop, which would be busy with nothing else.
    with CancelScope(shield=True):
        while not waiting.done():
            try:
                await asyncio.shield(waiting)
            except asyncio.CancelledError as again:
                cancelled = again
    if cancelled is not None:
        raise cancelled


class _End:
    """The last thing in a stream's queue: the generator has ended, by ``error`` or without one."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
