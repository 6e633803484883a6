"""Finds near-duplicate articles: equal but for case and spaces, or with nearly all word sequences in common.

The measure is the Jaccard similarity of the sets of five-word sequences, above 0.9. The search is exact: of two
articles that share more than nine tenths of their sequences, the least tenth of either set, in any fixed order, holds
one that the least tenth of the other holds as well. So only those are looked up, and every candidate is counted out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.schema import Article

WORDS = 5  # in a sequence
SHARED = 0.9  # near-duplicates have a greater Jaccard similarity
Sequences = frozenset[int]  # the hashes of an article's word sequences


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicate:
    """Two near-duplicate articles. ``shared`` is above 0.9; 1 means equal after folding case and spaces."""

    article_id: str
    other: str
    shared: float


def near_duplicates(fresh: Sequence[Article], others: Iterable[Article]) -> tuple[NearDuplicate, ...]:
    """Return each pair of near-duplicates with at least one of ``fresh``, by their ids; ``others`` are read once."""
    hashed = [(article.id, *_hash_words(article.text)) for article in fresh]
    by_sequence: dict[int, list[int]] = {}
    for number, (_, _, sequences) in enumerate(hashed):
        for sequence in _least(sequences):
            by_sequence.setdefault(sequence, []).append(number)
    pairs = []
    for number, article in enumerate((*fresh, *others)):
        is_fresh = number < len(hashed)
        text_hash, sequences = hashed[number][1:] if is_fresh else _hash_words(article.text)
        near = {other for sequence in _least(sequences) for other in by_sequence.get(sequence, ())}
        for other in sorted(near):
            if is_fresh and other >= number:
                continue  # itself, and each pair once
            other_id, other_hash, other_sequences = hashed[other]
            equal = other_hash == text_hash
            # Texts of the same sequences in another order are not equal.
            shared = 1.0 if equal else min(_similarity(other_sequences, sequences), 1 - 1e-9)
            if shared > SHARED:
                first, second = (article.id, other_id) if is_fresh else (other_id, article.id)
                pairs.append(NearDuplicate(article_id=first, other=second, shared=shared))
    return tuple(sorted(pairs, key=lambda pair: (pair.article_id, pair.other)))


def _hash_words(text: str) -> tuple[int, Sequences]:
    """Hash all words in their order, and each sequence of five words; a shorter text is one sequence."""
    words = text.casefold().split()
    count = max(1, len(words) - WORDS + 1)
    return hash(tuple(words)), frozenset(hash(tuple(words[i : i + WORDS])) for i in range(count))


def _least(sequences: Sequences) -> list[int]:
    """Return the least tenth of the hashes, and one more."""
    return sorted(sequences)[: int(len(sequences) * (1 - SHARED)) + 1]


def _similarity(first: Sequences, second: Sequences) -> float:
    """Return the Jaccard similarity; 0 where the sizes alone rule out that it is above ``SHARED``."""
    if min(len(first), len(second)) <= SHARED * max(len(first), len(second)):
        return 0.0
    return len(first & second) / len(first | second)
