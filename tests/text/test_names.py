import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.names import (
    group_names,
    name_runs,
    names,
    run_text,
    sentence_names,
    spelled_out,
    with_hyphenated,
)
from rag.text.words import words


def sure(text: str) -> list[str]:
    return [words(text)[i].text for i in names(text).sure]


def maybe(text: str) -> list[str]:
    return [words(text)[i].text for i in names(text).maybe]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was built by Musk in Memphis", ["Musk", "Memphis"]),
        ("xAI and GPT use an H100", ["xAI", "GPT", "H100"]),
        ("Elon Musk left", ["Elon", "Musk"]),
        ("Nvidia's chips are sold", ["Nvidia's"]),
        ("He met Dr. Smith there", ["Dr", "Smith"]),
        ("He left. Rivals share it", []),
        ("Renting helps", []),
        ("The Article reports that I left", []),
        ("WHO FOUNDED IT IN 2023", []),
        ("WHO SOLD THE H100 CHIPS", ["H100"]),
        ("US rules", ["US"]),
        ("", []),
    ],
)
def test_names_are_found_by_their_looks(text: str, expected: list[str]) -> None:
    assert sure(text) == expected


def test_a_capitalised_word_that_begins_a_sentence_may_be_a_name() -> None:
    assert maybe("Dojo is large. Sund is too. Prices fall") == ["Dojo", "Sund"]
    assert sure("Dojo is large. Sund is too. Prices fall") == []


def test_of_a_sentence_every_capitalised_word_but_the_first_is_a_name() -> None:
    text = "Dojo beat it: Sund fell"
    assert [words(text)[i].text for i in sorted(sentence_names(text))] == ["Sund"]


def test_neighbouring_names_are_one_run_and_lose_their_possessive() -> None:
    text = "He asked Elon Musk's rival, Sam Altman, and Chick-Fil"
    assert [run_text(text, run) for run in name_runs(text)] == ["Elon Musk", "Sam Altman", "Chick-Fil"]


def test_a_hyphenated_name_is_taken_whole() -> None:
    text = "He went to Chick-fil-a and In-N-Out"
    whole = with_hyphenated(text, names(text).sure)
    assert [run_text(text, run) for run in group_names(text, whole)] == ["Chick-fil-a", "In-N-Out"]


def test_an_acronym_and_the_name_it_stands_for_are_matched() -> None:
    assert spelled_out("It uses AWS now", "Amazon Web Services grew") == {2}
    assert spelled_out("Amazon Web Services grew", "It uses A.W.S. now") == {0, 1, 2}
    assert spelled_out("It uses AWS now", "Amazon grew") == frozenset()


@given(st.text(alphabet="aA bB.'’s-1|\n") | st.text())
def test_a_word_is_a_name_for_sure_or_maybe_but_not_both(text: str) -> None:
    detected = names(text)
    assert not set(detected.sure) & set(detected.maybe)
    assert all(any(char.isupper() for char in words(text)[i].text) for i in (*detected.sure, *detected.maybe))
    assert sorted(i for run in name_runs(text) for i in run) == list(detected.sure)
