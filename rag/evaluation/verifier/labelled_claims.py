"""Makes claims with the passages they cite, labelled as supported or not, from any articles by mechanical edits.

A label follows from how the edit is made, so that a verifier can be measured on one's own articles without anyone
labelling anything. English only: the edits know English words. Free paraphrases are not among them; a figure from these
claims says how well a verifier detects small differences, not how well it understands text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.evaluation.verifier import argument_edits, attribution_edits, false_edits, true_edits
from rag.evaluation.verifier.false_edits import EditedClaim
from rag.evaluation.verifier.sentences import Sentence, SentencePool
from rag.schema import Article, Evidence

_SENTENCES_PER_CLAIM = 12  # sentences drawn for each claim wanted: some edits fit one sentence in fifty
_NEIGHBOURS = 1  # sentences on either side that are evidence beside the cited ones, but not cited

# Returns ``None`` if the edit does not fit the sentence.
Edit = Callable[[Sentence, SentencePool], EditedClaim | None]

# The edits by the names that a report shows.
FALSE_EDITS: dict[str, Edit] = {
    "number changed": false_edits.change_number,
    "unit or scale changed": false_edits.change_unit,
    "numbers exchanged": false_edits.exchange_numbers,
    "name swapped": false_edits.replace_name,
    "denial put in": false_edits.add_negation,
    "denial taken out": false_edits.remove_negation,
    "direction turned": false_edits.reverse_direction,
    "other article cited": false_edits.cite_other_article,
    "other place cited": false_edits.cite_other_sentence,
    "evidence cut short": false_edits.truncate_evidence,
    "subject alone cited": false_edits.cite_subject_alone,
    "splice, one cited": false_edits.splice_and_cite_one,
    "splice, both cited": false_edits.splice,
    "hedge removed": false_edits.remove_hedge,
    "ending made up": false_edits.add_ending,
    "said-by dropped": attribution_edits.drop_attribution,
    "plan made fact": attribution_edits.realise_plan,
    "condition dropped": attribution_edits.drop_condition,
    "subjects exchanged": argument_edits.exchange_subjects,
    "comparison exchanged": argument_edits.exchange_comparison,
    "agent and patient exchanged": argument_edits.exchange_roles,
}

TRUE_EDITS: dict[str, Edit] = {
    "verbatim": true_edits.keep_verbatim,
    "folded": true_edits.change_typography,
    "words of discourse before": true_edits.add_lead_in,
    "adverb left out": true_edits.remove_adverb,
    "number written otherwise": true_edits.rewrite_number,
    "first of two clauses": true_edits.keep_first_clause,
    "two sentences joined": true_edits.join_sentences,
    "synonym": true_edits.replace_with_synonym,
    "said-by in other words": attribution_edits.reword_attribution,
    "question taken up": argument_edits.take_up_question,
    "voice turned": argument_edits.turn_voice,
    "appositive used": argument_edits.use_appositive,
}

_OF_CONDITIONS = frozenset(("condition dropped",))  # edits of sentences that say if what a thing is so


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim without marks; it cites the passages of ``evidence`` whose labels are in ``labels``.

    ``kind`` is the edit that made it, a key of ``FALSE_EDITS`` or ``TRUE_EDITS``. ``supported`` is its label: whether
    the cited passages support it.
    """

    kind: str
    claim: str
    labels: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    supported: bool


def make_labelled_claims(
    articles: Iterable[Article], *, seed: int = 0, limit: int = 2000
) -> tuple[LabelledClaim, ...]:
    """Make about ``limit`` claims at most, half of them false, at most an equal share by each edit.

    Few articles give fewer claims. The same articles, seed and limit give the same claims, in whatever order the
    articles come.
    """
    pool = SentencePool(articles, seed=seed, max_sentences=_SENTENCES_PER_CLAIM * limit)
    made: list[LabelledClaim] = []
    for edits, supported in ((FALSE_EDITS, False), (TRUE_EDITS, True)):
        for kind, edit in edits.items():
            pool.reseed(f"{seed} {kind}")
            made += _apply_edit(kind, edit, pool, limit=max(1, limit // 2 // len(edits)), supported=supported)
    return tuple(made)


def _apply_edit(
    kind: str, edit: Edit, pool: SentencePool, *, limit: int, supported: bool
) -> Iterable[LabelledClaim]:
    """Apply one edit to the sentences of the pool until it has made ``limit`` claims."""
    made = 0
    for sentence in pool.conditional if kind in _OF_CONDITIONS else pool.sentences:
        if made == limit:
            return
        if (edited := edit(sentence, pool)) is not None:
            made += 1
            claim, cited = edited
            evidence, labels = _number_evidence(sentence, cited, pool)
            yield LabelledClaim(kind, claim, labels, evidence, supported)


def _number_evidence(
    sentence: Sentence, cited: Sequence[Sentence], pool: SentencePool
) -> tuple[tuple[Evidence, ...], tuple[int, ...]]:
    """Return the evidence of a claim made from ``sentence``, and the labels it cites.

    The cited passages come first, in order, then the sentence's neighbours.
    """
    neighbours = [
        other
        for other in pool.by_article[sentence.article_id][
            max(0, sentence.number - _NEIGHBOURS) : sentence.number + _NEIGHBOURS + 1
        ]
        if other.span != sentence.span and all(other.span != passage.span for passage in cited)
    ]
    passages = tuple(
        Evidence(label=label, article_id=passage.article_id, span=passage.span, text=passage.text, score=1.0)
        for label, passage in enumerate([*cited, *neighbours], 1)
    )
    return passages, tuple(range(1, len(cited) + 1))
