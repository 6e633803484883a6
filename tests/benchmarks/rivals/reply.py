"""What a stand-in's reply says: whether it declines, and what it cites."""

import regex

from rag.schema import Answer, Evidence
from rag.system.clock import Clock
from rag.verify.citations import verify
from rag.verify.claims import claims

UNKNOWN = "I don't know."  # what the prompt asks for where the sources do not answer

# A reply declines where its first statement says so in one of these ways, and only there: what follows an answer
# takes nothing back. "X is not included in the price" declines nothing, so that form must name the sources. The last
# two are how LlamaIndex's prompt ("if none of the sources are helpful, indicate that") is answered.
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
    """Whether a reply says that it has no answer; saying nothing at all counts as saying so."""
    said = claims(reply.replace("’", "'"))
    return not said or _DECLINES.search(said[0].text) is not None


def answered(
    question: str, reply: str, evidence: tuple[Evidence, ...], *, model: str, clock: Clock
) -> Answer:
    """A reply as an ``Answer``: its marks are read and its statements checked as Pincite's own are.

    ``confidence`` is the score of the best chunk, 0 to 1 in the search's own measure.
    """
    declined = declines(reply)
    text = reply.strip()
    clock.lap("write")
    timings = clock.laps()  # checking is Pincite's work, not the stand-in's
    return Answer(
        question=question,
        standalone_question=question,
        text=text,
        citations=() if declined else verify(text, evidence, question=question),
        evidence=evidence,
        abstained=declined,
        confidence=max((one.score for one in evidence), default=0.0),
        model=model,
        timings=timings,
    )
