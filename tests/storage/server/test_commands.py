"""The commands, the doctor and the web server, with an index on servers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from rag import doctor
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.settings import Settings
from rag.storage.location import ServerAddress
from tests.support.embedder import several
from tests.support.servers import PASSWORD, SERVER_MARKS, free_port, waited
from ui.cli import main

pytestmark = SERVER_MARKS


def test_the_commands_work_with_an_index_on_servers(
    served: ServerAddress, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, line in (("one", "Colossus took 122 days to build."), ("two", "Zebras live in herds.")):
        (folder / f"{name}.md").write_text(f"# {name}\n\n{line}\n")
    index = ("--index", str(served))

    def said(*command: str, status: int = 0) -> str:
        assert main([*command, *index]) == status
        shown = capsys.readouterr()
        assert PASSWORD not in shown.out + shown.err
        return shown.out if status == 0 else shown.err

    assert "make one with `pincite add --index chroma://" in said("list", status=1)
    assert said("sync", str(folder), "--dry-run").count("add ") == 2
    assert said("sync", str(folder)).startswith("added 2")
    (folder / "one.md").unlink()
    assert said("sync", str(folder)).startswith("added 0, updated 0, renamed 0, removed 1, unchanged 1")
    assert said("add", str(folder / "two.md")).startswith("added 0, updated 0, unchanged 1")
    assert "two" in said("list")
    assert "herds" in said("ask", "Where do zebras live?", "--model", "quotes")
    assert "copy it with pg_dump" in said("backup", str(tmp_path / "x.backup"), status=1)
    assert "copy it with pg_dump" in said("restore", str(tmp_path / "x.backup"), status=1)
    assert said("remove", "two") == "removed 1\n"


def test_the_doctor_reads_an_index_on_servers_and_reports_what_is_wrong(
    served: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    def about() -> doctor.Finding:
        return doctor.check_index(str(served))

    assert about().fix == f"`pincite add --index {served} PATH`"
    with Index.open(served, embedder=open_embedder(), settings=Settings()) as index:
        index.add(several(range(2)))
    assert about() == doctor.Finding("index", True, f"2 articles in '{served}', minilm-l6-v2-int8")
    monkeypatch.setenv("PINCITE_DATABASE", os.environ["PINCITE_DATABASE"].replace(PASSWORD, "wrong"))
    assert "lets nobody in" in about().detail
    assert PASSWORD not in about().detail


@contextmanager
def serving(where: ServerAddress, home: Path) -> Iterator[Callable[[str], str]]:
    """`pincite serve` in a process and a home of its own; what it answers to a question, as text."""
    port = free_port()
    home.mkdir()
    with (home / "serve.log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", f"--index={where}", f"--port={port}", "--model=quotes"],
            env={**os.environ, "PINCITE_HOME": str(home)},
            stdout=log,
            stderr=log,
        )

    def up() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/api/me").status_code == 200
        return False

    def ask(question: str) -> str:
        call = f"http://127.0.0.1:{port}/gradio_api/call/ask"
        event = httpx.post(call, json={"data": [question, [], [], "", "", []]}).json()["event_id"]
        return httpx.get(f"{call}/{event}", timeout=60).text

    try:
        waited(up, process=running, within_s=120)
        yield ask
    finally:
        running.terminate()
        running.wait(30)
        assert PASSWORD not in (home / "serve.log").read_text()


def test_two_servers_answer_from_one_corpus_what_either_was_given(
    served: ServerAddress, tmp_path: Path
) -> None:
    def told(number: int, words: str) -> None:
        (tmp_path / f"{number}.md").write_text(f"# Report {number}\n\n{words}\n")
        assert main(["add", str(tmp_path / f"{number}.md"), "--index", str(served)]) == 0

    told(1, "The lighthouse at Orrin was built in 1871 by Maria Keller.")
    with serving(served, tmp_path / "one") as one, serving(served, tmp_path / "two") as two:
        for ask in (one, two):
            assert "1871" in ask("When was the lighthouse at Orrin built?")
        told(2, "The bridge at Varga was opened in 1932 by Ilse Brandt.")
        for ask in (one, two):
            assert "1932" in ask("When was the bridge at Varga opened?")
        assert main(["remove", "1", "--index", str(served)]) == 0
        for ask in (one, two):
            assert "1871" not in ask("When was the lighthouse at Orrin built?")
