"""A model behind llama.cpp's own server, which speaks the OpenAI protocol, on loopback."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_START_S = 60.0  # how long the server may take to listen


@contextmanager
def served_model(path: Path, *, key: str, context_tokens: int) -> Iterator[str]:
    """Serve the model at ``path`` behind ``key``; yields the base URL for a client of the OpenAI protocol."""
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel, params.cache_ram_mib = context_tokens, 1, 64
    params.verbosity, params.ui, params.port = -1, False, 0
    params.api_keys = [key]
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 2
    server = xllamacpp.Server(params)
    address = server.listening_address
    deadline = time.monotonic() + _START_S
    while True:  # a server that is stopped before it listens never ends
        try:
            httpx.get(f"{address}/health")
        except httpx.ConnectError:
            assert time.monotonic() < deadline, "llama.cpp's server does not listen"
            time.sleep(0.01)
        else:
            break
    yield f"{address}/v1"
    del server
