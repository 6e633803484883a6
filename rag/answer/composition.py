"""The answer to one question from its evidence: a model's statements, quotes, or a plain no, with the outcome."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TypeVar

from rag.answer.contradiction import contradiction
from rag.answer.differing.numbers import find_disagreements
from rag.answer.differing.wording import find_contradictions
from rag.answer.generation import write_answer
from rag.answer.judgement import judge
from rag.answer.nearest import nearest_text, not_said
from rag.answer.outcome import REFUTED, Signs, answer_probability, is_answered
from rag.answer.quotes import quote_passages
from rag.answer.translation import translate
from rag.events import Cited, Delta, Waiting
from rag.models.writers import Writer
from rag.question.lookup.values import missing_value
from rag.question.premises import Cited as CitedWords
from rag.question.premises import Premises
from rag.schema import Answer, Citation, Disagreement, Evidence, Outcome, Withheld
from rag.system.callback_stream import CallbackStream, Receive, Work

NEAREST = 3  # passages of evidence in an answer that abstains
_BEAT_S = 0.2  # the longest that a reader who stops waits here; a batch of a prompt is read out besides

_NOT_TRANSLATED = (
    "Answers are in the language of the articles, as only words in it can be checked against them."
)

_MODEL_REFUSED = "The model found no answer in the passages."
_T = TypeVar("_T")


def with_waiting(work: Work[_T]) -> Iterator[_T | Waiting]:
    """What ``work`` of a model hands over, in a thread of its own; ``Waiting`` while it hands over nothing.

    Closing the iterator stops the model, also while it reads a prompt, which takes seconds.
    """
    for piece in CallbackStream(work).beats(_BEAT_S):
        yield Waiting() if piece is None else piece


@dataclass(slots=True, kw_only=True)
class Composition:
    """Composes one answer. After ``events`` has ended, the other fields tell what came of it.

    ``asked`` is the question before the conversation completed it to ``question``; ``premises`` are what that takes for
    granted, ``unanswered`` its parts that the articles do not answer, and ``surroundings`` has the words of each
    passage, by label, with those around them.
    ``quotes`` is the part of ``evidence`` that is quoted, best first. ``confidence`` is the retrieval's at first, and
    then what the answer's is. ``broad`` questions ask for several things, and are not judged: no passage states the
    answer to "what are the key points". ``writer`` is ``None`` where answers are quotes alone.
    """

    question: str
    asked: str
    premises: Premises
    unanswered: Sequence[str]
    surroundings: Mapping[int, CitedWords]
    evidence: Sequence[Evidence]
    quotes: Sequence[Evidence]
    confidence: float
    broad: bool
    writer: Writer | None
    tokens: int
    language: str = ""
    lead: str = ""
    outcome: Outcome = "answered"
    note: str = ""
    withheld: Withheld | None = None
    is_translated: bool = False
    text: str = ""
    citations: list[Citation] = field(default_factory=list)

    def events(self) -> Iterator[Delta | Cited | Waiting]:
        """The answer as it is written: text and citations. Closing the iterator stops the model."""
        if self.writer is None:
            yield from self._noted()
            return
        yield from with_waiting(self._hand_over)

    def answer(self) -> Answer:
        """The answer, once ``events`` has ended; where it is none, its evidence is the nearest passages alone."""
        has_answer = self.outcome == "answered"
        evidence = tuple(self.evidence if has_answer else self.evidence[:NEAREST])
        cited = {citation.label for citation in self.citations}
        return Answer(
            question=self.question,
            standalone_question=self.question,
            text=self.text,
            citations=tuple(self.citations),
            evidence=evidence,
            outcome=self.outcome,
            quotes=tuple(passage.label for passage in (self.quotes if has_answer else evidence)),
            withheld=self.withheld,
            note=self.note,
            confidence=self.confidence,
            # Whole passages: a citation's own quote may be a few words of one.
            unmentioned=self._lacking(
                [p for p in evidence if p.label in cited] if has_answer else self.quotes
            ),
            differing=self._differing(evidence),
        )

    def _differing(self, evidence: Sequence[Evidence]) -> tuple[Disagreement, ...]:
        """Where the passages that carry a statement differ: in a number or a day, or in words."""
        labels = {one.label for one in self.citations if one.support in ("supported", "quoted")}
        carrying = [item for item in evidence if item.label in labels]
        in_numbers = find_disagreements(self.question, carrying, self.surroundings)
        return in_numbers or find_contradictions(self.question, carrying, self.surroundings)

    def _hand_over(self, receive: Receive[Delta | Cited]) -> None:
        with closing(self._noted()) as events:
            for event in events:
                if receive(event):
                    return

    def _noted(self) -> Generator[Delta | Cited, None, None]:
        """The events, each noted in ``text`` or ``citations``."""
        for event in self._compose():
            if isinstance(event, Delta):
                self.text += event.text
            else:
                self.citations.append(event.citation)
            yield event

    def _compose(self) -> Iterator[Delta | Cited]:
        refuted = self.writer is None and self._is_refuted(self.quotes)
        if refuted:
            self.confidence = min(self.confidence, REFUTED)
        if refuted or (not self.broad and not self._is_answered()):
            yield from self._decline()
        elif self.writer is None or self.lead:
            yield from quote_passages(self.quotes, lead=self.lead)
        else:
            yield from self._read(self.writer)
        if self.outcome == "answered":
            cited = {citation.label for citation in self.citations}
            if contradicted := self._contradiction([p for p in self.evidence if p.label in cited]):
                self._add_note(f"The cited words {contradicted}.")
            for part in self.unanswered:
                self._add_note(not_said(part))
        if self._other_language and not self.is_translated:
            self._add_note(_NOT_TRANSLATED)

    def _is_answered(self) -> bool:
        """Judge whether the evidence answers, and set ``confidence`` to the probability that it does."""
        judgement = judge(self.writer, self.evidence, self.question) if self.writer else None
        signs = Signs(
            confidence=self.confidence,
            unmentioned=self._is_refuted(self.evidence, deeds=True),
            judgement=judgement,
        )
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
        )
        self.note, self.withheld = written.note, written.withheld
        if written.result == "refused":
            self.note = _MODEL_REFUSED
            yield from self._decline()
        elif written.result in ("withheld", "empty") and self._is_refuted(self.quotes):
            yield from self._decline()
        elif written.result in ("withheld", "empty"):
            yield from quote_passages(self.quotes)
        elif self._other_language:
            self._translate(writer, self._other_language)

    @property
    def _other_language(self) -> str:
        """The language that was asked for; empty where it is that of the articles."""
        return "" if self.language == "English" else self.language

    def _translate(self, writer: Writer, language: str) -> None:
        """Put a translation beside the answer, which stays in the language in which its words can be checked."""
        translation = translate(writer, self.text, language, tokens=self.tokens)
        if translation is None:
            return
        self.is_translated = True
        self._add_note(f"In {language}, translated by the model and not checked: {translation.text}")
        if translation.names:
            self._add_note(f"The translation writes otherwise: {', '.join(translation.names)}.")

    def _add_note(self, sentence: str) -> None:
        self.note = f"{self.note} {sentence}".strip()

    def _decline(self) -> Iterator[Delta]:
        self.outcome = "nearest"
        contradicted = self._contradiction(self.quotes)
        yield Delta(nearest_text(self.question, self._lacking(self.quotes), contradicted))

    def _lacking(self, passages: Sequence[Evidence]) -> tuple[str, ...]:
        """What the question takes for granted and none of ``passages`` has."""
        return self.premises.lacking([self.surroundings[p.label] for p in passages], asked=self.asked)

    def _is_refuted(self, passages: Sequence[Evidence], *, deeds: bool = False) -> bool:
        """Whether so much of it is lacking, or contradicted, that ``passages`` do not answer.

        With ``deeds`` nothing counts that another one of several passages may tell.
        """
        lacking = self.premises.refute([self.surroundings[p.label] for p in passages], asked=self.asked)
        return lacking or bool(self._contradiction(passages, deeds=deeds))

    def _contradiction(self, passages: Sequence[Evidence], *, deeds: bool = False) -> str:
        """What ``passages`` contradict of the question, or the value they lack; nothing where it is broad."""
        if self.broad:
            return ""
        cited = [self.surroundings[p.label] for p in passages]
        contradicted = contradiction(self.question, cited, deeds=deeds)
        return contradicted or missing_value(self.question, [p.text for p in passages])
