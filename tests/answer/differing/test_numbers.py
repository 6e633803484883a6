"""Articles that give different numbers for one thing are said to differ; those that speak of two things are not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.differing.numbers import find_disagreements
from rag.chatbot import Chatbot
from rag.question.premises import Cited
from rag.schema import Disagreement, Evidence, ReportedValue, Span

COST = "What did the Larkwater bridge cost?"
MANY = "How many people attended the Orrin fair?"
BUILT = "When was the Orrin lighthouse built?"
MARCH, MAY = date(2026, 3, 2), date(2026, 5, 20)


def passages(*told: str, titles: Sequence[str] = ()) -> tuple[Evidence, ...]:
    """Each text as the passage of an article, and a publisher, of its own."""
    return tuple(
        Evidence(
            label=label,
            article_id=f"a{label}",
            span=Span(0, len(text)),
            text=text,
            score=0.9,
            title=titles[label - 1] if titles else "",
            publisher=f"Publisher {label}",
            date=date(2026, label, 1),
        )
        for label, text in enumerate(told, 1)
    )


def around(evidence: Sequence[Evidence]) -> dict[int, Cited]:
    return {item.label: Cited(item.text, item.title, item.text, item.title) for item in evidence}


def found(question: str, *told: str, titles: Sequence[str] = ()) -> list[tuple[str, ...]]:
    evidence = passages(*told, titles=titles)
    return [
        tuple(one.text for one in item.said)
        for item in find_disagreements(question, evidence, around(evidence))
    ]


@pytest.mark.parametrize(
    ("question", "one", "other", "said"),
    [
        (
            COST,
            "The Larkwater bridge cost 12 million pounds to build, the council said.",
            "The Larkwater bridge cost 19 million pounds to build, the council said after a long meeting.",
            ("12 million pounds", "19 million pounds"),
        ),
        (
            MANY,
            "About 100,000 people attended the Orrin fair.",
            "Police said 150,000 people attended the Orrin fair.",
            ("about 100,000", "150,000"),
        ),
        (
            BUILT,
            "The Orrin lighthouse was built in 1871.",
            "The Orrin lighthouse was built in 1872 on a cliff.",
            ("1871", "1872"),
        ),
        (
            BUILT,
            "The Orrin lighthouse was built on 3 May 1871.",
            "The Orrin lighthouse was built on 4 May 1871.",
            ("3 May 1871", "4 May 1871"),
        ),
        (
            "How tall is the Orrin lighthouse?",
            "The Orrin lighthouse is 40 metres tall.",
            "The Orrin lighthouse is 52 metres tall.",
            ("40 metres", "52 metres"),
        ),
        (
            "What share of voters chose Keller?",
            "Keller won 52% of the vote in Pell.",
            "Keller won 57% of the vote in Pell.",
            ("52%", "57%"),
        ),
    ],
)
def test_two_articles_that_say_the_same_in_other_figures_differ(
    question: str, one: str, other: str, said: tuple[str, ...]
) -> None:
    assert found(question, one, other) == [said]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        # the same value, or one that may stand for the other
        (
            MANY,
            "Some 1,200 people attended the Orrin fair.",
            "Twelve hundred people attended the Orrin fair.",
        ),
        (
            MANY,
            "More than 1,000 people attended the Orrin fair.",
            "Exactly 1,480 people attended the Orrin fair.",
        ),
        (MANY, "About 1,400 people attended the Orrin fair.", "There, 1,480 people attended the Orrin fair."),
        (
            COST,
            "The Larkwater bridge cost $6 billion to build.",
            "The Larkwater bridge cost $6.2 billion to build.",
        ),
        (BUILT, "The Orrin lighthouse was built in 1871.", "The Orrin lighthouse was built in May 1871."),
        (BUILT, "The Orrin lighthouse was built in 1871.", "The Orrin lighthouse was built in the 1870s."),
        # another unit, or another thing that is counted
        (
            COST,
            "The Larkwater bridge cost 12 million pounds to build.",
            "The Larkwater bridge took 12 years to build.",
        ),
        (MANY, "At the Orrin fair 300 horses were sold.", "At the Orrin fair 200 cows were sold."),
        (
            COST,
            "The Larkwater bridge cost 12 million pounds.",
            "The Larkwater bridge cost 19 million dollars.",
        ),
        # another name, place, time, share or part
        (COST, "The Larkwater bridge cost 12 million pounds.", "The Pell bridge cost 19 million pounds."),
        (
            MANY,
            "In 2019, 900 people attended the Orrin fair.",
            "In 2020, 700 people attended the Orrin fair.",
        ),
        (
            MANY,
            "Last year 900 people attended the Orrin fair.",
            "This year 700 people attended the Orrin fair.",
        ),
        (MANY, "On Monday 900 people attended the fair.", "On Tuesday 700 people attended the fair."),
        (
            "How many stores has the company?",
            "The company has 20 stores in the north.",
            "The company has 30 stores in the south.",
        ),
        (
            "How many stores has the company?",
            "In the valley, the company has 20 stores.",
            "On the coast, the company has 30 stores.",
        ),
        (COST, "Repairs to the bridge cost 3 million pounds.", "Paint for the bridge cost 1 million pounds."),
        ("How many were hurt?", "The storm hurt 12 men in the town.", "The storm hurt 15 women in the town."),
        # a plan, a hope, a denial
        (
            COST,
            "The Larkwater bridge was planned to cost 12 million pounds.",
            "The Larkwater bridge cost 19 million pounds.",
        ),
        (
            COST,
            "The Larkwater bridge would cost 12 million pounds.",
            "The Larkwater bridge cost 19 million pounds.",
        ),
        (
            COST,
            "The Larkwater bridge did not cost 12 million pounds.",
            "The Larkwater bridge cost 19 million pounds.",
        ),
        # a change by so much is not one to so much
        ("How much did rents rise?", "Rents in Pell rose by 5%.", "Rents in Pell rose to 7%."),
        # what comes again has more than one day
        (
            "When did the council meet?",
            "The council of Pell met on 3 May 2026.",
            "The council of Pell met on 7 June 2026.",
        ),
        (
            "What was the lucky number?",
            "The lucky ball was 14 and the double ball was 2X.",
            "The lucky ball was 20 and the double ball was 2X.",
        ),
        # the question asks for something else
        (
            "Who built the Orrin lighthouse?",
            "Ada Keller built the Orrin lighthouse for 12 pounds.",
            "Ada Keller built the Orrin lighthouse for 19 pounds.",
        ),
        (
            "What is the depth of the harbour?",
            "The Larkwater bridge cost 12 million pounds.",
            "The Larkwater bridge cost 19 million pounds.",
        ),
    ],
)
def test_two_different_things_are_no_disagreement(question: str, one: str, other: str) -> None:
    assert found(question, one, other) == []
    assert found(question, other, one) == []


def test_a_name_in_the_title_of_the_other_article_is_no_other_name() -> None:
    one, other = "The Larkwater bridge cost 12 million pounds.", "The bridge cost 19 million pounds."
    assert found(COST, one, other, titles=("Bridge", "Larkwater news")) != []
    assert found(COST, one, other, titles=("Bridge", "News")) == []


def test_one_article_does_not_differ_from_itself_nor_from_what_was_refuted() -> None:
    evidence = passages(
        "The Larkwater bridge cost 12 million pounds.", "The Larkwater bridge cost 19 million pounds."
    )
    same = tuple(replace(item, article_id="a") for item in evidence)
    assert find_disagreements(COST, evidence, around(evidence)) != ()
    assert find_disagreements(COST, same, around(same)) == ()
    assert find_disagreements(COST, evidence[:1], around(evidence)) == ()


def test_three_articles_make_one_finding() -> None:
    told = [f"The Larkwater bridge cost {cost} million pounds." for cost in (12, 12, 19)]
    told[1] += " It is long."
    assert found(COST, *told) == [("12 million pounds", "12 million pounds", "19 million pounds")]


def said(label: int, text: str, **about: object) -> ReportedValue:
    return ReportedValue(label=label, text=text, title=f"Title {label}", **about)  # type: ignore[arg-type]


def test_the_sentence_names_each_source_and_the_newer() -> None:
    both = Disagreement(
        said=(
            said(1, "100,000", publisher="Coast News", date=MAY),
            said(2, "150,000", publisher="Bay Post", date=MARCH),
        )
    )
    assert both.newest == 1
    assert both.described == (
        "The articles differ: 100,000 (Coast News, 2026-05-20, the newer) and 150,000 (Bay Post, 2026-03-02)."
    )
    third = Disagreement(said=(*both.said, said(3, "120,000", publisher="Vell", date=date(2026, 6, 1))))
    assert third.described.endswith("and 120,000 (Vell, 2026-06-01, the newest).")


def test_where_a_day_is_missing_or_the_same_none_is_called_newer() -> None:
    one = said(1, "100,000", publisher="Coast News", date=MAY)
    undated = Disagreement(said=(one, said(2, "150,000", publisher="Bay Post")))
    assert undated.newest == 0
    assert undated.described.endswith("150,000 (Bay Post, no date).")
    same = Disagreement(said=(one, said(2, "150,000", publisher="Coast News", date=MAY)))
    assert same.newest == 0
    assert same.described == (
        "The articles differ: 100,000 (Title 1, 2026-05-20) and 150,000 (Title 2, 2026-05-20)."
    )


SENTENCES = st.text(max_size=60) | st.builds(
    "The {} bridge cost {} {} {}.".format,
    st.sampled_from(["Larkwater", "old", "Pell"]),
    st.integers(0, 10**7),
    st.sampled_from(["pounds", "million", "people", "%", "in 1990"]),
    st.sampled_from(["", "to build", "last year", "by 5"]),
)


@given(question=st.text(max_size=40) | st.just(COST), told=st.lists(SENTENCES, max_size=4))
def test_what_is_found_is_in_the_passages_and_does_not_hang_on_their_order(
    question: str, told: list[str]
) -> None:
    evidence = passages(*told)
    here = find_disagreements(question, evidence, around(evidence))
    there = find_disagreements(question, tuple(reversed(evidence)), around(evidence))
    assert {one.said for one in here} == {one.said for one in there}
    for item in here:
        assert len({one.label for one in item.said}) > 1
        assert item.described.startswith("The articles differ: ")
    assert found(question, *(told[:1] * 2)) == []


def test_an_answer_says_where_the_articles_it_quotes_differ(shipped: Chatbot) -> None:
    assert shipped.ask("How long did Colossus take to build?").differing == ()
