import pytest

from rag.question.followup import needs_history, standalone_question
from rag.schema import Turn

BUILT = Turn(
    question="How long did Colossus take to build?",
    answer="“xAI built its Colossus supercomputer in 122 days.” [1]",
)


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("and who built it?", "who built Colossus?"),
        ("Where is it?", "Where is Colossus?"),
        ("and its valuation?", "Colossus' valuation?"),
        ("why?", "Why: How long did Colossus take to build?"),
        ("what about Dojo?", "How long did Dojo take to build?"),
        ("What does that mean?", "What does Colossus mean?"),
    ],
)
def test_a_question_that_leans_takes_up_the_subject(question: str, searched: str) -> None:
    assert standalone_question(question, [BUILT]) == searched


@pytest.mark.parametrize(
    "question",
    [
        "How much does an H100 cost?",
        "Who founded Anthropic?",
        "Did Anthropic say why it needs GPUs?",
        "What is the deal that Musk made?",
        "Summarise the article",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone_question(question, [BUILT]) == question


def test_without_history_nothing_is_changed() -> None:
    assert standalone_question("and who built it?", []) == "and who built it?"
    assert needs_history("and who built it?")


def test_a_person_s_pronoun_takes_the_person_who_was_the_answer() -> None:
    history = [
        Turn(question="Who founded xAI?", answer="“Musk, meanwhile, founded xAI as a direct competitor.” [1]")
    ]
    assert standalone_question("When did he leave OpenAI?", history) == "When did Musk leave OpenAI?"


def test_it_takes_the_name_that_was_asked_for() -> None:
    history = [Turn(question="Which company makes Claude?", answer="“Anthropic, the maker of Claude” [1]")]
    assert standalone_question("Who founded it?", history) == "Who founded Anthropic?"


def test_the_subject_is_carried_through_several_turns() -> None:
    history = [
        Turn(question="What is Colossus?"),
        Turn(question="How many GPUs does it have?", answer="“over 100,000 GPUs” [1]"),
    ]
    assert standalone_question("Where is it?", history) == "Where is Colossus?"


def test_a_name_in_small_letters_is_known_by_the_answer() -> None:
    history = [
        Turn(
            question="how long did colossus take", answer="“xAI built its Colossus cluster in 122 days.” [1]"
        )
    ]
    assert standalone_question("who owns it?", history) == "who owns colossus?"


@pytest.mark.parametrize(
    ("answer", "searched"),
    [
        ("Today the chain Chick-fil-a opened", "Where is Chick-fil-a?"),
        ("Scotland's First Minister resigned", "Where is Scotland's First Minister?"),
        ("Even GPUs of xAI were idle", "Where is xAI?"),
    ],
)
def test_the_subject_is_a_whole_name_and_no_other_capitalised_word(answer: str, searched: str) -> None:
    assert standalone_question("Where is it?", [Turn(question="which one?", answer=answer)]) == searched


def test_what_about_is_added_in_brackets_where_the_question_has_two_names() -> None:
    history = [Turn(question="Did Musk found xAI?", answer="Yes.")]
    assert standalone_question("what about Dojo?", history) == "Did Musk found xAI (Dojo)?"


def test_where_nothing_is_named_the_last_noun_phrase_is_the_subject() -> None:
    history = [Turn(question="how was the old bridge painted?", answer="")]
    assert standalone_question("Where is it?", history) == "Where is the old bridge?"
