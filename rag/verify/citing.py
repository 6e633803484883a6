"""The citations of a claim to given passages: where its words stand, and whether the passages together carry it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

from rag.schema import Citation, Evidence, Span, Support
from rag.text.sentences import sentences
from rag.verify.analysed_text import analyse
from rag.verify.asked import not_asked
from rag.verify.claims import Claim
from rag.verify.contrary import contrary
from rag.verify.coreference import passage_before, subjects
from rag.verify.quoting.quotations import QuoteLocation, locate
from rag.verify.quoting.verbatim import judge_verbatim, states_clause
from rag.verify.support import Judgement, Surroundings, judge

LONGEST = 3000  # characters in a claim that is compared word by word

_LONGEST_EXCERPT = (
    8  # sentences of a passage that a citation quotes, at most, where fewer than all carry the claim
)


# The moods that a reader is told of; that something will be, or can be, a statement says itself.
_SHOWN = frozenset(("said", "expected", "planned", "possible", "if"))


def judge_claim(
    claim: Claim, cited: Sequence[Evidence], evidence: Sequence[Evidence], *, question: str = ""
) -> Judgement:
    """Judge whether the cited passages together carry a claim.

    The other passages of their articles are read only where they do not. A claim that is too long is unsupported.
    """
    if len(claim.text) > LONGEST:
        reason = f"a statement of {len(claim.text)} characters is too long to check: the limit is {LONGEST}"
        return Judgement("unsupported", reason, 0.0, tuple(() for _ in cited))
    texts = [passage.text for passage in cited]
    judgement = judge(claim.text, texts, around=partial(_surroundings, cited, evidence), question=question)
    if question and judgement.support == "supported":
        reason = not_asked(claim.text, question, texts, _beside(cited, evidence))
        if reason:
            return replace(judgement, support="unsupported", reason=reason)
    return judgement


def cite(claim: Claim, cited: Sequence[Evidence], judgement: Judgement) -> tuple[Citation, ...]:
    """One citation for each passage, all judged together: two may carry a claim that neither carries alone."""
    return tuple(
        _citation(claim, passage, locate(claim, passage), judgement, number)
        for number, passage in enumerate(cited)
    )


def cite_unknown(claim: Claim, label: int) -> Citation:
    """The citation of a label that names no passage; label 0 stands for a claim that nothing was found for."""
    reason = f"there is no passage [{label}]" if label else "nothing in the evidence speaks of it"
    return Citation(
        label=label,
        claim=claim.span,
        article_id="",
        span=Span(0, 0),
        quote="",
        located="unknown_label",
        support="unsupported",
        reason=reason,
    )


def _citation(
    claim: Claim, passage: Evidence, location: QuoteLocation, judgement: Judgement, number: int
) -> Citation:
    if location.whole and location.span:
        support, reason = judge_verbatim(passage.text, location.span)
        if (
            support == "supported"
            and judgement.support == "unsupported"
            and not _stands(passage.text, location.span)
        ):
            support, reason = "unsupported", judgement.reason
        excerpt = _whole_sentences(passage.text, location.span)
    else:
        places = judgement.places[number]
        excerpt = _narrowest(passage.text, places)
        support, reason = _support(claim, location, judgement, carries=bool(places))
    moods = [mood for mood in judgement.moods if mood.kind in _SHOWN] if support == "supported" else []
    fault = judgement.fault if support == "unsupported" else None
    return Citation(
        label=passage.label,
        claim=claim.span,
        article_id=passage.article_id,
        span=excerpt.shift(passage.span.start),
        quote=excerpt.of(passage.text),
        located=location.located,
        support=support,
        reason=reason,
        verbatim=location.whole,
        speaker=next((mood.speaker for mood in moods if mood.speaker), ""),
        mood=next((mood.word for mood in moods if not mood.condition), ""),
        condition=next((mood.condition for mood in moods if mood.condition), ""),
        contrary=contrary(claim, passage, number, fault),
        other_words=fault is not None and fault.wording and location.located != "missing",
    )


def _stands(text: str, excerpt: Span) -> bool:
    """Whether the article's own words are whole sentences or a clause; else they are judged as any claim."""
    whole = any(excerpt.holds(part) for part in sentences(text))
    return whole or not analyse(text).parsed or states_clause(text, excerpt)


def _support(
    claim: Claim, location: QuoteLocation, judgement: Judgement, *, carries: bool
) -> tuple[Support, str]:
    """The verdict on one of the passages; ``carries`` says whether it has a word or number of the claim."""
    if location.located == "missing":
        return "unsupported", "the quoted words are not in the cited words"
    if judgement.support == "supported" and not carries:
        return "unsupported", "these words say nothing of it"
    states_nothing = claim.heading and not claim.labels and not analyse(claim.text).quantities
    if judgement.support == "unsupported" and states_nothing:
        return "unchecked", "a heading or lead-in"
    return judgement.support, judgement.reason


def _whole_sentences(text: str, span: Span) -> Span:
    """The sentences of which ``span`` is a part: a few words of one prove little to a reader."""
    parts = [part for part in sentences(text) if part.overlaps(span)]
    return Span(parts[0].start, parts[-1].end) if parts else span


def _narrowest(text: str, places: Sequence[tuple[Span, int]]) -> Span:
    """The shortest run of whole sentences that carries as much of a claim as the whole text does."""
    parts = sentences(text) or (Span(0, len(text)),)
    carried = {item for _, item in places}
    best = Span(parts[0].start, parts[-1].end)
    if not carried:
        return best
    for first in range(len(parts)):
        covered: set[int] = set()
        for last in range(first, min(first + _LONGEST_EXCERPT, len(parts))):
            covered |= {item for span, item in places if parts[last].overlaps(span)}
            run = Span(parts[first].start, parts[last].end)
            if covered >= carried:
                best = run if len(run) < len(best) else best
                break
    return best


def _surroundings(cited: Sequence[Evidence], evidence: Sequence[Evidence]) -> Surroundings:
    """What all passages of the cited articles say of names."""
    ids = {passage.article_id for passage in cited}
    pairs: set[tuple[str, str]] = set()
    terms: set[str] = set()
    for passage in evidence:
        if passage.article_id in ids:
            row = analyse(passage.text).words
            pairs.update((a.term, b.term) for a, b in pairwise(row))
            if not any(passage.label == other.label or _overlap(passage, other) for other in cited):
                terms.update(word.term for word in row)
    heads = frozenset[str]().union(*(subjects(passage, evidence) for passage in cited))
    return Surroundings(frozenset(pairs), heads, frozenset(terms))


def _beside(cited: Sequence[Evidence], evidence: Sequence[Evidence]) -> list[str]:
    """What says of whom some passages speak: the titles of their articles, and the passages right before."""
    before = [passage_before(passage, evidence) for passage in cited]
    return [*(passage.title or "" for passage in cited), *(passage.text for passage in before if passage)]


def _overlap(a: Evidence, b: Evidence) -> bool:
    return a.article_id == b.article_id and a.span.overlaps(b.span)
