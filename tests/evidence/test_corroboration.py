"""Agreement counts across articles, for what the question does not have, whatever the order."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.corroboration import MatchedSentence, corroboration

QUESTION = "Which country was named the happiest?"


def test_a_name_that_another_article_gives_too_is_borne_out() -> None:
    sentences = (
        MatchedSentence("a", "The happiest country is Finland.", 0.9),
        MatchedSentence("b", "Again the report puts Finland first.", 0.7),
        MatchedSentence("c", "The least happy country is Ruritania.", 0.9),
    )
    strong, weak, alone = corroboration(QUESTION, sentences)
    assert strong > 0
    assert weak > strong  # the other one matches better
    assert alone == 0


def test_an_article_does_not_bear_out_itself() -> None:
    sentences = (
        MatchedSentence("a", "It is Finland.", 0.9),
        MatchedSentence("a", "Nobody expected Finland.", 0.9),
    )
    assert corroboration(QUESTION, sentences) == (0, 0)


def test_what_the_question_has_already_is_no_answer() -> None:
    sentences = (
        MatchedSentence("a", "They named Finland.", 0.9),
        MatchedSentence("b", "They named Finland.", 0.9),
    )
    assert corroboration("Why was Finland named?", sentences) == (0, 0)


def test_sentences_that_do_not_match_speak_for_nothing() -> None:
    sentences = (MatchedSentence("a", "It is Finland.", 0.3), MatchedSentence("b", "It is Finland.", 0.4))
    assert corroboration(QUESTION, sentences) == (0, 0)


@given(
    st.lists(
        st.builds(
            MatchedSentence,
            article_id=st.sampled_from("abc"),
            text=st.sampled_from(["It is Finland.", "It is Norway in 2018.", "It is 70,000.", "", "?"]),
            match=st.floats(0, 1),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_sentences_changes_nothing(sentences: list[MatchedSentence], random: Random) -> None:
    scores = corroboration(QUESTION, sentences)
    assert len(scores) == len(sentences)
    assert all(score >= 0 for score in scores)
    order = list(range(len(sentences)))
    random.shuffle(order)
    shuffled = corroboration(QUESTION, [sentences[i] for i in order])
    assert all(abs(shuffled[position] - scores[i]) < 1e-9 for position, i in enumerate(order))
