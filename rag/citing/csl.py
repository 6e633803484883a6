"""Sources as CSL-JSON (the schema ``csl-data.json`` of CSL 1.0.2): for Zotero, Pandoc and other processors. Pure."""

import datetime
import json
from collections.abc import Sequence

from rag.citing.sources import Source


def csl(sources: Sequence[Source], *, accessed: datetime.date) -> str:
    """A JSON list with an item for each source; an empty one where there is none. The quotes are in ``note``."""
    return json.dumps([_item(source, accessed) for source in sources], ensure_ascii=False, indent=2) + "\n"


def _item(source: Source, accessed: datetime.date) -> dict[str, object]:
    item = {
        "id": source.key,
        "type": "webpage" if source.url else "document",
        "title": source.title,
        "publisher": source.publisher,
        "issued": _parts(source.date) if source.date else None,
        "URL": source.url,
        "accessed": _parts(accessed),
        "note": "; ".join(source.quotes),
    }
    return {name: value for name, value in item.items() if value}


def _parts(day: datetime.date) -> dict[str, object]:
    return {"date-parts": [[day.year, day.month, day.day]]}
