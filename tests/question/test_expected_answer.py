import pytest

from rag.question.expected_answer import expected_answer_type, has_answer_type


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many GPUs does it have?", "number"),
        ("how long did it take?", "number"),
        ("What is the price of an H100?", "number"),
        ("When was xAI founded?", "date"),
        ("In which year did he leave?", "date"),
        ("Who built it?", "person"),
        ("Where is Colossus?", "place"),
        ("Which retailer is closing its stores?", "name"),
        ("Montana bans downloads of what social media app?", "name"),
        ("What is the plan?", "anything"),
        ("What did he decide?", "anything"),
        ("What kind of sandwich is it?", "anything"),
        ("Why is the deal surprising?", "anything"),
    ],
)
def test_a_question_tells_what_kind_of_words_would_answer_it(question: str, kind: str) -> None:
    assert expected_answer_type(question) == kind


def test_the_question_s_own_number_is_no_answer_to_it() -> None:
    assert not has_answer_type("number", "It has 100,000 GPUs.", "How long did the 100,000 GPUs take?")
    assert has_answer_type("number", "It took 122 days.", "How long did the 100,000 GPUs take?")


def test_a_name_is_a_word_with_a_capital_that_the_question_does_not_have() -> None:
    assert has_answer_type("name", "The state banned TikTok.", "What app did the state ban?")
    assert not has_answer_type("name", "The state banned the app.", "What app did the state ban?")
    assert not has_answer_type("name", "People in Montana use it.", "What app did Montana ban?")


def test_a_date_needs_a_year_or_a_calendar_word() -> None:
    assert has_answer_type("date", "He left in 2018.", "When did he leave?")
    assert has_answer_type("date", "He left in May.", "When did he leave?")
    assert not has_answer_type("date", "He left 100,000 times.", "When did he leave?")


def test_a_name_that_begins_the_sentence_counts_where_a_second_word_belongs_to_it() -> None:
    assert has_answer_type("person", "Dario Amodei founded it.", "Who founded it?")
    assert not has_answer_type("person", "Researchers founded it.", "Who founded it?")


def test_no_words_are_expected_of_an_open_question() -> None:
    assert not has_answer_type("anything", "Musk paid $5 in 2018.", "Why?")
