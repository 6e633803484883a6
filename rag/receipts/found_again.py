"""Finds where the words of a passage stand in an article that may have changed since."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import regex

from rag.schema import Span
from rag.text.sentences import sentences
from rag.text.words import terms

# same: where they stood; moved: character for character elsewhere; changed: the nearest words now; gone: none are near.
State = Literal["same", "moved", "changed", "gone"]

_LEAST_SHARE = 0.6  # of the words of a passage that sentences must have to be taken for what it has become

_MOST_SENTENCES = 8  # in what is compared with a passage; longer ones are compared by their first eight


@dataclass(frozen=True, slots=True)
class Found:
    """What has become of some words; ``span`` is where they, or the nearest words, stand now, ``None`` if gone."""

    state: State
    span: Span | None


def find_again(words: str, span: Span, text: str) -> Found:
    """Find in ``text`` the words that stood at ``span`` of an earlier version of it.

    Of several places with the very words the nearest to the old one is taken.
    """
    if not words.strip():
        return Found("gone", None)
    if text[span.start : span.end] == words:
        return Found("same", span)
    places = [match.start() for match in regex.finditer(regex.escape(words), text, overlapped=True)]
    if places:
        start = min(places, key=lambda place: abs(place - span.start))
        return Found("moved", Span(start, start + len(words)))
    nearest = _nearest(words, text)
    return Found("changed", nearest) if nearest else Found("gone", None)


def _nearest(words: str, text: str) -> Span | None:
    """The sentences that have most of the words; ``None`` where none have more than half of them."""
    wanted = set(terms(words))
    count = min(max(1, len(sentences(words))), _MOST_SENTENCES)
    best: tuple[float, int] | None = None
    nearest: Span | None = None
    lines = _sentences(text)
    for first in range(len(lines) - count + 1):
        run = lines[first : first + count]
        held = frozenset[str]().union(*(found for _, found in run))
        share = len(wanted & held) / (len(wanted) or 1)
        key = (share, -(run[-1][0].end - run[0][0].start))
        if share >= _LEAST_SHARE and (best is None or key > best):
            best, nearest = key, Span(run[0][0].start, run[-1][0].end)
    return nearest


@lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[tuple[Span, frozenset[str]], ...]:
    """The sentences of a text, each with its terms."""
    return tuple((span, frozenset(terms(span.of(text)))) for span in sentences(text))
