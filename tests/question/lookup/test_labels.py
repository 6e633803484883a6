"""Rows by their first cell and values behind a label."""

import pytest

from rag.question.lookup.labels import is_labelled_as_asked


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Takings: 951 crowns", "What were the takings in week 3?"),
        ("Opening hours: 9 to 5", "What are the opening hours of the museum?"),
        ("| Families | Weekdays: 55; Weekends: 70 |", "What do families pay at weekends?"),
        ("Room 12\tblue\t40", "What colour is room 12?"),
    ],
)
def test_a_line_with_the_label_asked_about_is_found(line: str, question: str) -> None:
    assert is_labelled_as_asked(line, question)


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("| Seniors | 30 crowns |", "What do families pay?"),
        ("| 3 | 30 crowns |", "What is in row 3?"),
        ("Takings: takings", "What were the takings?"),
        (
            "Harbour: the council met on Monday to hear what the port's new owner plans",
            "What of the harbour?",
        ),
        ("The takings were high.", "What were the takings?"),
    ],
)
def test_another_label_a_sentence_and_a_label_alone_are_not(line: str, question: str) -> None:
    assert not is_labelled_as_asked(line, question)
