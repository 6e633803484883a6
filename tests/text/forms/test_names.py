"""A name is mentioned in any of its forms, and not where only a part of it is that others share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.forms.names import Mentions
from rag.text.words import words


def missing(name: str, *texts: str) -> list[str]:
    return [word.text for word in Mentions(texts).missing(words(name))]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GPT4", "GPT-4 graded the essays."),
        ("GPU", "It rents out GPUs."),
        ("EVs", "Electric vehicles make up 38 percent."),
        ("JP Morgan", "JPMorgan lent the port 40 million."),
        ("Wi-Fi", "The station's wifi reaches 300 metres."),
        ("Covid19", "COVID-19 closed the museum."),
        ("UK", "Britain's canals carry barges."),
        ("USA", "American buyers paid 19 dollars."),
        ("U.N.", "The United Nations counted wells."),
        ("Israelis", "Japan told Israel to withdraw."),
        ("South Africans", "Many live in South Africa."),
        ("Florence", "a Florentine painter"),
        ("Munich", "München has 24 saunas."),
        ("Holland", "The Dutch dug ponds."),
        ("Burma", "Myanmar held a vote."),
        ("Saint Brannoc", "St. Brannoc's church has 3 bells."),
        ("Mt Iver", "Mount Iver is high."),
        ("Ms Abara", "Mrs Abara taught chess."),
        ("Lindqvist Co", "Lindqvist Company built kayaks."),
        ("Dept of Parks", "The Department of Parks owns mowers."),
        ("KG", "It weighs 900 kilograms."),
        ("Jan", "It reopened on 5 January."),
        ("Q3", "Sales in the third quarter fell."),
        ("World War 2", "It was shelled in World War II."),
        ("Chapter 7", "Chapter Seven is long."),
        ("Siobhan OConnor", "Siobhan O’Connor painted it."),
        ("São Paulo", "Sao Paulo opened a line."),
        ("Anna Lena Berg", "Anna-Lena Berg swam."),
        ("VAT", "Value added tax is 7 percent."),
        ("FBI", "the Federal Bureau of Investigation"),
        ("Amazon Web Services", "Netflix uses AWS."),
        ("Elon Musk", "Musk founded it."),
        ("Bill Gates", "William Gates gave money."),
        ("President Obama", "Obama said so."),
        ("King Oskar", "Oskar reigned."),
        ("Harnby University", "the University of Harnby"),
    ],
)
def test_a_name_in_another_form_is_mentioned(name: str, text: str) -> None:
    assert missing(name, text) == []


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Lake Harma", "Lake Vorna is deep.", ["Harma"]),
        ("New Arden", "New Halden raised the toll.", ["Arden"]),
        ("South Belmark", "North Belmark exports tin.", ["South"]),
        ("South Belmark", "Belmark exports tin.", ["South"]),
        ("Church Street", "Mill Street was paved.", ["Church"]),
        ("Elon Musk", "Kimbal Musk said so.", ["Elon"]),
        ("Peter Martens", "Peter Martins runs it.", ["Martens"]),
        ("Tesla Model 3", "Tesla said so.", ["Model", "3"]),
        ("Amazon Web Services", "Amazon said so.", ["Web", "Services"]),
        ("Fisher", "a fish", ["Fisher"]),
        ("Germany", "France exports tin.", ["Germany"]),
        ("Type 3", "Type II locks hold 4 bolts.", ["3"]),
    ],
)
def test_another_of_the_kind_does_not_mention_it(name: str, text: str, left: list[str]) -> None:
    assert missing(name, text) == left


@given(st.lists(st.text("abcdefghij", min_size=2, max_size=8).map(str.capitalize), min_size=1, max_size=4))
def test_a_name_is_mentioned_by_a_text_that_has_it(parts: list[str]) -> None:
    name = " ".join(parts)
    assert missing(name, f"They say that {name} came.") == []
    assert missing(name, "") == parts
