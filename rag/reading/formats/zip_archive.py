"""ZIP archives held in memory: what may be read of one, and no more than its limits. Nothing is ever unpacked to disk.

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

MEMBERS = 5_000


EXPANDED_BYTES = 200_000_000  # of all members together


_RATIO = 200  # text shrinks 3 to 10 times, a table of one value 100 times; bombs begin at 1,000


_SMALL_BYTES = 1_000_000  # a member no larger than this may shrink as far as it likes


_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # one step of the others can fill the memory


# A place before the archive's start is a ValueError, a cut entry a struct.error.
_DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, struct.error)


_ENTRY = b"PK\x01\x02"  # each entry of the directory begins so


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; ``size`` is in bytes, expanded."""

    name: str
    size: int


class Archive:
    """An open archive whose members together keep the limits."""

    def __init__(self, opened: zipfile.ZipFile, source: str) -> None:
        self._opened = opened
        self._source = source
        self._infos = {info.filename: info for info in opened.infolist() if not info.is_dir()}

    def members(self) -> tuple[Member, ...]:
        """The files, in the order of their names; of two with one name the last."""
        return tuple(Member(name, self._infos[name].file_size) for name in sorted(self._infos))

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises ``ArticleError`` where there is none, or it is locked or damaged."""
        place = f"{self._source}:{name}"
        info = self._infos.get(name)
        if info is None:
            raise ArticleError(place, "is not in the archive: save it again")
        if info.flag_bits & 1:
            raise ArticleError(place, "is locked by a password: save it without one")
        if info.compress_type not in _READABLE:
            raise ArticleError(place, "is packed in another way than 'deflate': pack it with any common tool")
        try:
            return self._opened.read(info)
        except (*_DAMAGE, zlib.error) as fault:
            raise ArticleError(place, f"is damaged ({fault!s:.80}): fetch or save it again") from fault


@contextmanager
def opened(data: bytes, source: str) -> Iterator[Archive]:
    """The archive that ``data`` holds. Raises ``ArticleError`` where it is none, or beyond a limit."""
    if data.count(_ENTRY) > MEMBERS:
        raise ArticleError(source, f"holds over {MEMBERS:,} files: split it")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as fault:
        raise ArticleError(source, f"is no whole archive ({fault!s:.80}): fetch or save it again") from fault
    with archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > EXPANDED_BYTES:
            limit = f"{EXPANDED_BYTES / 1e6:.0f} MB"
            raise ArticleError(source, f"expands to more than {limit}: split it, or leave pictures out")
        for info in infos:
            if info.file_size > max(_SMALL_BYTES, _RATIO * info.compress_size):
                what = f"{info.filename!r:.80} expands over {_RATIO} times"
                raise ArticleError(source, f"{what}, as traps do: pack it again, or give the file itself")
        yield Archive(archive, source)


def refuse_entities(xml: bytes, source: str) -> None:
    """Raises ``ArticleError`` for XML that declares entities: ten lines of them can stand for gigabytes."""
    plain = xml.replace(b"\0", b"") if b"\0" in xml else xml  # in UTF-16 each letter has its NUL
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise ArticleError(source, "its XML declares entities, as traps do: save it anew in a word processor")
