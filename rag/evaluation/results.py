"""The result of one question: the answer, and how it and what was retrieved compare with the gold answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.evaluation.attribution import Attribution
from rag.evaluation.questions import Question
from rag.schema import Answer, Citation

DEPTH = 20  # chunks retrieved and compared with the gold answer


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """A question, its answer, and how the answer and the retrieved chunks compare with the gold answer.

    Ranks count from 1 and are ``None`` if nothing relevant was retrieved. ``chunk_ranks`` are those of the relevant
    chunks among the first 20, rising; ``relevant_chunks`` is how many relevant chunks there are. ``string_rank`` is the
    rank of the first chunk that contains a gold string, ``article_rank`` that of the first gold article, articles
    counted once. ``passage_rank`` is the label of the first passage of evidence that contains a gold string.

    A chunk is relevant if it contains a whole gold span of the question's first article; for a question without spans,
    if it is of one of the question's articles and contains a gold string; for a question without articles none is.

    ``tokens_in`` were given to the chat model and ``tokens_out`` written by it. ``peak_mb`` is the most memory the
    process had used by the end of the question, in MB of 10**6 bytes; 0 if the platform does not say.
    """

    question: Question
    answer: Answer
    contains_gold: bool
    passage_rank: int | None
    exact_quotes: int  # citations whose quote is exactly the slice of the article
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
        """Whether the question was answered, rightly or wrongly, and not declined."""
        return not self.answer.abstained

    @property
    def wrong(self) -> bool:
        """Whether it was answered without a gold string, or although the articles do not answer it."""
        return self.answered and not self.contains_gold


def citations_by_statement(answer: Answer) -> Sequence[Sequence[Citation]]:
    """Group the citations of the answer by the statement they cite for, in the order of the text."""
    by_span: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        by_span.setdefault((citation.claim.start, citation.claim.end), []).append(citation)
    return [by_span[span] for span in sorted(by_span)]
