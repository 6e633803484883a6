"""A proxy before several servers on loopback: each connection goes to the next one that takes it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle


class Balancer:
    """Passes bytes on, and cuts a connection whose other end is gone; ``port`` is where it listens."""

    def __init__(self, *targets: int) -> None:
        self._targets = cycle(targets)
        self._count = len(targets)
        self.port = 0

    async def serve(self, ready: threading.Event, stop: asyncio.Event) -> None:
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(self._count):
            with suppress(OSError):
                there = await asyncio.open_connection("127.0.0.1", next(self._targets))
                pumps = [self._pump(reader, there[1]), self._pump(there[0], writer)]
                await asyncio.wait([asyncio.ensure_future(pump) for pump in pumps])
                return
        writer.close()

    @staticmethod
    async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


@contextmanager
def balancer(*targets: int) -> Iterator[Balancer]:
    """A balancer that runs in a thread."""
    made, ready, stop = Balancer(*targets), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        loop.run_until_complete(made.serve(ready, stop))
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
