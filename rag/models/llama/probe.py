"""Tries a model file in a child process, so that a file that crashes llama.cpp does not crash this process.

One damaged byte in a vocabulary is enough for llama.cpp to abort; no check of the header finds that.
"""

import json
import os
from pathlib import Path

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE
from rag.models.file_integrity import is_recorded, record_good
from rag.models.llama.gguf import Header, read_header
from rag.system.child_process import run
from rag.system.files import file_sha256

_BYTES_PER_S = 20e6  # slower than any disk this should run from
_START_S = 60  # allowed beside the time of reading the file
_OUTPUT_BYTES = 1_000_000  # the child prints one line
_REASON_CHARS = 200

# Generating one word runs every tensor once. The process exits without cleaning up.
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


def check_model(path: Path, *, private_folder: Path) -> Header:
    """Return the header of a file that llama.cpp can load; raise ``ModelError`` with the reason if it cannot.

    A file recorded as good is not tried again, nor is one with the SHA-256 of a catalogue model. ``private_folder`` is
    a folder that only this user can enter.
    """
    header = read_header(path)
    if is_recorded(path):
        return header
    entry = next(
        (model for model in CATALOGUE if model.bytes == header.bytes and model.file == path.name), None
    )
    sha256 = file_sha256(path) if entry else ""
    if entry is None or sha256 != entry.sha256:
        _load_in_child(path, header.bytes, private_folder)
        sha256 = ""
    record_good(path, sha256=sha256)
    return header


def _load_in_child(path: Path, size: int, private_folder: Path) -> None:
    """Load the file of ``size`` bytes in a child process; raise ``ModelError`` if that fails or takes too long."""
    timeout = _START_S + size / _BYTES_PER_S
    socket = private_folder / "probe.sock"
    try:
        child = run(
            _CHILD,
            str(path),
            str(socket),
            seconds=timeout,
            said_bytes=_OUTPUT_BYTES,
            environment=os.environ | {"GGML_NO_BACKTRACE": "1"},  # otherwise an abort first starts a debugger
        )
    finally:
        socket.unlink(missing_ok=True)
    if child.late:
        raise _refusal(path, f"llama.cpp did not finish loading it in {timeout:.0f} s")
    if child.signal:
        raise _refusal(path, f"llama.cpp crashes on it ({child.signal})")
    output = child.said.decode("utf-8", "replace").strip()
    if child.status or not output:
        raise _refusal(path, _reason(child.complaints))
    if error := json.loads(output):
        raise _refusal(path, error)


def _reason(stderr: str) -> str:
    """Return the line of llama.cpp's output that says most: that of its loader, else any with an error."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    loader = [line for line in lines if "error loading model" in line]
    errors = loader or [line for line in lines if "error" in line.lower()]
    return (errors or ["no reason given"])[0][:_REASON_CHARS]


def _refusal(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"the model file {str(path)!r} cannot be used: {reason}; fetch it again or give another"
    )
