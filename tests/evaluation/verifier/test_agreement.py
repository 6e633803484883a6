import math
from collections import Counter

import pytest

from rag.evaluation.verifier.agreement import Agreement, Judged, Share, agreement, compared
from rag.evaluation.verifier.pairs import FALSE, TRUE, LabelledClaim, pairs
from rag.schema import Article, Evidence, Span
from tests.benchmarks import verify_edits

SHIPPED = Article(id="shipped", title="t", text=verify_edits.ARTICLE.read_text("utf-8").split("---", 2)[2])
HARBOURS = Article(
    id="harbours",
    title="Harbours",
    text=(
        "The port of Aldmouth was rebuilt in 1871 at a cost of 14,000 crowns. Margit Olsen was its first keeper, and "
        "she counted twelve ships in May. The council has also raised the toll to 3 percent. The northern wall was "
        "not finished before the storm. A ferry may return to Brennick before the end of the decade.\n\nAldmouth is "
        "older than Brennick. The brewers of Tarn have sold 300 barrels to Aldmouth for 90 crowns, according to the "
        "Tarn Gazette. The company began to build a larger mill near the river in the spring of 1902."
    ),
)
ARTICLES = (SHIPPED, HARBOURS)


def test_the_same_seed_gives_the_same_pairs_in_whatever_order_the_articles_come() -> None:
    first = pairs(ARTICLES, seed=3, limit=300)
    assert first == pairs(ARTICLES[::-1], seed=3, limit=300)
    assert first != pairs(ARTICLES, seed=4, limit=300)


def test_no_kind_has_more_than_its_share() -> None:
    made = Counter(pair.kind for pair in pairs(ARTICLES, limit=150))
    assert max(made[kind] for kind in FALSE) <= 150 // 2 // len(FALSE)
    assert max(made[kind] for kind in TRUE) <= 150 // 2 // len(TRUE)


def test_every_kind_is_made_from_two_short_articles() -> None:
    made = pairs(ARTICLES, limit=2000)
    assert {pair.kind for pair in made} >= {*FALSE, *TRUE} - {"unit or scale changed"}
    assert all(pair.supported == (pair.kind in TRUE) for pair in made)


def test_what_a_pair_cites_is_a_slice_of_its_article() -> None:
    texts = {article.id: article.text for article in ARTICLES}
    for pair in pairs(ARTICLES, limit=400):
        assert {*pair.labels} <= {passage.label for passage in pair.evidence}
        for passage in pair.evidence:
            assert passage.text == passage.span.of(texts[passage.article_id])


def test_a_false_claim_is_never_its_evidence_and_a_true_one_never_loses_a_digit() -> None:
    for pair in pairs(ARTICLES, limit=1000):
        cited = " ".join(passage.text for passage in pair.evidence if passage.label in pair.labels)
        if not pair.supported:
            assert pair.claim not in cited
        elif pair.kind != "number written otherwise":
            assert all(char in cited for char in pair.claim if char.isdigit())


def test_a_name_is_swapped_only_for_one_that_the_sentence_does_not_have() -> None:
    swapped = [pair for pair in pairs(ARTICLES, limit=1000) if pair.kind == "name swapped"]
    assert swapped
    for pair in swapped:
        cited = pair.evidence[0].text
        assert {*pair.claim.split()} - {*cited.split()}


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (1, 473, 0.0004, 0.0119), (10, 10, 0.7225, 1.0)],
)
def test_an_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_share() -> None:
    assert math.isnan(Share(0, 0).value)
    assert math.isnan(Agreement((), ()).kappa)
    assert str(Share(0, 0)) == "0 of 0"


def test_kappa_sets_chance_aside() -> None:
    # Cohen's own sort of table: 20 and 15 agreed, 5 and 10 not; (0.70 - 0.50) / (1 - 0.50).
    found = Agreement((Judged("f", False, Share(10, 25)), Judged("t", True, Share(5, 25))), ())
    assert found.accuracy == Share(35, 50)
    assert found.kappa == pytest.approx(0.4)


def test_a_judge_who_lets_everything_pass_agrees_by_chance_alone() -> None:
    found = compared(pairs(ARTICLES, limit=300), judge=lambda _: "")
    assert found.false_accepts.value == 1
    assert found.false_rejects.value == 0
    assert found.kappa == pytest.approx(0)
    assert len(found.mistakes) == found.false_accepts.of


def test_a_mistake_is_kept_with_the_reason() -> None:
    passage = Evidence(label=1, article_id="a", span=Span(0, 19), text="Apple sued Samsung.", score=1.0)
    pair = LabelledClaim("verbatim", "Apple paid Samsung.", (1,), (passage,), supported=True)
    ((wrong, reason),) = compared([pair]).mistakes
    assert wrong is pair
    assert "paid" in reason


def test_the_verifier_agrees_with_the_labels_of_the_shipped_article() -> None:
    found = agreement([SHIPPED], limit=1000)
    assert found.false_accepts.of > 150
    assert found.false_accepts.value < 0.02
    assert found.false_rejects.value < 0.1
    assert found.kappa > 0.9
