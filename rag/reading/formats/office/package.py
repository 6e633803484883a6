"""The parts of an Office file: XML files in a ZIP archive that name one another by relationships."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from rag.errors import ArticleError
from rag.reading.formats.document import XML_BYTES
from rag.reading.formats.office.word_names import value
from rag.reading.formats.zip_archive import Archive

OLE = b"\xd0\xcf\x11\xe0"  # how an encrypted file begins, and one of Office 2003 and before


@dataclass(frozen=True, slots=True)
class Relationship:
    """Where one part leads: ``kind`` is the last word of its type, ``part`` the name of another that is there."""

    kind: str
    part: str


def refuse_old(data: bytes, source: str, suffix: str) -> None:
    """Raises ``ArticleError`` for a file that is locked or of Office 2003 and before."""
    if data.startswith(OLE):
        old = suffix.removesuffix("x")
        raise ArticleError(
            source, f"is locked by a password or an old {old}: save it as {suffix} without one"
        )


def check_parts(archive: Archive) -> None:
    """Raises ``ArticleError`` where a part is larger than may be parsed, or a trap."""
    for part in archive.names():
        if part.lower().endswith((".xml", ".rels")):
            archive.read_xml(part, max_bytes=XML_BYTES)


def parse(archive: Archive, part: str | None) -> "Element[str] | None":
    """The tree of a part that ``check_parts`` has passed; ``None`` where there is none."""
    if part is None or part not in archive.names():
        return None
    return ElementTree.fromstring(archive.read(part))  # noqa: S314  # `check_parts` has refused what could expand


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
