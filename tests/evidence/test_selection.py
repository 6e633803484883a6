"""The newest first, where a question asks for it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.selection import prefer_newest
from rag.evidence.sentences import ScoredSentence
from rag.question.scope import asks_newest
from rag.schema import Article

LATEST = "What is the latest price?"


def found(name: str, rank: float, day: int | None) -> ScoredSentence:
    when = date(2026, 5, day) if day else None
    article = Article(id=name, title="", text="The price is 5 pounds.", date=when)
    return ScoredSentence(article=article, at=0, match=rank, headed=0.0, alike=rank, near=rank, rank=rank)


def order(question: str, *given_: ScoredSentence) -> str:
    return "".join(one.article.id for one in prefer_newest(question, given_))


@pytest.mark.parametrize(
    "question",
    [
        LATEST,
        "What is the most recent price?",
        "Which model is newest?",
        "What was most recently announced?",
        "What does it cost now?",
        "Who leads it now that he left?",
    ],
)
def test_some_questions_ask_for_the_newest(question: str) -> None:
    assert asks_newest(question)


@pytest.mark.parametrize(
    "question",
    ["What is the price?", "Now, who built it?", "What do we know of it?", "Who is the new owner?"],
)
def test_others_do_not(question: str) -> None:
    assert not asks_newest(question)


def test_of_sentences_that_answer_alike_the_newest_leads() -> None:
    assert order(LATEST, found("a", 1.0, 1), found("b", 0.95, 9), found("c", 0.92, 4)) == "bca"


def test_an_older_article_is_read_before_what_else_the_newest_says() -> None:
    old, new = found("a", 1.0, 1), found("b", 0.98, 9)
    assert prefer_newest(LATEST, (old, new, replace(new, at=1, rank=0.97))) == (
        new,
        old,
        replace(new, at=1, rank=0.97),
    )


def test_one_that_answers_less_well_stays_behind_however_new() -> None:
    assert order(LATEST, found("a", 1.0, 1), found("b", 0.85, 9)) == "ab"


def test_where_it_is_not_asked_for_the_rank_decides() -> None:
    assert order("What is the price?", found("a", 1.0, 1), found("b", 0.99, 9)) == "ab"


def test_what_has_no_date_stays_in_its_place() -> None:
    assert order(LATEST, found("u", 1.0, None), found("a", 0.98, 1), found("b", 0.97, 9)) == "uba"
    assert order(LATEST, found("u", 1.0, None), found("v", 0.98, None)) == "uv"


def test_sentences_of_one_day_keep_their_order() -> None:
    assert order(LATEST, found("b", 1.0, 3), found("a", 0.99, 3), found("c", 0.98, 4)) == "cba"


def test_nothing_found_stays_nothing() -> None:
    assert prefer_newest(LATEST, ()) == ()


@given(
    st.lists(st.tuples(st.floats(0, 1.3), st.none() | st.integers(1, 28)), max_size=12),
)
def test_nothing_is_lost_and_nothing_far_behind_moves(drawn: list[tuple[float, int | None]]) -> None:
    ranked = tuple(
        found(str(at), rank, day) for at, (rank, day) in enumerate(sorted(drawn, key=lambda one: -one[0]))
    )
    ordered = prefer_newest(LATEST, ranked)
    assert sorted(ordered, key=lambda one: int(one.article.id)) == list(ranked)
    for before, after in zip(ranked, ordered, strict=True):
        assert before == after or min(before.rank, after.rank) >= ranked[0].rank - 0.1
        assert (before.article.date is None) == (after.article.date is None)
        assert before == after or before.article.date
