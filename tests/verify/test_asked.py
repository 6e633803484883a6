"""Short answers, with the question that they answer."""

import pytest

from rag.schema import Evidence, Span
from rag.verify.citations import verify

BRIDGE = "The Harbour Bridge in Sydney was opened in 1932 after eight years of work by 1,400 men."


def is_carried(answer: str, question: str, words: str, *, title: str = "", before: str = "") -> bool:
    start = 1000
    evidence = [
        Evidence(
            label=1, article_id="a", span=Span(start, start + len(words)), text=words, score=1.0, title=title
        )
    ]
    if before:
        span = Span(start - 1 - len(before), start - 1)
        evidence.append(Evidence(label=2, article_id="a", span=span, text=before, score=1.0, title=title))
    return all(citation.verified for citation in verify(f"{answer} [1].", evidence, question=question))


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("In 1932", "When was the Harbour Bridge opened?"),
        ("1,400 men", "How many men built the Harbour Bridge?"),
        ("Sydney", "Where is the Harbour Bridge?"),
        ("The Harbour Bridge", "Which Australian bridge was opened in 1932?"),
    ],
)
def test_a_short_answer_to_its_question_is_carried(answer: str, question: str) -> None:
    assert is_carried(answer, question, BRIDGE)


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("In 1932", "When was the Tower Bridge of London opened?"),
        ("In Sydney", "When was the Harbour Bridge opened?"),
        ("Men", "How many men built the Harbour Bridge?"),
        ("Eight years", "In what year was the Harbour Bridge opened?"),
        ("1,400 men", "Who worked on the Harbour Bridge in 1940?"),
        ("1,400 men", "Who worked on what Bradfield called the “iron lung”?"),
    ],
)
def test_a_short_answer_to_another_question_is_never_verified(answer: str, question: str) -> None:
    assert not is_carried(answer, question, BRIDGE)


def test_an_amount_is_no_doer_though_its_question_is_in_small_letters() -> None:
    words = "Anthropic has raised over $15 billion in funding."
    assert is_carried("Over $15 billion", "how much money has anthropic raised", words)


def test_what_is_asked_for_must_be_of_the_kind_that_the_words_speak_of() -> None:
    words = "A&P, which controls a supermarket chain, filed for bankruptcy on Monday."
    assert is_carried("A&P", "Which supermarket chain filed for bankruptcy?", words)
    assert not is_carried("A&P", "Which pharmacy chain filed for bankruptcy?", words)


def test_a_title_and_the_sentence_before_say_of_whom_a_passage_speaks() -> None:
    words, question = "It was opened in 1932.", "When was the Harbour Bridge opened?"
    assert not is_carried("In 1932", question, words)
    assert is_carried("In 1932", question, words, title="Harbour Bridge")
    assert is_carried("In 1932", question, words, before="The Harbour Bridge is in Sydney.")


def test_a_title_says_nothing_of_a_passage_that_names_another() -> None:
    words, question = "xAI is valued at $24 billion.", "What is Anthropic's valuation?"
    assert not is_carried("$24 billion", question, words, title="Anthropic rents xAI's computers")
    assert is_carried(
        "$24 billion", "What is xAI's valuation?", words, title="Anthropic rents xAI's computers"
    )


def test_a_question_for_two_things_takes_the_answer_to_one() -> None:
    assert is_carried(
        "In 1932", "When was the Harbour Bridge opened, and who designed the Opera House?", BRIDGE
    )
