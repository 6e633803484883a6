"""Finds cited sentences of different articles that contradict each other in words: a denial, a modality, a name."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import regex

from rag.answer.differing.numbers import reported
from rag.answer.differing.same_thing import may_be_same
from rag.question.expected_answer import expected_answer_type
from rag.question.premises import Cited
from rag.schema import Disagreement, Evidence
from rag.text.names import name_runs, run_text
from rag.text.parse import parse
from rag.text.quantity_patterns import WEEKDAYS
from rag.text.sentences import readable_sentences
from rag.text.stance import contradicts, stance
from rag.text.words import terms

_LONGEST = 160  # characters of a sentence that is shown
_LEAST_WORDS = 3  # besides the hour, in a rule
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?"
_TIMES = regex.compile(
    rf"\b(?:from|between)\s+{_CLOCK}\s*(?:[ap]\.?m\.?)?\s+(?:to|until|till|and)\s+{_CLOCK}(?:\s*[ap]\.?m\b\.?)?"
    rf"|\b{_CLOCK}\s*(?:[ap]\.?m\b\.?|o['’]clock\b)|\b\d{{1,2}}:\d{{2}}\b|\b(?:{'|'.join(WEEKDAYS)})s?\b",
    regex.IGNORECASE,
)
_COPULAS = frozenset(("is", "was", "are", "were"))


def find_contradictions(
    question: str, passages: Sequence[Evidence], surroundings: Mapping[int, Cited]
) -> tuple[Disagreement, ...]:
    """The pairs of sentences that say the opposite of what ``question`` asks about; one for two articles at most."""
    asked = stance(question).matter
    found: dict[tuple[str, str], Disagreement] = {}
    for one, other in combinations(passages, 2):
        articles = (one.article_id, other.article_id)
        if one.article_id == other.article_id or articles in found:
            continue
        if not may_be_same(surroundings[one.label], surroundings[other.label]):
            continue
        for a, b in _pairs(one.text, other.text):
            if asked & stance(a).matter and (said := _contrary(question, a, b)):
                found[articles] = Disagreement(said=(reported(one, said[0]), reported(other, said[1])))
                break
    return tuple(found.values())


def _pairs(one: str, other: str) -> Iterator[tuple[str, str]]:
    for a in readable_sentences(one):
        for b in readable_sentences(other):
            yield a.of(one), b.of(other)


def _contrary(question: str, a: str, b: str) -> tuple[str, str] | None:
    """What two sentences say against each other: the whole of each, or the name that each gives for the same thing."""
    if contradicts(a, b) and max(len(a), len(b)) <= _LONGEST:
        return f"“{a}”", f"“{b}”"
    if (times := _only_time(a, b)) is not None:
        return times
    if expected_answer_type(question) not in ("person", "name", "place"):
        return None
    left, right = _only_name(a, b), _only_name(b, a)
    return (left, right) if left and right else None


def _only_time(a: str, b: str) -> tuple[str, str] | None:
    """The hours or the weekdays that are all in which two rules differ; what has happened may have happened twice."""
    found = [[*_TIMES.finditer(sentence)] for sentence in (a, b)]
    masked = [terms(_TIMES.sub(" ", sentence)) for sentence in (a, b)]
    if any(len(times) != 1 for times in found) or masked[0] != masked[1] or len(masked[0]) < _LEAST_WORDS:
        return None
    one, other = (times[0].group() for times in found)
    if terms(one) == terms(other) or any(token.tag == "VBD" for token in parse(a).tokens):
        return None
    return one, other


def _only_name(a: str, b: str) -> str:
    """The one name of ``a`` that is all it has besides ``b``, where a copula says that something is it."""
    runs = name_runs(a)
    beyond = set(terms(a)) - set(terms(b))
    named = [run for run in runs if beyond and beyond <= set(terms(run_text(a, run)))]
    shared = set(terms(a)) & set(terms(b))
    if len(named) != 1 or not shared & _COPULAS or len(shared) < 3:
        return ""
    return run_text(a, named[0])
