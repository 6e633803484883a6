"""The whole browser chat in this process, for tests that give it a model of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rag.chatbot import QUOTES
from ui.commands.serve import application, opened
from ui.commands.source import Source
from ui.web.options import Serving
from ui.web.server import Site, listen


@contextmanager
def site(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: Any = QUOTES,  # noqa: ANN401
    corpus: Path | None = None,
    **options: Any,  # noqa: ANN401
) -> Iterator[str]:
    """A server with a home of its own; its address."""
    monkeypatch.setenv("PINCITE_HOME", str(home))
    serving = Serving(port=0, **options)
    with opened(Source((str(corpus),) if corpus else (), model, None), serving) as served:
        running = Site(application(served), listen(serving.host, 0))
        yield f"http://127.0.0.1:{running.start()}"
        running.stop()
