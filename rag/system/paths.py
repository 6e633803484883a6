"""Where Pincite keeps what it makes: models and indexes, outside the installation."""

import hashlib
import os
import re
from pathlib import Path

import platformdirs


def home() -> Path:
    """``$PINCITE_HOME``, or the platform's folder for user data. It need not exist yet."""
    named = os.environ.get("PINCITE_HOME")
    return Path(named).expanduser() if named else platformdirs.user_data_path("pincite")


def models_folder() -> Path:
    """Where downloaded language models lie, one GGUF file each."""
    return home() / "models"


def chats_file() -> Path:
    """Where the browser chat keeps conversations and what visitors said of answers."""
    return home() / "chats.sqlite3"


def users_file() -> Path:
    """Those who may sign in to the browser chat, where no other file is named."""
    return home() / "users"


def index_folder(corpus: Path | None) -> Path:
    """The index of a corpus: one folder for each corpus path, so that two never mix. ``None``: the default one."""
    if corpus is None:
        return home() / "indexes" / "default"
    full = corpus.expanduser().resolve()
    slug = re.sub(r"[^a-z0-9]+", "-", full.name.lower()).strip("-")[:40] or "corpus"
    return home() / "indexes" / f"{slug}-{hashlib.sha256(str(full).encode()).hexdigest()[:12]}"


def synced_file(index: str) -> Path:
    """Where `pincite sync` keeps what it knows of the files that it read for an index on servers."""
    folder = home() / "synced"
    return folder / f"{hashlib.sha256(index.encode()).hexdigest()[:16]}.json"


def shipped_corpus() -> Path:
    """The folder of the corpus that comes with Pincite: in the wheel, or beside ``rag/`` in a checkout."""
    here = Path(__file__).parent.parent
    packed = here / "data" / "corpus"
    return packed if packed.is_dir() else here.parent / "corpus"
