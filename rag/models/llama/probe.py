"""Tries a model file in a process of its own, where a file that crashes llama.cpp takes nothing with it.

One damaged byte in a vocabulary is enough for llama.cpp to abort; no check of the header finds that.
"""

import json
import os
from pathlib import Path

from rag.errors import ModelError
from rag.models import checksums as ledger
from rag.models.catalogue import CATALOGUE
from rag.models.llama.gguf import Header, read_header
from rag.system.child_process import run
from rag.system.files import file_sha256

_BYTES_PER_S = 20e6  # slower than any disk this should run from


_PATIENCE_S = 60


_SAID_BYTES = 1_000_000  # it says one line


# Generating one word runs every tensor once. The process leaves without tidying up.
_CHILD = """
import json, os, sys
import xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.cache_ram_mib = 256, 1, 0
params.verbosity, params.ui = 1, False
params.hostnames = [sys.argv[2]]
server = xllamacpp.Server(params)
answer = server.handle_chat_completions({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1})
print(json.dumps(answer.get("error", {}).get("message", "")), flush=True)
os._exit(0)
"""


def check_model(path: Path, *, private: Path) -> Header:
    """Makes sure that llama.cpp can load the file at ``path``; ``ModelError`` says why not.

    A file found good before is not tried again, nor is one that is a catalogue model to the last byte.
    ``private`` is a folder only this user can enter.
    """
    header = read_header(path)
    if ledger.is_checked(path):
        return header
    known = next((m for m in CATALOGUE if m.bytes == header.bytes and m.file == path.name), None)
    sha256 = file_sha256(path) if known else ""
    if known is None or sha256 != known.sha256:
        _try(path, header.bytes, private)
        sha256 = ""
    ledger.record(path, sha256=sha256)
    return header


def _try(path: Path, size: int, private: Path) -> None:
    patience = _PATIENCE_S + size / _BYTES_PER_S
    try:
        child = run(
            _CHILD,
            str(path),
            str(private / "probe.sock"),
            seconds=patience,
            said_bytes=_SAID_BYTES,
            environment=os.environ | {"GGML_NO_BACKTRACE": "1"},  # else an abort first runs a debugger
        )
    finally:
        (private / "probe.sock").unlink(missing_ok=True)
    if child.late:
        raise _refusal(path, f"llama.cpp did not finish loading it in {patience:.0f} s")
    if child.signal:
        raise _refusal(path, f"llama.cpp crashes on it ({child.signal})")
    said = child.said.decode("utf-8", "replace").strip()
    if child.status or not said:
        raise _refusal(path, _reason(child.complaints))
    if complaint := json.loads(said):
        raise _refusal(path, complaint)


def _reason(stderr: str) -> str:
    """llama.cpp's own words: the most telling line is the one of the loader."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    told = [line for line in lines if "error loading model" in line]
    return (told or [line for line in lines if "error" in line.lower()] or ["no reason given"])[0][:200]


def _refusal(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"the model file {str(path)!r} cannot be used: {reason}; fetch it again or give another"
    )
