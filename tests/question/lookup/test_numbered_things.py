import pytest

from rag.question.lookup.numbered_things import (
    absent_clauses,
    asks_for_clause,
    is_of_another_thing,
    other_numbered_things,
)


@pytest.mark.parametrize(
    ("sentence", "question", "other"),
    [
        ("Port 9 is blue.", "What colour is Port 7?", "Port 7"),
        ("The Boeing 737-800 was grounded.", "Was the Boeing 747 grounded?", "Boeing 747"),
        ("Gate-12 closed.", "When did gate 3 close?", "gate 3"),
        ("Room #5 is free.", "Is room 6 free?", "room 6"),
        ("Port 7 is blue.", "What colour is Port 7?", ""),
        ("It falls under Title 8 now.", "What does Title 42 mean?", "Title 42"),
        ("It topped the Hot 40 chart.", "What topped the Hot 100 chart?", "Hot 100"),
        ("Bowl 49 had held the record.", "Bowl 57 surpassed which previous Bowl?", ""),
        ("Port 9 is blue.", "Is Port 7 older than the other?", ""),
        ("After 3 years it ends.", "What ends after 35 years?", ""),
        ("Nearly 20 cars are back.", "Who recalled nearly 10,000 cars?", ""),
        ("He beat 3 rivals.", "Who beat 16 rivals?", ""),
        ("It was lent between 1200 and 1300.", "What was lent between 1000 and 1300?", ""),
        ("The discount is 5%.", "What is the discount 20% for?", ""),
        ("Port 9, unlike Port 7, is blue.", "What colour is Port 7?", ""),
        ("Port 9 took over number 7.", "What became of Port 7?", ""),
        ("It is blue.", "What colour is Port 7?", ""),
        ("The port has 9 cranes.", "What has Port 7?", ""),
        ("The port, 9 miles off, is blue.", "What colour is Port 7?", ""),
        ("The deal closes on May 12.", "When does the deal of May 5 close?", ""),
        ("It was sold in 2004.", "What became of the firm founded in 1998?", ""),
        ("Of 9 ports one is blue.", "Of 7 ports which is blue?", ""),
        ("Port 9 is blue.", "What colour is the port?", ""),
    ],
)
def test_a_sentence_about_another_thing_of_the_kind_is_recognised(
    sentence: str, question: str, other: str
) -> None:
    assert other_numbered_things(sentence, question) == ((other,) if other else ())


@pytest.mark.parametrize(
    ("layers", "is_other"),
    [
        (("Takings: 951 crowns", "Week 3", "Week 1"), False),
        (("Takings: 402 crowns", "Week 4", "Week 3"), True),
        (("Takings: 402 crowns", "", "Week 1"), True),
        (("Takings: 402 crowns", "", ""), False),
        (("Week 4 had 3 days of rain.", "Week 4", ""), True),
        (("Weeks 3 and 4 were wet.", "", ""), False),
    ],
)
def test_the_nearest_that_names_a_thing_of_the_kind_says_which_it_is(
    layers: tuple[str, ...], is_other: bool
) -> None:
    assert is_of_another_thing(layers, "What were the takings in week 3?") == is_other


def test_a_clause_that_no_passage_has_is_absent() -> None:
    passages = ["1.2 It is due on Monday, as § 19.9 of the old lease said.", "Section 4\n4.1 Windows"]
    assert absent_clauses(passages, "What does clause 9.9 say?") == ("clause 9.9",)
    assert absent_clauses(passages, "Compare section 4, § 1.2 and section 5.") == ("section 5",)
    assert absent_clauses(passages, "What is due?") == ()


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("What does clause 1.2 say?", True),
        ("Quote § 4.", True),
        ("What is in section 3?", True),
        ("What does clause 1.2 say about rent?", False),
        ("When is the rent due?", False),
    ],
)
def test_a_clause_is_asked_for_alone_where_nothing_else_is(question: str, alone: bool) -> None:
    assert asks_for_clause(question) == alone
