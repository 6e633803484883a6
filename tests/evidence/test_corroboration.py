"""What several articles say: agreement counts across articles, for what is new, whatever the order."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.sentences import Told, corroboration

QUESTION = "Which country was named the happiest?"


def test_a_name_that_another_article_gives_too_is_borne_out() -> None:
    told = (
        Told("a", "The happiest country is Finland.", 0.9),
        Told("b", "Again the report puts Finland first.", 0.7),
        Told("c", "The least happy country is Ruritania.", 0.9),
    )
    finland, again, alone = corroboration(QUESTION, told)
    assert finland > 0
    assert again > finland  # the other one matches better
    assert alone == 0


def test_an_article_does_not_bear_out_itself() -> None:
    told = (Told("a", "It is Finland.", 0.9), Told("a", "Nobody expected Finland.", 0.9))
    assert corroboration(QUESTION, told) == (0, 0)


def test_what_the_question_has_already_is_no_answer() -> None:
    told = (Told("a", "They named Finland.", 0.9), Told("b", "They named Finland.", 0.9))
    assert corroboration("Why was Finland named?", told) == (0, 0)


def test_sentences_that_do_not_match_speak_for_nothing() -> None:
    told = (Told("a", "It is Finland.", 0.3), Told("b", "It is Finland.", 0.4))
    assert corroboration(QUESTION, told) == (0, 0)


@given(
    st.lists(
        st.builds(
            Told,
            article_id=st.sampled_from("abc"),
            text=st.sampled_from(["It is Finland.", "It is Norway in 2018.", "It is 70,000.", "", "?"]),
            match=st.floats(0, 1),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_sentences_changes_nothing(told: list[Told], random: Random) -> None:
    scores = corroboration(QUESTION, told)
    assert len(scores) == len(told)
    assert all(score >= 0 for score in scores)
    places = list(range(len(told)))
    random.shuffle(places)
    again = corroboration(QUESTION, [told[at] for at in places])
    assert all(abs(again[i] - scores[at]) < 1e-9 for i, at in enumerate(places))
