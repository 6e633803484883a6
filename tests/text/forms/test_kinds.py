"""Nouns in other words, after WordNet."""

import pytest

from rag.text.forms.kinds import is_noun, kinds_of, made_of, nouns_file, of_its_kind, other_words, singular


@pytest.mark.parametrize(
    ("noun", "other"),
    [
        ("kid", "child"),
        ("warranty", "guarantee"),
        ("rubbish", "waste"),
        ("renter", "tenant"),
        ("tree", "oak"),
    ],
)
def test_a_noun_is_told_by_its_synonyms_by_its_kinds_and_by_what_it_is_a_kind_of(
    noun: str, other: str
) -> None:
    assert other in other_words(noun)
    assert other not in of_its_kind(noun)


@pytest.mark.parametrize(
    ("noun", "other"), [("tram", "bus"), ("lunch", "breakfast"), ("adult", "child"), ("hospital", "school")]
)
def test_what_else_is_of_a_kind_does_not_tell_a_noun(noun: str, other: str) -> None:
    assert other in of_its_kind(noun)
    assert other not in other_words(noun)


def test_fewer_steps_find_what_is_nearer() -> None:
    assert of_its_kind("tram", 1) < of_its_kind("tram", 2)


@pytest.mark.parametrize(
    ("word", "noun"),
    [
        ("children", "child"),
        ("churches", "church"),
        ("berries", "berry"),
        ("trams", "tram"),
        ("xqzs", "xqzs"),
    ],
)
def test_a_plural_is_looked_up_in_the_singular(word: str, noun: str) -> None:
    assert singular(word) == noun


def test_an_unknown_word_is_no_noun_and_has_no_other_words() -> None:
    assert is_noun("trams")
    assert not is_noun("xqzs")
    assert not other_words("xqzs") | of_its_kind("xqzs") | kinds_of("xqzs") | made_of("xqzs")


def test_a_publication_is_not_told_by_what_is_public() -> None:
    assert "public" not in other_words("magazine")


def test_who_rows_is_told_by_the_verb_and_a_fare_is_a_charge() -> None:
    assert "row" in made_of("rower")
    assert "charge" in kinds_of("fare")


def test_each_line_of_the_table_lies_below_lines_before_it_and_the_table_names_no_city() -> None:
    lines = nouns_file().read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines):
        above = [int(one) for one in line.split("\t")[0].split()]
        assert all(one < number for one in above)
    assert not is_noun("paris")
