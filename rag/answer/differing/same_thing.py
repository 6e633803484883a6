"""Whether two passages may speak of the same thing, by the titles and headings above them."""

from rag.question.expected_answer import CALENDAR_WORDS
from rag.question.premises import Cited
from rag.text.names import sentence_names
from rag.text.words import Word, content, words


def may_be_same(one: Cited, other: Cited) -> bool:
    """Whether no title or heading tells that the passages are of two things: the Kestrel kettle and the Plover kettle.

    Titles alike that differ in a year are of two versions of one thing.
    """
    return not (_apart(one.title, other.title) or _apart(one.heading, other.heading))


def _apart(one: str, other: str) -> bool:
    """Whether two titles are of one form and each names something that the other does not."""
    a, b = {word.term for word in content(one)}, {word.term for word in content(other)}
    shared = a & b
    if not shared or 2 * len(shared) < min(len(a), len(b)):
        return False
    return bool(_telling(one, b)) and bool(_telling(other, a))


def _telling(title: str, others: set[str]) -> list[Word]:
    """The names, numbers and days of a title that are not among ``others``; a year tells nothing."""
    named = sentence_names(title)
    return [
        word
        for i, word in enumerate(words(title))
        if (i in named or word.number or word.norm in CALENDAR_WORDS)
        and not (word.function or word.term in others or _is_year(word))
    ]


def _is_year(word: Word) -> bool:
    return len(word.norm) == 4 and word.norm.isdigit() and word.norm[:2] in ("19", "20")
