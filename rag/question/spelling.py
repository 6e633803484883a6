"""Spelling correction: misspelt words of a question are replaced by words of the articles.

A word is misspelt if no article has it, it is not in the embedding model's vocabulary, and a word of the articles is at
Damerau's edit distance 1 (1964: one letter inserted, deleted or substituted, or two adjacent letters swapped). Distance
2 would make "investor" of "injector". The reader is shown the corrected question.
"""

from collections.abc import Callable, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from rag.text.language import is_foreign_question
from rag.text.words import Word, words

_SHORTEST = 5  # letters: shorter words are at distance 1 from too many others
_STEM_DISTANCE = 2  # at most, between the stems of two words at distance 1
_STEMS_TRIED = 5  # nearest stems, whose words are compared


def correct_spelling(
    question: str,
    *,
    vocabulary: Mapping[str, int],
    common: Callable[[str], bool],
    surface: Callable[[str], str],
) -> str:
    """Replace the misspelt words of ``question``; returns the same string where there are none.

    ``vocabulary`` gives the number of chunks that hold each term. ``common`` tells whether a word is common English.
    ``surface`` gives a word of the articles for one of their terms.
    """
    if is_foreign_question(question):
        return question
    for word in reversed(words(question)):
        if _is_unknown(word, vocabulary) and not common(word.norm):
            correction = _nearest_word(word, vocabulary, surface)
            if correction:
                # The norm has no possessive: the "'s" after it stays.
                end = word.span.start + len(word.norm)
                question = question[: word.span.start] + correction + question[end:]
    return question


def _is_unknown(word: Word, vocabulary: Mapping[str, int]) -> bool:
    """Whether a content word of five ASCII letters or more is not a word of the articles."""
    plain = word.norm.isascii() and word.norm.isalpha() and len(word.norm) >= _SHORTEST
    return plain and not word.function and word.term not in vocabulary


def _nearest_word(word: Word, vocabulary: Mapping[str, int], surface: Callable[[str], str]) -> str:
    """The word of the articles at distance 1 with the same first letter, the one in most chunks of those tried."""
    similar = [
        term
        for term in vocabulary
        if term[:1] == word.term[:1] and abs(len(term) - len(word.term)) <= _STEM_DISTANCE
    ]
    matches = extract(word.term, similar, scorer=OSA.distance, score_cutoff=_STEM_DISTANCE, limit=None)
    for term, *_ in sorted(matches, key=lambda match: (match[1], -vocabulary[match[0]], match[0]))[
        :_STEMS_TRIED
    ]:
        candidate = surface(term)
        if len(words(candidate)) == 1 and OSA.distance(word.norm, words(candidate)[0].norm) == 1:
            return candidate
    return ""
