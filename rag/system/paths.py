"""Paths of the files that Pincite keeps outside its installation: models, indexes, conversations, users."""

import hashlib
import os
import re
from pathlib import Path

import platformdirs


def home() -> Path:
    """``$PINCITE_HOME``, or the platform's folder for user data. It need not exist yet."""
    override = os.environ.get("PINCITE_HOME")
    return Path(override).expanduser() if override else platformdirs.user_data_path("pincite")


def models_folder() -> Path:
    """The folder of downloaded language models, one GGUF file each."""
    return home() / "models"


def chats_file() -> Path:
    """The SQLite file in which the browser chat keeps conversations and ratings of answers."""
    return home() / "chats.sqlite3"


def users_file() -> Path:
    """The default file of the users who may sign in to the browser chat."""
    return home() / "users"


def keys_file() -> Path:
    """The default file of the keys with which programs may ask a server."""
    return home() / "keys"


def index_folder(corpus: Path | None) -> Path:
    """The folder of a corpus's index, a different one for each corpus path; ``None``: the default index."""
    if corpus is None:
        return home() / "indexes" / "default"
    full = corpus.expanduser().resolve()
    slug = re.sub(r"[^a-z0-9]+", "-", full.name.lower()).strip("-")[:40] or "corpus"
    return home() / "indexes" / f"{slug}-{hashlib.sha256(str(full).encode()).hexdigest()[:12]}"


def synced_file(index: str) -> Path:
    """The file in which `pincite sync` remembers the files that it read for an index on servers."""
    folder = home() / "synced"
    return folder / f"{hashlib.sha256(index.encode()).hexdigest()[:16]}.json"


def shipped_corpus() -> Path:
    """The folder of the corpus that is shipped with Pincite: in the wheel, or beside ``rag/`` in a checkout."""
    here = Path(__file__).parent.parent
    packed = here / "data" / "corpus"
    return packed if packed.is_dir() else here.parent / "corpus"
