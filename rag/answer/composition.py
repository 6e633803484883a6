"""The answer to one question from its evidence: a model's statements, quotes, or a plain no, with the outcome."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rag.answer.generation import write_answer
from rag.answer.judgement import judge
from rag.answer.nearest import nearest_text
from rag.answer.outcome import Signs, answer_probability, is_answered
from rag.answer.quotes import quote_passages
from rag.answer.unmentioned import unmentioned_names
from rag.events import Cited, Delta
from rag.models.writers import Writer
from rag.schema import Citation, Evidence, Outcome, Withheld

_MODEL_REFUSED = "The model found no answer in the passages."


@dataclass(slots=True, kw_only=True)
class Composition:
    """Composes one answer. After ``events`` has ended, the other fields tell what came of it.

    ``quotes`` is the part of ``evidence`` that is quoted, best first. ``confidence`` is the retrieval's at first, and
    then what the answer's is. ``broad`` questions ask for several things, and are not judged: no passage states the
    answer to "what are the key points". ``writer`` is ``None`` where answers are quotes alone.
    """

    question: str
    evidence: Sequence[Evidence]
    quotes: Sequence[Evidence]
    confidence: float
    broad: bool
    writer: Writer | None
    tokens: int
    language: str = ""
    outcome: Outcome = "answered"
    note: str = ""
    withheld: Withheld | None = None
    text: str = ""
    citations: list[Citation] = field(default_factory=list)

    def events(self) -> Iterator[Delta | Cited]:
        """The answer as it is written: text and citations. Closing the iterator stops the model."""
        for event in self._compose():
            if isinstance(event, Delta):
                self.text += event.text
            else:
                self.citations.append(event.citation)
            yield event

    def _compose(self) -> Iterator[Delta | Cited]:
        if not self.broad and not self._is_answered():
            yield from self._decline()
        elif self.writer is None:
            yield from quote_passages(self.quotes)
        else:
            yield from self._read(self.writer)

    def _is_answered(self) -> bool:
        """Judge whether the evidence answers, and set ``confidence`` to the probability that it does."""
        unmentioned = unmentioned_names(self.question, [passage.text for passage in self.evidence])
        judgement = judge(self.writer, self.evidence, self.question) if self.writer else None
        signs = Signs(confidence=self.confidence, unmentioned=bool(unmentioned), judgement=judgement)
        self.confidence = answer_probability(signs)
        return is_answered(self.confidence)

    def _read(self, writer: Writer) -> Iterator[Delta | Cited]:
        """Let the model answer; quotes alone where it says nothing that the evidence carries."""
        written = yield from write_answer(
            writer,
            self.evidence,
            self.question,
            broad=self.broad,
            tokens=self.tokens,
            language=self.language,
        )
        self.note, self.withheld = written.note, written.withheld
        if written.result == "refused":
            self.note = _MODEL_REFUSED
            yield from self._decline()
        elif written.result in ("withheld", "empty"):
            yield from quote_passages(self.quotes)

    def _decline(self) -> Iterator[Delta]:
        self.outcome = "nearest"
        yield Delta(nearest_text(self.question))
