"""The events by which an answer comes as a stream: what was retrieved, text, citations, and the whole answer.

``AnswerSoFar`` makes an answer of the events that came before a reader stopped it.
"""

from dataclasses import dataclass, replace

from rag.filters import EVERYTHING, Filter
from rag.schema import Answer, Citation, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The first event but ``Waiting``: the evidence has been retrieved, and nothing is written yet.

    ``quotes`` are the labels of what would be quoted, best first. ``reading`` says that a language model reads the
    evidence now, so that the answer comes after seconds. ``abstained`` says that the articles have nothing on it.
    ``limited`` is the answer's.
    """

    standalone_question: str
    evidence: tuple[Evidence, ...]
    abstained: bool
    quotes: tuple[int, ...] = ()
    reading: bool = False
    limited: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text; the pieces in order make ``Answer.text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A statement was completed and verified: one of its citations."""

    citation: Citation


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is new: a language model reads or writes. It comes several times a second, so that a reader can stop.

    It may come before ``Retrieved``, where a model rewrites the question.
    """


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event: the whole answer."""

    answer: Answer


Event = Retrieved | Delta | Cited | Waiting | Finished


def counted(event: object) -> dict[str, str | float]:
    """The outcome and counts of an answer, once it is whole: what a trace says of it, which is to have no texts."""
    if not isinstance(event, Finished):
        return {}
    answer = event.answer
    return {
        "pincite.model": answer.model,
        "pincite.outcome": answer.outcome,
        "pincite.confidence": answer.confidence,
        "pincite.evidence": len(answer.evidence),
        "pincite.citations": len(answer.citations),
        "pincite.verified": sum(citation.verified for citation in answer.citations),
        "pincite.withheld": len(answer.withheld.citations) if answer.withheld else 0,
    }


class AnswerSoFar:
    """Takes the events of an answer; ``answer`` is the answer as far as it has come, with the evidence it rests on."""

    def __init__(self, question: str, *, model: str, within: Filter = EVERYTHING) -> None:
        self.answer = Answer(
            question=question, standalone_question=question, text="", model=model, within=within
        )

    def take(self, event: Event) -> None:
        """Take the next event."""
        so_far = self.answer
        match event:
            case Retrieved():
                self.answer = replace(
                    so_far,
                    standalone_question=event.standalone_question,
                    evidence=event.evidence,
                    quotes=event.quotes,
                    limited=event.limited,
                )
            case Delta():
                self.answer = replace(so_far, text=so_far.text + event.text)
            case Cited():
                self.answer = replace(so_far, citations=(*so_far.citations, event.citation))
            case Finished():
                self.answer = event.answer
