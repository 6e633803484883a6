"""Chooses the embedder of an index: the one it was made with, the one that was named, or one by corpus size."""

import shlex
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexStale, ModelError
from rag.models.embedders import EMBEDDERS, Embedder, open_embedder
from rag.schema import Article
from rag.storage.backend import exists, open_store
from rag.storage.location import ServerAddress

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings


AUTO = "auto"


# MiniLM was measured to embed 13 to 25 chunks of 580 new characters a second on two cores, with other work beside it
# and with little. A million characters take about two minutes, which people wait; ten times as many do not.
SHORT_CHARACTERS = 1_000_000
_CHARACTERS_PER_MINUTE = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """The embedder chosen for an index, and why: ``reason`` is one line, empty where nothing need be said.

    ``open_named`` opens, by its name, the embedder that another process may rebuild the index with; ``None`` where the
    caller's own object is used, which no other process has.
    """

    embedder: Embedder
    reason: str = ""
    open_named: Callable[[str], Embedder] | None = None


def choose_embedder(
    asked: "str | Embeddings",
    *,
    where: Path | ServerAddress,
    articles: Iterable[Article] = (),
    short_characters: int | None = None,
) -> EmbedderChoice:
    """Choose the embedder for the index at ``where``, to which ``articles`` are to be added.

    Where ``asked`` is ``"auto"``, an index that holds articles keeps the embedder it was made with. A new one takes
    MiniLM, or the fast embedder where the texts and titles of ``articles`` have more than ``short_characters``
    (default ``SHORT_CHARACTERS``). Raises ``IndexStale`` where the index's embedder cannot be opened, ``ModelError``
    for one that was named.
    """

    def open_named(name: str) -> Embedder:
        return _open_recorded(name, where)

    if not isinstance(asked, str):
        return EmbedderChoice(embedder=open_embedder(asked))
    if asked.strip() != AUTO:
        return EmbedderChoice(embedder=open_embedder(asked), open_named=open_named)
    recorded = recorded_embedder(where)
    if recorded is not None:
        return EmbedderChoice(embedder=open_named(recorded), open_named=open_named)
    characters = sum(len(article.title) + len(article.text) for article in articles)
    spec, reason = embedder_for_size(characters, where=where, short_characters=short_characters)
    return EmbedderChoice(embedder=open_embedder(spec), reason=reason, open_named=open_named)


def embedder_for_size(
    characters: int, *, where: Path | ServerAddress, short_characters: int | None = None
) -> tuple[str, str]:
    """Return the embedder for so many characters, and one line why it is not the better, or not the faster one."""
    from rag.models.static_embedder import INSTALL, is_installed

    if characters <= (SHORT_CHARACTERS if short_characters is None else short_characters):
        return "minilm", ""
    minutes = max(1, round(characters / _CHARACTERS_PER_MINUTE))
    wait = f"about {minutes:,} minute{'s' if minutes != 1 else ''}"
    if not is_installed():
        return "minilm", (
            f"{characters:,} characters take {wait} to embed: run `{INSTALL}` and give --embedder fast to be quicker"
        )
    return "fast", (
        f"{characters:,} characters: the fast embedder was taken, which finds a little less. MiniLM would take {wait}: "
        f"give a new index --embedder minilm, or run `{_rebuild_command(where)}` when there is time"
    )


def recorded_embedder(where: Path | ServerAddress) -> str | None:
    """Return the name of the embedder of the index at ``where``; ``None`` where there is no index or it is empty."""
    if not exists(where):
        return None
    with closing(open_store(where)) as store:
        recipe = store.recipe
        return recipe.embedder if recipe is not None and store.count() else None


def _rebuild_command(where: Path | ServerAddress) -> str:
    return f"pincite doctor --repair --index {shlex.quote(str(where))} --embedder minilm"


def _open_recorded(name: str, where: Path | ServerAddress) -> Embedder:
    """Open the embedder that the index at ``where`` was made with."""
    try:
        return open_embedder(name)
    except ModelError as error:
        is_built_in = name in EMBEDDERS.values()
        fix = "" if is_built_in else "give the embedder itself, or "
        raise IndexStale(
            f"the index {str(where)!r} was made with embedder {name!r}, which cannot be opened here ({error}): "
            f"{fix}run `{_rebuild_command(where)}`"
        ) from error
