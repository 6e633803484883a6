import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.abstention import (
    AnswerabilitySignals,
    answerability_signals,
    confidence,
    is_answerable,
    refusal_text,
)
from rag.evidence.sentences import ScoredSentence
from rag.schema import Article

ARTICLE = Article(id="a", title="A", text="Colossus was built in Memphis.")
UNIT = st.floats(0, 1)


def measured(match: float, alike: float = 0.5, near: float = 0.5) -> ScoredSentence:
    return ScoredSentence(
        article=ARTICLE, index=0, match=match, headed=0.0, alike=alike, near=near, rank=match
    )


def confidence_of(*items: ScoredSentence, chunks: int = 10, builtin_embedder: bool = True) -> float:
    return confidence(answerability_signals(items, chunks=chunks, builtin_embedder=builtin_embedder))


@given(UNIT, UNIT, UNIT, st.integers(0, 10**9))
def test_confidence_is_a_probability_that_rises_with_every_sign_and_falls_with_the_size(
    match: float, alike: float, near: float, chunks: int
) -> None:
    base = confidence(AnswerabilitySignals(match=match, alike=alike, near=near, chunks=chunks))
    assert 0 < base < 1
    for better in (
        AnswerabilitySignals(match=1.0, alike=alike, near=near, chunks=chunks),
        AnswerabilitySignals(match=match, alike=1.0, near=near, chunks=chunks),
        AnswerabilitySignals(match=match, alike=alike, near=1.0, chunks=chunks),
    ):
        assert confidence(better) >= base
    assert (
        confidence(AnswerabilitySignals(match=match, alike=alike, near=near, chunks=chunks * 10 + 10)) <= base
    )


def test_what_speaks_to_the_question_is_answered_and_what_does_not_is_not() -> None:
    assert is_answerable(confidence_of(measured(0.8, 0.7, 0.7)))
    assert not is_answerable(confidence_of(measured(0.3, 0.2, 0.1)))
    assert not is_answerable(confidence_of())


def test_words_alone_are_no_answer_where_no_sentence_is_like_the_question() -> None:
    assert not is_answerable(confidence_of(measured(0.55, 0.1, 0.1)))
    assert is_answerable(confidence_of(measured(0.55, 0.1, 0.1), measured(0.1, 0.6, 0.6)))


def test_the_same_match_says_less_in_a_larger_index() -> None:
    item = measured(0.55, 0.45, 0.4)
    assert is_answerable(confidence_of(item, chunks=10))
    assert not is_answerable(confidence_of(item, chunks=10**6))


def test_the_cosines_of_another_embedder_say_nothing() -> None:
    assert confidence_of(measured(0.5, 0.4, 0.0), builtin_embedder=False) == confidence_of(
        measured(0.5, 0.4, 0.99), builtin_embedder=False
    )
    assert confidence_of(measured(0.4, 0.4, 0.4)) == pytest.approx(
        confidence_of(measured(0.4, 0.4, 0.9), builtin_embedder=False)
    )


def test_a_refusal_names_the_words_that_no_article_has() -> None:
    text = refusal_text("What is the capital of France?", [measured(0.2)], {"capit": 2})
    assert text == "The articles do not say. They do not mention “France”."


def test_where_every_word_is_known_it_names_those_the_nearest_passage_lacks() -> None:
    text = refusal_text("Who sold Colossus?", [measured(0.2)], {"sell": 1, "colossus": 3})
    assert text == "The articles do not say. The nearest passage does not mention “sold”."


def test_a_refusal_does_not_miss_the_words_that_speak_of_the_articles() -> None:
    text = refusal_text("Does the article say that the sale is confirmed?", [measured(0.2)], {"sale": 1})
    assert text == "The articles do not say. They do not mention “confirmed”."


def test_a_refusal_without_any_passage_is_still_a_sentence() -> None:
    assert refusal_text("Why?", [], {}) == "The articles do not say. No passage answers this question."
