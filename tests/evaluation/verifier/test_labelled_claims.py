"""Labelled claims: reproducible, balanced, and with a label that is right."""

from collections import Counter

from rag.evaluation.verifier.labelled_claims import FALSE_EDITS, TRUE_EDITS, make_labelled_claims
from tests.support.verifier_articles import ARTICLES


def test_the_same_seed_gives_the_same_claims_in_whatever_order_the_articles_come() -> None:
    first = make_labelled_claims(ARTICLES, seed=3, limit=300)
    assert first == make_labelled_claims(ARTICLES[::-1], seed=3, limit=300)
    assert first != make_labelled_claims(ARTICLES, seed=4, limit=300)


def test_no_kind_has_more_than_its_share() -> None:
    counts = Counter(claim.kind for claim in make_labelled_claims(ARTICLES, limit=150))
    assert max(counts[kind] for kind in FALSE_EDITS) <= 150 // 2 // len(FALSE_EDITS)
    assert max(counts[kind] for kind in TRUE_EDITS) <= 150 // 2 // len(TRUE_EDITS)


def test_every_edit_fits_three_short_articles() -> None:
    made = make_labelled_claims(ARTICLES, limit=2000)
    assert {claim.kind for claim in made} >= {*FALSE_EDITS, *TRUE_EDITS} - {"unit or scale changed"}
    assert all(claim.supported == (claim.kind in TRUE_EDITS) for claim in made)


def test_every_passage_is_a_slice_of_its_article() -> None:
    texts = {article.id: article.text for article in ARTICLES}
    for claim in make_labelled_claims(ARTICLES, limit=400):
        assert {*claim.labels} <= {passage.label for passage in claim.evidence}
        for passage in claim.evidence:
            assert passage.text == passage.span.of(texts[passage.article_id])


def test_a_false_claim_is_never_its_evidence_and_a_true_one_never_loses_a_digit() -> None:
    for claim in make_labelled_claims(ARTICLES, limit=1000):
        cited = " ".join(passage.text for passage in claim.evidence if passage.label in claim.labels)
        if not claim.supported:
            assert claim.claim not in cited
        elif claim.kind != "number written otherwise":
            assert all(char in cited for char in claim.claim if char.isdigit())


def test_a_name_is_swapped_only_for_one_that_the_sentence_does_not_have() -> None:
    swapped = [claim for claim in make_labelled_claims(ARTICLES, limit=1000) if claim.kind == "name swapped"]
    assert swapped
    for claim in swapped:
        cited = claim.evidence[0].text
        assert {*claim.claim.split()} - {*cited.split()}
