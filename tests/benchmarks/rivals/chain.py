"""The chain of the tutorials: search, stuff the best chunks into a prompt, let a model write."""

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate

from rag.answer.quotes import quote_passages
from rag.events import Cited, Delta
from rag.models.providers import raising_model_errors
from rag.models.writers import Writer
from rag.question.input import History
from rag.schema import Answer, Article, Chunk, Hit
from rag.system.clock import Clock
from tests.benchmarks.rivals.common_index import CommonIndex, Ranking
from tests.benchmarks.rivals.reply import UNKNOWN, as_answer

TOP = 4  # chunks handed to the model: LangChain's default
TOKENS = (
    96  # that a contender may write: three short sentences; a small model that writes more repeats itself
)

# The tutorials' own prompt, in one message, with the question last. Asked for more (a mark after each sentence, an
# exact wording of the refusal, the rules in a system message) the small model finds half as many answers.
_PROMPT = ChatPromptTemplate.from_template(
    "You are an assistant for question-answering tasks. Use the following numbered pieces of context to answer the "
    "question, and cite them by number, as in [2]. If the context does not hold the answer, just say "
    f'"{UNKNOWN}" Use three sentences maximum and keep the answer concise.\n\n'
    "Context:\n{sources}\n\nQuestion: {question}"
)


class _RankingAnswerer:
    """The methods that every ``Answerer`` over a ranking has."""

    def __init__(self, name: str, *, common_index: CommonIndex, ranking: Ranking) -> None:
        self.name = name
        self._common_index = common_index
        self._ranking = ranking

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""
        return self._common_index.article(article_id)

    def chunks(self, article_id: str) -> tuple[Chunk, ...]:
        """The chunks that this article is cut into; raises as ``article`` does."""
        return self._common_index.chunks_of(article_id)

    def retrieve(self, question: str, *, limit: int) -> tuple[Hit, ...]:
        """The chunks read first, best first."""
        return self._ranking.search(question, limit=limit)


class Chain(_RankingAnswerer):
    """An ``Answerer``: ``ranking``, then ``writer`` over the ``TOP`` best chunks; the history is ignored."""

    def __init__(self, name: str, *, common_index: CommonIndex, ranking: Ranking, writer: Writer) -> None:
        super().__init__(name, common_index=common_index, ranking=ranking)
        self._writer = writer
        self._chain = _PROMPT | writer.with_token_limit(TOKENS) | StrOutputParser()

    def ask(self, question: str, *, history: History = ()) -> Answer:
        """The model's answer from the best chunks. Raises ``ModelError``."""
        clock = Clock()
        evidence = self._common_index.evidence(self.retrieve(question, limit=TOP))
        clock.lap("retrieve")
        sources = "\n".join(f"[{passage.label}] {' '.join(passage.text.split())}" for passage in evidence)
        with raising_model_errors(self._writer.name):
            reply = self._chain.invoke({"sources": sources, "question": question})
        return as_answer(question, reply, evidence, model=self._writer.name, clock=clock)


class TopChunk(_RankingAnswerer):
    """An ``Answerer`` without a model: the best chunk, quoted whole. It never declines."""

    def ask(self, question: str, *, history: History = ()) -> Answer:
        """The best chunk between quotation marks."""
        clock = Clock()
        evidence = self._common_index.evidence(self.retrieve(question, limit=1))
        events = list(quote_passages(evidence))
        return Answer(
            question=question,
            standalone_question=question,
            text="".join(event.text for event in events if isinstance(event, Delta)),
            citations=tuple(event.citation for event in events if isinstance(event, Cited)),
            evidence=evidence,
            outcome="answered" if evidence else "not_in_articles",
            confidence=max((passage.score for passage in evidence), default=0.0),
            model="quotes",
            timings=clock.laps(),
        )
