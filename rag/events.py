"""The events by which an answer comes as a stream: what was retrieved, text, citations, and the whole answer."""

from dataclasses import dataclass

from rag.schema import Answer, Citation, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The first event: the evidence has been retrieved, and nothing is written yet.

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
class Finished:
    """The last event: the whole answer."""

    answer: Answer


Event = Retrieved | Delta | Cited | Finished
