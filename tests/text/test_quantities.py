from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.quantities import quantities

UNTIMED = settings(deadline=None)  # the machine may be busy


def test_names_with_digits_and_versions_are_left_to_be_words() -> None:
    assert [quantity.text for quantity in quantities("H100, GPT-4o, v1.5.2 and one of the largest")] == []


def test_a_month_is_told_from_the_verb() -> None:
    assert quantities("It may exceed it") == ()
    assert [quantity.date for quantity in quantities("It ended in May")] == [(0, 5, 0)]


def test_ends_of_a_range_share_scale_unit_and_currency() -> None:
    (dollars,) = quantities("$6-7 billion")
    assert (int(dollars.low), int(dollars.high), dollars.unit) == (6 * 10**9, 7 * 10**9, "$")
    (months,) = quantities("1 to 2 years")
    assert (int(months.low), int(months.high)) == (12, 24)


def test_the_ends_of_a_movement_stay_apart_and_share_the_scale() -> None:
    low, high = quantities("from 5 to 6 million")
    assert (int(low.low), int(high.low)) == (5 * 10**6, 6 * 10**6)


@pytest.mark.parametrize(
    ("text", "value", "factor", "unit", "bound"),
    [
        ("$6 billion", 6 * 10**9, 10**9, "$", "exact"),
        ("one hundred and twenty-two", 122, 1, "", "exact"),
        ("2 thousand million euros", 2 * 10**9, 10**9, "€", "exact"),
        ("3 years", 36, 1, "month", "exact"),
        ("500+", 500, 1, "", "least"),
        ("-5 degrees", -5, 1, "degree", "exact"),
        ("1,500", 1500, 1, "", "exact"),
        ("2023 dollars", 2023, 1, "$", "exact"),
        ("5 percentage points", 5, 1, "point", "exact"),
        ("7 or more", 7, 1, "", "least"),
    ],
)
def test_a_number_has_a_value_a_scale_a_unit_and_a_bound(
    text: str, value: int, factor: int, unit: str, bound: str
) -> None:
    (quantity,) = quantities(text)
    assert quantity.kind == "number"
    assert (quantity.low, quantity.factor) == (Fraction(value), factor)
    assert (quantity.unit, quantity.bound) == (unit, bound)


def test_a_part_of_a_whole_is_a_fraction() -> None:
    (part,) = quantities("two-thirds of it")
    assert (part.low, part.unit) == (Fraction(2, 3), "part")


@pytest.mark.parametrize(
    ("text", "kind"), [("2023", "date"), ("3rd", "ordinal"), ("2300", "number"), ("0999", "number")]
)
def test_four_digits_alone_are_a_year_from_1000_to_2199(text: str, kind: str) -> None:
    assert [quantity.kind for quantity in quantities(text)] == [kind]


def test_a_scale_word_alone_is_a_vague_count() -> None:
    assert [(quantity.kind, quantity.scales) for quantity in quantities("tens of millions")] == [
        ("vague", ("ten", "million"))
    ]
    assert [quantity.kind for quantity in quantities("hundred")] == ["vague"]


@UNTIMED
@given(st.text(alphabet="0123456789.,$%-– kmbtwo thremilonyas/May€") | st.text())
def test_quantities_are_slices_that_never_overlap(text: str) -> None:
    in_order = quantities(text)
    assert all(quantity.span.of(text) == quantity.text for quantity in in_order)
    assert all(a.span.end <= b.span.start for a, b in pairwise(in_order))


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "1," * 5_000, "one " * 10_000, " " * 50_000, "$" * 20_000, "may 5 " * 3_000]
)
def test_long_runs_are_read_without_trouble(text: str) -> None:
    assert all(quantity.span.end <= len(text) for quantity in quantities(text))
