"""Names, and things by their numbers, that a question asks about and the words cited for its answer do not have.

A question that the articles only seem to answer gets the nearest sentence: asked for one company's valuation, that
of another. Every word of it is true, so no verdict can say what is wrong; this does.
"""

from collections.abc import Iterable

from rag.question.numbered_things import other_numbered_things
from rag.text.names import run_text, runs, spelled_out
from rag.text.words import terms, words


def unmentioned(question: str, cited: Iterable[str]) -> tuple[str, ...]:
    """The names of ``question``, in order, of which no word stands in ``cited``; none where nothing is cited.

    Then what it calls by a number, where each of ``cited`` tells of another: asked of Port 7, of Port 9.
    """
    quotes = tuple(cited)
    if not quotes:
        return ()
    there = {term for quote in quotes for term in terms(quote)}
    other = frozenset[int]().union(*(spelled_out(question, quote) for quote in quotes))
    found = words(question)
    absent = (
        run_text(question, run)
        for run in runs(question)
        if not any(found[i].term in there or i in other for i in run)
    )
    numbered = (set(other_numbered_things(quote, question)) for quote in quotes)
    by_number = set[str].intersection(*numbered)
    return tuple(dict.fromkeys((*absent, *sorted(by_number, key=question.index))))
