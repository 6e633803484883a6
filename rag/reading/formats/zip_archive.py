"""ZIP archives held in memory: what may be read of one, and its limits. Nothing is ever unpacked to disk.

A few kilobytes can expand to gigabytes and a name can point out of its folder, so an archive is judged by its
directory before anything in it is expanded; ``zipfile`` then gives no member more bytes than the directory says.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rag.errors import ArticleError

_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # one step of the others can fill the memory


# An offset before the archive's start is a ValueError, a cut entry a struct.error.
_DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, struct.error)
_ENTRY = b"PK\x01\x02"  # each entry of the directory begins so


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveLimits:
    """How much an archive may hold."""

    members: int = 5_000
    expanded_bytes: int = 200_000_000  # of all members together
    ratio: int = 200  # text shrinks 3 to 10 times, a table of one value 100 times; bombs begin at 1,000
    small_bytes: int = 1_000_000  # a member no larger than this may shrink by any ratio


ARCHIVE_LIMITS = ArchiveLimits()


class Archive:
    """An open archive whose members together keep the limits."""

    def __init__(self, archive: zipfile.ZipFile, source: str) -> None:
        self._archive = archive
        self._source = source
        self._infos = {info.filename: info for info in archive.infolist() if not info.is_dir()}

    def names(self) -> tuple[str, ...]:
        """The names of the files in alphabetical order; of two with one name the last."""
        return tuple(sorted(self._infos))

    def size(self, name: str) -> int:
        """The expanded size in bytes of a member; 0 where there is none."""
        return self._infos[name].file_size if name in self._infos else 0

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises ``ArticleError`` where there is none, or it is locked or damaged."""
        member = f"{self._source}:{name}"
        info = self._infos.get(name)
        if info is None:
            raise ArticleError(member, "is not in the archive: save it again")
        if info.flag_bits & 1:
            raise ArticleError(member, "is locked by a password: save it without one")
        if info.compress_type not in _READABLE:
            raise ArticleError(
                member, "is packed in another way than 'deflate': pack it with any common tool"
            )
        try:
            return self._archive.read(info)
        except (*_DAMAGE, zlib.error) as fault:
            raise ArticleError(member, f"is damaged ({fault!s:.80}): fetch or save it again") from fault

    def read_xml(self, name: str, *, max_bytes: int) -> bytes:
        """Likewise of an XML file that is parsed whole; ``ArticleError`` for one over ``max_bytes`` or with entities.

        Ten lines of entities can stand for gigabytes.
        """
        if self.size(name) > max_bytes:
            limit = f"{max_bytes / 1e6:.0f} MB"
            raise ArticleError(self._source, f"{name!r:.80} expands to over {limit}: split it")
        xml = self.read(name)
        plain = xml.replace(b"\0", b"") if b"\0" in xml else xml  # in UTF-16 each letter has its NUL
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            why = "its XML declares entities, as traps do: save it anew in a word processor"
            raise ArticleError(self._source, why)
        return xml


@contextmanager
def open_archive(data: bytes, source: str, limits: ArchiveLimits = ARCHIVE_LIMITS) -> Iterator[Archive]:
    """The archive that ``data`` holds. Raises ``ArticleError`` where it is none, or beyond a limit."""
    if data.count(_ENTRY) > limits.members:
        raise ArticleError(source, f"holds over {limits.members:,} files: split it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as fault:
        raise ArticleError(source, f"is no whole archive ({fault!s:.80}): fetch or save it again") from fault
    with archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > limits.expanded_bytes:
            most = f"{limits.expanded_bytes / 1e6:.0f} MB"
            raise ArticleError(source, f"expands to more than {most}: split it, or leave pictures out")
        for info in infos:
            if info.file_size > max(limits.small_bytes, limits.ratio * info.compress_size):
                why = f"{info.filename!r:.80} expands over {limits.ratio} times, as traps do"
                raise ArticleError(source, f"{why}: pack it again, or give the file itself")
        yield Archive(archive, source)
