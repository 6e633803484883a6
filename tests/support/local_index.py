"""Indexes in a folder, opened with limits or a format of their own; and one of an older format."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rag.index.index import Index
from rag.models.embedders import Embedder
from rag.settings import Settings
from rag.storage.local.backend import LocalBackend
from rag.storage.local.limits import DEFAULT_LIMITS, Limits
from rag.storage.local.sqlite_schema import FORMAT
from rag.system.sqlite_format import FileFormat, Run
from tests.support.embedder import embedder, made

EAGER = Limits(scanned_chunks=0)  # snapshots are built and used however few chunks there are
FORMAT_1_ARTICLES = (made(1), made(2, sentences=3))  # those of ``copy_format_1``


def copy_format_1(to: Path) -> Path:
    """Copy an index in format 1 to the new folder ``to``."""
    return Path(shutil.copytree(Path(__file__).parents[1] / "files" / "index-v1", to))


def open_local(
    folder: Path,
    *,
    model: Embedder | None = None,
    limits: Limits = DEFAULT_LIMITS,
    form: FileFormat = FORMAT,
    wait_s: float = 10.0,
    stale: bool = False,
) -> Index:
    """Open the index in ``folder``, creating or migrating it, with an embedder of bags of words."""
    LocalBackend.ready(folder, wait_s=wait_s, form=form)
    backend = LocalBackend(folder, limits=limits, form=form)
    return Index.open(backend, embedder=model or embedder(), settings=Settings(), wait_s=wait_s, stale=stale)


def local_backend(index: Index) -> LocalBackend:
    """The backend of an index in a folder."""
    assert isinstance(index._backend, LocalBackend)
    return index._backend


def newer_format(*steps: Callable[[Run], None]) -> FileFormat:
    """Today's format of an index, followed by a made-up one for each migration step."""
    migrations = {**FORMAT.migrations, **dict(enumerate(steps, FORMAT.version))}
    return replace(FORMAT, version=FORMAT.version + len(steps), migrations=migrations)
