"""Whether a text is English, by its commonest words and its letters."""

import regex

from rag.text.lexicon import FUNCTION_WORDS
from rag.text.words import words

# Common English words that neighbouring languages do not have, or seldom.
_ENGLISH = frozenset(
    "the and to with from are by this that of is was for has have must should a an each it on be".split()
)
_LEAST_SHARE = 0.08  # of these among the words of an English text; "a" and "was" are common elsewhere, too
_SHARED = frozenset(["a", "was"])
_READ_CHARS = 4000  # of a text; its language does not change

# Common words of questions in other languages that are no English words, or seldom in a question.
_OTHER = (
    frozenset(
        """
    der das den dem des ein eine einen einer und ist sind nicht wie viel viele wer wem wen wann wo warum wieso welche
    welcher welches kann hat haben wurde werden auf für mit von zu zum zur bei aus über
    le les des du est sont une que qui quoi quel quelle quels combien quand où pourquoi comment dans pour avec sur par
    el los las una del es son qué quién quien cuánto cuántos cuántas cuándo cuando dónde donde cómo como por para con
    il lo gli della di che chi quanto quanti quando dove perché perchè sono nel
    het een van voor wie wat hoeveel wanneer waar waarom zijn heeft
    os um uma quem quantos onde não são foi da em
    och är vad vem hur när var varför på av till
    hvad hvem hvor hvornår er
    jest kto kiedy gdzie ile czy jak co
    """.split()
    )
    - FUNCTION_WORDS
)
_NO_SIGN = frozenset(["am"])  # as common in German
_GERMAN = frozenset(["was", "die"])  # English words as well, but not as the only common ones of a question
_LATIN = regex.compile(r"\p{Latin}")
_LETTER = regex.compile(r"\p{L}")
_LEAST_LATIN = 0.5  # of the letters of a question that may be English


def is_english(text: str) -> bool:
    """Whether a sentence, or a longer text, is English."""
    sequence = [word.norm for word in words(text[:_READ_CHARS])]
    if len(sequence) < 40:
        return any(word in _ENGLISH for word in sequence)
    return sum(word in _ENGLISH - _SHARED for word in sequence) >= _LEAST_SHARE * len(sequence)


def is_foreign_question(question: str) -> bool:
    """Whether a question is in another language than English, as far as its words tell.

    >>> [is_foreign_question(asked) for asked in ("Wo steht der Turm?", "Tower height", "塔の高さは")]
    [True, False, True]
    """
    letters = len(_LETTER.findall(question))
    if letters and len(_LATIN.findall(question)) < _LEAST_LATIN * letters:
        return True
    norms = [word.text.casefold() for word in words(question)]
    english = [norm for norm in norms if norm in FUNCTION_WORDS - _NO_SIGN]
    if english == ["was"] and set(norms) >= _GERMAN:
        return True
    return sum(norm in _OTHER for norm in norms) > len(english)
