"""The parts of an Office file: XML files in a ZIP archive that name one another by relationships."""

import posixpath
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.document import XML_BYTES
from rag.reading.formats.office.word_names import value
from rag.reading.formats.zip_archive import Archive, open_archive

OLE = b"\xd0\xcf\x11\xe0"  # how an encrypted file begins, and one of Office 2003 and before


@dataclass(frozen=True, slots=True)
class Relationship:
    """Where one part leads: ``kind`` is the last word of its type, ``part`` the name of another that is there."""

    kind: str
    part: str


@contextmanager
def open_parts(data: bytes, source: str, *, suffix: str, what: str) -> Iterator[Archive]:
    """The archive of an Office file whose parts may be parsed; ``what`` it is called where it turns out to be damaged.

    Raises ``ArticleError`` for one that is locked, damaged or a decompression bomb.
    """
    _refuse_old(data, source, suffix)
    with open_archive(data, source) as archive:
        _check_parts(archive)
        try:
            yield archive
        except ArticleError:
            raise
        except Exception as fault:  # a broken file may trip the reader in any way
            why = one_line(f"{type(fault).__name__}: {fault!s:.80}")
            raise ArticleError(source, f"is no whole {what} ({why}): save it again as {suffix}") from fault


def _refuse_old(data: bytes, source: str, suffix: str) -> None:
    """Raises ``ArticleError`` for a file that is locked or of Office 2003 and before."""
    if data.startswith(OLE):
        old = suffix.removesuffix("x")
        raise ArticleError(
            source, f"is locked by a password or an old {old}: save it as {suffix} without one"
        )


def _check_parts(archive: Archive) -> None:
    """Raises ``ArticleError`` where a part is larger than may be parsed, or a trap."""
    for part in archive.names():
        if part.lower().endswith((".xml", ".rels")):
            archive.read_xml(part, max_bytes=XML_BYTES)


def parse(archive: Archive, part: str | None) -> "Element[str] | None":
    """The tree of a part that ``open_parts`` has checked; ``None`` where there is none."""
    if part is None or part not in archive.names():
        return None
    return ElementTree.fromstring(archive.read(part))  # noqa: S314  # `open_parts` has refused what could expand


def bare_tag(element: "Element[str]") -> str:
    """Its name without the namespace, which strict files have another of."""
    return element.tag.rpartition("}")[2]


def relationships(archive: Archive, part: str) -> Mapping[str, Relationship]:
    """The relationships of a part by their ids, without those that lead nowhere; ``""`` is the whole file."""
    folder, _, own = part.rpartition("/")
    root = parse(archive, posixpath.join(folder, "_rels", f"{own}.rels"))
    found: dict[str, Relationship] = {}
    for element in root if root is not None else ():
        target = value(element, "Target") or ""
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(folder, target))
        )
        if path in archive.names():
            found[value(element, "Id") or ""] = Relationship(
                (value(element, "Type") or "").rpartition("/")[2], path
            )
    return found


def related(archive: Archive, part: str, kind: str) -> str | None:
    """The first part to which another has a relationship of this kind."""
    return next((r.part for r in relationships(archive, part).values() if r.kind == kind), None)
