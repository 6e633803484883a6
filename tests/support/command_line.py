"""The command line, run in this process or in one of its own, and the little corpus that is asked."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ui.cli import main

ORRIN = """---
title: The lighthouse at Orrin
url: https://example.org/orrin
publisher: Coast News
date: 2026-05-01
credit: "Credit: Coast News"
---
The lighthouse at Orrin was built in 1871 by Maria Keller. It stands 42 metres tall.
"""
HEAVY = (
    "chromadb",
    "langchain",
    "langchain_core",
    "numpy",
    "onnxruntime",
    "tokenizers",
    "xllamacpp",
    "tiktoken",
    "matplotlib",
    "scipy",
)
DRIVES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
QUESTION = "When was the lighthouse at Orrin built?"


class Output:
    """What one command printed and how it ended."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str | Path) -> None:
        self.status = main([str(word) for word in argv])
        self.out, self.err = capsys.readouterr()


def asked(capsys: pytest.CaptureFixture[str], question: str, corpus: Path, *more: str | Path) -> Output:
    return Output(capsys, "ask", question, "--corpus", corpus, "--model", "quotes", *more)


def command(*argv: str | Path) -> list[str]:
    return [sys.executable, "-m", "ui.cli", *map(str, argv)]


def question_set(folder: Path, *ids: int) -> Path:
    path = folder / "questions.jsonl"
    rows = [{"id": str(at), "question": QUESTION, "kind": "answerable", "answers": ["1871"]} for at in ids]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def on_a_terminal(
    argv: list[str], *, keys: Sequence[tuple[str, bytes]], environment: dict[str, str]
) -> tuple[str, int]:
    """Run on a real pseudo-terminal, sending each of ``keys`` once its text has been seen after the one before.

    The last is pressed again after ten seconds of silence, as a person would: line editing can miss a Ctrl-C in
    the moment between writing its prompt and waiting for a key. Sooner, it could kill a process that is ending.
    """
    leader, follower = pty.openpty()
    running = subprocess.Popen(
        argv,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", **environment},
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(follower)
    seen, past, waiting, last = b"", 0, list(keys), b""
    end = time.monotonic() + 120
    try:
        while time.monotonic() < end:
            if not select.select([leader], [], [], 10.0)[0]:
                if last and not waiting:
                    os.write(leader, last)
                continue
            try:
                seen += os.read(leader, 65536)
            except OSError:  # the other side has closed
                break
            while waiting and (at := seen.find(waiting[0][0].encode(), past)) >= 0:
                text, last = waiting.pop(0)
                past = at + len(text.encode())
                os.write(leader, last)
    finally:
        if running.poll() is None and time.monotonic() >= end:
            running.send_signal(signal.SIGKILL)
        os.close(leader)
    return seen.decode().replace("\r\n", "\n"), running.wait()


def _take_terminal() -> None:
    """Makes standard input the terminal that Ctrl-C on it reaches this process through."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
