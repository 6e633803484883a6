"""What a passage's opening pronoun stands for, read from the passages right before it in its article."""

from collections.abc import Sequence

import regex

from rag.schema import Evidence
from rag.text.names import names
from rag.text.sentences import sentences
from rag.text.words import words

_POINTER = r"(?:he|she|it|they|his|her|its|their|the (?:company|firm|group|startup|lab|agency|team|man|woman|president|minister))\b"  # fmt: skip # noqa: E501

_OPENING_POINTER = regex.compile(
    rf"[\"'“‘(]*(?:(?:but|and|yet|so|then|also|however|still|later),?\s+)?{_POINTER}", regex.IGNORECASE
)

_GAP = 3  # characters between two passages that follow on each other
_STEPS = 4  # passages that are read, each the one before the last


def subjects(passage: Evidence, evidence: Sequence[Evidence]) -> frozenset[str]:
    """The terms of the name that heads the text before ``passage``, where that opens with a pronoun.

    ``Elon Musk's relationship … is complicated.`` before ``He launched xAI.`` gives ``elon`` and ``musk``.
    Only passages in the evidence count, as only those can be shown; sentences that open with a pronoun
    themselves are passed over.
    """
    current = passage
    for _ in range(_STEPS):
        if not _OPENING_POINTER.match(current.text):
            return _heading_name(current.text) if current is not passage else frozenset()
        previous = passage_before(current, evidence)
        if previous is None:
            return frozenset()
        if name := _last_heading_name(previous.text):
            return name
        current = previous
    return frozenset()


def passage_before(passage: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """The passage that ends where ``passage`` begins, or overlaps it from before: the one that ends last."""
    before = [
        other
        for other in evidence
        if other.article_id == passage.article_id
        and other.span.start < passage.span.start <= other.span.end + _GAP
        and other.span.end <= passage.span.end
    ]
    return max(before, key=lambda other: (other.span.end, -other.span.start, -other.label), default=None)


def _last_heading_name(text: str) -> frozenset[str]:
    """The name that heads the last sentence that opens with a name, and not with a pronoun."""
    for span in reversed(sentences(text)):
        sentence = span.of(text)
        if not _OPENING_POINTER.match(sentence) and (name := _heading_name(sentence)):
            return name
    return frozenset()


def _heading_name(sentence: str) -> frozenset[str]:
    """The terms of the first run of names in a sentence, if it begins with one of the first three words."""
    row = words(sentence)
    recognised = names(sentence)
    run: list[int] = []
    for i in sorted({*recognised.sure, *recognised.maybe}):
        if run and i != run[-1] + 1:
            break
        run.append(i)
    return frozenset(row[i].term for i in run) if run and run[0] <= 2 else frozenset()
