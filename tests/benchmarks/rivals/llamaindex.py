"""LlamaIndex's ``CitationQueryEngine`` in an environment of its own, over the same chunks, vectors and model file.

Its packages are no dependency of ours: they are installed into a folder of the user's cache when the benchmark asks
for them. Its model is the same GGUF file behind llama.cpp's OpenAI-compatible server, on this machine alone.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import xllamacpp  # type: ignore[import-untyped]

from rag.models.llama.chat_model import generation_threads, prompt_threads
from rag.question.input import History
from rag.schema import Answer, Article, Chunk, Hit, Ranks
from rag.system.clock import Clock
from tests.benchmarks.rivals.chain import TOKENS, TOP
from tests.benchmarks.rivals.common_index import CommonIndex
from tests.benchmarks.rivals.reply import as_answer

PACKAGES = ("llama-index-core==0.14.25", "llama-index-llms-openai-like==0.8.1")
_CONTEXT = 2048  # tokens, as Pincite opens the same model
_WORKER = Path(__file__).with_name("llamaindex_worker.py")
_START_S = 60.0


class Unavailable(Exception):
    """The reason why a contender cannot run here."""


class LlamaIndex:
    """An ``Answerer``. Every source of a reply is one of our chunks, as they are shorter than its own pieces."""

    def __init__(self, name: str, *, common_index: CommonIndex, worker: "Worker", model: str) -> None:
        self.name = name
        self._common_index = common_index
        self._worker = worker
        self._model = model

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""
        return self._common_index.article(article_id)

    def chunks(self, article_id: str) -> tuple[Chunk, ...]:
        """The chunks that this article is cut into; raises as ``article`` does."""
        return self._common_index.chunks_of(article_id)

    def retrieve(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The nearest chunks; a score is the cosine."""
        return self._hits(self._ask(question, limit))

    def ask(self, question: str, *, history: History = ()) -> Answer:
        """The engine's reply; its sources are numbered as it numbers them. Raises ``Unavailable``."""
        clock = Clock()
        reply = self._ask(question, 0)
        evidence = self._common_index.evidence(self._hits(reply))
        return as_answer(question, reply["text"], evidence, model=self._model, clock=clock)

    def _ask(self, question: str, limit: int) -> dict[str, Any]:
        vector = self._common_index.embedder.embed_question(question).tolist()
        return self._worker.ask({"question": question, "vector": vector, "limit": limit})

    def _hits(self, reply: dict[str, Any]) -> tuple[Hit, ...]:
        return tuple(
            Hit(
                chunk=self._common_index.chunks[source["chunk"]],
                score=source["score"],
                cosine=source["score"],
                ranks=Ranks(vector=rank, keyword=None),
            )
            for rank, source in enumerate(reply["sources"], 1)
        )


class Worker:
    """The process that runs LlamaIndex: one JSON object in, one out."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Raises ``Unavailable`` where the worker has ended or says that it failed."""
        if self._process.stdin is None or self._process.stdout is None:
            raise TypeError("the worker was started without pipes")
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise Unavailable(f"the worker ended with status {self._process.wait(10)}; see above for why")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise Unavailable(reply["error"])
        return reply


@contextmanager
def open_llama_index(name: str, *, common_index: CommonIndex, path: Path, model: str) -> Iterator[LlamaIndex]:
    """Open LlamaIndex over the common index. Raises ``Unavailable`` where its packages cannot be installed."""
    python = environment()
    with _serve_model(path) as (address, key), _start_worker(python) as worker:
        worker.ask({
            "chunks": [chunk.text for chunk in common_index.chunks],
            "vectors": common_index.vectors.tolist(),
            "address": address,
            "key": key,
            "context_tokens": _CONTEXT,
            "tokens": TOKENS,
            "top": TOP,
        })  # fmt: skip
        yield LlamaIndex(name, common_index=common_index, worker=worker, model=model)


def environment() -> Path:
    """Return the interpreter of an environment with ``PACKAGES``, made at first use. Raises ``Unavailable``."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "pincite-rivals" / "+".join(PACKAGES)
    python, done = folder / "bin" / "python", folder / "installed"
    if done.is_file():
        return python
    uv = [sys.executable, "-m", "uv", "--quiet"]
    for command in (
        [*uv, "venv", "--clear", "--python", sys.executable, str(folder)],
        [*uv, "pip", "install", "--python", str(python), *PACKAGES],
    ):
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            reason = (run.stderr.strip() or "no reason given").splitlines()[-1]
            raise Unavailable(f"{' '.join(PACKAGES)} could not be installed: {reason}")
    done.touch()
    return python


@contextmanager
def _start_worker(python: Path) -> Iterator[Worker]:
    # -I: nothing of ours is on its path.
    process = subprocess.Popen(
        [python, "-I", _WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Worker(process)
    finally:
        process.communicate()  # closing its input ends it


@contextmanager
def _serve_model(path: Path) -> Iterator[tuple[str, str]]:
    """Serve the model on loopback; yield its address and the key it asks for."""
    key = secrets.token_hex(16)
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel, params.cache_ram_mib = _CONTEXT, 1, 0
    params.n_batch = params.n_ubatch = 256
    params.cpuparams.n_threads = generation_threads()
    params.cpuparams_batch.n_threads = prompt_threads()
    params.verbosity, params.ui, params.port = -1, False, 0
    params.api_keys = [key]
    server = xllamacpp.Server(params)
    try:
        address = server.listening_address
        _wait_until_listening(address)  # a server that is stopped before it listens never ends
        yield f"{address}/v1", key
    finally:
        del server  # explicitly, as a traceback may keep this frame: the next contender needs the cores


def _wait_until_listening(address: str) -> None:
    end = time.monotonic() + _START_S
    while True:
        try:
            httpx.get(f"{address}/health")
        except httpx.ConnectError as error:
            if time.monotonic() > end:
                raise Unavailable(f"the model's server does not listen after {_START_S:.0f} s") from error
            time.sleep(0.01)
        else:
            return
