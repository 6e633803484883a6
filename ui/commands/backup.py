"""The commands for a whole index: copied into one file and back, or shown to other programs."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexFault
from rag.serialization import to_json
from ui.commands.options import add_index
from ui.commands.parsing import DONE, Commands
from ui.commands.source import open_contents
from ui.json_text import write_json
from ui.terminal.screen import screen
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.storage.records import ChromaCollection


def backup(file: str, *, index: str | None) -> None:
    """Copy an index into ``file``."""
    from rag.storage.local.backup import backup as save

    path = Path(file).expanduser()
    count = save(_folder(index), file=path)
    screen(sys.stdout).write(
        f"saved {count} in {one_line(str(path))} ({path.stat().st_size / 1e6:,.1f} MB)\n"
    )


def restore(file: str, *, index: str | None, replace: bool) -> None:
    """Put the backup ``file`` in place of an index; ``replace`` lets the articles go that are there now."""
    from rag.storage.local.backup import restore as put

    count = put(_folder(index), file=Path(file).expanduser(), replace=replace)
    screen(sys.stdout).write(f"restored {count}\n")


def chroma(*, index: str | None, texts: bool | None, as_json: bool) -> None:
    """Bring the Chroma collection of an index in step and say how to open it; ``texts`` are put in or left out."""
    with open_contents(index) as contents:
        if texts is not None:
            contents.set_collection_texts(included=texts)
        collection = contents.collection()
    if as_json:
        write_json(to_json(collection))
        return
    behind = f"{collection.outdated:,} of them or of removed ones out of date" if collection.outdated else ""
    rows = (
        ("chunks", ", ".join(part for part in (f"{collection.chunks:,}", behind) if part)),
        ("texts", "yes" if collection.texts else "no"),
        ("embedder", f"{collection.embedder}, vectors of {collection.dimensions}"),
    )
    write = screen(sys.stdout).write
    write(
        "".join(f"# {name:<10}{one_line(value)}\n" for name, value in rows)
    )  # so that all of it is a program
    write(f"\n{_program(collection)}")


def _program(collection: "ChromaCollection") -> str:
    """Python that opens the collection and queries it."""
    if collection.folder:
        kind, client = "PersistentClient", f"PersistentClient({collection.folder!r})"
    else:
        kind = "HttpClient"
        client = (
            f"HttpClient({collection.host!r}, {collection.port}, ssl={collection.tls}, "
            f"tenant={collection.tenant!r}, database={collection.database!r})"
        )
    return (
        f"from chromadb import {kind}\nfrom rag.langchain import IndexEmbeddings\n\n"
        f"client = {client}\n"
        f"collection = client.get_collection({collection.name!r}, embedding_function=None)\n"
        f'vector = IndexEmbeddings({collection.embedder!r}).embed_query("What is new?")\n'
        "found = collection.query(query_embeddings=[vector], n_results=5)\n"
        'for text, metadata in zip(found["documents"][0], found["metadatas"][0]):\n'
        '    print(metadata["title"], metadata["start"], metadata["end"], text)\n'
    )


def _folder(index: str | None) -> Path:
    from rag.storage.location import index_location

    path = index_location(index)
    if not isinstance(path, Path):
        raise IndexFault(
            f"the index {str(path)!r} is kept by PostgreSQL: copy it with pg_dump and pg_restore"
        )
    return path


def define(commands: Commands) -> None:
    """Add ``backup``, ``restore`` and ``chroma``."""
    save = commands.add(
        "backup",
        _run_backup,
        "copy an index into one file",
        notes="The index stays in use meanwhile. The file is written whole or not at all, and replaces an "
        "earlier backup of that name.",
    )
    save.add_argument("file", metavar="FILE", help="the file to write")
    add_index(save)
    put = commands.add(
        "restore",
        _run_restore,
        "put a backup in place of an index",
        notes="All of it or nothing, also when it is stopped; nothing is embedded again.",
    )
    put.add_argument("file", metavar="FILE", help="a file that `pincite backup` wrote")
    add_index(put)
    put.add_argument(
        "--replace", action="store_true", help="let go of the articles that are in the index now"
    )
    other = commands.add(
        "chroma",
        _run_chroma,
        "say how to open the Chroma collection of an index",
        notes="First it is brought in step with the articles, which embeds nothing. Other programs may read it, not "
        "write to it.",
    )
    add_index(other)
    other.add_argument(
        "--texts",
        choices=("yes", "no"),
        help="whether the collection has the texts of the chunks from now on, beside their metadata; without them a "
        "large one takes half the room. As it was, at first yes",
    )
    other.add_argument("--json", action="store_true", help="print one JSON object")


def _run_backup(options: argparse.Namespace) -> int:
    backup(options.file, index=options.index)
    return DONE


def _run_chroma(options: argparse.Namespace) -> int:
    texts = None if options.texts is None else options.texts == "yes"
    chroma(index=options.index, texts=texts, as_json=options.json)
    return DONE


def _run_restore(options: argparse.Namespace) -> int:
    restore(options.file, index=options.index, replace=options.replace)
    return DONE
