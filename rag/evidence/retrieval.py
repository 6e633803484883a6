"""Retrieve the sentences that answer a question, or decide that none does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from rag.evidence import abstention
from rag.evidence.byline import asks_authors, byline
from rag.evidence.late_interaction import LateInteraction
from rag.evidence.neighbours import cited_words
from rag.evidence.particulars import particulars
from rag.evidence.sections import beginning, numbered_section, section_asked_for
from rag.evidence.selection import found_by_form, prefer_newest, select_sentences
from rag.evidence.sentences import ScoredSentence, find_evidence
from rag.evidence.summary import summarise
from rag.filters import EVERYTHING, Filter, FilterMatch, describe_limits
from rag.index.readable import SearchableIndex
from rag.models.embedders import EMBEDDERS
from rag.question.followup import standalone_question
from rag.question.lookup.abbreviations import asked_abbreviation
from rag.question.lookup.numbered_things import asks_for_clause
from rag.question.lookup.particulars import asked_mention, asked_particular
from rag.question.lookup.sections import asked_section
from rag.question.parts import question_parts
from rag.question.premises import NO_PREMISES, Premises, Vocabulary, premises
from rag.question.scope import breadth, requested_count, summary_topic
from rag.schema import Article, Turn
from rag.settings import Settings
from rag.system.clock import Clock
from rag.system.tracing import Attributes, spanned
from rag.text.words import content, terms

_NOT_FOUND = 0.2  # the confidence at most where no sentence says what an abbreviation stands for
_FEW_ARTICLES = 12  # that are read whole for a question about the articles themselves
_WHOLE_IN_BRIEF = frozenset(["conclusion", "abstract"])  # where no section is called so, a summary serves
_BEGINNING = 3  # sentences, where no section is called an introduction
_LISTS = ("contents", "abbreviations", "definitions", "people")
_MOST_LOOKED_UP = 20  # lines of a list that is asked for as such
_OF_A_PART = 2  # sentences quoted for each part of a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """``chosen`` are the sentences to quote, in reading order; ``ranked`` all that were scored, best first.

    Where ``refusal`` is not empty, the articles do not answer: it is the text to show, and ``chosen`` is empty.
    ``limited`` says which articles were searched, and is empty where all were. ``premises`` are what the question takes
    for granted; a request for a summary takes nothing. ``unanswered`` are the parts of a question for several things
    that the articles do not answer. ``looked_up`` says that ``chosen`` is what was asked for, as a section is by its
    heading, so that nothing is left to judge; ``lead`` are words to say before it, of what is known of the articles
    themselves: "Dated 4 May 2021:".
    """

    chosen: tuple[ScoredSentence, ...]
    ranked: tuple[ScoredSentence, ...]
    refusal: str = ""
    confidence: float = 1.0
    limited: str = ""
    premises: Premises = NO_PREMISES
    unanswered: tuple[str, ...] = ()
    looked_up: bool = False
    lead: str = ""


def _counted(found: Retrieval) -> Attributes:
    return {
        "pincite.sentences": len(found.ranked),
        "pincite.chosen": len(found.chosen),
        "pincite.refused": bool(found.refusal),
        "pincite.confidence": found.confidence,
    }


@spanned("retrieve", _counted)
def retrieve(
    question: str,
    *,
    index: SearchableIndex,
    late: LateInteraction,
    settings: Settings,
    clock: Clock,
    within: Filter = EVERYTHING,
) -> Retrieval:
    """Search the index for a question that stands alone, score sentences, and select those to quote or abstain.

    A summary of everything needs no search; a summary of a topic searches for the topic. Only articles that match
    ``within`` are searched and read. ``clock`` gets the stages ``retrieve`` and ``evidence``. Raises
    ``SettingsError`` as ``SearchableIndex.admitted`` does.
    """
    admitted = index.admitted(within) if within else None
    limited = "" if admitted is None else describe_limits(within, admitted)
    if admitted is not None and not admitted.articles:
        for stage in ("retrieve", "evidence"):
            clock.lap(stage)
        refusal = f"The articles do not say. {limited}"
        return Retrieval(chosen=(), ranked=(), refusal=refusal, confidence=0.0, limited=limited)
    retriever = _Retriever(index, late, settings, clock, within, admitted)
    retrieval = retriever.retrieve(question)
    refusal = f"{retrieval.refusal} {limited}".rstrip() if retrieval.refusal else ""
    return replace(retrieval, refusal=refusal, limited=limited)


def rank_sentences(
    statement: str,
    *,
    index: SearchableIndex,
    late: LateInteraction,
    settings: Settings,
    within: Filter = EVERYTHING,
) -> tuple[ScoredSentence, ...]:
    """Rank the sentences of the articles by how near they are to a statement, best first; nothing is declined.

    Empty where no article matches ``within``. Raises ``SettingsError`` as ``SearchableIndex.admitted`` does.
    """
    if within and not index.admitted(within).articles:
        return ()
    hits = index.search(statement, limit=settings.candidates, within=within)
    idf = index.frequencies(terms(statement)).idf
    return find_evidence(statement, hits, article=index.article, idf=idf, late=late, settings=settings)


@dataclass(frozen=True, slots=True)
class _Retriever:
    """One retrieval: the index, the models, and the part of the index that is asked.

    ``admitted`` are the articles that match ``within``; it is ``None`` where the whole index is asked.
    """

    index: SearchableIndex
    late: LateInteraction
    settings: Settings
    clock: Clock
    within: Filter
    admitted: FilterMatch | None

    def retrieve(self, question: str) -> Retrieval:
        """Search, score, and select; each part of a question for several things by itself."""
        first, *others = question_parts(question)
        if not others:
            return self._retrieve_one(question)
        asked = [first, *(standalone_question(part, [Turn(question=first)]) for part in others)]
        found = {part: self._retrieve_one(part) for part in asked}
        answered = [part for part in asked if _answers(found[part])]
        if not answered:
            return self._retrieve_one(question)
        chosen = chain.from_iterable(found[part].chosen[:_OF_A_PART] for part in answered)
        ranked = chain.from_iterable(found[part].ranked for part in answered)
        return Retrieval(
            chosen=_each_once(chosen),
            ranked=_each_once(ranked),
            confidence=max(found[part].confidence for part in answered),
            unanswered=tuple(part for part in asked if part not in answered),
        )

    def _retrieve_one(self, question: str) -> Retrieval:
        """Search, score, and select, as the breadth of ``question`` asks for."""
        limit = self.settings.broad_sentences
        if asks_authors(question) and (authors := self._authors()):
            return Retrieval(chosen=authors, ranked=authors)
        if looked_up := self._look_up(question, limit=limit):
            return looked_up
        if breadth(question) != "summary":
            retrieval = self._search(asked_mention(question) or question)
            if retrieval.refusal:
                return retrieval
            return replace(retrieval, chosen=select_sentences(question, retrieval.ranked, limit=limit))
        limit = min(limit, requested_count(question) or limit)
        subject = self._subject(question)
        if not subject:
            return self._summarise_all(question, limit=limit)
        retrieval = self._search(subject)
        if retrieval.refusal:
            return retrieval
        best = sorted(retrieval.ranked[:limit], key=lambda item: (item.article.id, item.index))
        return replace(retrieval, chosen=tuple(best), premises=NO_PREMISES)

    def _look_up(self, question: str, *, limit: int) -> Retrieval | None:
        """What is asked of the articles themselves, or is a section of one; ``None`` where it is to be searched for."""
        particular = asked_particular(question)
        most = _MOST_LOOKED_UP if particular in _LISTS else limit
        if particular and (found := particulars(particular, self._few(), limit=most)):
            return Retrieval(chosen=found.sentences, ranked=found.sentences, looked_up=True, lead=found.lead)
        if particular == "purpose":
            return self._summarise_all(question, limit=limit)
        chosen: tuple[ScoredSentence, ...] = ()
        if asks_for_clause(question):
            chosen = numbered_section(question, self._few(), limit=limit)
        elif asked := asked_section(question):
            chosen = section_asked_for(asked, self._few() or self._nearest(asked.topic), limit=limit)
            if not chosen and asked.terms == {"introduction"}:
                chosen = beginning(self._few(), limit=_BEGINNING)
            if not chosen and asked.terms and asked.terms <= _WHOLE_IN_BRIEF:
                return self._summarise_all(question, limit=limit)
        return Retrieval(chosen=chosen, ranked=chosen, looked_up=True) if chosen else None

    def _few(self) -> list[Article]:
        """The articles that are asked, where they are few enough to read each."""
        ids = self._asked_ids()
        return [self.index.article(one) for one in ids] if len(ids) <= _FEW_ARTICLES else []

    def _nearest(self, topic: str) -> list[Article]:
        """The articles of the chunks nearest to ``topic``, the nearest first."""
        hits = self.index.search(topic, limit=self.settings.candidates, within=self.within)
        return [self.index.article(one) for one in dict.fromkeys(hit.chunk.article_id for hit in hits)]

    def _search(self, question: str) -> Retrieval:
        """Rank the sentences of the best chunks, and decide whether they answer; nothing is selected yet."""
        index, settings = self.index, self.settings
        with self.clock.stage("retrieve"):
            hits = index.search(question, limit=settings.candidates, within=self.within)
        with self.clock.stage("evidence"):
            frequencies = index.frequencies(terms(question))
            ranked = find_evidence(
                question, hits, article=index.article, idf=frequencies.idf, late=self.late, settings=settings
            )
        signals = abstention.answerability_signals(
            ranked,
            # The number of chance matches depends on what was searched, not on the rest of the index.
            chunks=frequencies.chunks if self.admitted is None else self.admitted.chunks,
            builtin_embedder=index.embedder in EMBEDDERS.values(),
        )
        confidence = abstention.confidence(signals)
        if found_by_form(question, ranked):  # "say" and "stand for" have nothing to match
            confidence = 1.0
        elif asked_abbreviation(question):
            confidence = min(confidence, _NOT_FOUND)
        refusal = (
            ""
            if abstention.is_answerable(confidence)
            else abstention.refusal_text(question, ranked, frequencies.counts)
        )
        return Retrieval(
            chosen=(),
            ranked=prefer_newest(question, ranked),
            refusal=refusal,
            confidence=confidence,
            premises=premises(
                question, articles=Vocabulary(frequencies.counts, index.surface, self.late.is_common)
            ),
        )

    def _asked_ids(self) -> list[str]:
        """The ids of the articles that are asked, in order."""
        ids = (item.id for item in self.index.listing())
        return [one for one in ids if self.admitted is None or one in self.admitted.articles]

    def _authors(self) -> tuple[ScoredSentence, ...]:
        """Who wrote the article, where only one is asked."""
        ids = self._asked_ids()
        return byline(self.index.article(ids[0])) if len(ids) == 1 else ()

    def _subject(self, question: str) -> str:
        """The words that name the topic to summarise, without those that half of the chunks or more have."""
        topic_terms = summary_topic(question)
        frequencies = self.index.frequencies(topic_terms)
        distinctive = {term for term in topic_terms if frequencies.counts[term] * 2 <= frequencies.chunks}
        return " ".join(word.text for word in content(question) if word.term in distinctive)

    def _summarise_all(self, question: str, *, limit: int) -> Retrieval:
        """Summarise the first ``limit`` articles of those that are asked."""
        index = self.index
        with self.clock.stage("retrieve"):
            articles = [index.article(article_id) for article_id in self._asked_ids()[:limit]]
        with self.clock.stage("evidence"):
            idf = index.frequencies({term for article in articles for term in terms(article.text)}).idf
            sentences = summarise(articles, question=question, idf=idf, limit=limit)
        if (
            limit == 1 and len(articles) == 1
        ):  # one sentence is the one that says what it is for, or the first
            said = particulars("purpose", articles, limit=1)
            sentences = said.sentences if said else beginning(articles, limit=1) or sentences
        refusal = "" if sentences else "There are no articles yet: add some."
        return Retrieval(chosen=sentences, ranked=sentences, refusal=refusal)


def _answers(retrieval: Retrieval) -> bool:
    """Whether there is something to quote that does not lack what the question takes for granted."""
    cited = [cited_words(item.article, item.line.whole) for item in retrieval.chosen]
    return bool(cited) and not retrieval.premises.refute(cited)


def _each_once(sentences: Iterable[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    found: dict[tuple[str, int], ScoredSentence] = {}
    for item in sentences:
        found.setdefault((item.article.id, item.index), item)
    return tuple(found.values())
