import pytest

from rag.errors import QuestionError
from rag.question.expected_answer import expected, offers
from rag.question.input import checked
from rag.question.numbered_things import other_numbered_things
from rag.question.scope import breadth, count, topic


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
    assert expected(question) == kind


def test_the_question_s_own_number_is_no_answer_to_it() -> None:
    assert not offers("number", "It has 100,000 GPUs.", "How long did the 100,000 GPUs take?")
    assert offers("number", "It took 122 days.", "How long did the 100,000 GPUs take?")


def test_a_name_is_a_word_with_a_capital_that_the_question_does_not_have() -> None:
    assert offers("name", "The state banned TikTok.", "What app did the state ban?")
    assert not offers("name", "The state banned the app.", "What app did the state ban?")
    assert not offers("name", "People in Montana use it.", "What app did Montana ban?")


def test_a_date_needs_a_year_or_a_calendar_word() -> None:
    assert offers("date", "He left in 2018.", "When did he leave?")
    assert offers("date", "He left in May.", "When did he leave?")
    assert not offers("date", "He left 100,000 times.", "When did he leave?")


@pytest.mark.parametrize(
    ("question", "wide"),
    [
        ("Summarise the article.", "summary"),
        ("What are the key takeaways?", "summary"),
        ("tl;dr", "summary"),
        ("What is this article about?", "summary"),
        ("What are the implications for the market?", "list"),
        ("List the companies that back Anthropic", "list"),
        ("How long did Colossus take to build?", "fact"),
        ("What was the price of oil?", "fact"),
        ("What is xAI's valuation?", "fact"),
    ],
)
def test_a_question_wants_one_fact_a_list_or_the_story(question: str, wide: str) -> None:
    assert breadth(question) == wide


def test_a_summary_names_its_topic_or_means_everything() -> None:
    assert topic("Summarise the article in three sentences, please.") == ()
    assert topic("What are the key takeaways?") == ()
    assert topic("summarize in 3 bullets") == ()
    assert topic("Summarise the events of 2023 in 2 short sentences") == ("event", "2023")
    assert topic("Summarise the news about security.") == ("secur",)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("summarize in 3 bullets", 3),
        ("Give me the two main points", 2),
        ("Sum it up in one sentence.", 1),
        ("Summarise the article", None),
        ("Summarise the events of 2023", None),
    ],
)
def test_a_question_may_say_how_many_points_it_wants(question: str, wanted: int | None) -> None:
    assert count(question) == wanted


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
        checked(given, limit=10)


def test_a_question_is_brought_onto_one_line() -> None:
    assert checked(" a\n\tb\0c \ud800", limit=20) == "a b c ?"


@pytest.mark.parametrize(
    ("sentence", "question", "told"),
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
def test_a_sentence_on_what_goes_by_another_number_is_told(sentence: str, question: str, told: str) -> None:
    assert other_numbered_things(sentence, question) == ((told,) if told else ())
