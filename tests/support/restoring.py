"""Restore backups over an index, one after another, until killed: ``-m … FOLDER FILE…``."""

import sys
from pathlib import Path

import chromadb  # noqa: F401  (loaded before it says that it is ready)

from rag.storage.local.backup import restore

if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for file in sys.argv[2:]:
            restore(Path(sys.argv[1]), file=Path(file), replace=True)
