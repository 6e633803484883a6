"""What several tests share: real chatbots over small corpora, made once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.home import shipped_corpus


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """A chatbot over the shipped article that answers with quotes alone."""
    with Chatbot.open(
        corpus=shipped_corpus(), index=tmp_path_factory.mktemp("shipped"), model="quotes"
    ) as bot:
        yield bot


@pytest.fixture
def private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, empty."""
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
