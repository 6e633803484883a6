"""Two servers before one index on PostgreSQL and Chroma, behind a proxy; one of them is killed."""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from openai import APIError, OpenAI

from rag.storage.location import ServerAddress
from tests.support.balancer import balancer
from tests.support.bare_server import bare_server
from tests.support.servers import SERVER_MARKS, free_port
from ui.cli import main
from ui.web.access.keys import Keys

pytestmark = SERVER_MARKS
ASKERS, EACH = 6, 10  # clients at once, and questions of each


@pytest.fixture
def two(
    served: ServerAddress, tmp_path: Path
) -> Iterator[tuple[tuple[int, int], list[subprocess.Popen[bytes]]]]:
    """The ports of two servers, and their processes, which a test may replace."""
    tell(served, tmp_path, 1, "The lighthouse at Orrin was built in 1871 by Maria Keller.")
    ports = (free_port(), free_port())
    running = [start(served, tmp_path, number, port) for number, port in enumerate(ports)]
    yield ports, running
    for process in running:
        process.kill()
        process.wait(30)


def tell(where: ServerAddress, folder: Path, number: int, words: str) -> None:
    (folder / f"{number}.md").write_text(f"# Report {number}\n\n{words}\n")
    assert main(["add", str(folder / f"{number}.md"), "--index", str(where)]) == 0


def start(where: ServerAddress, folder: Path, number: int, port: int) -> subprocess.Popen[bytes]:
    keys = folder / "keys"
    if not keys.exists():
        (folder / "key").write_text(Keys(keys).add("reader"))
    options = (f"--index={where}", "--model=quotes", f"--keys={keys}", "--rate=10000/minute")
    return bare_server(folder / f"home{number}", *options, "--address-rate=10000/minute", port=port)


def asked(client: OpenAI, question: str, *, stream: bool) -> tuple[str, int]:
    """The text of the answer, and how many streams broke off before one came to its end."""
    broken = 0
    while True:
        try:
            if not stream:
                whole = client.chat.completions.create(
                    model="pincite", messages=[{"role": "user", "content": question}]
                )
                return whole.choices[0].message.content or "", broken
            chunks = list(
                client.chat.completions.create(
                    model="pincite", messages=[{"role": "user", "content": question}], stream=True
                )
            )
            if chunks and chunks[-1].choices[0].finish_reason:
                return "".join(chunk.choices[0].delta.content or "" for chunk in chunks), broken
            broken += 1
        except (APIError, OSError):
            broken += 1
            assert broken < 5


def test_one_of_two_servers_is_killed_and_every_question_is_answered(
    two: tuple[tuple[int, int], list[subprocess.Popen[bytes]]], served: ServerAddress, tmp_path: Path
) -> None:
    ports, running = two
    key = (tmp_path / "key").read_text()
    half = Barrier(ASKERS + 1)

    def asks(number: int) -> list[str]:
        texts = []
        with OpenAI(base_url=f"http://127.0.0.1:{before.port}/v1", api_key=key, max_retries=4) as client:
            for turn in range(EACH):
                if turn == EACH // 2:
                    half.wait(60)
                texts.append(
                    asked(client, "When was the lighthouse at Orrin built?", stream=number % 2 == 0)[0]
                )
        return texts

    with balancer(*ports) as before, ThreadPoolExecutor(ASKERS) as pool:
        found = [pool.submit(asks, number) for number in range(ASKERS)]
        half.wait(60)
        running[0].kill()
        texts = [text for asker in found for text in asker.result(120)]
        assert len(texts) == ASKERS * EACH
        assert all("1871" in text for text in texts)
        # What is added now is answered by the server that is left, and by the other when it is back.
        tell(served, tmp_path, 2, "The bridge at Pell was opened in 1904 by Anna Brandt.")
        with OpenAI(base_url=f"http://127.0.0.1:{before.port}/v1", api_key=key, max_retries=4) as client:
            assert "1904" in asked(client, "When was the bridge at Pell opened?", stream=True)[0]
        running[0].wait(30)
        running[0] = start(served, tmp_path, 0, ports[0])
        for port in ports:
            with OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key=key, max_retries=0) as client:
                assert "1904" in asked(client, "When was the bridge at Pell opened?", stream=False)[0]
