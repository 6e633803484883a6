"""Clauses that are joined from words of two passages."""

import time

import pytest

from rag.verify.citations import verify
from rag.verify.differences import splice
from rag.verify.rules.splices import clause_mixed, passages_joined
from tests.support.evidence import comparison, passages, verified


def test_a_clause_mixed_from_two_passages_is_not_supported() -> None:
    evidence = passages(
        "Rain fell on the old harbour wall of Rome.", "Snow covers the northern mountain pass in May."
    )
    assert not verified("Rain fell on the old northern mountain pass [1][2].", evidence)


def test_a_number_of_one_passage_is_not_lent_to_another() -> None:
    evidence = passages("The union will pay half of the cost.", "The ban cut traffic by a third.")
    assert not verified("The union will pay a third of the cost [1][2].", evidence)
    assert not verified("The union will pay a third of the cost.", evidence)


_BRIDGE = "The new bridge in Porto opened in 1998.", "The bridge is 2,000 metres long and cost $90 million."


_LOPEZ = "Maria Lopez won the race in Oslo.", "Lopez was born in Madrid in 1980 and trained as a nurse."


_RAISED = "Apple raised $5 million in May.", "Google raised $7 million in June."


_CROPS = "Rice is grown in the delta.", "Wheat is grown in the north.", "Maize is grown on the coast."


@pytest.mark.parametrize(
    ("texts", "claim"),
    [
        (_RAISED, "Both Apple and Google raised money in May and June."),
        (_RAISED, "Apple and Google raised $5 million and $7 million."),
        (_RAISED, "Apple raised $5 million in May and Google $7 million in June."),
        (_RAISED, "Google raised $7 million in June; Apple raised $5 million in May."),
        (_BRIDGE, "The bridge in Porto, which opened in 1998, cost $90 million."),
        (_BRIDGE, "The Porto bridge opened in 1998 and cost $90 million."),
        (_BRIDGE, "The Porto bridge cost $90 million."),
        (_BRIDGE, "Opened in 1998, the bridge in Porto is 2,000 metres long."),
        (_BRIDGE, "The 2,000-metre bridge in Porto opened in 1998."),
        (_LOPEZ, "Maria Lopez, born in Madrid in 1980, won the race in Oslo."),
        (_LOPEZ, "Maria Lopez, a trained nurse, won the race in Oslo."),
        (_CROPS, "Rice is grown in the delta, wheat in the north and maize on the coast."),
    ],
)
def test_an_honest_summary_of_several_passages_is_verified(texts: tuple[str, ...], claim: str) -> None:
    marks = "".join(f"[{label}]" for label in range(1, len(texts) + 1))
    assert [c.reason for c in verify(f"{claim} {marks}", passages(*texts)) if not c.verified] == []


@pytest.mark.parametrize(
    ("texts", "claim"),
    [
        (_RAISED, "Apple raised $7 million in June."),
        (_LOPEZ, "Maria Lopez won the race in Madrid in 1980."),
        (
            (
                "The guild keeps its records in a cellar by the river.",
                "The mayor wants to sell the old mill.",
            ),
            "The guild keeps its records in the old mill.",
        ),
        (
            (
                "Heavy rain has damaged most of the grain stores of Tarn.",
                "The new minister promised the teachers of Brennick a higher wage.",
            ),
            "Heavy rain has damaged most of the teachers of Brennick a higher wage.",
        ),
        (
            (
                "The packet carries the sequence number of the message.",
                "The network guarantees delivery of data.",
            ),
            "The packet carries the sequence delivery of data.",
        ),
    ],
)
def test_halves_of_two_sentences_are_never_verified_though_both_are_cited(
    texts: tuple[str, ...], claim: str
) -> None:
    found = verify(f"{claim} [1][2]", passages(*texts))
    assert not any(citation.verified for citation in found)
    assert all(citation.reason for citation in found)


def test_a_weld_is_named_by_the_two_words_that_no_passage_has_together() -> None:
    evidence = passages(
        "Heavy rain has damaged most of the grain stores, and the mill was closed in spring.",
        "The new minister promised the teachers of Brennick a higher wage.",
    )
    claim = "Heavy rain has damaged most of the grain stores, and the mill was closed the teachers of Brennick [1][2]."
    assert {c.reason for c in verify(claim, evidence)} == {
        "it joins ‘closed’ and ‘the’ of two passages that neither has together"
    }
    (citation, *_) = verify("Heavy rain has damaged the teachers of Brennick [1][2].", evidence)
    assert "of two passages that neither has together" in citation.reason


@pytest.mark.parametrize("filler", ["grain, ", "grain and ", "the old mill of Tarn ", "5, ", "Tarn, "])
def test_a_very_long_list_is_read_in_a_moment(filler: str) -> None:
    long = comparison(
        filler * (20_000 // len(filler)), "The old mill of Tarn sold 5 sacks.", "Grain is dear."
    )
    began = time.perf_counter()
    passages_joined(long)
    assert time.perf_counter() - began < 3  # a quadratic reading takes minutes


def test_a_clause_of_whose_key_words_no_passage_has_seven_in_ten_is_mixed() -> None:
    rain = "Rain fell on the old harbour wall of Rome."
    snow = "Snow covers the northern mountain pass in May."
    mixed = "There the old harbour wall fell on the northern mountain pass."
    assert clause_mixed(comparison(mixed, rain, snow)).startswith("no one of the passages says it")
    assert clause_mixed(comparison("There rain fell on the old harbour wall.", rain, snow)) == ""
    assert clause_mixed(comparison(mixed, f"{rain} {snow}")) == ""


def test_a_passage_that_carries_the_whole_claim_alone_makes_a_splice_of_none() -> None:
    whole = "Maria Lopez won the race in Oslo in 1980."
    claim = "Maria Lopez won the race in 1980."
    assert splice(comparison(claim, whole, "Lopez was born in 1980.")) == ""
    assert "‘" in splice(comparison(claim, "Maria Lopez won the race in Oslo.", "Lopez was born in 1980."))
