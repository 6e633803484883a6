import pytest

from rag.evidence.late_interaction import LateInteraction, Passage
from rag.models.minilm import MiniLM


@pytest.fixture(scope="module")
def late() -> LateInteraction:
    return LateInteraction(MiniLM())


def flat(_: str) -> float:
    return 2.0


def test_the_sentence_that_answers_scores_highest(late: LateInteraction) -> None:
    passages = [
        Passage("Colossus was assembled in 122 days."),
        Passage("Netflix is a customer of AWS."),
        Passage("Bananas are rich in potassium."),
    ]
    built, netflix, fruit = (
        score.match for score in late.scores("How long did Colossus take to build?", passages, flat)
    )
    assert built > netflix > 0
    assert built > fruit


def test_words_before_a_sentence_count_at_their_discount(late: LateInteraction) -> None:
    question = "How long did Colossus take?"
    alone, helped, half = late.scores(
        question,
        [
            Passage("It took 122 days."),
            Passage("It took 122 days.", (("Colossus is large.", 1.0),)),
            Passage("It took 122 days.", (("Colossus is large.", 0.5),)),
        ],
        flat,
    )
    assert helped.match > half.match >= alone.match


def test_what_is_owed_to_the_heading_is_told_apart(late: LateInteraction) -> None:
    plain, headed = late.scores(
        "How large is the Colossus cluster?",
        [Passage("It is large."), Passage("It is large.", heading=("The Colossus cluster", 1.0))],
        flat,
    )
    assert plain.headed == 0
    assert headed.headed == pytest.approx(headed.match - plain.match)
    assert headed.headed > 0.1


def test_a_sentence_is_most_like_itself(late: LateInteraction) -> None:
    text = "Colossus was assembled in 122 days."
    same, near, far = (
        score.alike
        for score in late.scores(
            text, [Passage(text), Passage("Colossus is large."), Passage("Eat fruit.")], flat
        )
    )
    assert same == pytest.approx(1, abs=0.001)
    assert same > near > far


def test_a_telling_word_outweighs_a_common_one(late: LateInteraction) -> None:
    def idf(term: str) -> float:
        return 8.0 if term == "colossus" else 0.1

    named, common = late.scores(
        "Does Colossus have many people?", [Passage("Colossus hums."), Passage("Many people came.")], idf
    )
    assert named.match > common.match


def test_scores_are_between_0_and_1_and_repeatable_whatever_the_text(late: LateInteraction) -> None:
    passages = [Passage(""), Passage("\ud800"), Passage("?!"), Passage("東京は大きい"), Passage("x " * 2000)]
    first = late.scores("東京 x?", passages, flat)
    assert first == late.scores("東京 x?", passages, flat)
    assert all(0 <= score.match <= 1 and 0 <= score.alike <= 1 for score in first)
    assert [score.match for score in late.scores("?!", passages, flat)] == [0.0] * 5


def test_no_passages_no_scores(late: LateInteraction) -> None:
    assert late.scores("Why?", [], flat) == []
