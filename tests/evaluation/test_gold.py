"""Comparing with gold strings: containment, and exact match and token F1 as in SQuAD's script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.evaluation.gold import contains_gold, exact_match, squad_tokens, token_f1

TEXTS = st.text(alphabet="ab thean.,“”'[1]$é-", max_size=40)


@pytest.mark.parametrize(
    ("text", "gold", "match", "overlap"),
    [
        ("The 122 days.", ("122 days",), True, 1.0),
        ("“122 days” [1]", ("122 days",), True, 1.0),
        ("[2] An Apple [1, 3][4-6]", ("apple",), True, 1.0),
        ("$6 billion", ("6 billion",), True, 1.0),
        ("in 100,000 units", ("100000 units",), False, 0.8),  # 2 shared of 3 and 2
        ("built in 122 days", ("122 days",), False, 2 * 2 / (4 + 2)),
        ("days days", ("days",), False, 2 * 1 / (2 + 1)),  # a bag: one of the two is shared
        ("no", ("yes",), False, 0.0),
        ("yes", ("no", "yes"), True, 1.0),  # the best of the gold strings
        ("well-known", ("well known",), False, 0.0),  # punctuation is taken out, not made a space
        ("", ("yes",), False, 0.0),
        ("the", ("a",), False, 0.0),  # nothing is left of the gold string
        ("yes", (), False, 0.0),
    ],
)
def test_values_worked_out_by_hand(text: str, gold: tuple[str, ...], match: bool, overlap: float) -> None:
    assert exact_match(text, gold) is match
    assert token_f1(text, gold) == pytest.approx(overlap)


@settings(deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_f1_lies_between_0_and_1_and_is_1_for_what_matches(text: str, gold: list[str]) -> None:
    assert 0 <= token_f1(text, gold) <= 1
    assert not exact_match(text, gold) or token_f1(text, gold) == 1


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_f1_is_the_same_both_ways(text: str, gold: str) -> None:
    assert token_f1(text, [gold]) == token_f1(gold, [text])


@settings(deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=3), TEXTS)
def test_one_more_gold_string_lowers_nothing(text: str, gold: list[str], another: str) -> None:
    assert token_f1(text, [*gold, another]) >= token_f1(text, gold)
    assert exact_match(text, [*gold, another]) >= exact_match(text, gold)


@settings(deadline=None)
@given(TEXTS)
def test_a_text_with_tokens_matches_itself(text: str) -> None:
    assert exact_match(text, [text]) is bool(squad_tokens(text))


@settings(deadline=None)
@given(TEXTS)
def test_marks_and_quotation_marks_change_nothing(text: str) -> None:
    plain = text.replace("[", "").replace("]", "")
    assert squad_tokens(f"“{plain}” [1][2]") == squad_tokens(plain)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["b", "ab", "bb", "é"]), min_size=1, max_size=6), st.data())
def test_adjacent_words_are_contained(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert contains_gold(" ".join(words), [" ".join(words[start:end])])
