"""From a question that stands alone to the sentences that answer it, or the verdict that none does."""

from dataclasses import dataclass, replace

from rag.evidence import abstention as abstain
from rag.evidence.late_interaction import LateInteraction
from rag.evidence.selection import prefer_newest, select_sentences
from rag.evidence.sentences import ScoredSentence, find_evidence
from rag.evidence.summary import summarise
from rag.filters import EVERYTHING, Filter, FilterMatch, describe_limits
from rag.index.readable import SearchableIndex
from rag.models.embedders import EMBEDDERS
from rag.question.scope import breadth, count, topic
from rag.settings import Settings
from rag.system.clock import Clock
from rag.text.words import content, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """``chosen`` are the sentences to quote, in reading order; ``ranked`` all that were read, best first.

    Where ``refusal`` is not empty the articles do not answer, it says what they lack, and nothing is chosen.
    ``limited`` says which articles were searched, and is empty where all were.
    """

    chosen: tuple[ScoredSentence, ...]
    ranked: tuple[ScoredSentence, ...]
    refusal: str = ""
    confidence: float = 1.0
    limited: str = ""


def retrieve(
    question: str,
    *,
    index: SearchableIndex,
    late: LateInteraction,
    settings: Settings,
    clock: Clock,
    within: Filter = EVERYTHING,
) -> Retrieval:
    """Search, read, decide. A summary of everything needs no search; one of a topic searches for the topic.

    Only articles that match ``within`` are searched and read. Raises ``SettingsError`` as
    ``SearchableIndex.admitted`` does.
    """
    if not within:
        return _sought(question, _Within(index), late=late, settings=settings, clock=clock)
    kept = index.admitted(within)
    limited = describe_limits(within, kept)
    if not kept.articles:
        clock.lap("retrieve")
        clock.lap("evidence")
        refusal = f"The articles do not say. {limited}"
        return Retrieval(chosen=(), ranked=(), refusal=refusal, confidence=0.0, limited=limited)
    found = _sought(question, _Within(index, within, kept), late=late, settings=settings, clock=clock)
    refusal = f"{found.refusal} {limited}" if found.refusal else ""
    return replace(found, refusal=refusal, limited=limited)


@dataclass(frozen=True, slots=True)
class _Within:
    """An index and the part of it that is asked; ``kept`` is ``None`` where that is all of it."""

    index: SearchableIndex
    filter: Filter = EVERYTHING
    kept: FilterMatch | None = None


def _sought(
    question: str, place: _Within, *, late: LateInteraction, settings: Settings, clock: Clock
) -> Retrieval:
    if breadth(question) != "summary":
        found = _found(question, place, late=late, settings=settings, clock=clock)
        if found.refusal:
            return found
        return replace(found, chosen=select_sentences(question, found.ranked, limit=settings.broad_sentences))
    about = _topic(question, place.index)
    limit = min(settings.broad_sentences, count(question) or settings.broad_sentences)
    if not about:
        return _summarised(question, place, limit=limit, clock=clock)
    found = _found(about, place, late=late, settings=settings, clock=clock)
    if found.refusal:
        return found
    best = sorted(found.ranked[:limit], key=lambda item: (item.article.id, item.at))
    return replace(found, chosen=tuple(best))


def _found(
    question: str, place: _Within, *, late: LateInteraction, settings: Settings, clock: Clock
) -> Retrieval:
    index = place.index
    hits = index.search(question, limit=settings.candidates, within=place.filter)
    clock.lap("retrieve")
    seen = index.frequencies(terms(question))
    ranked = find_evidence(question, hits, article=index.article, idf=seen.idf, late=late, settings=settings)
    clock.lap("evidence")
    # Chance matches come of what was searched, not of what lies beside it.
    chunks = seen.chunks if place.kept is None else place.kept.chunks
    read = abstain.answerability_signals(
        ranked, chunks=chunks, own_embedder=index.embedder in EMBEDDERS.values()
    )
    sure = abstain.confidence(read)
    refusal = "" if abstain.answers(sure) else abstain.refusal_text(question, ranked, seen.counts)
    return Retrieval(chosen=(), ranked=prefer_newest(question, ranked), refusal=refusal, confidence=sure)


def _topic(question: str, index: SearchableIndex) -> str:
    """The words that say what of the articles to summarise; a word that is everywhere in them says nothing."""
    about = topic(question)
    seen = index.frequencies(about)
    telling = {term for term in about if seen.counts[term] * 2 <= seen.chunks}
    return " ".join(word.text for word in content(question) if word.term in telling)


def _summarised(question: str, place: _Within, *, limit: int, clock: Clock) -> Retrieval:
    index, kept = place.index, place.kept
    listed = [item.id for item in index.listing() if kept is None or item.id in kept.articles]
    articles = [index.article(article_id) for article_id in listed[:limit]]
    clock.lap("retrieve")
    idf = index.frequencies({term for article in articles for term in terms(article.text)}).idf
    found = summarise(articles, question=question, idf=idf, limit=limit)
    clock.lap("evidence")
    return Retrieval(
        chosen=found, ranked=found, refusal="" if found else "There are no articles yet: add some."
    )
