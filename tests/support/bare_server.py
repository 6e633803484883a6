"""`pincite serve --no-page` in a process of its own."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from rag.system.paths import models_folder
from tests.support.servers import waited


def bare_server(home: Path, *options: str, port: int) -> subprocess.Popen[bytes]:
    """Start one with a home of its own and this machine's models, and wait until it answers. The caller ends it."""
    home.mkdir(parents=True, exist_ok=True)
    if models_folder().is_dir() and not (home / "models").exists():
        (home / "models").symlink_to(models_folder())
    with (home / "serve.log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", "serve", "--no-page", f"--port={port}", *options],
            env={**os.environ, "PINCITE_HOME": str(home)},
            stdout=log,
            stderr=log,
        )

    def up() -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"http://127.0.0.1:{port}/api/me").status_code == 200
        return False

    waited(up, process=running, within_s=120)
    return running
