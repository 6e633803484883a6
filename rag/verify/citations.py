"""The entry of verification: the citations of an answer, each with where its words stand and whether they carry it.

Pure and deterministic: no model, no files. A claim with marks is checked against the words it cites and no others. For
a claim without, the words that carry it are looked for among all the evidence. A citation that fails is returned with
its reason, never dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import regex

from rag.schema import Citation, Evidence
from rag.text.forms.families import related
from rag.verify.analysed_text import analyse
from rag.verify.citing import cite, cite_unknown, judge_claim
from rag.verify.claims import Claim, claims
from rag.verify.quantity_match import same
from rag.verify.quoting.quotations import locate
from rag.verify.support import common

_SINGLES = 8  # passages tried alone for a claim without marks
_PAIRS = 4  # pairs of passages tried, those first that hold most of the claim together
_VERBATIM_BONUS = 1000  # added to the key words in common where a passage has the claim's very words
_ASKS_YES_NO = regex.compile(r"\s*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|am)\b", regex.IGNORECASE)  # fmt: skip # noqa: E501
_YES_NO = regex.compile(r"\s*(?:yes|no)\b", regex.IGNORECASE)


def verify(text: str, evidence: Sequence[Evidence], *, question: str = "") -> tuple[Citation, ...]:
    """Verify an answer: all its citations, in the order of its claims.

    A claim with two labels has two citations, one without marks at least one.
    """
    return tuple(
        citation for claim in claims(text) for citation in check_claim(claim, evidence, question=question)
    )


def check_claim(claim: Claim, evidence: Sequence[Evidence], *, question: str = "") -> tuple[Citation, ...]:
    """The citations of one claim: one for each of its labels, or those found for it where it has none.

    With a ``question``, a claim that only repeats it is unchecked.
    """
    by_label: dict[int, Evidence] = {}
    for passage in evidence:
        by_label.setdefault(passage.label, passage)
    claim = replace(
        claim, labels=tuple(n for n in claim.labels if n in by_label or not _is_copied_mark(n, evidence))
    )
    passages = tuple(by_label.values())
    citations = (
        _cite_labels(claim, by_label, evidence, question)
        if claim.labels
        else _search(claim, passages, question)
    )
    if question and claim.text and not adds(claim.text, question):
        return tuple(
            replace(citation, support="unchecked", reason="it only repeats the question")
            if citation.support == "supported"
            else citation
            for citation in citations
        )
    return citations


def _is_copied_mark(label: int, evidence: Sequence[Evidence]) -> bool:
    """Whether a mark that names no passage was copied with an article's words: ``[9]`` of an encyclopedia."""
    return any(f"[{label}]" in passage.text for passage in evidence)


def adds(text: str, question: str) -> bool:
    """Whether a statement says anything that the question does not: a key word, a number, or a denial.

    To a question for yes or no, a statement of what was asked is an answer; a bare ``Yes.`` says nothing to
    check.
    """
    statement, asked = analyse(text), analyse(question)
    asked_terms = [word.term for word in asked.words]
    if any(not any(related(statement.words[i].term, term) for term in asked_terms) for i in statement.keys):
        return True
    if any(not any(same(quantity, other) for other in asked.quantities) for quantity in statement.quantities):
        return True
    if not statement.keys:
        return False
    if any(statement.denied) != any(asked.denied) or _YES_NO.match(text):
        return True
    return _ASKS_YES_NO.match(question) is not None and not text.rstrip().endswith("?")


def _cite_labels(
    claim: Claim, by_label: dict[int, Evidence], evidence: Sequence[Evidence], question: str
) -> tuple[Citation, ...]:
    """The citations of a claim with marks."""
    cited = tuple(by_label[label] for label in claim.labels if label in by_label)
    citations: dict[int, Citation] = {}
    if cited:
        judgement = judge_claim(claim, cited, evidence, question=question)
        citations = {citation.label: citation for citation in cite(claim, cited, judgement)}
    return tuple(citations.get(label) or cite_unknown(claim, label) for label in claim.labels)


def _search(claim: Claim, evidence: Sequence[Evidence], question: str) -> tuple[Citation, ...]:
    """The passages that carry a claim without marks: one, else two together, else the nearest with its fault."""
    nearest: Citation | None = None
    most = -1.0
    tried: list[tuple[Evidence, frozenset[int]]] = []  # passages, with what of the claim each carries
    for passage in _nearest_first(claim, evidence)[:_SINGLES]:
        judgement = judge_claim(claim, (passage,), evidence, question=question)
        (citation,) = cite(claim, (passage,), judgement)
        if citation.verified:
            return (citation,)
        tried.append((passage, frozenset(item for _, item in judgement.places[0])))
        if judgement.share > most:
            nearest, most = citation, judgement.share
    for pair in _pairs(tried):
        both = cite(claim, pair, judge_claim(claim, pair, evidence, question=question))
        if all(citation.verified for citation in both):
            return both
    return (nearest or _nothing_found(claim),)


def _nearest_first(claim: Claim, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The passages that share something with a claim, those that share most first, then by label."""
    weighted: list[tuple[float, int, Evidence]] = []
    for passage in evidence:
        # Verbatim words outrank any paraphrase.
        bonus = _VERBATIM_BONUS if locate(claim, passage).whole else 0
        if weight := common(claim.text, passage.text) + bonus:
            weighted.append((-weight, passage.label, passage))
    return [passage for _, _, passage in sorted(weighted, key=lambda item: item[:2])]


def _pairs(tried: Iterable[tuple[Evidence, frozenset[int]]]) -> list[tuple[Evidence, ...]]:
    """The pairs of passages that carry most of a claim together, each pair in the order of its labels."""
    pairs = sorted(combinations(tried, 2), key=lambda pair: -len(pair[0][1] | pair[1][1]))
    return [
        tuple(sorted((passage for passage, _ in pair), key=lambda passage: passage.label))
        for pair in pairs[:_PAIRS]
    ]


def _nothing_found(claim: Claim) -> Citation:
    unknown = cite_unknown(claim, 0)
    analysed = analyse(claim.text)
    if claim.heading or not (analysed.keys or analysed.quantities):
        return replace(unknown, support="unchecked", reason="it holds nothing that can be checked")
    return unknown
