"""One question of an evaluation, what was answered, and how that compares with what was wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.evaluation.attribution import Attribution
from rag.evaluation.questions import Question
from rag.schema import Answer, Citation

DEPTH = 20  # chunks looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """What came of one question.

    Ranks count from 1 and are ``None`` where nothing was found among what was looked at. ``chunk_ranks`` are those of
    the relevant chunks among the first 20, rising, out of ``relevant_chunks`` there are. ``string_rank`` is that of the
    first chunk that holds a gold string, ``article_rank`` that of the first gold article, articles counted once.
    ``passage_rank`` is the label of the first passage of evidence that holds a gold string.

    A chunk is relevant where it holds, wholly, a gold span of the question's first article; for a question without
    spans, where it is of one of the question's articles and holds a gold string; for one without articles none is.

    ``tokens_in`` and ``tokens_out`` were handed to the chat model and written by it. ``peak_mb`` is the most memory
    the process had held by the end of the question, in MB of 10**6 bytes; 0 where the platform does not say.
    """

    question: Question
    answer: Answer
    contains_gold: bool
    passage_rank: int | None
    exact_quotes: int  # citations whose quote is the slice of the article
    chunk_ranks: tuple[int, ...] = ()
    relevant_chunks: int = 0
    string_rank: int | None = None
    article_rank: int | None = None
    attribution: Attribution = field(default_factory=Attribution)
    tokens_in: int = 0
    tokens_out: int = 0
    peak_mb: float = 0.0

    @property
    def answerable(self) -> bool:
        """Whether the articles answer the question."""
        return self.question.kind == "answerable"

    @property
    def answered(self) -> bool:
        """Whether an answer was given, right or wrong, and no refusal."""
        return not self.answer.abstained

    @property
    def wrong(self) -> bool:
        """Whether an answer was given that should not have been: without gold, or to what is not in the articles."""
        return self.answered and not self.contains_gold


def statements(answer: Answer) -> Sequence[Sequence[Citation]]:
    """The citations of each statement of the answer, in order of place."""
    carried: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        carried.setdefault((citation.claim.start, citation.claim.end), []).append(citation)
    return [carried[place] for place in sorted(carried)]
