"""Where a claim's words stand, and whether they carry the claim. Pure and deterministic: no model, no files.

A claim with marks is checked against the words it cites and no others. For a claim without, the words that
carry it are looked for among all the evidence. A citation that fails is returned with its reason, never
dropped.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise

import regex

from rag.schema import Citation, Evidence, Span, Support
from rag.text.negation import clauses, softened
from rag.text.sentences import sentences
from rag.verify.analysed_text import analyse
from rag.verify.claims import Claim, claims
from rag.verify.coreference import subjects
from rag.verify.lookup import related
from rag.verify.quantity_match import missing, same
from rag.verify.quotations import QUOTE_WORDS, QuoteLocation, locate
from rag.verify.support import Judgement, Surroundings, common, judge

_LONGEST = 3000  # characters in a statement that is compared word by word


_SINGLES = 8  # evidence tried alone for a claim without marks


_PAIRS = 4  # pairs of passages tried, those first that hold most of the claim together


_ASKS_YES_NO = regex.compile(r"\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|am)\b", regex.IGNORECASE)  # fmt: skip # noqa: E501


_YES_NO = regex.compile(r"\s*(?:yes|no)\b", regex.IGNORECASE)


def verify(text: str, evidence: Sequence[Evidence], *, question: str = "") -> tuple[Citation, ...]:
    """All citations of an answer, in claim order; a claim with two labels has two, one without marks at least
    one.
    """
    return tuple(
        citation for claim in claims(text) for citation in check_claim(claim, evidence, question=question)
    )


def check_claim(claim: Claim, evidence: Sequence[Evidence], *, question: str = "") -> tuple[Citation, ...]:
    """The citations of one claim: one for each of its labels, or those found for it where it has none."""
    by_label: dict[int, Evidence] = {}
    for passage in evidence:
        by_label.setdefault(passage.label, passage)
    if not claim.labels:
        found = _search(claim, tuple(by_label.values()))
    else:
        cited = tuple(by_label[label] for label in claim.labels if label in by_label)
        known = (
            {citation.label: citation for citation in _cite(claim, cited, _weigh(claim, cited, evidence))}
            if cited
            else {}
        )
        found = tuple(known.get(label) or _unknown(claim, label) for label in claim.labels)
    if question and claim.text and not adds(claim.text, question):
        return tuple(
            replace(citation, support="unchecked", reason="it only repeats the question")
            if citation.support == "supported"
            else citation
            for citation in found
        )
    return found


def adds(text: str, question: str) -> bool:
    """Whether a statement says anything that the question does not: a key word, a number, or a denial.

    To a question for yes or no, a statement of what was asked is an answer; a bare ``Yes.`` says nothing to
    check.
    """
    mine, asked = analyse(text), analyse(question)
    terms = [word.term for word in asked.words]
    if any(not any(related(mine.words[i].term, term) for term in terms) for i in mine.keys):
        return True
    if any(not any(same(quantity, other) for other in asked.quantities) for quantity in mine.quantities):
        return True
    if not mine.keys:
        return False
    if any(mine.denied) != any(asked.denied) or _YES_NO.match(text):
        return True
    return _ASKS_YES_NO.match(question) is not None and not text.rstrip().endswith("?")


def recheck(citation: Citation, article_text: str | None) -> Citation:
    """The citation as it stands today: ``stale`` where the article is gone or no longer has the quote at its
    span.
    """
    if citation.located == "unknown_label" or not citation.quote:
        return citation
    if article_text is not None and article_text[citation.span.start : citation.span.end] == citation.quote:
        return citation
    gone = "the article is no longer there" if article_text is None else "the article has changed"
    return replace(citation, located="stale", reason=gone)


def _cite(claim: Claim, cited: Sequence[Evidence], judgement: Judgement) -> tuple[Citation, ...]:
    """One citation for each passage, all judged together: two may carry a claim that neither carries alone."""
    return tuple(
        _citation(claim, passage, locate(claim, passage), judgement, number)
        for number, passage in enumerate(cited)
    )


def _weigh(claim: Claim, cited: Sequence[Evidence], evidence: Sequence[Evidence]) -> Judgement:
    """Whether the passages carry the claim; the other passages of their articles are read only where they do not."""
    if len(claim.text) > _LONGEST:
        reason = f"a statement of {len(claim.text)} characters is too long to check: the limit is {_LONGEST}"
        return Judgement("unsupported", reason, 0.0, tuple(() for _ in cited))
    texts = [passage.text for passage in cited]
    judgement = judge(claim.text, texts)
    if judgement.support != "unsupported":
        return judgement
    return judge(claim.text, texts, around=_surroundings(cited, evidence))


def _citation(
    claim: Claim, passage: Evidence, where: QuoteLocation, judgement: Judgement, number: int
) -> Citation:
    support, reason = judgement.support, judgement.reason
    inner = where.span if where.whole and where.span else _narrowest(passage.text, judgement.places[number])
    if where.whole and where.span:
        support, reason = _verbatim(passage.text, where.span)
    elif where.located == "missing":
        support, reason = "unsupported", "the quoted words are not in the cited words"
    elif support == "supported" and not judgement.places[number]:
        support, reason = "unsupported", "these words say nothing of it"
    elif (
        support == "unsupported" and claim.heading and not analyse(claim.text).quantities and not claim.labels
    ):
        support, reason = "unchecked", "a heading or lead-in"
    return Citation(
        label=passage.label,
        claim=claim.span,
        article_id=passage.article_id,
        span=inner.shift(passage.span.start),
        quote=inner.of(passage.text),
        located=where.located,
        support=support,
        reason=reason,
        verbatim=where.whole,
    )


def _unknown(claim: Claim, label: int) -> Citation:
    reason = f"there is no passage [{label}]" if label else "nothing in the evidence speaks of it"
    return Citation(
        label=label, claim=claim.span, article_id="", span=Span(0, 0), quote="",
        located="unknown_label", support="unsupported", reason=reason,
    )  # fmt: skip


def _verbatim(text: str, span: Span) -> tuple[Support, str]:
    """Whether the article's own words may stand alone: not if what denies, opens or bounds them was cut
    away.
    """
    quote = span.of(text)
    mine, theirs = analyse(quote), analyse(text)
    if not mine.keys and not mine.quantities:
        return "unchecked", "it holds nothing that can be checked"
    inside = [i for i, word in enumerate(theirs.words) if span.overlaps(word.span)]
    if len(inside) >= QUOTE_WORDS:
        for i, j in zip(inside, range(len(mine.words)), strict=False):
            if theirs.denied[i] != mine.denied[j]:
                return "unsupported", "what denies the quoted words is left out"
        for clause in clauses(text):
            kept = set(clause.words) & set(inside)
            hedge = next((i for i in clause.words if theirs.words[i].text in clause.hedges), None)
            if (
                hedge is not None
                and hedge not in kept
                and any(i > hedge for i in kept)
                and not softened(quote)
            ):
                return "unsupported", f"‘{theirs.words[hedge].text}’ is left out of the quoted words"
    for quantity in mine.quantities:
        if reason := missing(quantity, theirs.quantities):
            return "unsupported", reason
    return "supported", ""


def _narrowest(text: str, places: Sequence[tuple[Span, int]]) -> Span:
    """The shortest run of whole sentences that carries as much of a claim as the whole text does."""
    parts = sentences(text) or (Span(0, len(text)),)
    carried = {item for _, item in places}
    if not carried:
        return Span(parts[0].start, parts[-1].end)
    best = Span(parts[0].start, parts[-1].end)
    for first in range(len(parts)):
        held: set[int] = set()
        for last in range(first, min(first + 8, len(parts))):
            held |= {item for span, item in places if parts[last].overlaps(span)}
            run = Span(parts[first].start, parts[last].end)
            if held >= carried:
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


def _overlap(a: Evidence, b: Evidence) -> bool:
    return a.article_id == b.article_id and a.span.overlaps(b.span)


def _search(claim: Claim, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """The passages that carry a claim without marks: one, else two together, else the nearest with its fault."""
    near: list[tuple[float, int, Evidence]] = []
    for passage in evidence:
        # Verbatim words outrank any paraphrase.
        weight = common(claim.text, passage.text) + (1000 if locate(claim, passage).whole else 0)
        if weight:
            near.append((-weight, passage.label, passage))
    best: Citation | None = None
    most = -1.0
    alone: list[tuple[Evidence, frozenset[int]]] = []
    for _, _, passage in sorted(near, key=lambda item: item[:2])[:_SINGLES]:
        judgement = _weigh(claim, (passage,), evidence)
        (citation,) = _cite(claim, (passage,), judgement)
        if citation.verified:
            return (citation,)
        alone.append((passage, frozenset(item for _, item in judgement.places[0])))
        best, most = (citation, judgement.share) if judgement.share > most else (best, most)
    pairs = sorted(combinations(alone, 2), key=lambda pair: -len(pair[0][1] | pair[1][1]))
    for two in pairs[:_PAIRS]:
        cited = tuple(sorted((passage for passage, _ in two), key=lambda passage: passage.label))
        both = _cite(claim, cited, _weigh(claim, cited, evidence))
        if all(citation.verified for citation in both):
            return both
    if best is not None:
        return (best,)
    unknown = _unknown(claim, 0)
    if claim.heading or not (analyse(claim.text).keys or analyse(claim.text).quantities):
        return (replace(unknown, support="unchecked", reason="it holds nothing that can be checked"),)
    return (unknown,)
