"""``pincite mcp``: a process whose standard output is the protocol's alone, and which ends with its client."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import ORRIN
from tests.support.protocol_client import ROOT, environment, spoken, started, written_articles
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

HELLO = {
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "a test", "version": "1"},
    },
}
WHEN = {"name": "ask", "arguments": {"question": "When was the lighthouse at Orrin built?"}}


def test_who_types_it_in_a_terminal_is_told_that_it_waits_for_an_assistant(tmp_path: Path) -> None:
    ours, its = os.openpty()
    words = (
        sys.executable,
        "-m",
        "ui.cli",
        "mcp",
        "--corpus",
        str(written_articles(tmp_path)),
        "--model",
        "quotes",
    )
    errors = tmp_path / "errors"
    with errors.open("wb") as err:
        process = subprocess.Popen(
            words, stdin=its, stdout=subprocess.PIPE, stderr=err, cwd=ROOT, env=environment(tmp_path)
        )
    os.close(its)
    try:
        wait_until(lambda: "this waits for an assistant" in errors.read_text(), within_s=30)
        assert errors.read_text().count("\n") == 1
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[0] == b""
    finally:
        process.kill()
        os.close(ours)


class Wire:
    """A server at the other end of two pipes, line by line."""

    def __init__(self, process: "subprocess.Popen[bytes]", errors: Path) -> None:
        self.process = process
        self.errors = errors
        self._number = 0

    def say(self, message: "dict[str, Any] | str") -> None:
        assert self.process.stdin is not None
        line = message if isinstance(message, str) else json.dumps({"jsonrpc": "2.0", **message})
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self, *, within_s: float = 60.0) -> dict[str, Any]:
        """The next line, which is a message of the protocol."""
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], within_s)[0], "no reply"
        heard = json.loads(self.process.stdout.readline())
        assert heard["jsonrpc"] == "2.0"
        return dict(heard)

    def ask(self, message: "dict[str, Any]", *, within_s: float = 60.0) -> dict[str, Any]:
        self._number += 1
        self.say({**message, "id": self._number})
        heard = self.hear(within_s=within_s)
        assert heard["id"] == self._number
        return heard

    def open(self) -> None:
        assert self.ask(HELLO)["result"]["serverInfo"]["name"] == "pincite"
        self.say({"method": "notifications/initialized"})


@contextmanager
def served(
    home: Path, *argv: str | Path, flags: Sequence[str] = (), module: Sequence[str] = ("ui.cli", "mcp")
) -> Iterator[Wire]:
    command = [sys.executable, *flags, "-m", *module, *map(str, argv)]
    errors = home / "errors.txt"
    with (
        errors.open("wb") as to,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=to,
            env={**os.environ, **environment(home)},
            cwd=ROOT,
        ) as process,
    ):
        try:
            yield Wire(process, errors)
        finally:
            process.kill()


def ended(wire: Wire) -> tuple[int, bytes, str]:
    """Go away: the exit status, what was on standard output besides, and on standard error."""
    begun = time.monotonic()
    out, _ = wire.process.communicate(timeout=20)
    assert time.monotonic() - begun < 10
    return wire.process.returncode, out, wire.errors.read_text("utf-8")


@pytest.fixture
def quotes(tmp_path: Path) -> tuple[str | Path, ...]:
    return ("--corpus", written_articles(tmp_path), "--model", "quotes")


def test_nothing_but_the_protocol_is_on_standard_output(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "orrin.md").write_text(ORRIN, encoding="utf-8")
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    with served(tmp_path, "--corpus", corpus, "--model", "quotes") as wire:
        wire.open()
        said = wire.ask({"method": "tools/call", "params": WHEN})["result"]["structuredContent"]
        assert "1871" in said["answer"]
        status, out, err = ended(wire)
    assert (status, out) == (0, b"")
    assert "broken.pdf" in err


def test_what_cannot_be_opened_is_told_to_whoever_asks_and_tried_again(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    with served(tmp_path, "--corpus", corpus, "--model", "quotes") as wire:
        wire.open()
        refused = wire.ask({"method": "tools/call", "params": WHEN})["result"]
        assert refused["isError"] is True
        assert str(corpus) in refused["content"][0]["text"]
        assert "\n" not in refused["content"][0]["text"]
        failed = wire.ask({"method": "resources/list", "params": {}})["error"]
        assert str(corpus) in failed["message"]
        corpus.mkdir()
        (corpus / "orrin.md").write_text(ORRIN, encoding="utf-8")
        said = wire.ask({"method": "tools/call", "params": WHEN})["result"]
        assert "1871" in said["structuredContent"]["answer"]
        status, _, err = ended(wire)
    assert status == 0
    assert str(corpus) in err
    assert "Traceback" not in err


def test_it_loads_no_gradio_and_lists_its_tools_before_anything_heavy(
    tmp_path: Path, quotes: tuple[str | Path, ...]
) -> None:
    with served(tmp_path, *quotes, flags=("-X", "importtime")) as wire:
        wire.open()
        assert len(wire.ask({"method": "tools/list", "params": {}})["result"]["tools"]) == 5
        assert wire.ask({"method": "tools/call", "params": WHEN})["result"]["structuredContent"]
        _, _, err = ended(wire)
    imported = {
        line.rpartition("|")[2].strip() for line in err.splitlines() if line.startswith("import time")
    }
    assert "rag.chatbot" in imported  # or this looks in the wrong place
    assert {"gradio", "fastapi", "ui.web.engine", "matplotlib"} & imported == set()


def test_a_client_need_not_wait_for_the_articles_to_see_what_there_is(tmp_path: Path) -> None:
    articles = written_articles(tmp_path)
    server = started(articles, tmp_path, home=tmp_path, module="tests.support.protocol_server")
    with spoken(server) as there:
        assert len(there.tools()) == 5
        notices: list[tuple[float, str | None]] = []
        listed = there.calling("list_articles", notices)
        wait_until(lambda: len(notices) >= 2)
        assert not listed.done()
        assert notices[0][1] == "the articles and the models are being opened"
        (tmp_path / "open").touch()  # now they can be
        found = listed.result(60).structured_content
        assert found is not None
        assert found["matching"] == 5


def test_a_call_that_waits_for_the_articles_can_be_given_up(tmp_path: Path) -> None:
    articles = written_articles(tmp_path)
    server = started(articles, tmp_path, home=tmp_path, module="tests.support.protocol_server")
    with spoken(server) as there:
        notices: list[tuple[float, str | None]] = []
        listed = there.calling("list_articles", notices)
        wait_until(lambda: len(notices) >= 1)
        listed.cancel()
        assert len(there.tools()) == 5
        (tmp_path / "open").touch()
        assert there.call("list_articles")["matching"] == 5


def test_no_line_goes_unanswered_that_a_client_may_send(
    tmp_path: Path, quotes: tuple[str | Path, ...]
) -> None:
    with served(tmp_path, *quotes) as wire:
        wire.open()
        half = '{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s}}'
        wire.say(half % (91, "search", '{"query": "Orrin \\ud83d"}'))
        assert wire.hear()["result"]["structuredContent"]["passages"]
        wire.say(half % (92, "ask", '{"question": "\\udc00"}'))
        assert "holds no words" in wire.hear()["result"]["content"][0]["text"]
        wire.say(half % (93, "se\\ud800arch", "{}"))
        assert "there is no tool" in wire.hear()["error"]["message"]
        wire.say(half % (94, "search", '{"query": "a", "limit": %s}' % ("9" * 6000)))
        assert "from 1 to 50" in wire.hear()["result"]["content"][0]["text"]
        wire.say("no JSON at all")
        wire.say('{"jsonrpc":"2.0","id":95,"method":"resources/read","params":{"uri":"\\ud800"}}')
        assert "is no address" in wire.hear()["error"]["message"]
        found = wire.ask({"method": "resources/list", "params": {"cursor": "zzz\ufffd"}})["result"]
        assert found["resources"] == []


def test_the_process_ends_when_its_client_goes_away_whatever_it_is_at(tmp_path: Path) -> None:
    large = tmp_path / "large.jsonl"
    pears = " ".join(f"Barge {number} carried pears to Vell on its way." for number in range(400))
    large.write_text(
        "".join(
            json.dumps({"id": f"{number}", "title": "Barge", "text": f"{number} {pears}"}) + "\n"
            for number in range(400)
        ),
        encoding="utf-8",
    )
    with served(tmp_path, "--corpus", large, "--embedder", "minilm", "--model", "quotes") as wire:
        wire.open()
        wire.say({"id": 7, "method": "tools/call", "params": WHEN})
        time.sleep(2)  # it embeds, which would take minutes
        assert wire.process.poll() is None
        assert ended(wire)[0] == 0


def test_a_model_that_reads_stops_when_the_client_goes_away(tmp_path: Path) -> None:
    articles = written_articles(tmp_path)
    (tmp_path / "open").touch()
    with served(tmp_path, articles, tmp_path, module=["tests.support.protocol_server"]) as wire:
        wire.open()
        wire.say({"id": 7, "method": "tools/call", "params": {**WHEN, "_meta": {"progressToken": "t"}}})
        while "a language model reads" not in wire.hear()["params"]["message"]:
            pass
        assert not (tmp_path / "ended").exists()
        assert ended(wire)[0] == 0
    assert (tmp_path / "ended").exists()
    assert not (tmp_path / "go").exists()


_CLIENT = """
import subprocess, sys, time
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(server.pid, flush=True)
time.sleep(600)
"""


def test_the_process_ends_when_its_client_is_killed(tmp_path: Path, quotes: tuple[str | Path, ...]) -> None:
    command = [sys.executable, "-m", "ui.cli", "mcp", *map(str, quotes)]
    with subprocess.Popen(
        [sys.executable, "-c", _CLIENT, *command],
        stdout=subprocess.PIPE,
        env={**os.environ, **environment(tmp_path)},
        cwd=ROOT,
    ) as client:
        assert client.stdout is not None
        server = int(client.stdout.readline())
        os.kill(server, 0)
        client.kill()
        wait_until(lambda: _gone(server), within_s=20)


def _gone(pid: int) -> bool:
    """Whether a process has ended, also where nobody has asked for its status."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def test_ctrl_c_ends_it_at_once(tmp_path: Path, quotes: tuple[str | Path, ...]) -> None:
    with served(tmp_path, *quotes) as wire:
        wire.open()
        wire.process.send_signal(signal.SIGINT)
        assert wire.process.wait(5) == -signal.SIGINT
        assert wire.errors.read_text("utf-8") == ""
