"""Checks everything that a store holds: chunks within their articles, keywords, vectors, and counts of terms."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from rag.schema import Article
from rag.storage.records import ChunkRow, Recipe
from rag.storage.store import Store, body_terms, keywords

_SHOWN = 80  # characters of a term


def find_store_problems(store: Store) -> tuple[str, ...]:
    """A sentence for each fault of the store; empty where all is well. Call inside ``store.reading()``."""
    recipe = store.recipe
    problems = list(store.problems())
    terms = Counter[str]()
    for article_id in store.digests():
        article = store.article(article_id)
        if article is not None:
            problems += _article_faults(article, store, recipe)
            for chunk in store.chunk_rows(article_id):
                terms.update(set(body_terms(chunk.body or "")))
    for counts in (store.recount_terms(), store.vocabulary()):
        if counts != terms:
            problems.append(_count_fault(counts, terms))
    return tuple(problems)


def _count_fault(counts: Mapping[str, int], terms: Mapping[str, int]) -> str:
    wrong = sorted(term for term in {*counts, *terms} if counts.get(term, 0) != terms.get(term, 0))
    return f"the keyword index miscounts the chunks of {len(wrong)} terms, the first {wrong[0][:_SHOWN]!r}"


def _article_faults(article: Article, store: Store, recipe: Recipe | None) -> Iterator[str]:
    chunks = store.chunk_rows(article.id)
    if not chunks:
        yield f"article {article.id!r} has no chunks"
    if store.fingerprint(article.id) != article.fingerprint:
        yield f"the text of article {article.id!r} is not the one that was stored"
    for chunk in chunks:
        for fault in _chunk_faults(chunk, article, recipe):
            yield f"chunk {chunk.id} of article {article.id!r} {fault}"


def _chunk_faults(chunk: ChunkRow, article: Article, recipe: Recipe | None) -> Iterator[str]:
    if not 0 <= chunk.start < chunk.end <= len(article.text):
        yield f"reaches from {chunk.start} to {chunk.end} in a text of {len(article.text)} characters"
    elif chunk.body != keywords(article.title, article.text[chunk.start : chunk.end]):
        yield "has other keywords than its words"
    size = 4 * recipe.dimensions if recipe else 0
    if len(chunk.vector) != size:
        yield f"has a vector of {len(chunk.vector)} bytes instead of {size}"
    elif not np.isfinite(np.frombuffer(chunk.vector, "<f4")).all():
        yield "has a vector that is not finite"
