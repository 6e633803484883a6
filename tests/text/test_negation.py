import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.antonyms import opposite, turns
from rag.text.lexicon import POLES
from rag.text.negation import clauses, denials, softened
from rag.text.words import terms, words

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
    assert softened("It is likely to rise")
    assert not softened("It rose")


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("fell", "profit rose"),
        ("shrinking", "it grew"),
        ("before", "after the war"),
        ("under", "over it"),
        ("lost", "it won"),
        ("sold", "it bought"),
        ("smallest", "the largest"),
        ("quietest", "the loudest critics"),
        ("rejected", "it was approved"),
        ("left", "he joined"),
    ],
)
def test_the_contrary_direction_is_found(claim: str, evidence: str) -> None:
    assert opposite(terms(claim)[0], terms(evidence))
    assert not opposite(terms(claim)[0], [*terms(evidence), *terms(claim)])


def test_no_word_stands_at_both_poles_of_a_pair() -> None:
    for one, other in POLES:
        assert not set(terms(one)) & set(terms(other))
    assert turns("fell") or turns(terms("fell")[0])


@UNTIMED
@given(st.text() | st.text(alphabet="not a,.—()but and may 😀\n"))
def test_every_word_is_in_one_clause(text: str) -> None:
    found = [i for clause in clauses(text) for i in clause.words]
    assert sorted(found) == list(range(len(words(text))))
