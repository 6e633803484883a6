"""Whether an answer without a verb (``122 days``) says something of what was asked, by the words that it cites.

Such an answer says what its question says, with the gap filled. So the cited words must speak of those whom the
question names, and the answer must be of the kind that is asked for.
"""

from collections.abc import Sequence

import regex

from rag.question.expected_answer import expected_answer_type, has_answer_type
from rag.question.premises import Cited, premises
from rag.text.names import name_runs
from rag.text.words import words
from rag.verify.analysed_text import analyse
from rag.verify.quantity_match import missing
from rag.verify.syntax.arguments import is_predicate
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences
from rag.verify.syntax.scope import describing
from rag.verify.syntax.wording import same_wording

_QUOTED = regex.compile(r"[“\"](?P<words>[^“”\"]+)[”\"]")
_ASKING = frozenset("who whom whose what which when where how why".split())


def not_asked(claim: str, question: str, cited: Sequence[str], beside: Sequence[str]) -> str:
    """Why a short answer is none to ``question``; empty for one that may be, and for a whole sentence.

    ``beside`` are the titles of the cited words and the words right before them, which say of whom they speak.
    """
    if not analyse(claim).parsed or is_sentence(claim):
        return ""
    about = [*cited, *beside]
    missed = [
        *premises(question).lacking([Cited("\n".join(cited), "\n".join(beside))]),
        *_missed_dates(question, about),
        *_missed_quotations(question, about),
    ]
    twice = _asks_twice(question)
    if missed and not (twice and len(missed) < len(name_runs(question))):
        return f"the cited words do not mention ‘{missed[0]}’"
    kind = expected_answer_type(question)
    if other := _other_kind(question, cited):
        return f"the cited words speak of another ‘{other}’ than the question"
    has_kind = has_answer_type(kind, claim, question) or any(
        (quantity.kind == "date") == (kind == "date") and quantity.kind != "ordinal"
        for quantity in analyse(claim).quantities
    )
    if kind in ("date", "number") and not twice and not has_kind:
        return f"the question asks for a {kind}"
    return ""


def _missed_dates(question: str, about: Sequence[str]) -> list[str]:
    known = [quantity for text in about for quantity in analyse(text).quantities]
    return [
        asked.text.strip()
        for asked in analyse(question).quantities
        if asked.kind == "date" and missing(asked, known)
    ]


def _missed_quotations(question: str, about: Sequence[str]) -> list[str]:
    return [
        words
        for words in (match["words"].strip(" ,.?!") for match in _QUOTED.finditer(question))
        if not any(words.casefold() in text.casefold() for text in about)
    ]


def _other_kind(question: str, texts: Sequence[str]) -> str:
    """A noun of the question that the texts only have described otherwise: a supermarket chain for a pharmacy chain."""
    cited = [s for text in texts for s in parsed_sentences(text)]
    for asked in parsed_sentences(question):
        for n, token in enumerate(asked.tokens):
            mine = describing(asked, n) if token.pos == "NOUN" else []
            if all(_is_said(asked, m, cited) for m in mine):
                continue
            others = [
                [d for d in describing(s, t) if not any(same_wording(asked, m, s, d) for m in mine)]
                for s, t in ((s, t) for s in cited for t in range(len(s.tokens)))
                if s.tokens[t].pos == "NOUN" and same_wording(asked, n, s, t)
            ]
            if others and all(others):
                return token.text
    return ""


def _is_said(asked: ParsedSentence, m: int, cited: Sequence[ParsedSentence]) -> bool:
    return any(same_wording(asked, m, s, t) for s in cited for t in range(len(s.tokens)))


def _asks_twice(question: str) -> bool:
    return sum(word.norm in _ASKING for word in words(question)) > 1


def is_sentence(claim: str) -> bool:
    """Whether a text states something by itself, with a verb; ``122 days`` does so only after a question."""
    return any(is_predicate(s, i) for s in parsed_sentences(claim) for i in range(len(s.tokens)))
