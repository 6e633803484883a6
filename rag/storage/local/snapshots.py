"""Snapshots of a store: folders of files that are written once, under a new name, and never changed.

A snapshot is complete when its ``manifest.json`` is there; the store says which one is in use. A killed process
leaves a folder whose name ends in ``.part``. A snapshot may lag behind the store or be lost at any time.
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
    """A snapshot cannot be opened or searched; it can be rebuilt from the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of a snapshot: ``count`` chunks up to the id ``last``, and the BLAKE2b sums of some of its files.

    ``dimensions`` are those of its vectors, 0 where it has none. ``texts`` says whether its collection has the texts
    of the chunks beside their metadata, and is ``None`` where it has neither; ``redescribed`` is that of the store
    when it was begun.
    """

    count: int
    last: int
    dimensions: int
    files: dict[str, str]
    texts: bool | None = None
    redescribed: int = 0


@contextmanager
def create_unfinished(folder: Path) -> Iterator[Path]:
    """Create a folder in ``folder`` that will be a snapshot; any error inside becomes ``SnapshotBroken``."""
    path = folder / f"{secrets.token_hex(8)}.part"
    with translate_errors(path):
        try:
            path.mkdir(parents=True)
            yield path
        except BaseException:
            # The disk may be full. ``delete_old_snapshots`` deletes what a killed process leaves.
            shutil.rmtree(path, ignore_errors=True)
            raise


def complete_snapshot(path: Path, manifest: Manifest) -> str:
    """Make an unfinished folder a snapshot, flushed to the disk, and return its name."""
    name = path.stem
    (path / _MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    for part in [*path.rglob("*"), path]:
        flush(part)
    path.rename(path.with_name(name))
    flush(path.parent)
    return name


def read_manifest(folder: Path, name: str) -> Manifest:
    """Read the manifest of a snapshot; raises ``SnapshotBroken`` where it is not complete."""
    path = folder / name
    with translate_errors(path):
        return Manifest(**json.loads((path / _MANIFEST).read_text(encoding="utf-8")))


def file_checksums(path: Path, pattern: str) -> dict[str, str]:
    """BLAKE2b of each file in ``path`` that matches ``pattern``, by relative path."""
    files = (file for file in sorted(path.glob(pattern)) if file.is_file())
    return {file.relative_to(path).as_posix(): _blake2b(file) for file in files}


def delete_old_snapshots(folder: Path, *, keep: set[str]) -> None:
    """Delete all snapshots but those named in ``keep``, and unfinished ones of killed processes."""
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn whatever a library raises into ``SnapshotBroken``: its errors, built-in ones, panics of its Rust code."""
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


def _blake2b(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()


def _broken(path: Path, error: BaseException) -> SnapshotBroken:
    reason = " ".join(str(error).split()) or type(error).__name__
    return SnapshotBroken(
        f"the snapshot {str(path)!r} cannot be used ({reason}): run `pincite doctor --repair`"
    )
