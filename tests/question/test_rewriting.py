import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.rewriting import accept_rewrite, needs_rewriting, rewrite_messages
from rag.schema import Turn

HISTORY = (
    Turn(question="Who founded the garage?", answer="“Mira Holt founded the garage in 1994.” [1]"),
    Turn(question="How much is a service for the Kestrel?", answer="310 crowns. " * 50),
)


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("How much is a service for the Plover?", "And for the Plover?"),
        ("Where was Mira Holt born?", "Where was she born?"),
        ("Question: Where was Mira Holt born?", "Where was she born?"),
        ("“When is the garage closed?”", "When is it closed?"),
        ("Which is cheaper, the Kestrel or the Plover?", "Which is cheaper, it or the Plover?"),
    ],
)
def test_a_sound_rewriting_is_accepted(reply: str, question: str) -> None:
    accepted = accept_rewrite(reply, question, HISTORY)
    assert accepted is not None
    assert accepted in reply


@pytest.mark.parametrize(
    ("reply", "question"),
    [
        ("", "And for the Plover?"),
        ("What about a service?", "What about a service?"),
        ("A service for the Plover costs 310 crowns.", "And for the Plover?"),
        ("A service for the Plover costs 310 crowns?", "And for the Plover?"),
        ("How much is a service for the Heron?", "And for the Plover?"),
        ("How much is a service for the Kestrel?", "And for the Plover?"),
        ("Where was Mira Holt born in 1970?", "Where was she born?"),
        ("Where was she born?", "Where was she born then?"),
        ("Where was Mira Holt?", "Where was she born?"),
        ("Where was Mira Holt born?\nIn Oulu.", "Where was she born?"),
        ("Where was Mira Holt born? She was born. When?", "Where was she born?"),
        ("Is Mira Holt born in a small pretty village nearby?", "Where was she born?"),
        ("Where was Mira Holt born " + "and born " * 40 + "?", "Where was she born?"),
        ("What is the last question?", "Where is it?"),
    ],
)
def test_an_unsound_rewriting_is_refused(reply: str, question: str) -> None:
    assert accept_rewrite(reply, question, HISTORY) is None


@given(st.text(max_size=400))
def test_whatever_is_accepted_is_one_short_line(reply: str) -> None:
    accepted = accept_rewrite(reply, "And for the Plover?", HISTORY)
    assert accepted is None or ("\n" not in accepted and len(accepted) <= 300)


def test_a_question_that_stands_alone_costs_no_call() -> None:
    assert not needs_rewriting("Who founded Anthropic?", HISTORY)
    assert not needs_rewriting("and who built it?", ())
    assert needs_rewriting("and who built it?", HISTORY)


def test_the_fixed_part_of_the_prompt_comes_first_and_is_short() -> None:
    short, long = rewrite_messages("Why?", ()), rewrite_messages("And for the Plover?", HISTORY)
    assert short[:-1] == long[:-1]
    assert sum(len(text.split()) for _, text in short[:-1]) < 150
    assert [role for role, _ in long] == ["system", *("human", "ai") * 3, "human"]


def test_the_prompt_shows_the_last_three_turns_and_the_beginning_of_their_answers() -> None:
    history = [Turn(question=f"What is item {i}?", answer="word " * 200) for i in range(5)]
    _, text = rewrite_messages("And its price?", history)[-1]
    assert "item 1" not in text
    assert "item 2" in text
    assert len(text) < 800
