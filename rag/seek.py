"""From a question that stands alone to the sentences that answer it, or the verdict that none does."""

from dataclasses import dataclass, replace

from rag import abstain
from rag.clock import Clock
from rag.evidence import Found, find_evidence
from rag.joined import Readable
from rag.late import LateInteraction
from rag.minilm import NAME as EMBEDDER
from rag.question import breadth, count, topic
from rag.quotes import chosen
from rag.settings import Settings
from rag.summary import cover
from rag.words import content, terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """``chosen`` are the sentences to quote, in reading order; ``ranked`` all that were read, best first.

    Where ``refusal`` is not empty the articles do not answer, it says what they lack, and nothing is chosen.
    """

    chosen: tuple[Found, ...]
    ranked: tuple[Found, ...]
    refusal: str = ""
    confidence: float = 1.0


def seek(
    question: str, *, index: Readable, late: LateInteraction, settings: Settings, clock: Clock
) -> Sought:
    """Search, read, decide. A summary of everything needs no search; one of a topic searches for the topic."""
    if breadth(question) != "summary":
        found = _found(question, index=index, late=late, settings=settings, clock=clock)
        if found.refusal:
            return found
        return replace(found, chosen=chosen(question, found.ranked, limit=settings.broad_sentences))
    about = _topic(question, index)
    limit = min(settings.broad_sentences, count(question) or settings.broad_sentences)
    if not about:
        return _summarised(question, index=index, limit=limit, clock=clock)
    found = _found(about, index=index, late=late, settings=settings, clock=clock)
    if found.refusal:
        return found
    best = sorted(found.ranked[:limit], key=lambda item: (item.article.id, item.at))
    return replace(found, chosen=tuple(best))


def _found(
    question: str, *, index: Readable, late: LateInteraction, settings: Settings, clock: Clock
) -> Sought:
    hits = index.search(question, limit=settings.candidates)
    clock.lap("retrieve")
    seen = index.frequencies(terms(question))
    ranked = find_evidence(question, hits, article=index.article, idf=seen.idf, late=late, settings=settings)
    clock.lap("evidence")
    read = abstain.signs(ranked, chunks=seen.chunks, own_embedder=index.embedder == EMBEDDER)
    sure = abstain.confidence(read)
    refusal = "" if abstain.answers(sure) else abstain.declined(question, ranked, seen.counts)
    return Sought(chosen=(), ranked=ranked, refusal=refusal, confidence=sure)


def _topic(question: str, index: Readable) -> str:
    """The words that say what of the articles to summarise; a word that is everywhere in them says nothing."""
    about = topic(question)
    seen = index.frequencies(about)
    telling = {term for term in about if seen.counts[term] * 2 <= seen.chunks}
    return " ".join(word.text for word in content(question) if word.term in telling)


def _summarised(question: str, *, index: Readable, limit: int, clock: Clock) -> Sought:
    articles = [index.article(item.id) for item in index.listing()[:limit]]
    clock.lap("retrieve")
    idf = index.frequencies({term for article in articles for term in terms(article.text)}).idf
    found = cover(articles, question=question, idf=idf, limit=limit)
    clock.lap("evidence")
    return Sought(chosen=found, ranked=found, refusal="" if found else "There are no articles yet: add some.")
