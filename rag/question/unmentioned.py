"""Finds names, and things by their numbers, that a question asks about and that no cited word has.

A question that the articles only seem to answer gets the nearest sentence: asked for one company's valuation, that
of another. Every word of it is true, so no verdict can say what is wrong; this note does.
"""

from collections.abc import Iterable

from rag.question.numbered_things import other_numbered_things
from rag.text.names import name_runs, run_text, spelled_out
from rag.text.words import terms, words


def unmentioned_names(question: str, cited: Iterable[str]) -> tuple[str, ...]:
    """The names of ``question``, in order, of which no word stands in ``cited``; none where nothing is cited.

    After them come the things that it calls by a number, where each of ``cited`` tells of another number: asked of
    Port 7, of Port 9.
    """
    quotes = tuple(cited)
    if not quotes:
        return ()
    cited_terms = {term for quote in quotes for term in terms(quote)}
    other_length = frozenset[int]().union(*(spelled_out(question, quote) for quote in quotes))
    row = words(question)
    absent = (
        run_text(question, run)
        for run in name_runs(question)
        if not any(row[i].term in cited_terms or i in other_length for i in run)
    )
    numbered = (set(other_numbered_things(quote, question)) for quote in quotes)
    by_number = set[str].intersection(*numbered)
    return tuple(dict.fromkeys((*absent, *sorted(by_number, key=question.index))))
