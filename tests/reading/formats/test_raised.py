"""Raised figures: powers, marks of notes, ordinals."""

import pytest

from rag.reading.formats.raised import raised_text


@pytest.mark.parametrize(
    ("before", "raised", "after", "kept"),
    [
        ("holds 3 × 10", "6", " cells", "⁶"),
        ("about 10", "9", " stars", "⁹"),
        ("4 × 10", "−3", " litres", "⁻³"),
        ("12 m", "2", " and", "²"),
        ("250 km", "2", ".", "²"),
        ("5 kg m", "-2", " s", "⁻²"),
        ("where x", "2", " + y", "²"),
        ("since 2", "10", " = 1024", "¹⁰"),
        ("E = mc", "2", "", "²"),
        ("an R", "2", " of 0.9", "²"),
        ("(a + b)", "2", " is", "²"),
        ("of ", "14", "C in bone", "¹⁴"),
        ("the ", "235", "U left", "²³⁵"),
        ("Ca", "2+", " ions", "²⁺"),
        ("Na", "+", " ions", "⁺"),
        ("2", "n", " steps", "ⁿ"),
        ("x", "k", " steps", "^k"),
    ],
)
def test_a_power_is_kept_as_a_power(before: str, raised: str, after: str, kept: str) -> None:
    assert raised_text(before, raised, after) == kept


@pytest.mark.parametrize(
    ("before", "raised", "after", "kept"),
    [
        ("for 6", "1", "/2 inches", " 1"),
        ("for 6", "1", "⁄", " 1"),  # of HTML only the text up to the next element is known
        ("a ", "3", "/4 cup", "3"),
        ("for 9", "3/8", " inches", " 3/8"),
        ("now $4", "99", " each", ".99"),
        ("now $5.", "25", " each", "25"),
        ("opens at 7", "30", " am", ":30"),
        ("ab 15", "00", " Uhr", ":00"),
        ("where a", "2", " + b", "²"),
        ("at 3 m", "3", "/2", "³"),
    ],
)
def test_a_raised_part_of_a_number_stays_part_of_it(before: str, raised: str, after: str, kept: str) -> None:
    assert raised_text(before, raised, after) == kept


@pytest.mark.parametrize(
    ("before", "raised", "after"),
    [
        ("at a cost of $40", "25", " million"),
        ("at a cost of $40", "12", " in all"),
        ("in 2019", "12", " men"),
        ("at a", "2", " cost"),
        ("at a cost of $40", "5", " million"),
        ("In the year 1998", "3", " the tank"),
        ("by 12.5", "2", " percent"),
        ("about 10", "4", " million people"),
        ("paid $10", "3", " for it"),
        ("the harbour", "12", " was"),
        ("it fell.", "7", " Then"),
        ("(see above)", "2", " it"),
        ("vitamin C", "3", " is"),
        ("the town", "[4]", " was"),
        ("the town", "1,2", " was"),
        ("the town", "3–5", " was"),
        ("the town", "*", " was"),
        ("the town", "†‡", " was"),
        ("the town", "a", " was"),
        ("the town", "ab", " was"),
        ("the town", "iv", " was"),
        ("the town", "3a", " was"),
        ("the town", "[1][2]", " was"),
        ("the town", "[citation needed]", " was"),
    ],
)
def test_the_mark_of_a_note_never_joins_a_number_or_a_word(before: str, raised: str, after: str) -> None:
    assert raised_text(before, raised, after) == ""


@pytest.mark.parametrize(
    ("before", "raised", "after", "kept"),
    [
        ("the 19", "th", " century", "th"),
        ("le 1", "er", " mai", "er"),
        ("XIX", "e", " siècle", "e"),
        ("M", "me", " Curie", "me"),
        ("Pincite", "™", " is", "™"),
        ("at 20 ", "o", "C", "°"),
    ],
)
def test_an_ordinal_and_an_abbreviation_stay_words(before: str, raised: str, after: str, kept: str) -> None:
    assert raised_text(before, raised, after) == kept


def test_what_leads_to_a_note_is_cut_out_even_behind_a_ten() -> None:
    assert raised_text("some 10", "6", " cells", linked=True) == ""


@pytest.mark.parametrize(
    ("before", "raised", "after", "kept"),
    [
        ("the line is ", "superscript", " here", "superscript"),
        ("in the ", "th", "ird", "th"),
        ("an ", "also", "", "also"),
    ],
)
def test_a_raised_word_is_no_mark_of_a_note(before: str, raised: str, after: str, kept: str) -> None:
    assert raised_text(before, raised, after) == kept


@pytest.mark.parametrize("mark", ["1", "a ", "***,", "[1]", "iv,"])
def test_a_long_raised_text_is_looked_at_once(mark: str) -> None:
    assert raised_text("a ", mark * 14 + "?!", "") == mark * 14 + "?!"
