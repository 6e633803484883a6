"""The recipe of an index: the embedder, vector dimensions and chunk sizes that all its chunks were made with.

An index that holds chunks of another recipe than the one asked for is stale: it must be rebuilt before it is searched
or added to. An empty index takes any recipe.
"""

import shlex
from typing import TYPE_CHECKING

from rag.errors import IndexStale
from rag.settings import Settings
from rag.storage.records import Recipe
from rag.storage.store import Store

if TYPE_CHECKING:
    from rag.models.embedders import Embedder


def make_recipe(embedder: "Embedder", settings: Settings, *, dimensions: int) -> Recipe:
    """Return the recipe of chunks made with ``embedder``, in vectors of ``dimensions``, under ``settings``."""
    return Recipe(
        embedder=embedder.name,
        dimensions=dimensions,
        chunk_tokens=settings.chunk_tokens,
        overlap_tokens=settings.overlap_tokens,
    )


def refuse_stale(
    store: Store, *, name: str, embedder: "Embedder", settings: Settings, dimensions: int | None = None
) -> None:
    """Raise ``IndexStale``, which names the command that rebuilds it, if the store holds chunks of another recipe.

    ``name`` is that of the index. ``dimensions`` are compared only where they are given.
    """
    stored = store.recipe
    if stored is None or not store.count():
        return
    wanted = make_recipe(
        embedder, settings, dimensions=stored.dimensions if dimensions is None else dimensions
    )
    for field in Recipe.__slots__:
        before, now = getattr(stored, field), getattr(wanted, field)
        if before != now:
            raise IndexStale(
                f"the index {name!r} was made with {field.replace('_', ' ')} {before!r}, and {now!r} is asked for: "
                + _advice(name, embedder.name if field == "embedder" else None)
            )


def _advice(name: str, embedder: str | None) -> str:
    """Return the command that rebuilds the index; with the option for ``embedder`` where that is what differs."""
    rebuild = f"pincite doctor --repair --index {shlex.quote(name)}"
    if embedder is None:
        return f"run `{rebuild}`"
    from rag.models.embedders import EMBEDDERS

    spec = next((spec for spec, full_name in EMBEDDERS.items() if full_name == embedder), embedder)
    return f"leave --embedder out, or run `{rebuild} --embedder {spec}`"
