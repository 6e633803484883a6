"""Sources as RIS: for EndNote, Mendeley, Zotero and other managers of references. Pure."""

import datetime
from collections.abc import Sequence

from rag.citing.sources import Source


def ris(sources: Sequence[Source], *, accessed: datetime.date) -> str:
    """A record for each source, its lines ended by CR LF as RIS wants them; nothing where there is none.

    ``TY`` is ``ELEC``, a web page, or ``GEN`` where there is no address; each quote has an ``N1`` of its own.
    """
    return "\r\n".join(_record(source, accessed) for source in sources)


def _record(source: Source, accessed: datetime.date) -> str:
    day = source.date
    fields = [
        ("TY", "ELEC" if source.url else "GEN"),
        ("ID", source.key),
        ("TI", source.title),
        ("PB", source.publisher),
        ("PY", f"{day.year:04}" if day else ""),
        ("DA", _slashed(day) if day else ""),
        ("UR", source.url),
        ("Y2", _slashed(accessed)),
        *(("N1", quote) for quote in source.quotes),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "".join(f"{line}\r\n" for line in [*lines, "ER  - "])


def _slashed(day: datetime.date) -> str:
    return f"{day.year:04}/{day.month:02}/{day.day:02}"
