"""Snapshots: folders of files that follow a store, written once under a name never used before, never changed after.

A snapshot is complete when its ``manifest.json`` is there; the store says which one is in use. A killed process
leaves a folder whose name ends in ``.part``. What a snapshot holds may lag behind the store or be lost at any time.
"""

import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import IndexFault
from rag.system.files import flush

_MANIFEST = "manifest.json"


class SnapshotBroken(IndexFault):
    """A snapshot cannot be opened or asked; what it holds is in the store, so another can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot holds: ``count`` chunks up to the id ``last``, and the BLAKE2b sums of some of its files.

    ``dimensions`` are those of its vectors, 0 where it holds none.
    """

    count: int
    last: int
    dimensions: int
    files: dict[str, str]


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A new folder below ``folder`` that will be a snapshot; whatever goes wrong in it is ``SnapshotBroken``."""
    path = folder / f"{secrets.token_hex(8)}.part"
    with ours(path):
        try:
            path.mkdir(parents=True)
            yield path
        except BaseException:
            # The disk may be full. What a killed process left goes with ``sweep``.
            shutil.rmtree(path, ignore_errors=True)
            raise


def finish(path: Path, manifest: Manifest) -> str:
    """Make the snapshot of an unfinished folder, on disk to its last byte, and return its name."""
    name = path.stem
    (path / _MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    for part in [*path.rglob("*"), path]:
        flush(part)
    path.rename(path.with_name(name))
    flush(path.parent)
    return name


def read_manifest(folder: Path, name: str) -> Manifest:
    """What the snapshot holds, without opening it; raises ``SnapshotBroken`` where it is not complete."""
    path = folder / name
    with ours(path):
        return Manifest(**json.loads((path / _MANIFEST).read_text(encoding="utf-8")))


def sums(path: Path, pattern: str) -> dict[str, str]:
    """BLAKE2b of each file of ``path`` that matches, by its place in it."""
    found = (file for file in sorted(path.glob(pattern)) if file.is_file())
    return {file.relative_to(path).as_posix(): _sum(file) for file in found}


def sweep(folder: Path, *, keep: set[str]) -> None:
    """Delete all snapshots but those named in ``keep``, and what a killed process left half written."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def ours(path: Path) -> Iterator[None]:
    """Whatever a library raises becomes ``SnapshotBroken``: its errors, built-in ones, panics of its Rust."""
    try:
        yield
    except SnapshotBroken:
        raise
    except Exception as error:
        raise _broken(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _broken(path, error) from error


def _sum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").hexdigest()


def _broken(path: Path, error: BaseException) -> SnapshotBroken:
    reason = " ".join(str(error).split()) or type(error).__name__
    return SnapshotBroken(
        f"the snapshot {str(path)!r} cannot be used ({reason}): run `pincite doctor --repair`"
    )
