"""What several tests share: real chatbots over small corpora, made once."""

import subprocess
from collections.abc import Iterator
from inspect import signature
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from rag.chatbot import Chatbot
from rag.models.catalogue import find_model
from rag.models.download import install_model, is_installed
from rag.storage.location import ServerAddress, parse_address
from rag.system.paths import models_folder, shipped_corpus
from tests.support.language_model import TEST_MODEL
from tests.support.servers import ChromaServer, PostgresServer, missing


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``where`` runs on either back end; one that looks into the ``folder`` on that alone."""
    if "where" in metafunc.fixturenames:
        kinds: list[object] = ["folder"]
        if "folder" not in signature(metafunc.function).parameters:
            kinds.append(pytest.param("servers", marks=pytest.mark.slow))
        metafunc.parametrize("where", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` one worker has all tests of the language model, and one all tests of the servers.

    Two llama.cpp processes slow one another tenfold on two cores, and starting a second pair of servers takes seconds.
    """
    for item in items:
        if isinstance(item, pytest.Function):
            uses_model = {"test_model", "reading_model"} & set(item.fixturenames)
            if uses_model or "tests/models/" in item.path.as_posix():
                item.add_marker(pytest.mark.xdist_group("language model"))
            elif {"postgres", "chroma"} & set(item.fixturenames):
                item.add_marker(pytest.mark.xdist_group("servers"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """PostgreSQL on loopback, for all tests of the session."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def chroma() -> Iterator[ChromaServer]:
    """A Chroma server on loopback, for all tests of the session."""
    server = ChromaServer()
    yield server
    server.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for an index, which is not there yet."""
    return tmp_path / "index"


_NUMBERS = count()


@pytest.fixture
def served(
    postgres: PostgresServer, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> ServerAddress:
    """An index on servers that is not there yet, for this process and its children."""
    monkeypatch.setenv("PINCITE_DATABASE", postgres.url)
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "home"))
    return parse_address(f"chroma://127.0.0.1:{chroma.port}/t{next(_NUMBERS)}")


@pytest.fixture
def where(request: pytest.FixtureRequest) -> Path | ServerAddress:
    """A place for an index, which is not there yet: a folder, and again on servers."""
    found: Path | ServerAddress = request.getfixturevalue("folder" if request.param == "folder" else "served")
    return found


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """A chatbot over the shipped article that answers with quotes alone."""
    with Chatbot.open(
        corpus=shipped_corpus(), index=tmp_path_factory.mktemp("shipped"), model="quotes"
    ) as bot:
        yield bot


@pytest.fixture(scope="session")
def test_model() -> Path:
    """The file of the model for tests of the machinery, downloaded if it is not installed."""
    return install_model(TEST_MODEL)


@pytest.fixture(scope="session")
def reading_model() -> Path:
    """The file of the language model that the figures were measured with, where it is installed."""
    model = find_model("qwen2.5-coder-1.5b")
    assert model is not None
    if not is_installed(model):
        missing(
            f"no {model.name} on this machine: `pincite models pull {model.name}`", setting="PINCITE_READER"
        )
    return models_folder() / model.file


@pytest.fixture
def private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, empty."""
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that are started from then on, as one is for each file that is read apart."""
    found: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401
            super().__init__(*arguments, **options)
            found.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    return found
