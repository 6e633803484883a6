import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from rag.errors import QuestionError
from rag.question.input import check_question, parse_history, recent_turns
from rag.schema import Answer, Turn


def test_mappings_messages_turns_and_answers_are_all_understood() -> None:
    plain = parse_history(
        [{"role": "user", "content": "a?"}, {"role": "assistant", "content": [{"type": "text", "text": "b"}]}]
    )
    messages = parse_history([SystemMessage("rules"), HumanMessage("a?"), AIMessage("b")])
    assert plain == messages == (Turn(question="a?", answer="b"),)
    assert parse_history([Turn(question="a?", answer="b")]) == plain
    assert parse_history([Answer(question="it?", standalone_question="a?", text="b")]) == plain


def test_of_a_long_conversation_the_last_turns_count_and_the_head_of_each_question() -> None:
    turns = tuple(Turn(question=f"{at}?", answer="x" * 9000) for at in range(1000))
    assert recent_turns(turns, limit=2000) == turns[-40:]
    assert recent_turns(turns[:3], limit=2000) == turns[:3]
    assert recent_turns([Turn(question="a" * 5000)], limit=2000) == (Turn(question="a" * 2000),)


def test_two_answers_in_a_row_belong_to_one_question() -> None:
    items = [
        {"role": "user", "content": "a?"},
        {"role": "assistant", "content": "b"},
        {"role": "assistant", "content": "c"},
    ]
    assert parse_history(items) == (Turn(question="a?", answer="b\nc"),)


@pytest.mark.parametrize(
    "bad",
    ["text", {"role": "user"}, 3, [3], [{"role": "robot", "content": "x"}], [{"role": "user", "content": 5}]],
)
def test_what_is_no_history_is_refused_in_one_line(bad: object) -> None:
    with pytest.raises(QuestionError) as caught:
        parse_history(bad)  # type: ignore[arg-type]  # on purpose
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("", "no words"),
        ("  \n ", "no words"),
        ("?!", "no words"),
        ("x" * 11, "11 characters, the limit is 10"),
        (7, "a int"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(given: object, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        check_question(given, limit=10)


def test_a_question_is_brought_onto_one_line() -> None:
    assert check_question(" a\n\tb\0c \ud800", limit=20) == "a b c ?"
