"""The whole flow: a question becomes evidence, the evidence an answer, and each statement of it is verified.

``Chatbot.stream`` is the flow, and yields events as it goes:

1. The question is checked, made to stand alone (``rag.question``), and its spelling corrected.
2. The index is searched, and sentences are selected as evidence (``rag.evidence``): ``Retrieved``.
3. An answer is written, or the question is declined (``rag.answer``): a ``Delta`` for each piece of text.
4. Each statement is compared with the words that it cites (``rag.verify``): a ``Cited`` for each citation.
5. The answer is put together, with notes on missing names and differing figures: ``Finished``.

``Chatbot.ask`` runs the flow and returns the answer. ``Chatbot.check`` checks a text that is there already.
``Chatbot.open`` makes a chatbot from articles and a model.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from rag.answer.composition import NEAREST, Composition, with_waiting
from rag.answer.rewriting import rewrite
from rag.async_chatbot import AsyncChatbot
from rag.checking import Checked, CheckedStatement, check_statements
from rag.errors import IndexFault
from rag.events import Delta, Event, Finished, Retrieved, Waiting, counted
from rag.evidence.late_interaction import late_interaction
from rag.evidence.neighbours import cited_words
from rag.evidence.retrieval import Retrieval, rank_sentences, retrieve
from rag.evidence.sentences import number_evidence
from rag.filters import EVERYTHING, Filter
from rag.filters import check_filter as checked_filter
from rag.index.corpus import Corpus, open_index
from rag.index.embedder_choice import AUTO
from rag.index.preparation import chunk_article
from rag.index.readable import SearchableIndex
from rag.models.minilm import MiniLM
from rag.models.writers import Writer, open_writer
from rag.question.conversation import TurnIntent, read_turn, searched_turns
from rag.question.followup import completed
from rag.question.input import History, check_question, parse_history, recent_turns
from rag.question.premises import Cited, respelt_names
from rag.question.rewriting import needs_rewriting
from rag.question.scope import breadth
from rag.question.spelling import correct_spelling
from rag.schema import Answer, Article, Chunk, Evidence, Hit, Turn
from rag.settings import Settings
from rag.system.callback_stream import Receive
from rag.system.clock import Clock
from rag.system.progress import Progress
from rag.system.tracing import spanned_stream

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel


# The name that stands for no language model: answers consist of quotes.
QUOTES = "quotes"


# What a statement of another's text is checked against: more than a model is shown, as there is no question that would
# have chosen the passages, and nobody reads them all.
_CHECKED_SENTENCES, _CHECKED_TOKENS = 16, 4096
_T = TypeVar("_T")


class Chatbot(AsyncChatbot):
    """Answers questions from an index. Several threads may use it. Close it, or use it in a ``with`` statement.

    ``aask``, ``astream``, ``acheck`` and ``async with`` are there for code that awaits.

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
        """Open a chatbot over ``corpus``: its index, which is made or updated first, and a language model.

        - ``corpus``: a folder of articles, a file or an ``articles.jsonl``, or several; the index is synchronised with
          it. ``None`` opens the default index, which at first holds the article that is shipped.
        - ``model``: ``"quotes"`` for none, a name of ``pincite models``, a path to a GGUF file, ``"provider:name"``, or
          a LangChain chat model; ``None`` takes the default one if it is installed.
        - ``embedder``: ``"minilm"``, ``"fast"``, ``"provider:name"`` or a LangChain ``Embeddings``. ``"auto"`` keeps
          the one that the index was made with; a new index gets MiniLM, or the fast one for over a million characters.
        - ``on_progress`` is called with the number of chunks embedded so far, and of all.

        ``problems`` has a line for each file that could not be read; the other files are indexed. It also has a line
        where ``"auto"`` took the fast embedder. Raises ``ArticleError`` where no article could be read, ``IndexFault``
        and ``ModelError``.
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
        return self.index.search(self._correct_spelling(question), limit=limit, within=checked_filter(within))

    def close(self) -> None:
        """Close the index. Models stay loaded, as other chatbots of the process share them."""
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def ask(self, question: str, *, history: History = (), within: Filter = EVERYTHING) -> Answer:
        """Answer ``question``. ``history`` is the conversation before it, oldest first; its last 40 turns count.

        Only articles that match ``within`` may answer; where none matches, the answer abstains and says so. Word
        frequencies are still those of the whole index. Raises ``QuestionError`` where the question is blank or
        too long, ``SettingsError`` where ``within`` names a publisher or an id that no article has, ``IndexFault``
        and ``ModelError``.
        """
        *_, last = self.stream(question, history=history, within=within)
        if not isinstance(last, Finished):
            raise TypeError(f"a stream ends with Finished, not {last!r}")
        return last.answer

    @spanned_stream("ask", counted)
    def stream(
        self, question: str, *, history: History = (), within: Filter = EVERYTHING
    ) -> Generator[Event, None, None]:
        """Answer ``question`` as a stream of events: ``Retrieved``, then ``Delta`` and ``Cited``, then ``Finished``.

        The deltas in order make the answer's text. ``Waiting`` comes while a model reads. Closing the iterator stops
        the model; ``AnswerSoFar`` has what came until then. Raises as ``ask`` does.
        """
        clock = Clock()
        asked = check_question(question, limit=self.settings.question_chars)
        turns = recent_turns(parse_history(history), limit=self.settings.question_chars)
        intent = read_turn(asked, turns)
        if not intent.question:
            yield from self._reply(asked, intent.reply, clock)
            return
        standalone = intent.question
        if intent.kind == "question":
            genders: dict[str, str] = {}
            standalone = yield from self._standalone(intent.question, searched_turns(turns, genders), genders)
        searched = self._correct_spelling(standalone)
        within = checked_filter(within)
        retrieval = self._retrieve(searched, clock, within)
        respelt = respelt_names(standalone, searched)
        retrieval = replace(retrieval, premises=replace(retrieval.premises, respelt=respelt))
        evidence = self._number_evidence(retrieval)
        yield self._retrieved(searched, retrieval, evidence)
        if retrieval.refusal:
            answer = _declined(searched, retrieval, evidence)
            yield Delta(answer.text)
        else:
            composition = self._composition(searched, retrieval, evidence, intent)
            yield from composition.events()
            answer = composition.answer()
        clock.lap("write")
        answer = replace(answer, question=asked, limited=retrieval.limited, within=within)
        yield Finished(replace(answer, model=self.name, timings=clock.laps()))

    def check(self, text: str, *, within: Filter = EVERYTHING) -> Checked:
        """Check each statement of any text against the articles: a draft, or what another assistant wrote.

        Only articles that match ``within`` are compared. Raises ``CheckError`` where the text is blank or too long,
        ``SettingsError`` as ``ask`` does, and ``IndexFault``.
        """
        return Checked(text=text, statements=tuple(self.check_each(text, within=within)))

    def check_each(
        self, text: str, *, within: Filter = EVERYTHING
    ) -> Generator[CheckedStatement, None, None]:
        """Check a text as ``check`` does, and yield each statement as soon as it is checked."""
        asked = checked_filter(within)

        def passages(statement: str) -> tuple[Evidence, ...]:
            search = partial(
                rank_sentences,
                statement,
                index=self.index,
                late=self._late,
                settings=self.settings,
                within=asked,
            )
            return number_evidence(self._repeated(search), limit=_CHECKED_SENTENCES, tokens=_CHECKED_TOKENS)

        return check_statements(text, passages=passages)

    def _retrieved(self, searched: str, retrieval: Retrieval, evidence: tuple[Evidence, ...]) -> Retrieved:
        return Retrieved(
            standalone_question=searched,
            evidence=evidence,
            abstained=bool(retrieval.refusal),
            quotes=tuple(passage.label for passage in _quotes(retrieval, evidence)),
            reading=self.writer is not None and not retrieval.refusal,
            limited=retrieval.limited,
        )

    def _composition(
        self, searched: str, retrieval: Retrieval, evidence: tuple[Evidence, ...], intent: TurnIntent
    ) -> Composition:
        """What composes the answer; "tell me more" asks for several things, whatever the question before it asked."""
        return Composition(
            question=searched,
            asked=intent.question,
            premises=retrieval.premises,
            unanswered=retrieval.unanswered,
            surroundings=_surroundings(retrieval, evidence),
            evidence=evidence,
            quotes=_quotes(retrieval, evidence),
            confidence=retrieval.confidence,
            broad=intent.kind == "more" or retrieval.looked_up or breadth(searched) != "fact",
            lead=retrieval.lead,
            writer=self.writer,
            tokens=self.settings.answer_tokens,
            language=intent.language,
        )

    def _reply(self, asked: str, text: str, clock: Clock) -> Iterator[Event]:
        """Reply to what was no question, such as a greeting: nothing is searched."""
        yield Retrieved(standalone_question=asked, evidence=(), abstained=False)
        yield Delta(text)
        for stage in ("retrieve", "evidence", "write"):
            clock.lap(stage)
        answer = Answer(
            question=asked, standalone_question=asked, text=text, outcome="conversation", confidence=1.0
        )
        yield Finished(replace(answer, model=self.name, timings=clock.laps()))

    def _standalone(
        self, question: str, turns: tuple[Turn, ...], genders: dict[str, str]
    ) -> Generator[Waiting, None, str]:
        """``question`` as it can be understood without ``turns``: by rules, or by the model where no rule applies.

        The rules come first, as they cost nothing and a model of 1.5 billion parameters rewrites fewer rightly.
        """
        standalone = completed(question, turns, genders)
        writer = self.writer
        if writer is None or standalone != question or not needs_rewriting(question, turns):
            return standalone

        def hand_over(receive: Receive[str]) -> None:
            receive(rewrite(writer, question, turns) or question)

        for piece in with_waiting(hand_over):
            if isinstance(piece, Waiting):
                yield piece
            else:
                standalone = piece
        return standalone

    def _correct_spelling(self, question: str) -> str:
        """``question`` with words that are misspelled replaced by words of the articles."""
        vocabulary = self.index.vocabulary()
        return correct_spelling(
            question, vocabulary=vocabulary, common=self._model.has_word, surface=self.index.surface
        )

    def _retrieve(self, question: str, clock: Clock, within: Filter) -> Retrieval:
        """Search, and read the articles."""
        search = partial(
            retrieve,
            question,
            index=self.index,
            late=self._late,
            settings=self.settings,
            clock=clock,
            within=within,
        )
        return self._repeated(search)

    def _repeated(self, search: Callable[[], _T]) -> _T:
        """What ``search`` finds; it is repeated where an article was removed between searching and reading."""
        generation = self.index.generation
        try:
            return search()
        except IndexFault:
            if self.index.generation == generation:
                raise
            return search()

    def _number_evidence(self, retrieval: Retrieval) -> tuple[Evidence, ...]:
        """The passages with labels: those that are quoted first, in reading order, then the best of the rest."""
        limit = NEAREST
        if not retrieval.refusal:
            limit = max(self.settings.evidence_sentences, len(retrieval.chosen))
        passages = (*retrieval.chosen, *retrieval.ranked)
        return number_evidence(passages, limit=limit, tokens=self.settings.evidence_tokens)


def _quotes(retrieval: Retrieval, evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What is quoted, best first: the passages chosen, or the nearest."""
    return evidence[: len(retrieval.chosen)] or evidence[:NEAREST]


def _surroundings(retrieval: Retrieval, evidence: tuple[Evidence, ...]) -> dict[int, Cited]:
    """The words of each passage, by its label, with those around them."""
    articles = {item.article.id: item.article for item in (*retrieval.chosen, *retrieval.ranked)}
    return {item.label: cited_words(articles[item.article_id], item.span) for item in evidence}


def _declined(searched: str, retrieval: Retrieval, evidence: tuple[Evidence, ...]) -> Answer:
    """The answer where the articles have nothing on a question, as the retrieval words it."""
    return Answer(
        question=searched,
        standalone_question=searched,
        text=retrieval.refusal,
        evidence=evidence,
        outcome="not_in_articles",
        quotes=tuple(passage.label for passage in evidence),
        confidence=retrieval.confidence,
    )
