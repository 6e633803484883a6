import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.negation import clauses, denials
from rag.text.words import words

UNTIMED = settings(deadline=None)  # the machine may be busy


def denied(text: str) -> set[str]:
    """The words of ``text`` that stand denied."""
    return {word.text for word, side in zip(words(text), denials(text), strict=True) if side}


@pytest.mark.parametrize(
    ("text", "word", "is_denied"),
    [
        ("Neither company has disclosed terms, though rental can cost millions", "disclosed", True),
        ("Neither company has disclosed terms, though rental can cost millions", "cost", False),
        ("It is not a merger — it is an arrangement", "merger", True),
        ("It is not a merger — it is an arrangement", "arrangement", False),
        ("No company — not even Google — can meet it", "meet", True),
        ("No company, not even Google or Microsoft, can meet it", "meet", True),
        ("The gap (not the deal) is wide", "wide", False),
        ("Neither Google nor Amazon disclosed it", "disclosed", True),
        ("It cannot fail to win", "win", False),
        ("It failed to win", "win", True),
        ("He denied that xAI paid", "paid", True),
        ("He left without paying", "left", False),
        ("He left without paying", "paying", True),
        ("It is not only big but also fast", "big", False),
        ("Musk, however, didn’t pay", "pay", True),
        ("No. 1 in chips", "chips", False),
        ("No more than 5 chips were sold", "sold", False),
        ("There is no doubt it won", "won", False),
        ("Rather than rivals — A with B — the labs share", "share", False),
        ("Rather than rivals, the labs share", "rivals", True),
        ("The gap could hardly be wider", "wider", False),
        ("It is hardly known", "known", True),
        ("It is not, to put it mildly, simple", "simple", True),
        ("They did not sell shares, bonds, or debt", "debt", True),
        ("It did not win and it lost", "lost", False),
    ],
)
def test_a_word_is_denied_with_its_clause(text: str, word: str, is_denied: bool) -> None:
    assert (word in denied(text)) == is_denied


def test_hedges_are_those_of_their_clause_and_may_is_a_month_too() -> None:
    assert [clause.hedges for clause in clauses("It may rise, but it fell")] == [("may",), ()]
    assert [clause.hedges for clause in clauses("It rose in May")] == [()]


def grouped(text: str) -> list[str]:
    """The words of each clause of ``text``, joined by spaces."""
    return [" ".join(words(text)[i].text for i in clause.words) for clause in clauses(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("It won", ["It won"], id="one clause"),
        pytest.param("It won. He lost", ["It won", "He lost"], id="the end of a sentence breaks"),
        pytest.param(
            "It (not he. They won) lost",
            ["It", "not he", "They won", "lost"],
            id="the end of a sentence closes open brackets",
        ),
        pytest.param("It (so he says) won", ["It won", "so he says"], id="brackets are entered and resumed"),
        pytest.param("It — so he says — won", ["It won", "so he says"], id="two dashes are brackets"),
        pytest.param("It won — he lost", ["It won", "he lost"], id="one dash breaks"),
        pytest.param(
            "It won — he lost. She — left", ["It won", "he lost", "She", "left"], id="dashes of two sentences"
        ),
        pytest.param(
            "Rather than win — so he says — it lost",
            ["Rather than win", "so he says", "it lost"],
            id="after brackets in a clause with rather the main clause begins",
        ),
        pytest.param(
            "The firm, not even Google or Amazon, won",
            ["The firm won", "not even Google or Amazon"],
            id="an aside",
        ),
        pytest.param(
            "The firm, not even Google; it won",
            ["The firm", "not even Google", "it won"],
            id="no 2nd comma",
        ),
        pytest.param(
            "The firm, not even one of all those in the whole wide world, won",
            ["The firm", "not even one of all those in the whole wide world", "won"],
            id="too long for an aside",
        ),
        pytest.param(
            "Musk, meanwhile, founded it", ["Musk meanwhile founded it"], id="an insertion does not break"
        ),
        pytest.param("He won, she lost", ["He won", "she lost"], id="a comma breaks"),
        pytest.param("He won and she lost", ["He won", "and she lost"], id="and before a pronoun breaks"),
        pytest.param("Google and Amazon won", ["Google and Amazon won"], id="and between words does not"),
        pytest.param("It won although he lost", ["It won", "although he lost"], id="a conjunction breaks"),
        pytest.param("", [], id="no words"),
    ],
)
def test_a_text_is_cut_into_clauses(text: str, parts: list[str]) -> None:
    assert grouped(text) == parts


@pytest.mark.parametrize(
    ("text", "word", "is_denied"),
    [
        ("He denied that it won", "won", True),
        ("He denied it", "it", True),
        ("He said that it won", "won", False),
        ("It did not sell shares, or debt", "debt", True),
        ("It did sell shares, or debt", "debt", False),
        ("It refused, or so he says, to pay", "pay", True),
        ("It didn't just win", "win", False),
        ("It won instead of Google", "Google", True),
        ("It won, not to mention Google", "Google", False),
        ("It scarcely moved", "moved", True),
        ("It failed", "failed", False),
    ],
)
def test_a_negator_counts_by_the_words_around_it(text: str, word: str, is_denied: bool) -> None:
    assert (word in denied(text)) == is_denied


def test_neither_nor_is_one_negation() -> None:
    text = "Neither Google nor Amazon won, and it lost"
    assert "won" in denied(text)
    assert "lost" not in denied(text)
    assert "win" not in denied("It did not fail to win")


@UNTIMED
@given(st.text() | st.text(alphabet="not a,.—()but and may 😀\n"))
def test_every_word_is_in_one_clause(text: str) -> None:
    indices = [i for clause in clauses(text) for i in clause.words]
    assert sorted(indices) == list(range(len(words(text))))
