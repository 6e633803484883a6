"""From a corpus on disk to an open index in step with it."""

import hashlib
from collections.abc import Callable, Sequence
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
from rag.storage.backend import refuse_missing
from rag.storage.location import index_location
from rag.system.paths import index_folder, shipped_corpus

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


Corpus = str | Path | Sequence[str | Path] | None


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index, what became of its articles, and what a person should know, one line each.

    That is each file that was passed over or mended, and first, where the articles are many, the embedder taken.
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
    """Open the index of ``corpus``, bringing it in step.

    - No ``corpus``, no ``folder``: the default index. A new one starts with the shipped article.
    - A ``corpus`` alone: an index of its own that mirrors it, removals included.
    - Both: the corpus is added to that index; nothing is removed from it.
    - A ``folder`` alone: that index as it is; it must exist. ``chroma://…`` names servers in place of a folder.

    ``embedder`` is as ``choosing.chosen`` has it. Raises ``ArticleError`` where not one article could be read,
    ``IndexFault`` and ``ModelError``.
    """
    paths = _paths(corpus)
    place = index_location(folder) if folder is not None else _own_folder(paths)
    if folder is not None and not paths:
        refuse_missing(place)
    fresh = not Index.exists(place)
    reading = _read(paths or ((shipped_corpus(),) if fresh else ()))
    choice = choose_embedder(embedder, where=place, articles=reading.articles)
    index = Index.open(place, embedder=choice.embedder, settings=settings, follow=choice.follow)
    try:
        if paths and folder is None:
            changes = index.sync(reading.articles, on_progress=on_progress)
        else:
            changes = index.add(reading.articles, on_progress=on_progress) if reading.articles else Changes()
    except BaseException:
        index.close()
        raise
    return Opened(index, changes, (*filter(None, [choice.reason]), *problems(reading)))


def problems(reading: ReadResult) -> tuple[str, ...]:
    """What a person should know of a reading, one line each: what was left out, then what was mended."""
    return (*(f"left out {error}" for error in reading.errors), *reading.warnings)


def _paths(corpus: Corpus) -> tuple[Path, ...]:
    if corpus is None:
        return ()
    several = (corpus,) if isinstance(corpus, str | Path) else tuple(corpus)
    for one in several:
        if isinstance(one, str) and is_address(one):
            why = "an address, and a corpus is files: put it into an index with `pincite add`, and ask that"
            raise ArticleError(without_password(one), why)
    return tuple(Path(path).expanduser() for path in several)


def _own_folder(paths: tuple[Path, ...]) -> Path:
    if len(paths) < 2:
        return index_folder(paths[0] if paths else None)
    every = "\n".join(sorted(str(path.resolve()) for path in paths))
    return index_folder(None).parent / f"several-{hashlib.sha256(every.encode()).hexdigest()[:12]}"


def _read(paths: Sequence[Path]) -> ReadResult:
    readings = [read_articles(path) for path in paths]
    reading = ReadResult(
        articles=tuple(article for r in readings for article in r.articles),
        errors=tuple(error for r in readings for error in r.errors),
        warnings=tuple(warning for r in readings for warning in r.warnings),
    )
    if paths and not reading.articles and reading.errors:
        raise reading.errors[0]
    return reading
