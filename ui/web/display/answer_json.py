"""An answer as JSON for the page. Pure.

Every text to be shown has passed ``safe``: nothing in it turns the reading direction or hides. The page adds it
as text, never as HTML. An ``article_id`` is as it is, to ask for the article by. Spans count code points:
``claim_span`` those of the answer's text, ``span`` those of the article's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from rag.schema import Answer, Citation, Evidence
from rag.serialization import Json, to_json
from ui.web.display.links import safe_url, text_fragment
from ui.web.display.pieces import Break, Chip, Item, Piece, Words, pieces, statement_ends
from ui.wording import (
    Finding,
    differing,
    finding,
    finding_words,
    limited,
    note,
    one_line,
    outcome_text,
    safe,
    tally,
    unmentioned,
    withheld,
)

# What has become of an article since it was cited; empty where that is not known.
Standing = Literal["unchanged", "edited", "removed", ""]

_WORST: tuple[Finding, ...] = ("unsupported", "unchecked", "quoted", "verified")
_MARKS = re.compile(r"\[[0-9]{1,3}\]")
_NO_VERDICT = "no statement was checked against it"


def standing(evidence: Evidence, current: str | None) -> Standing:
    """What has become of the article, whose fingerprint now is ``current``; ``None``: it is not there."""
    if current is None:
        return "removed"
    if not evidence.fingerprint:
        return ""
    return "unchanged" if current == evidence.fingerprint else "edited"


def answer_view(answer: Answer, *, standing: Mapping[str, Standing]) -> dict[str, Json]:
    """The whole answer. ``standing`` is by article id; an article not in it gets an empty one.

    ``verdicts`` has one entry a citation, in order. ``unmarked`` are the indexes of those that no chip shows:
    the page must show them elsewhere, as no finding is kept from the reader. ``sources`` stand in the order of the
    quotes that were shown before the answer was written, so that none moves.
    """
    text = outcome_text(answer)
    parts = pieces(text, ends=statement_ends(text, (c.claim for c in answer.citations)))
    marks = _marks(answer, parts)
    shown = {index for indexes in marks.values() for index in indexes}
    first = _in_order(answer.sources or (answer.evidence if answer.abstained else ()), answer.quotes)
    other = [item for item in answer.evidence if item not in first]
    words, overall = tally(answer)
    verdicts = [citation_view(c, answer.text[c.claim.start : c.claim.end]) for c in answer.citations]
    return {
        "question": safe(answer.question),
        "searched": _searched(answer),
        "pieces": _pieces(answer, parts, marks),
        "outcome": answer.outcome,
        "abstained": answer.abstained,
        "limited": limited(answer),
        "note": note(answer),
        "withheld": [{"statement": statement, "reason": reason} for statement, reason in withheld(answer)],
        "differing": list(differing(answer)),
        "unmentioned": unmentioned(answer),
        "model": one_line(answer.model),
        "timings": to_json(answer.timings),
        "tally": {"words": words, "verdict": overall} if words else None,
        "verdicts": list(verdicts),
        "unmarked": [index for index in range(len(verdicts)) if index not in shown],
        "sources": [_source(item, answer.citations, standing, quoted=not answer.abstained) for item in first],
        "other": [_source(item, answer.citations, standing) for item in other],
    }


def _in_order(sources: Sequence[Evidence], quotes: Sequence[int]) -> list[Evidence]:
    """The quotes in their order, then the rest."""
    places = {label: place for place, label in enumerate(quotes)}
    return sorted(sources, key=lambda item: places.get(item.label, len(places)))


def evidence_view(evidence: Sequence[Evidence]) -> list[Json]:
    """Passages before anything is written: sources without a verdict."""
    return [_source(item, (), {}) for item in evidence]


def citation_view(citation: Citation, claim: str) -> dict[str, Json]:
    """One finding: the statement, the words it rests on and whether they carry it."""
    return {
        "label": citation.label,
        "claim": safe(claim),
        "claim_span": to_json(citation.claim),
        "verdict": finding(citation),
        "words": finding_words(citation),
        "quote": safe(citation.quote),
        "article_id": citation.article_id,
        "span": to_json(citation.span),
    }


def piece_view(piece: Piece) -> dict[str, Json]:
    """One piece, as it streams: a chip has no verdict yet."""
    match piece:
        case Words():
            return {"kind": "words", "text": safe(piece.text), "quoted": piece.quoted}
        case Chip():
            return {"kind": "chip", "label": piece.label}
        case Break():
            return {"kind": "break"}
        case Item():
            return {"kind": "item"}


def _pieces(answer: Answer, parts: Sequence[Piece], marks: Mapping[int, Sequence[int]]) -> list[Json]:
    return [
        {**piece_view(part), **_found(answer, marks[at])} if isinstance(part, Chip) else piece_view(part)
        for at, part in enumerate(parts)
    ]


def _found(answer: Answer, indexes: Sequence[int]) -> dict[str, Json]:
    """What a chip says: the worst of its findings, and which they are in ``verdicts``."""
    if not indexes:
        return {"verdict": "unchecked", "words": f"unchecked: {_NO_VERDICT}", "findings": []}
    worst = _worst([answer.citations[index] for index in indexes])
    return {"verdict": finding(worst), "words": finding_words(worst), "findings": list(indexes)}


def _marks(answer: Answer, parts: Sequence[Piece]) -> dict[int, tuple[int, ...]]:
    """For each chip, by its place among ``parts``, the citations it stands for, by their index."""
    found: dict[int, tuple[int, ...]] = {}
    at = 0
    for number, part in enumerate(parts):
        if isinstance(part, Chip):
            found[number] = _stands_for(answer.citations, part.label, at, answer.text)
        at += len(part.text)
    return found


def _stands_for(citations: Sequence[Citation], label: int, at: int, text: str) -> tuple[int, ...]:
    """The citations of the statement that a mark at ``at`` stands in, closes or, at the head of a line, opens."""
    claims = {citation.claim for citation in citations}
    before = max((claim for claim in claims if claim.start <= at), key=lambda c: c.start, default=None)
    after = min((claim for claim in claims if claim.start > at), key=lambda c: c.start, default=None)
    behind = text[min(before.end, at) : at] if before else ""
    ahead = text[at : after.start] if after else ""
    order = (before, after) if "\n" not in behind or "\n" in ahead else (after, before)
    for claim, between in zip(order, (behind, ahead) if order[0] is before else (ahead, behind), strict=True):
        same = [i for i, c in enumerate(citations) if c.claim == claim and c.label == label]
        if same and not _says(between):
            return tuple(same)
    return ()


def _says(between: str) -> bool:
    """Whether another statement stands in ``between``; marks, and what stands around them, are none."""
    return any(char.isalnum() for char in _MARKS.sub("", between))


def _source(
    evidence: Evidence,
    citations: Iterable[Citation],
    standing: Mapping[str, Standing],
    *,
    quoted: bool = False,
) -> dict[str, Json]:
    """A passage; ``quoted``: it is shown beneath the answer, whether a statement cites it or not."""
    found = [citation for citation in citations if citation.label == evidence.label]
    worst = _worst(found) if found else None
    uncited = "quoted" if quoted else ""
    return {
        "label": evidence.label,
        "article_id": evidence.article_id,
        "title": one_line(evidence.title or evidence.article_id),
        "publisher": one_line(evidence.publisher),
        "date": evidence.date.isoformat() if evidence.date else "",
        "url": safe_url(evidence.url),
        "open": text_fragment(evidence.url, evidence.text),
        "credit": one_line(evidence.credit),
        "quote": safe(evidence.text),
        "span": to_json(evidence.span),
        "score": to_json(evidence.score),
        "fingerprint": evidence.fingerprint,
        "page": evidence.page,
        "cited": bool(found),
        "verdict": finding(worst) if worst else uncited,
        "words": finding_words(worst) if worst else uncited,
        "standing": standing.get(evidence.article_id, ""),
    }


def _worst(found: Sequence[Citation]) -> Citation:
    return min(found, key=lambda citation: _WORST.index(finding(citation)))


def _searched(answer: Answer) -> str:
    """The question that was searched; nothing where it is the one asked, white space apart."""
    same = answer.question.split() == answer.standalone_question.split()
    return "" if same else one_line(answer.standalone_question)
