"""What a passage's opening pronoun stands for, read from the passages that come right before it in its
article.
"""

from collections.abc import Sequence

import regex

from rag.schema import Evidence
from rag.text.names import names
from rag.text.sentences import sentences
from rag.text.words import words

_BACK = r"(?:he|she|it|they|his|her|its|their|the (?:company|firm|group|startup|lab|agency|team|man|woman|president|minister))\b"  # fmt: skip # noqa: E501


_PRONOUN = regex.compile(
    rf"[\"'“‘(]*(?:(?:but|and|yet|so|then|also|however|still|later),?\s+)?{_BACK}", regex.IGNORECASE
)


POINTING = regex.compile(rf"\b{_BACK}", regex.IGNORECASE)  # words that stand for what was named before


_GAP = 3  # characters between two passages that follow on each other


_STEPS = 4


def subjects(passage: Evidence, evidence: Sequence[Evidence]) -> frozenset[str]:
    """The terms of the name that heads the text before ``passage``, where that opens with a pronoun.

    ``Elon Musk's relationship … is complicated.`` before ``He launched xAI.`` gives ``elon`` and ``musk``.
    Only passages in the evidence count, as only those can be shown; sentences that open with a pronoun
    themselves are passed over.
    """
    here = passage
    for _ in range(_STEPS):
        if not _PRONOUN.match(here.text):
            return _head(here.text) if here is not passage else frozenset()
        before = [
            other
            for other in evidence
            if other.article_id == here.article_id
            and other.span.start < here.span.start <= other.span.end + _GAP
            and other.span.end <= here.span.end
        ]
        if not before:
            return frozenset()
        nearest = max(before, key=lambda other: (other.span.end, -other.span.start, -other.label))
        head = next(
            (
                found
                for span in reversed(sentences(nearest.text))
                if not _PRONOUN.match(span.of(nearest.text)) and (found := _head(span.of(nearest.text)))
            ),
            frozenset(),
        )
        if head:
            return head
        here = nearest
    return frozenset()


def _head(sentence: str) -> frozenset[str]:
    """The terms of the first run of names in a sentence."""
    row = words(sentence)
    called = names(sentence)
    known = sorted({*called.sure, *called.maybe})
    run: list[int] = []
    for i in known:
        if run and i != run[-1] + 1:
            break
        run.append(i)
    return frozenset(row[i].term for i in run) if run and run[0] <= 2 else frozenset()
