"""What became of each entry of a feed or sitemap: its article, and the time of change that the list gave.

It may be lost, or disagree with the index, at any time: an entry counts only where the index has its article, and
without one the articles' URLs say which entries are known.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rag.storage.location import ServerAddress
from rag.system.files import Durability, write_whole
from rag.system.paths import synced_file

_VERSION = 1
_MEMORY_FILE = "entries.json"


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """The id of an entry's article, ``""`` without one; its stamp then; and whether it could not be had since."""

    article: str
    stamp: str
    failed: bool


def memory_file(where: Path | ServerAddress) -> Path:
    """The file for the memory: in the index, or for one on servers here."""
    return where / _MEMORY_FILE if isinstance(where, Path) else synced_file(f"{where} entries")


def load(file: Path) -> Mapping[str, KnownEntry]:
    """The known entries by the key of their page; none where there is no file, or one that cannot be read."""
    try:
        data = json.loads(file.read_bytes())
        if data["version"] != _VERSION:
            return {}
        return {
            key: KnownEntry(str(article), str(stamp), bool(failed))
            for key, (article, stamp, failed) in data["entries"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def save(changed: Mapping[str, KnownEntry], *, file: Path) -> None:
    """Write the ``changed`` entries into ``file``, beside those that it has by now: another process may follow a feed.

    Where that fails, the articles' URLs say which entries are known.
    """
    before = load(file)
    now = {**before, **changed}
    if now == before:
        return
    entries = {key: [known.article, known.stamp, known.failed] for key, known in now.items()}
    data = {"version": _VERSION, "entries": entries}
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(data).encode(), durable=Durability.NONE)
