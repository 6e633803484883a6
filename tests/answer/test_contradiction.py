"""What a question takes for granted and the cited words contradict."""

import pytest

from rag.answer.contradiction import contradiction
from rag.question.premises import Cited

EXCHANGED = "have it the other way round"


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        (
            "Who bought the mill from Berit Holm?",
            "Berit Holm bought the mill from Ole Vik in 1987.",
            EXCHANGED,
        ),
        ("Why did Berit Holm sell the mill?", "Berit Holm bought the mill from Ole Vik in 1987.", EXCHANGED),
        (
            "When did Plover acquire Kestrel?",
            "Kestrel acquired Plover for 30 million crowns in May.",
            EXCHANGED,
        ),
        ("Who did Jon Ravn hire?", "She hired Jon Ravn to run it.", EXCHANGED),
        ("Who taught Socrates?", "Socrates taught Plato, who taught Aristotle.", EXCHANGED),
        ("Who succeeded Ada Quist?", "The company's head, Ada Quist, succeeded Bo Lund.", EXCHANGED),
        ("Who was arrested by the mayor?", "The mayor was arrested by the police on Monday.", EXCHANGED),
        ("Who received the book from Tom?", "Tom received the book from Ann.", EXCHANGED),
        ("How much did output fall?", "Output rose from 200 sacks to 350.", "say “rose”, not “fall”"),
        ("How far did the shares rise?", "Its shares fell by 6 percent.", "say “fell”, not “rise”"),
        ("Who supported the deal?", "The union opposed the deal.", "say “opposed”, not “supported”"),
        (
            "When did the regulator reject it?",
            "The regulator approved it in June.",
            "say “approved”, not “reject”",
        ),
        (
            "How many workers did the plant hire?",
            "The plant dismissed 300 workers.",
            "say “dismissed”, not “hire”",
        ),
        (
            "Why was the tax lowered?",
            "The council raised the tax in 2020.",
            "say “raised”, not “lowered”",
        ),
        ("Why did sales not rise?", "Sales rose by 3 percent.", "say “rose”, not “not rise”"),
        (
            "When may visitors enter the house?",
            "Visitors must not enter the house.",
            "say “must not enter”, not “enter”",
        ),
        (
            "What is the lowest point?",
            "The highest point of the island is Mount Ro.",
            "say “highest”, not “lowest”",
        ),
    ],
)
def test_what_the_cited_words_contradict_is_said(question: str, cited: str, said: str) -> None:
    assert contradiction(question, [Cited(cited)]) == said


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        ("Who sold the mill to Berit Holm?", "Berit Holm bought the mill from Ole Vik in 1987."),
        ("Who gave the book to Tom?", "Tom received the book from Ann."),
        ("Who owns the shop?", "The shop belongs to Ann Lee."),
        ("How much did Plover lend Kestrel?", "Plover had lent Kestrel 2 million crowns."),
        ("Who taught Plato?", "Socrates taught Plato, who taught Aristotle."),
        ("Who did Plato teach?", "Socrates taught Plato, who taught Aristotle."),
        ("Who lost the final?", "Leeds beat Hull in the final."),
        ("Why didn't the bank approve the loan?", "The bank refused the loan because of his debts."),
        (
            "When was the old brewery founded?",
            "The old brewery, then known as the Black Eagle, was founded in 1724.",
        ),
        ("When did the lace develop?", "The lace did not develop until the eighteenth century."),
        ("What did Tymnet connect?", "Tymnet was also connected to dozens of other networks."),
        (
            "Who governed the Central Region?",
            "The Central Region was large and governed by the Central Secretariat.",
        ),
        ("How much did prices fall?", "Prices rose in May. A fall in prices of 3 percent followed."),
        ("What increased after the law?", "Accidents decreased after the law passed."),
        ("Did output fall?", "Output rose from 200 sacks to 350."),
        ("What is the capital of Norway?", "Oslo is the capital of Norway."),
        ("Wie stark fiel die Produktion nach der Reparatur?", "Die Produktion stieg nach der Reparatur."),
        ("", "Output rose."),
    ],
)
def test_nothing_is_contradicted_where_the_cited_words_tell_of_it(question: str, cited: str) -> None:
    assert contradiction(question, [Cited(cited)]) == ""


@pytest.mark.parametrize(
    ("question", "cited"),
    [
        # what a pronoun stands for may be what is asked about
        (
            "How much did profits fall in 2020?",
            "Profits rose 4 percent in 2019. In 2020 they dropped 6 percent.",
        ),
        ("What did Germany invade?", "In 1945 Germany was invaded by the Allies; in 1939 it invaded Poland."),
        ("Who replaced Smith?", "Smith replaced Brown in 1999. In 2001 he was succeeded by Jones."),
        ("When did the war start?", "The war ended in 1918; it broke out in 1914."),
        ("What does rust cause?", "Rust is caused by water. It causes cracks."),
        ("When does the library open?", "The library does not open on Mondays; on Sundays it opens at noon."),
        # what has no subject or object of its own
        ("Why did she leave the band?", "She joined the band in 1990 and quit in 1995 over money."),
        ("Who killed Harold?", "Harold died at Hastings, killed by an arrow."),
        # another verb about the same thing, where what is told is the opposite
        ("When did the museum open?", "The museum, inaugurated in 1950, closed in 2011."),
        ("When did the bridge open?", "The old bridge closed in 1931. The bridge was inaugurated in 1932."),
        ("Where does the river begin?", "The river rises in the Alps and ends in the sea."),
        ("Why did the shares drop?", "The shares had risen for weeks before they sank on Monday."),
        (
            "What did Tesla stop making?",
            "Tesla began making cars in 2008 and discontinued the Roadster in 2012.",
        ),
        ("What does the shop buy?", "The shop sells furniture which it purchases from farms."),
        # the loser is beaten, and who plays is played
        ("Who did the Lions lose to?", "The Ravens beat the Lions 3-1 in the final."),
        ("Whom did Kasparov play?", "Karpov played Kasparov in 1984."),
        # only one doer is denied; the most has other names
        ("Who founded the company?", "The company was not founded by Smith but by Jones."),
        ("What is the highest mountain?", "Everest is the tallest mountain, Kosciuszko the lowest of seven."),
        ("Which company has the highest revenue?", "The lowest revenue was Acme's, the top one Zenith's."),
    ],
)
def test_words_that_may_tell_of_it_beside_the_opposite_contradict_nothing(question: str, cited: str) -> None:
    assert contradiction(question, [Cited(cited)]) == ""


@pytest.mark.parametrize(
    ("question", "cited", "said"),
    [
        (
            "How much did output fall?",
            "Output rose to 350. The mill employs 20 workers.",
            "say “rose”, not “fall”",
        ),
        ("Who taught Socrates?", "Socrates taught Plato. Plato founded a school.", EXCHANGED),
        ("When did the war begin?", "The war ended in 1918 after four years.", "say “ended”, not “begin”"),
        (
            "What is the lowest point?",
            "The highest point is Mount Ro, a hill.",
            "say “highest”, not “lowest”",
        ),
    ],
)
def test_words_about_another_thing_do_not_hide_a_contradiction(question: str, cited: str, said: str) -> None:
    assert contradiction(question, [Cited(cited)]) == said


def test_one_passage_that_tells_of_it_is_enough() -> None:
    cited = [Cited("Its shares fell by 6 percent."), Cited("The shares rose again in June.")]
    assert contradiction("How far did the shares rise?", cited) == ""
    assert contradiction("How far did the shares rise?", []) == ""


def test_why_not_takes_for_granted_what_its_question_denies() -> None:
    cited = [Cited("She made it for the palace, but the king never paid for it.")]
    assert contradiction("Why not: Did the king pay?", cited) == ""
