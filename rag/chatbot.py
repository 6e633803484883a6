"""The whole flow: a question becomes events, the events an answer."""

from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

from rag.answer.disagreement import find_disagreements
from rag.answer.generation import brief, write_answer
from rag.answer.quotes import quoted
from rag.answer.unmentioned import unmentioned
from rag.errors import IndexFault
from rag.evidence.late_interaction import late_interaction
from rag.evidence.retrieval import Retrieval, retrieve
from rag.evidence.sentences import number
from rag.filters import EVERYTHING, Filter
from rag.filters import checked as checked_filter
from rag.index.corpus import Corpus, open_index
from rag.index.embedder_choice import AUTO
from rag.index.preparation import chunk_article
from rag.index.readable import SearchableIndex
from rag.models.minilm import MiniLM
from rag.models.writers import Writer, open_writer
from rag.question.followup import standalone
from rag.question.input import History, checked, turns
from rag.question.scope import breadth
from rag.question.spelling import correct_spelling
from rag.schema import (
    Answer,
    Article,
    Chunk,
    Citation,
    Cited,
    Delta,
    Event,
    Evidence,
    Finished,
    Hit,
    Retrieved,
)
from rag.settings import Settings
from rag.system.clock import Clock
from rag.system.progress import Progress

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel


# The name of "no language model": answers are verified quotes alone.
QUOTES = "quotes"


_NEAREST = 3  # passages shown with a declined question


_NOT_SAID = "The articles do not say. The model found no answer in the passages it was shown."


class Chatbot:
    """Answers questions from an index. Safe in many threads; close it, or use it in a ``with`` statement.

    >>> bot = Chatbot.open(corpus="my-articles/")  # doctest: +SKIP
    >>> bot.ask("Who built it?", history=[Turn(question="What is Colossus?")])  # doctest: +SKIP
    """

    def __init__(
        self, index: SearchableIndex, *, writer: Writer | None = None, settings: Settings | None = None
    ) -> None:
        self.index = index
        self.writer = writer
        self.settings = settings or Settings()
        self.problems: tuple[str, ...] = ()
        self._model = MiniLM()
        self._late = late_interaction()

    @classmethod
    def open(
        cls,
        *,
        corpus: Corpus = None,
        model: "str | BaseChatModel | None" = None,
        embedder: "str | Embeddings" = AUTO,
        index: str | Path | None = None,
        settings: Settings | None = None,
        on_progress: Progress | None = None,
    ) -> Self:
        """Open, and where needed make, the index of ``corpus`` and a language model.

        ``corpus`` is a folder of articles, a file or an ``articles.jsonl``, or several; the index is brought in
        step with it. ``None`` opens the default index, which starts out with the article that is shipped.
        ``model`` is ``"quotes"`` for none, a name of ``pincite models``, a path to a GGUF file,
        ``"provider:name"``, or a LangChain chat model; ``None`` takes the default one if it is installed.
        ``embedder`` is ``"minilm"``, ``"fast"``, ``"provider:name"`` or a LangChain ``Embeddings``. ``"auto"`` keeps
        the one that the index was made with; a new one takes MiniLM, and the fast one for over a million characters.
        ``on_progress`` is told the chunks embedded so far and in all.
        Files that could not be read are named in ``problems``, one line each, and so is the fast embedder where it was
        taken unasked; the rest go in.
        Raises ``ArticleError`` where no article could be read, ``IndexFault`` and ``ModelError``.
        """
        chosen = settings or Settings()
        writer = open_writer(model)
        opened = open_index(corpus, folder=index, embedder=embedder, settings=chosen, on_progress=on_progress)
        bot = cls(opened.index, writer=writer, settings=chosen)
        bot.problems = opened.problems
        return bot

    @property
    def name(self) -> str:
        """The name of the language model, or ``"quotes"``."""
        return self.writer.name if self.writer else QUOTES

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""
        return self.index.article(article_id)

    def chunks(self, article_id: str) -> tuple[Chunk, ...]:
        """The chunks that this article is cut into, in order; raises ``IndexFault`` where there is none."""
        return chunk_article(self.article(article_id), settings=self.settings)

    def retrieve(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``limit`` chunks that would be read first for a question that stands alone, best first."""
        return self.index.search(self._respelt(question), limit=limit, within=checked_filter(within))

    def close(self) -> None:
        """Let go of the index. Models stay loaded, as other chatbots of the process share them."""
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, *, history: History = (), within: Filter = EVERYTHING) -> Answer:
        """The answer to ``question``. ``history`` is the conversation before it, oldest first.

        Only articles that match ``within`` may answer; where none matches, the answer abstains and says so. How
        rare a word is remains that of the whole index. Raises ``QuestionError`` where the question is blank or
        too long, ``SettingsError`` where ``within`` names a publisher or an id that no article has, ``IndexFault``
        and ``ModelError``.
        """
        *_, last = self.stream(question, history=history, within=within)
        if not isinstance(last, Finished):
            raise TypeError(f"a stream ends with Finished, not {last!r}")
        return last.answer

    def stream(
        self, question: str, *, history: History = (), within: Filter = EVERYTHING
    ) -> Generator[Event, None, None]:
        """The answer as it comes: ``Retrieved``, then ``Delta`` and ``Cited``, then ``Finished``.

        The deltas in order make the answer's text. Closing the iterator stops the model. Raises as ``ask`` does.
        """
        clock = Clock()
        asked = checked(question, limit=self.settings.question_chars)
        searched = self._respelt(standalone(asked, turns(history)))
        within = checked_filter(within)
        sought = self._seek(searched, clock, within)
        evidence = self._evidence(sought)
        yield Retrieved(
            standalone_question=searched,
            evidence=evidence,
            abstained=bool(sought.refusal),
            limited=sought.limited,
        )
        text: list[str] = []
        citations: list[Citation] = []
        for event in self._write(searched, sought, evidence):
            if isinstance(event, Delta):
                text.append(event.text)
            else:
                citations.append(event.citation)
            yield event
        abstained = bool(sought.refusal)
        if not text:
            abstained = True
            text.append(f"{_NOT_SAID} {sought.limited}".rstrip())
            yield Delta(text[0])
        clock.lap("write")
        answer = Answer(
            question=asked,
            standalone_question=searched,
            text="".join(text),
            citations=tuple(citations),
            evidence=evidence[:_NEAREST] if abstained else evidence,
            abstained=abstained,
            confidence=sought.confidence,
            unmentioned=unmentioned(searched, (citation.quote for citation in citations if citation.quote)),
            differing=find_disagreements(searched, citations, evidence),
            model=self.name,
            timings=clock.laps(),
            within=within,
            limited=sought.limited,
        )
        yield Finished(answer)

    def _seek(self, question: str, clock: Clock, within: Filter) -> Retrieval:
        """Search and read; once more where an article was taken away between the two."""
        look = partial(
            retrieve,
            question,
            index=self.index,
            late=self._late,
            settings=self.settings,
            clock=clock,
            within=within,
        )
        generation = self.index.generation
        try:
            return look()
        except IndexFault:
            if self.index.generation == generation:
                raise
            return look()

    def _respelt(self, question: str) -> str:
        vocabulary = self.index.vocabulary()
        return correct_spelling(
            question, vocabulary=vocabulary, common=self._model.knows, surface=self.index.surface
        )

    def _evidence(self, sought: Retrieval) -> tuple[Evidence, ...]:
        """What is quoted first, in reading order, then the best of the rest."""
        limit = _NEAREST if sought.refusal else max(self.settings.evidence_sentences, len(sought.chosen))
        return number((*sought.chosen, *sought.ranked), limit=limit, tokens=self.settings.evidence_tokens)

    def _write(
        self, question: str, sought: Retrieval, evidence: tuple[Evidence, ...]
    ) -> Iterator[Delta | Cited]:
        if sought.refusal:
            yield Delta(sought.refusal)
        elif self.writer is not None and not self.writer.small:
            yield from write_answer(self.writer, evidence, question, tokens=self.settings.answer_tokens)
        else:
            shown = number(sought.chosen, limit=len(sought.chosen), tokens=self.settings.evidence_tokens)
            yield from (events := list(quoted(shown)))
            if self.writer is not None and breadth(question) == "fact":
                at = sum(len(event.text) for event in events if isinstance(event, Delta))
                yield from brief(self.writer, shown, question, at=at)


_shared: dict[tuple[object, ...], Chatbot] = {}


_opening = Lock()


def ask(
    question: str,
    *,
    history: History = (),
    corpus: Corpus = None,
    model: "str | BaseChatModel | None" = None,
    embedder: "str | Embeddings" = AUTO,
    index: str | Path | None = None,
    within: Filter = EVERYTHING,
) -> Answer:
    """The answer to ``question``: ``Chatbot.open`` and ``Chatbot.ask`` in one.

    The chatbot stays open, so that a second question about the same corpus with the same model is answered at
    once; changes to the corpus's files after the first question are seen by a new ``Chatbot``, not here.
    Raises ``QuestionError``, ``SettingsError``, ``ArticleError``, ``IndexFault`` and ``ModelError``.
    """
    checked(question, limit=Settings().question_chars)
    paths = (corpus,) if corpus is None or isinstance(corpus, str | Path) else tuple(corpus)
    by_name = (one if one is None or isinstance(one, str) else id(one) for one in (model, embedder))
    key = (*map(str, paths), str(index), *by_name)
    with _opening:
        bot = _shared.get(key)
        if bot is None:
            bot = _shared[key] = Chatbot.open(corpus=corpus, model=model, embedder=embedder, index=index)
    return bot.ask(question, history=history, within=within)
