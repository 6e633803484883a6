"""Questions that a sentence of an article answers, as a person would ask them: "How long did Colossus take to build?".

By rules over the dependency parse of the sentence, after Heilman and Smith 2010, "Good Question! Statistical Ranking
for Question Generation": one of its arguments is asked for and the others are kept. What is not plain is not asked.
English alone.
"""

from collections.abc import Callable, Iterator

import regex

from rag.question.posing.amounts import (
    how_long,
    how_many,
    how_much,
    how_tall,
    in_how_many,
    ordered,
    what_share,
    within,
)
from rag.question.posing.arguments import what, what_is, when, where, who, who_is, why
from rag.question.posing.plain_clause import Clause, plain_clauses
from rag.question.posing.posed import Posed
from rag.question.posing.well_posed import is_well_posed
from rag.question.posing.wording import NoQuestion
from rag.text.language import is_english
from rag.text.words import words

_LEAST_WORDS, _MOST_WORDS = 4, 32  # of a sentence that is made a question

# A whole sentence without quotation, brackets or parts of its own.
_PLAIN = regex.compile(r"[\p{L}\p{N}$€£][^\n\"“”‘()\[\]{}:;<>|*_…—]*[.!]")
# The place where a report was written, before its first sentence: "HALIFAX, Nova Scotia – …".
_DATELINE = regex.compile(r"\p{Lu}{3,}\b[^.]{0,60} [–-] ")

_Make = Callable[[Clause], Iterator[Posed]]

# The most telling first: who and what alone can be asked of almost everything.
_OF_STATEMENTS: tuple[_Make, ...] = (
    how_long, within, how_many, in_how_many, what_share, how_much, how_tall, when, why, what_is, who, where, what,
)  # fmt: skip
_OF_ORDERS: tuple[_Make, ...] = (ordered,)
_BRIEF: tuple[_Make, ...] = (how_tall, what_is, ordered)  # a thing's name and what is asked of it are all


def questions_from(sentence: str, *, familiar: bool = False) -> tuple[Posed, ...]:
    """The questions that ``sentence`` answers, the most telling first; none where no good one can be made.

    ``familiar``: there are so few articles that a reader knows which pump is "the pump".
    """
    if not _LEAST_WORDS <= len(words(sentence)) <= _MOST_WORDS or not is_english(sentence):
        return ()
    found: dict[str, Posed] = {}
    if _PLAIN.fullmatch(sentence) and not _DATELINE.match(sentence):
        for clause in plain_clauses(sentence, familiar=familiar):
            for make in _OF_ORDERS if clause.subject is None else _OF_STATEMENTS:
                for posed in _made(make, clause):
                    found.setdefault(posed.question, posed)
    for posed in who_is(sentence):
        found.setdefault(posed.question, posed)
    return tuple(found.values())


def _made(make: _Make, clause: Clause) -> tuple[Posed, ...]:
    """What one rule makes of a clause, as far as it is a good question."""
    try:
        made = tuple(make(clause))
    except NoQuestion:
        return ()
    brief = make in _BRIEF
    return tuple(
        one
        for one in made
        if is_well_posed(one.question, brief=brief, telling=one.kind != "what", familiar=clause.familiar)
    )
