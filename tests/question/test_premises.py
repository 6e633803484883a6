"""What a question takes for granted, and what of it the cited words lack."""

import pytest

from rag.chatbot import Chatbot
from rag.question.premises import Cited, Vocabulary, premises

VALUED = "xAI reportedly raised $6 billion in its latest funding round at a $24 billion valuation."


def vocabulary(counts: dict[str, int], *, unknown: tuple[str, ...] = ()) -> Vocabulary:
    return Vocabulary(counts, str.capitalize, lambda word: word not in unknown)


def lacking(question: str, *cited: str, around: str = "") -> tuple[str, ...]:
    return premises(question).lacking([Cited(text, around) for text in cited])


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is Anthropic's valuation?", ("Anthropic",)),
        ("What is xAI's valuation?", ()),
        ("what is anthropic's valuation?", ()),  # no capital, no name
        ("How much did Dario Amodei and OpenAI raise?", ("Dario Amodei", "OpenAI")),
        ("How much did xAI raise, and what did Elon Musk pay to Elon Musk?", ("Elon Musk",)),
        ("How much was raised?", ()),
        ("How Much Did Anthropic Raise In The Latest Round?", ()),  # capitals as in a headline tell nothing
        ("Was it raised by xAI or Anthropic?", ()),  # one of the two
        ("Was it raised by OpenAI or Anthropic?", ("OpenAI", "Anthropic")),
        ("Which German company raised $6 billion?", ()),  # what is asked for need not be called so
        ("To which US state does xAI belong?", ()),
    ],
)
def test_names_asked_about_that_no_cited_word_has_are_told(question: str, names: tuple[str, ...]) -> None:
    assert lacking(question, VALUED) == names


@pytest.mark.parametrize(
    ("question", "cited", "name"),
    [
        ("How deep is Lake Harma?", "Lake Vorna is 31 metres deep.", "Lake Harma"),
        (
            "What is the bridge toll in New Arden?",
            "New Halden raised the bridge toll to 12 crowns.",
            "New Arden",
        ),
        ("When was Church Street paved?", "Mill Street was paved in 1904.", "Church Street"),
        ("How much does Peter Martens earn?", "Peter Martins earns 40,000 crowns.", "Peter Martens"),
        ("How long did King Oskar reign?", "King Harald reigned for 22 years.", "King Oskar"),
        ("How much did Kimbal Musk pay?", "Elon Musk paid 44 billion dollars.", "Kimbal Musk"),
    ],
)
def test_a_word_that_many_names_share_does_not_stand_for_one_of_them(
    question: str, cited: str, name: str
) -> None:
    assert lacking(question, cited) == (name,)


def test_title_heading_and_neighbours_say_of_what_a_passage_speaks() -> None:
    question = "How many litres does the Kestrel kettle hold?"
    assert lacking(question, "The kettle holds 2 litres.") == ("Kestrel",)
    assert lacking(question, "The kettle holds 2 litres.", around="The Kestrel kettle") == ()


@pytest.mark.parametrize(
    ("cited", "told"),
    [
        (("Port 9 is blue.", "Port 8 is red."), ("Port 7",)),
        (("Port 9 is blue.", "Port 7 is red."), ()),
        (("Port 9 is blue.", "It is red."), ()),
    ],
)
def test_a_thing_asked_about_by_its_number_is_told_where_all_is_of_another(
    cited: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert lacking("What colour is Port 7?", *cited) == told


def test_where_nothing_is_cited_nothing_is_missed() -> None:
    assert lacking("Who is Ada?") == ()


def test_a_word_that_no_article_has_is_told_unless_the_words_say_it_otherwise() -> None:
    asked = premises(
        "What is the tuition at Harnby University?", articles=vocabulary({"harnbi": 2, "univers": 2})
    )
    assert asked.lacking([Cited("Harnby University has 8,000 students.")]) == ("tuition",)
    assert asked.refute([Cited("Harnby University has 8,000 students.")])
    asked = premises("How many competitors does the board have?", articles=vocabulary({"board": 1}))
    assert asked.lacking([Cited("The board competes with nine firms.")]) == ()


def test_a_name_in_small_letters_is_one_where_the_articles_write_it_as_one() -> None:
    articles = vocabulary({"belmark": 1, "tin": 1}, unknown=("belmark", "harma"))
    asked = premises("how much tin does belmark export", articles=articles)
    assert asked.lacking([Cited("Harnby exports tin.")]) == ("belmark",)
    assert asked.refute([Cited("Harnby exports tin.")])
    assert premises("how deep is harma", articles=articles).lacking([Cited("Vorna is deep.")]) == ("harma",)


def test_a_slip_of_the_pen_is_no_name() -> None:
    articles = vocabulary({"cost": 1, "gpu": 1}, unknown=("mutch", "wat"))
    assert premises("how mutch does a gpu cost", articles=articles).lacking([Cited("A GPU costs 9.")]) == ()
    assert premises("wat does a gpu cost", articles=articles).lacking([Cited("A GPU costs 9.")]) == ()


def test_a_name_that_the_conversation_added_is_there_where_the_article_has_it() -> None:
    cited = [
        Cited("Musk's cluster has 100,000 processors.", article="Colossus stands in Memphis. … The cluster …")
    ]
    asked = premises("How many processors does Colossus have?")
    assert asked.lacking(cited, asked="How many processors does it have?") == ()
    assert asked.lacking(cited, asked="How many processors does Colossus have?") == ("Colossus",)


def test_the_answer_to_a_near_miss_says_what_it_does_not_speak_of(shipped: Chatbot) -> None:
    near = shipped.ask("What is Anthropic's valuation?")
    assert near.outcome == "nearest"
    assert near.unmentioned == ("Anthropic",)
    assert "do not mention “Anthropic”" in near.text
    assert shipped.ask("What is xAI's valuation?").unmentioned == ()
    assert shipped.ask("What is the capital of France?").unmentioned == ()


def test_a_number_or_date_that_no_cited_passage_has_is_lacking() -> None:
    asked = premises("Why did Kestrel acquire Plover for 50 million crowns in 2021?")
    cited = [Cited("Kestrel acquired Plover for 30 million crowns on 4 May 2021.")]
    assert asked.lacking(cited) == ("50 million",)
    assert asked.refute(cited)
    told = [Cited("Kestrel acquired Plover on 4 May 2021.")]  # nothing speaks against the number
    assert asked.lacking(told) == ("50 million",)
    assert not asked.refute(told)
    assert not asked.refute([Cited("Kestrel acquired Plover for 50 million crowns.", around="4 May 2021")])


@pytest.mark.parametrize(
    "question",
    [
        "What ideas underlay the reform?",
        "When was the reform defunded?",
        "What was the first occurrence of it?",
    ],
)
def test_a_verb_and_a_word_for_nothing_in_particular_are_no_names(question: str) -> None:
    articles = vocabulary({"reform": 3}, unknown=("underlay", "defunded"))
    assert premises(question, articles=articles).lacking([Cited("The reform rested on three ideas.")]) == ()


def test_a_rare_word_is_missed_beside_a_name_and_not_where_a_thing_is_told_in_many_words() -> None:
    articles = vocabulary({"sold": 2, "harnbi": 2, "univers": 2})
    cited = [Cited("It has sold 320 million copies.")]
    assert premises("How many books have been sold?", articles=articles).lacking(cited) == ()
    cited = [Cited("Harnby University has 8,000 students.")]
    assert premises("What is the tuition at Harnby University?", articles=articles).lacking(cited) == (
        "tuition",
    )


def test_an_adjective_made_of_a_name_is_a_name() -> None:
    cited = [Cited("It recognises English text at 98 percent.")]
    assert lacking("How accurate is it on Chinese text?", cited[0].text) == ("Chinese",)
    assert lacking("Which Chinese text is long?", "The Analects are long.") == ()
