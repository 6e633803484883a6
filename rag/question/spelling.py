"""Misspelt words of a question, put right by the words that the articles use.

A word is taken for misspelt where it stands in no article and is no word of the embedding model's own
vocabulary, and a word of the articles is one slip away (Damerau 1964: a letter too many, too few, another,
or two swapped). Two slips would make "investor" of "injector". The reader is shown the question that was searched.
"""

from collections.abc import Callable, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from rag.text.words import Word, words

_SHORTEST = 5  # letters: shorter words are one slip away from too many others


_NEAR = 2  # slips between two stems whose words may be one slip apart


_TRIED = 5  # stems whose words are looked at


def correct_spelling(
    question: str,
    *,
    vocabulary: Mapping[str, int],
    common: Callable[[str], bool],
    surface: Callable[[str], str],
) -> str:
    """``question`` with its misspelt words put right; the same string where there are none.

    ``vocabulary`` says in how many chunks each term stands; ``common`` whether a word is common English;
    ``surface`` gives a word of the articles for a term of theirs.
    """
    for word in reversed(words(question)):
        if _suspect(word, vocabulary) and not common(word.norm):
            meant = _nearest(word, vocabulary, surface)
            if meant:
                question = question[: word.span.start] + meant + question[word.span.start + len(word.norm) :]
    return question


def _suspect(word: Word, vocabulary: Mapping[str, int]) -> bool:
    plain = word.norm.isascii() and word.norm.isalpha() and len(word.norm) >= _SHORTEST
    return plain and not word.function and word.term not in vocabulary


def _nearest(word: Word, vocabulary: Mapping[str, int], surface: Callable[[str], str]) -> str:
    """The word of the articles one slip away that most chunks hold; it begins as the word does."""
    near = [
        term for term in vocabulary if term[:1] == word.term[:1] and abs(len(term) - len(word.term)) <= _NEAR
    ]
    found = extract(word.term, near, scorer=OSA.distance, score_cutoff=_NEAR, limit=None)
    for term, *_ in sorted(found, key=lambda hit: (hit[1], -vocabulary[hit[0]], hit[0]))[:_TRIED]:
        meant = surface(term)
        if len(words(meant)) == 1 and OSA.distance(word.norm, words(meant)[0].norm) == 1:
            return meant
    return ""
