"""Measures /v1: what it adds to an answer, 50 clients that stream at once, how soon one that leaves frees its place.

The server is `pincite serve --no-page` in a process of its own, over the shipped article. Prints, asserts nothing.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from rag.chatbot import Chatbot
from rag.evaluation.questions import read_questions
from rag.system.paths import shipped_corpus
from tests.benchmarks.options import options_of
from tests.support.bare_server import bare_server
from tests.support.servers import free_port

TRIES, CLIENTS, LEAVING = 20, 50, 20
ASKED = 20  # questions whose time is compared
MODEL = "smollm2-135m"  # what writes while a client leaves
RATES = ("--rate=100000/minute", "--address-rate=100000/minute")


def main() -> None:
    """Measure all three."""
    options_of("v1", __doc__).parse_args()
    questions = [
        item.question
        for item in read_questions(shipped_corpus() / "questions.jsonl")
        if item.kind == "answerable" and not item.history
    ]
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        begun = time.perf_counter()
        server = bare_server(home / "served", f"--model={MODEL}", "--at-once=1", *RATES, port=port)
        print(f"start to first reply {time.perf_counter() - begun:.2f} s", flush=True)
        try:
            address = f"http://127.0.0.1:{port}/v1/chat/completions"
            overhead(address, home / "index", questions)
            asyncio.run(crowd(address, questions))
            asyncio.run(leaving(address))
        finally:
            server.terminate()
            server.wait(30)


def body(question: str, model: str = "quotes", **more: object) -> dict[str, Any]:
    """A request."""
    return {"model": model, "messages": [{"role": "user", "content": question}], **more}


def overhead(address: str, index: Path, questions: list[str]) -> None:
    """Each question by /v1 and by ``bot.ask`` in turn, the best of some; and what /v1 took beyond the answer."""
    added: list[float] = []
    over_http: list[float] = []
    asked: list[float] = []
    with (
        Chatbot.open(corpus=shipped_corpus(), index=index, model="quotes") as bot,
        httpx.Client(timeout=60) as client,
    ):
        for question in questions[:ASKED]:
            beyond, there, here = [], [], []
            for _ in range(TRIES):
                begun = time.perf_counter()
                found = client.post(address, json=body(question)).json()
                there.append(time.perf_counter() - begun)
                beyond.append(there[-1] - found["pincite"]["timings"]["total"])
                begun = time.perf_counter()
                bot.ask(question)
                here.append(time.perf_counter() - begun)
            for kept, times in ((added, beyond), (over_http, there), (asked, here)):
                kept.append(min(times))
    for name, times in (("/v1", over_http), ("bot.ask", asked), ("/v1 beyond the answer", added)):
        row(f"{name}, {len(times)} questions, best of {TRIES}", times)


async def crowd(address: str, questions: list[str]) -> None:
    """Fifty clients stream at the same moment."""
    first, whole = [], []
    failed = 0
    async with httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=CLIENTS)) as client:

        async def ask(question: str) -> None:
            nonlocal failed
            begun, heard, text = time.perf_counter(), 0.0, ""
            async with client.stream("POST", address, json=body(question, stream=True)) as reply:
                async for piece in reply.aiter_text():
                    heard = heard or time.perf_counter() - begun
                    text += piece
            first.append(heard)
            whole.append(time.perf_counter() - begun)
            failed += not text.endswith("data: [DONE]\n\n")

        await asyncio.gather(*(ask(questions[number % len(questions)]) for number in range(CLIENTS)))
    row(f"{CLIENTS} clients at once, {failed} failed: first event", first)
    row(f"{CLIENTS} clients at once: whole answer", whole)


async def leaving(address: str) -> None:
    """A client leaves while the model writes; then the next question, by quotes, has to wait for the place alone."""
    question = "How long did Colossus take to build?"
    alone, after = [], []
    async with httpx.AsyncClient(timeout=60) as client:
        for _ in range(LEAVING):
            begun = time.perf_counter()
            await client.post(address, json=body(question))
            alone.append(time.perf_counter() - begun)
            async with client.stream("POST", address, json=body(question, MODEL, stream=True)) as reply:
                async for _ in reply.aiter_text():
                    break
                await asyncio.sleep(0.3)
                await reply.aclose()
                begun = time.perf_counter()
            await client.post(address, json=body(question))
            after.append(time.perf_counter() - begun)
    row("an answer alone", alone)
    row("an answer right after a client left", after)


def row(name: str, seconds: list[float]) -> None:
    """Print a line of milliseconds."""
    times = sorted(1000 * one for one in seconds)
    late = times[min(len(times) - 1, int(0.95 * len(times)))]
    print(
        f"{name}: median {statistics.median(times):.1f} ms, p95 {late:.1f} ms, most {times[-1]:.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
