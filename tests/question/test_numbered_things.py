import pytest

from rag.question.numbered_things import other_numbered_things


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
