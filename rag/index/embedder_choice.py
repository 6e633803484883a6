"""Which embedder an index is made with: the one it has, the one that was named, or by the size of the articles."""

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
# and with little. A million characters are about two minutes, which people wait; ten times as many are a coffee.
SHORT_CHARACTERS = 1_000_000


_CHARACTERS_A_MINUTE = 600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedderChoice:
    """An embedder for an index. ``reason`` is one line for whoever waits, empty where nothing need be said.

    ``follow`` opens the embedder that another process may have made the index anew with; ``None`` where the caller's
    own object is used, which no other process has.
    """

    embedder: Embedder
    reason: str = ""
    follow: Callable[[str], Embedder] | None = None


def choose_embedder(
    asked: "str | Embeddings",
    *,
    where: Path | ServerAddress,
    articles: Iterable[Article] = (),
    most: int | None = None,
) -> EmbedderChoice:
    """The embedder for the index at ``where``, into which ``articles`` are to go.

    Where ``asked`` is ``"auto"``, an index that holds articles keeps the embedder it was made with. A new one takes
    MiniLM, and the fast one where the texts and titles of ``articles`` have more than ``most`` characters
    (``SHORT_CHARACTERS``). Raises ``IndexStale`` where the index's embedder cannot be opened, ``ModelError`` for one
    that was named.
    """

    def follow(name: str) -> Embedder:
        return _opened(name, where)

    if not isinstance(asked, str):
        return EmbedderChoice(embedder=open_embedder(asked))
    if asked.strip() != AUTO:
        return EmbedderChoice(embedder=open_embedder(asked), follow=follow)
    recorded = made_with(where)
    if recorded is not None:
        return EmbedderChoice(embedder=follow(recorded), follow=follow)
    size = sum(len(article.title) + len(article.text) for article in articles)
    spec, reason = by_size(size, where=where, most=most)
    return EmbedderChoice(embedder=open_embedder(spec), reason=reason, follow=follow)


def by_size(characters: int, *, where: Path | ServerAddress, most: int | None = None) -> tuple[str, str]:
    """The embedder for so many characters in an index; one line saying why it is not the better, or the faster one."""
    from rag.models.static_embedder import INSTALL, is_installed

    if characters <= (SHORT_CHARACTERS if most is None else most):
        return "minilm", ""
    minutes = max(1, round(characters / _CHARACTERS_A_MINUTE))
    wait = f"about {minutes:,} minute{'s' if minutes != 1 else ''}"
    if not is_installed():
        return "minilm", (
            f"{characters:,} characters take {wait} to embed: run `{INSTALL}` and give --embedder fast to be quicker"
        )
    return "fast", (
        f"{characters:,} characters: the fast embedder was taken, which finds a little less. MiniLM would take {wait}: "
        f"give a new index --embedder minilm, or run `{_anew(where)}` when there is time"
    )


def made_with(where: Path | ServerAddress) -> str | None:
    """The name of the embedder of the index at ``where``; ``None`` where there is none, or it holds nothing yet."""
    if not exists(where):
        return None
    with closing(open_store(where)) as opened:
        recipe = opened.recipe
        return recipe.embedder if recipe is not None and opened.count() else None


def _anew(where: Path | ServerAddress) -> str:
    return f"pincite doctor --repair --index {shlex.quote(str(where))} --embedder minilm"


def _opened(name: str, where: Path | ServerAddress) -> Embedder:
    """The embedder that an index is marked with."""
    try:
        return open_embedder(name)
    except ModelError as error:
        known = name in EMBEDDERS.values()
        fix = "" if known else "give the embedder itself, or "
        raise IndexStale(
            f"the index {str(where)!r} was made with embedder {name!r}, which cannot be opened here ({error}): "
            f"{fix}run `{_anew(where)}`"
        ) from error
