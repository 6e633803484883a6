"""Serves the articles at ``argv[1]`` on standard input and output, as files in the folder ``argv[2]`` tell it.

The articles are opened when there is a file ``open``. The model says that it stops by making a file ``ended``, and goes
on for ever where there is none called ``go``. Run as ``python -m tests.support.protocol_server``.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.chatbot import Chatbot
from tests.test_chatbot import HaltingChat
from ui.protocol.opened_apart import OpenedApart
from ui.protocol.server import serve_stdio


class Sign(threading.Event):
    """An event of all processes: a file is there."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def is_set(self) -> bool:
        return self._path.exists()

    def set(self) -> None:
        self._path.touch()

    def wait(self, timeout: float | None = None) -> bool:
        deadline = time.monotonic() + (timeout or 60)
        while not self.is_set() and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.is_set()


def main() -> None:
    signs = Path(sys.argv[2])
    chat = HaltingChat(
        replies=["It was built in 1871 [1]."] * 9, go=Sign(signs / "go"), ended=Sign(signs / "ended")
    )

    @contextmanager
    def opened() -> Iterator[Chatbot]:
        assert Sign(signs / "open").wait()
        with Chatbot.open(corpus=sys.argv[1], index=signs / "index", model=chat) as bot:
            yield bot

    articles = OpenedApart(opened, complain=sys.stderr.write)
    articles.start()
    serve_stdio(articles)
    articles.close()
    if chat.prompts:
        chat.ended.wait(
            10
        )  # in a thread, whose end nobody waits for; one that is not stopped goes on for ever
    os._exit(0)


if __name__ == "__main__":
    main()
