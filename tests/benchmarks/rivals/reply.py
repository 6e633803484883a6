"""A contender's reply as an ``Answer``: whether it declines, and the citations that its marks make."""

import regex

from rag.schema import Answer, Evidence
from rag.system.clock import Clock
from rag.verify.citations import verify
from rag.verify.claims import claims

UNKNOWN = "I don't know."  # what the prompt asks for if the sources do not answer

# A reply declines if its first statement says so in one of these ways; a later statement takes no answer back.
# "X is not included in the price" declines nothing, so that form must name the sources. The last two are replies to
# LlamaIndex's prompt ("if none of the sources are helpful, indicate that").
_SOURCES = r"(?:context|sources?|passages?|text|articles?|information)"
_DECLINES = regex.compile(
    r"\bI (?:do not|don't|did not|didn't) (?:know|have (?:any |enough )?information)\b"
    r"|\bI (?:cannot|can't|could not|am unable to|am not able to) (?:answer|find|determine|provide)\b"
    rf"|\bnot (?:\w+ ){{0,2}}(?:in|by) the (?:\w+ ){{0,2}}{_SOURCES}\b"
    rf"|\b{_SOURCES} (?:\w+ ){{0,2}}(?:does not|do not|doesn't|don't) (?:\w+ )?"
    r"(?:mention|say|provide|contain|specify|state|give|include|answer|hold)\b"
    rf"|\bno (?:information|mention|answer)\b|\b(?:not enough|insufficient) information\b"
    rf"|\bnone of the (?:\w+ )?{_SOURCES}\b|^Empty Response$",
    regex.IGNORECASE,
)


def declines(reply: str) -> bool:
    """Return whether a reply says that it has no answer, or says nothing."""
    statements = claims(reply.replace("’", "'"))
    return not statements or _DECLINES.search(statements[0].text) is not None


def as_answer(
    question: str, reply: str, evidence: tuple[Evidence, ...], *, model: str, clock: Clock
) -> Answer:
    """Return the reply as an ``Answer``; its marks and statements are checked as Pincite's own are.

    ``confidence`` is the score of the best chunk, 0 to 1 on the scale of the search.
    """
    declined = declines(reply)
    text = reply.strip()
    clock.lap("write")
    timings = clock.laps()  # verification is Pincite's work, not the contender's
    return Answer(
        question=question,
        standalone_question=question,
        text=text,
        citations=() if declined else verify(text, evidence, question=question),
        evidence=evidence,
        outcome="not_in_articles" if declined else "answered",
        confidence=max((passage.score for passage in evidence), default=0.0),
        model=model,
        timings=timings,
    )
