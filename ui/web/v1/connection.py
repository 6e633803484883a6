"""Work that stops when its client has gone, and a stream of events that does."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Result = TypeVar("Result")


class ClientGone(Exception):
    """Nobody waits for the reply any more."""


async def while_connected(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """Do the work; raises ``ClientGone`` once the client has left and the work, which is cancelled then, has ended.

    The body of the request must have been read.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class EventStream(Response):
    """Server-sent events. What the frames raise before the first of them is raised before the reply begins."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[str, None]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})  # nginx hands each on as it comes
        del self.headers["content-length"]
        self._frames = frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the frames until there are no more, or the client has gone."""
        await while_connected(receive, self._sent(send))

    async def _sent(self, send: Send) -> None:
        async with aclosing(self._frames) as frames:
            frame = await anext(frames, "")
            await send(
                {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            )
            while frame:
                await send({"type": "http.response.body", "body": frame.encode(), "more_body": True})
                frame = await anext(frames, "")
            await send({"type": "http.response.body", "body": b"", "more_body": False})
