"""Whether a sentence answers a question by its form alone, whatever its words are like.

A clause has its number at its head, and an abbreviation its words beside it. Neither is alike to the question for it.
"""

from rag.question.lookup.abbreviations import asked_abbreviation, spells_out
from rag.question.lookup.numbered_things import asks_for_clause, is_clause_asked_about


def asks_by_form(question: str) -> bool:
    """Whether ``question`` asks for a clause as a whole, or for what an abbreviation stands for."""
    return asks_for_clause(question) or bool(asked_abbreviation(question))


def is_asked_by_form(sentence: str, question: str) -> bool:
    """Whether ``sentence`` is a clause that ``question`` names, or says what the abbreviation stands for."""
    letters = asked_abbreviation(question)
    return is_clause_asked_about(sentence, question) or bool(letters and spells_out(sentence, letters))
