"""Articles that say almost the same as others: equal but for case and spaces, or nearly all word sequences shared.

Exact: of two articles that share more than nine tenths of their sequences, one's least tenth holds one that the
other's least tenth holds as well, in any fixed order. So only those are looked up, and every find is counted out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.schema import Article

WORDS = 5  # in a sequence


SHARED = 0.9  # of all sequences of two articles, the part that near copies share more than


Sequences = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Two articles that say almost the same. ``shared`` is above 0.9; 1 means equal after folding case and spaces."""

    article_id: str
    other: str
    shared: float


def repeats(fresh: Sequence[Article], others: Iterable[Article]) -> tuple[Repeat, ...]:
    """Each pair of near copies with one of ``fresh`` in it, by their ids; ``others`` are read once."""
    known = [(article.id, *_sequences(article.text)) for article in fresh]
    by_sequence: dict[int, list[int]] = {}
    for place, (_, _, sequences) in enumerate(known):
        for sequence in _least(sequences):
            by_sequence.setdefault(sequence, []).append(place)
    found = []
    for place, article in enumerate((*fresh, *others)):
        words, sequences = known[place][1:] if place < len(known) else _sequences(article.text)
        near = {one for sequence in _least(sequences) for one in by_sequence.get(sequence, ())}
        for one in sorted(near):
            if place < len(known) and one >= place:
                continue  # itself, and each pair once
            article_id, own_words, own = known[one]
            shared = 1.0 if own_words == words else min(_share(own, sequences), 1 - 1e-9)
            if shared > SHARED:
                pair = (article_id, article.id) if place >= len(known) else (article.id, article_id)
                found.append(Repeat(article_id=pair[0], other=pair[1], shared=shared))
    return tuple(sorted(found, key=lambda one: (one.article_id, one.other)))


def _sequences(text: str) -> tuple[int, Sequences]:
    """What stands for all words in their order, and for each sequence of five; a shorter text is one sequence."""
    words = text.casefold().split()
    count = max(1, len(words) - WORDS + 1)
    return hash(tuple(words)), frozenset(hash(tuple(words[i : i + WORDS])) for i in range(count))


def _least(sequences: Sequences) -> list[int]:
    return sorted(sequences)[: int(len(sequences) * (1 - SHARED)) + 1]


def _share(one: Sequences, other: Sequences) -> float:
    if min(len(one), len(other)) <= SHARED * max(len(one), len(other)):
        return 0.0
    return len(one & other) / len(one | other)
