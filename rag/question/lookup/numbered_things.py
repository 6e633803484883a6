"""Things that go by a number, such as Port 7 or room 6, and sentences about another one of the kind, such as Port 9."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import regex

from rag.question.expected_answer import CALENDAR_WORDS
from rag.schema import Span
from rag.text.names import sentence_names
from rag.text.words import content, terms, words

# A number after one of these words is a quantity.
_BEFORE_QUANTITIES = frozenset(
    "about above after almost approximately around at before below between by early exactly from just late least mid "
    "more most nearly only over past roughly since some than to under until up within".split()
)


# A number after one of these words is a label.
_LABELLED = frozenset(
    terms(
        "act apartment article bay bus case chapter class clause division episode exit figure flat flight floor gate "
        "grade highway level lot lane page paragraph part phase platform port room route rule season section sector "
        "stage step table tower type unit version volume ward zone"
    )
)


# A question with one of these words may want another thing of the kind: "Which one did Version 7 replace?"
_ASKS_ANOTHER = frozenset(
    terms(
        "another other else previous previously earlier former formerly next later than before after besides instead "
        "unlike replace succeed successor predecessor precede follow surpass exceed beat overtake compare differ "
        "difference versus"
    )
)

# Words of a question for a clause that ask for nothing in it.
_SHOWING = frozenset(
    terms(
        "say state read stipulate provide contain cover regulate deal mean show give tell quote explain text wording "
        "summarise summarize summary describe outline overview content"
    )
)
_CLAUSE_NUMBER = regex.compile(r"§?\s?(?P<number>\d{1,3}(?:\.\d{1,3})*|\(?[a-z]\))\.?\s")
_ASKED_CLAUSE = regex.compile(
    r"(?:\b(?:clause|section|paragraph|article|rule|point|item|step|chapter|part)s?|§)\s*(?P<number>\d{1,3}(?:\.\d{1,3})*)",
    regex.IGNORECASE,
)
_JOINTS = (" ", "\u00a0", "-", " #", " №")  # between a thing and its number


def other_numbered_things(sentence: str, question: str) -> tuple[str, ...]:
    """List the numbered things of ``question`` of which ``sentence`` has another: Port 7 where it has Port 9.

    Nothing where the sentence has the number 7 as well, or where the question may want another thing ("what came before
    Port 7?"). The days of a month are not numbered things.
    """
    return tuple(
        span.of(question)
        for kind, number, span in _asked_things(question)
        if _names_another(kind, number, (sentence,))
    )


def is_of_another_thing(layers: Iterable[str], question: str) -> bool:
    """Whether a passage tells of another numbered thing than the one asked about: of Port 9, asked of Port 7.

    ``layers`` are the passage and what stands over it, the nearest first: the first that names a thing of the kind
    decides, as a passage under the heading "Week 3" is of week 3 whatever the title says.
    """
    texts = tuple(layers)
    return any(_names_another(kind, number, texts) for kind, number, _ in _asked_things(question))


def _asked_things(question: str) -> tuple[tuple[str, str, Span], ...]:
    """The numbered things of a question; none where it may want another of the kind."""
    wants_another = any(word.term in _ASKS_ANOTHER for word in words(question))
    return () if wants_another else _numbered_things(question)


def _names_another(kind: str, number: str, layers: Sequence[str]) -> bool:
    for text in layers:
        numbered = {other for other_kind, other, _ in _numbered_things(text) if other_kind == kind}
        if number in numbered:
            return False
        if numbered and not any(word.norm == number for word in words(text) if word.number):
            return True
    return False


def is_clause_asked_about(sentence: str, question: str) -> bool:
    """Whether ``question`` asks about a clause by its number and ``sentence`` begins with that number, or one below it.

    >>> is_clause_asked_about("1.2 It is due on Monday.", "What does clause 1.2 say?")
    True
    """
    begins = _CLAUSE_NUMBER.match(sentence)
    return begins is not None and any(
        begins["number"] == asked or begins["number"].startswith(f"{asked}.")
        for asked in asked_clauses(question)
    )


def asked_clauses(question: str) -> tuple[str, ...]:
    """The numbers of the clauses that a question names.

    >>> asked_clauses("What do clauses 1.2 and section 4 say?")
    ('1.2', '4')
    """
    return tuple(match["number"].rstrip(".") for match in _ASKED_CLAUSE.finditer(question))


def asks_for_clause(question: str) -> bool:
    """Whether a question asks for a clause as a whole: "What does clause 1.2 say?", "Show me § 4"."""
    others = _ASKED_CLAUSE.sub(" ", question)
    return others != question and all(word.term in _SHOWING for word in content(others))


def absent_clauses(passages: Sequence[str], question: str) -> tuple[str, ...]:
    """List the clauses that ``question`` asks about by their numbers and whose number is in none of ``passages``.

    >>> absent_clauses(["1.2 It is due on Monday."], "What does clause 9.9 say?")
    ('clause 9.9',)
    """
    asked = {
        match.group().strip(" ."): match["number"].rstrip(".") for match in _ASKED_CLAUSE.finditer(question)
    }
    return tuple(
        clause
        for clause, number in asked.items()
        if not any(regex.search(rf"(?<![\d.]){regex.escape(number)}(?!\d)", text) for text in passages)
    )


@lru_cache(maxsize=1024)
def _numbered_things(text: str) -> tuple[tuple[str, str, Span], ...]:
    """The numbered things of ``text``: the term of the word before the number, the number, and the span of both."""
    sequence = words(text)
    return tuple(
        (sequence[i].term, label.norm, Span(sequence[i].span.start, label.span.end))
        for i, label in enumerate(sequence[1:])
        if label.number and _is_label(text, i)
    )


def _is_label(text: str, i: int) -> bool:
    """Whether the number after word ``i`` is its label, and not a day, or a quantity of what comes after the number."""
    sequence = words(text)
    thing, label = sequence[i : i + 2]
    if thing.number or thing.function or thing.norm in CALENDAR_WORDS or thing.norm in _BEFORE_QUANTITIES:
        return False
    if text[thing.span.end : label.span.start] not in _JOINTS or text[label.span.end :].startswith("%"):
        return False
    if thing.term in _LABELLED or i in sentence_names(text):
        return True
    following = sequence[i + 2 : i + 3]
    is_count = any(
        not word.function and text[label.span.end : word.span.start] in _JOINTS for word in following
    )
    return not is_count
