import pytest

from rag.question.lookup.sections import asked_section


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("What does the introduction say?", "1 Introduction"),
        ("What are the limitations of the study?", "Limitations"),
        ("What did they find?", "Results"),
        ("What do the authors conclude?", "5. Conclusions"),
        ("What were the main findings?", "Results and discussion"),
        ("What method was used?", "Our methods"),
        ("How was the study carried out?", "Methodology"),
        ("What future work is planned?", "Outlook"),
        ("Whom do the authors thank?", "Acknowledgements"),
        ("Explain the section on sick leave", "Sick leave"),
        ("What's in the travel section?", "Travel expenses"),
        ("Tell me about remote work", "Remote work"),
        ("What does it say about remote work?", "Remote work"),
        ("What are the opening hours?", "Opening hours"),
        ("Is there a section on funding?", "Funding"),
        ("Summarise the safety rules", "Safety"),
    ],
)
def test_a_section_is_asked_for_by_its_heading(question: str, heading: str) -> None:
    asked = asked_section(question)
    assert asked is not None
    assert asked.is_headed(heading, "Counting eels")


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("What is the deposit?", "Deposit"),  # one fact, whatever the section tells besides
        ("What does the introduction of the toll cost?", "Introduction"),
        ("What were the results in the river Skott?", "Results"),
        ("Explain the travel of eels", "Travel expenses"),
        ("Tell me about remote work", "Remote islands"),
        ("What did the mayor find?", "Results"),
    ],
)
def test_a_question_for_something_else_asks_for_no_section(question: str, heading: str) -> None:
    asked = asked_section(question)
    assert asked is None or not asked.is_headed(heading, "Counting eels")


def test_words_of_the_title_need_not_stand_in_the_heading() -> None:
    asked = asked_section("What are the limitations of EelNet?")
    assert asked is not None
    assert asked.is_headed("Limitations", "EelNet counts eels")
    assert not asked.is_headed("Limitations", "Counting fish")


def test_a_section_is_asked_for_by_its_place() -> None:
    places = [asked_section(f"What does the {word} section say?") for word in ("first", "third", "last")]
    assert [asked.place for asked in places if asked] == [0, 2, -1]
