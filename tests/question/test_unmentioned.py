import pytest

from rag.chatbot import Chatbot
from rag.question.unmentioned import unmentioned_names

VALUED = "xAI reportedly raised $6 billion in its latest funding round at a $24 billion valuation."


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is Anthropic's valuation?", ("Anthropic",)),
        ("What is xAI's valuation?", ()),
        ("what is anthropic's valuation?", ()),  # no capital, no name
        ("How much did Dario Amodei and OpenAI raise?", ("Dario Amodei", "OpenAI")),
        ("How much did xAI raise, and what did Elon Musk pay to Elon Musk?", ("Elon Musk",)),
        ("How much was raised?", ()),
    ],
)
def test_names_asked_about_that_no_cited_word_has_are_told(question: str, names: tuple[str, ...]) -> None:
    assert unmentioned_names(question, [VALUED]) == names


def test_a_name_is_mentioned_where_any_of_its_words_or_another_length_of_it_is() -> None:
    assert unmentioned_names("Did Elon Musk found it?", ["Musk founded it."]) == ()
    assert unmentioned_names("Who uses AWS?", ["Netflix uses Amazon Web Services."]) == ()
    assert unmentioned_names("Who uses Amazon Web Services?", ["Netflix uses AWS."]) == ()


@pytest.mark.parametrize(
    ("cited", "told"),
    [
        (("Port 9 is blue.", "Port 8 is red."), ("Port 7",)),
        (("Port 9 is blue.", "Port 7 is red."), ()),
        (("Port 9 is blue.", "It is red."), ()),
    ],
)
def test_a_thing_asked_about_by_its_number_is_told_where_all_is_of_another(
    cited: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert unmentioned_names("What colour is Port 7?", cited) == told


def test_where_nothing_is_cited_nothing_is_missed() -> None:
    assert unmentioned_names("Who is Ada?", []) == ()


def test_the_answer_to_a_near_miss_says_what_it_does_not_speak_of(shipped: Chatbot) -> None:
    near = shipped.ask("What is Anthropic's valuation?")
    assert near.unmentioned == ("Anthropic",)
    assert "(not in the cited words: Anthropic)" in str(near)
    assert shipped.ask("What is xAI's valuation?").unmentioned == ()
    assert shipped.ask("What is the capital of France?").unmentioned == ()
