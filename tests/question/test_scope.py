import pytest

from rag.question.scope import asks_newest, breadth, requested_count, summary_topic


@pytest.mark.parametrize(
    ("question", "wide"),
    [
        ("Summarise the article.", "summary"),
        ("What are the key takeaways?", "summary"),
        ("tl;dr", "summary"),
        ("What's the big picture?", "summary"),
        ("What are the most important facts?", "summary"),
        ("What is the main reason?", "fact"),
        ("What is this article about?", "summary"),
        ("List the topics", "summary"),
        ("Describe this document in one sentence", "summary"),
        ("Give a short description of the report", "summary"),
        ("What should I know?", "summary"),
        ("Describe the bridge", "fact"),
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
    assert summary_topic("Summarise the article in three sentences, please.") == ()
    assert summary_topic("What are the key takeaways?") == ()
    assert summary_topic("summarize in 3 bullets") == ()
    assert summary_topic("Give a short description of the document") == ()
    assert summary_topic("Summarise the events of 2023 in 2 short sentences") == ("event", "2023")
    assert summary_topic("Summarise the news about security.") == ("secur",)


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
    assert requested_count(question) == wanted


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest price?",
        "What is the most recent price?",
        "Which model is newest?",
        "What was most recently announced?",
        "What does it cost now?",
        "Who leads it now that he left?",
    ],
)
def test_some_questions_ask_for_the_newest(question: str) -> None:
    assert asks_newest(question)


@pytest.mark.parametrize(
    "question",
    ["What is the price?", "Now, who built it?", "What do we know of it?", "Who is the new owner?"],
)
def test_other_questions_do_not_ask_for_the_newest(question: str) -> None:
    assert not asks_newest(question)
