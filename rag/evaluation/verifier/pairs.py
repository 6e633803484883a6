"""Claims with the words they cite, each labelled as carried by them or not: made from any articles by mechanical edits.

The labels hold by how the edits are made, so that a verifier can be measured on one's own articles without anyone
labelling anything. English only: the edits know English words. What they cannot make are paraphrases; a figure from
these pairs says how a verifier tells small differences, not how well it reads.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.evaluation.verifier import false_edits as falsehoods
from rag.evaluation.verifier import true_edits as rewordings
from rag.evaluation.verifier.false_edits import Made
from rag.evaluation.verifier.sentences import Sentence, SentencePool
from rag.schema import Article, Evidence

_SHARE = 12  # sentences read for each pair wanted: some edits fit one sentence in fifty


_BESIDE = 1  # sentences on either side that are shown with the cited ones, but not cited


Edit = Callable[[Sentence, SentencePool], Made | None]


FALSE: dict[str, Edit] = {
    "number changed": falsehoods.number,
    "unit or scale changed": falsehoods.unit,
    "numbers exchanged": falsehoods.exchanged_numbers,
    "name swapped": falsehoods.name,
    "denial put in": falsehoods.denial,
    "denial taken out": falsehoods.denial_dropped,
    "direction turned": falsehoods.direction,
    "other article cited": falsehoods.other_article,
    "other place cited": falsehoods.other_place,
    "evidence cut short": falsehoods.truncated,
    "subject alone cited": falsehoods.subject_alone,
    "splice, one cited": falsehoods.spliced_one_cited,
    "splice, both cited": falsehoods.spliced,
    "hedge removed": falsehoods.hedge,
    "ending made up": falsehoods.ending,
}


TRUE: dict[str, Edit] = {
    "verbatim": rewordings.verbatim,
    "folded": rewordings.folded,
    "words of discourse before": rewordings.led,
    "adverb or source left out": rewordings.left_out,
    "number written otherwise": rewordings.number_otherwise,
    "first of two clauses": rewordings.first_clause,
    "two sentences joined": rewordings.listed,
    "synonym": rewordings.synonym,
}


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim without marks, and what it cites: the passages of ``evidence`` whose labels are in ``labels``.

    ``kind`` is how it was made, a key of ``FALSE`` or ``TRUE``; ``supported`` whether the cited words carry it.
    """

    kind: str
    claim: str
    labels: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    supported: bool


def pairs(articles: Iterable[Article], *, seed: int = 0, limit: int = 2000) -> tuple[LabelledClaim, ...]:
    """About ``limit`` pairs at most, half of them false, no kind with more than its share; fewer from few articles.

    The same articles, seed and limit give the same pairs, in whatever order the articles come.
    """
    pool = SentencePool(articles, seed=seed, most=_SHARE * limit)
    made: list[LabelledClaim] = []
    for edits, supported in ((FALSE, False), (TRUE, True)):
        for kind, edit in edits.items():
            pool.again(f"{seed} {kind}")
            made += _of_kind(kind, edit, pool, most=max(1, limit // 2 // len(edits)), supported=supported)
    return tuple(made)


def _of_kind(
    kind: str, edit: Edit, pool: SentencePool, *, most: int, supported: bool
) -> Iterable[LabelledClaim]:
    left = most
    for sentence in pool.sentences:
        if not left:
            return
        if (result := edit(sentence, pool)) is not None:
            left -= 1
            claim, cited = result
            evidence, labels = _shown(sentence, cited, pool)
            yield LabelledClaim(kind, claim, labels, evidence, supported)


def _shown(
    sentence: Sentence, cited: Sequence[Sentence], pool: SentencePool
) -> tuple[tuple[Evidence, ...], tuple[int, ...]]:
    """The cited passages in the order they are cited, then neighbours of the sentence that the claim was made of."""
    beside = [
        other
        for other in pool.by_article[sentence.article_id][
            max(0, sentence.number - _BESIDE) : sentence.number + _BESIDE + 1
        ]
        if other.number != sentence.number and all(other.span != passage.span for passage in cited)
    ]
    passages = tuple(
        Evidence(label=label, article_id=one.article_id, span=one.span, text=one.text, score=1.0)
        for label, one in enumerate([*cited, *beside], 1)
    )
    return passages, tuple(range(1, len(cited) + 1))
