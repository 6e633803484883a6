"""Opens the index of a corpus on disk: reads the articles, chooses the embedder, adds what changed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.index.changes import Changes
from rag.index.embedder_choice import AUTO, choose_embedder
from rag.index.index import Index
from rag.reading.articles import ReadResult, read_articles
from rag.reading.web.url import is_address, without_password
from rag.settings import Settings
from rag.storage.backend import exists, refuse_missing
from rag.storage.location import index_location
from rag.system.paths import index_folder, shipped_corpus
from rag.system.progress import Progress

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


Corpus = str | Path | Sequence[str | Path] | None


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index, the changes that opening it made, and what a person should know, one line each.

    ``problems`` name each file that was left out or repaired; first comes why the embedder was chosen, where the
    articles are many.
    """

    index: Index
    changes: Changes
    problems: tuple[str, ...]


def open_index(
    corpus: Corpus,
    *,
    folder: str | Path | None,
    settings: Settings,
    embedder: "str | Embeddings" = AUTO,
    on_progress: Progress | None = None,
) -> Opened:
    """Open the index of ``corpus``, after adding what is new or changed in it.

    - No ``corpus``, no ``folder``: the default index. A new one starts with the shipped article.
    - A ``corpus`` alone: an index of its own that mirrors it, removals included.
    - Both: the corpus is added to that index; nothing is removed from it.
    - A ``folder`` alone: that index as it is; it must exist. ``chroma://…`` names servers in place of a folder.

    ``embedder`` is as for ``choose_embedder``. Raises ``ArticleError`` where not one article could be read,
    ``IndexFault`` and ``ModelError``.
    """
    paths = _paths(corpus)
    where = index_location(folder) if folder is not None else _corpus_folder(paths)
    if folder is not None and not paths:
        refuse_missing(where)
    is_new = not exists(where)
    reading = _read(paths or ((shipped_corpus(),) if is_new else ()))
    choice = choose_embedder(embedder, where=where, articles=reading.articles)
    index = Index.open(where, embedder=choice.embedder, settings=settings, open_named=choice.open_named)
    try:
        if paths and folder is None:
            changes = index.sync(reading.articles, on_progress=on_progress)
        else:
            changes = index.add(reading.articles, on_progress=on_progress) if reading.articles else Changes()
    except BaseException:
        index.close()
        raise
    return Opened(index, changes, (*filter(None, [choice.reason]), *reading_problems(reading)))


def reading_problems(reading: ReadResult) -> tuple[str, ...]:
    """Return what a person should know of a reading, one line each: what was left out, then what was repaired."""
    return (*(f"left out {error}" for error in reading.errors), *reading.warnings)


def _paths(corpus: Corpus) -> tuple[Path, ...]:
    if corpus is None:
        return ()
    parts = (corpus,) if isinstance(corpus, str | Path) else tuple(corpus)
    for part in parts:
        if isinstance(part, str) and is_address(part):
            reason = (
                "an address, and a corpus is files: put it into an index with `pincite add`, and ask that"
            )
            raise ArticleError(without_password(part), reason)
    return tuple(Path(path).expanduser() for path in parts)


def _corpus_folder(paths: tuple[Path, ...]) -> Path:
    if len(paths) < 2:
        return index_folder(paths[0] if paths else None)
    all_paths = "\n".join(sorted(str(path.resolve()) for path in paths))
    return index_folder(None).parent / f"several-{hashlib.sha256(all_paths.encode()).hexdigest()[:12]}"


def _read(paths: Sequence[Path]) -> ReadResult:
    results = [read_articles(path) for path in paths]
    reading = ReadResult(
        articles=tuple(article for result in results for article in result.articles),
        errors=tuple(error for result in results for error in result.errors),
        warnings=tuple(warning for result in results for warning in result.warnings),
    )
    if paths and not reading.articles and reading.errors:
        raise reading.errors[0]
    return reading
