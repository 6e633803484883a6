"""The forms in which models write marks, and what only looks like one."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.answer.reply.marks import blank_marks, plain_marks, without_half_mark

LABELS = (1, 2, 3)

FORMS = {
    "[1]": "[1]",
    "[1][2]": "[1][2]",
    "[1, 2]": "[1][2]",
    "[1; 2]": "[1][2]",
    "[1 and 2]": "[1][2]",
    "[1, 2, and 3]": "[1][2][3]",
    "[1 & 3]": "[1][3]",
    "[1-3]": "[1][2][3]",
    "[1–3]": "[1][2][3]",
    "[1 to 3]": "[1][2][3]",
    "[1-9999999]": "[1]",
    "[1-500]": "[1]",
    "[ID:1]": "[1]",
    "[id: 2]": "[2]",
    "[Passage 1]": "[1]",
    "[Passages 1 and 2]": "[1][2]",
    "[Passage 1, Passage 3]": "[1][3]",
    "[source 1]": "[1]",
    "[Source: 1, 2]": "[1][2]",
    "[Doc 2]": "[2]",
    "[#1]": "[1]",
    "[cite: 1]": "[1]",
    "[^1]": "[1]",
    "[^1^]": "[1]",
    "[ 1 ]": "[1]",
    "([1])": "[1]",
    "(1)": "[1]",
    "(1, 2)": "[1][2]",
    "(1)(2)": "[1][2]",
    "(Passage 1)": "[1]",
    "(passages 1 and 2)": "[1][2]",
    "¹": "[1]",
    "¹,²": "[1][2]",
    "【1】": "[1]",
    "【1†source】": "[1]",
    "【1:0†source】": "[1]",
    "［1］": "[1]",
    "[1†L5-L8]": "[1]",
    "[[1]](https://evil.example/1)": "[1]",
    "[1](https://evil.example/1)": "[1]",
    "\\[1\\]": "[1]",
    "<cite>1</cite>": "[1]",
    "<cite>[1]</cite>": "[1]",
    "<sup>1</sup>": "[1]",
    "<ref>1</ref>": "[1]",
    '<cite id="1"/>': "[1]",
    "\\cite{1}": "[1]",
    "$^{1}$": "[1]",
    "[99]": "[99]",
}
TEXTS = [
    "It opened in [2023].",
    "It rose [sic].",
    "It rose (7).",
    "It rose (2019).",
    "He has two (2) cars.",
    "A plot of 10 km².",
    "About 10² people came.",
    "A duty under Section 5 (2).",
    "“They said [1 and 2] once.”",
    "Note (a).",
]


@pytest.mark.parametrize(("form", "plain"), FORMS.items())
def test_every_form_of_a_mark_becomes_a_plain_one(form: str, plain: str) -> None:
    assert plain_marks(f"It stands in Memphis, Tennessee {form}.", LABELS) == (
        f"It stands in Memphis, Tennessee {plain}."
    )


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_of_the_text_stays(text: str) -> None:
    assert plain_marks(text, LABELS) == text


def test_a_raised_number_by_a_tag_stays_raised() -> None:
    assert plain_marks("About 10<sup>6</sup> m<sup>2</sup> [1].", LABELS) == "About 10⁶ m² [1]."


def test_without_labels_an_ambiguous_number_is_no_mark() -> None:
    assert plain_marks("It rose (1).", ()) == "It rose (1)."
    assert plain_marks("It rose ¹.", ()) == "It rose ¹."


@pytest.mark.parametrize(
    "half",
    ["[", "[1", "[1,", "[Passage", "[Passage 1", "【1", "【1†so", "［1", "\\[1", "\\", "<cite>1</c", "<sup"],
)
def test_half_a_mark_at_the_end_is_dropped(half: str) -> None:
    assert without_half_mark(f"It rose {half}") == "It rose"


@example(">¹]]")
@given(st.text(alphabet="a1 [](),-^¹【】†<>cite/\\“”.", max_size=60))
def test_rewriting_twice_changes_nothing_more(text: str) -> None:
    once = plain_marks(text, LABELS)
    if "(" not in text and "<" not in text and "\\" not in text:
        assert plain_marks(plain_marks(once, LABELS), LABELS) == plain_marks(once, LABELS)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Built in 1871 [1].", "Built in 1871    ."),
        ("Built in 1871.¹ Sold.", "Built in 1871.  Sold."),
        ("Built ([News](https://a.b/1)).", "Built" + " " * 24 + "."),
        ("The [mill](https://a.b/1) burned.", "The  mill                 burned."),
        ("Built in [1871](https://a.b).", "Built in [1871](           )."),
        ("10⁶ and 3 km² (1), [2023]", "10⁶ and 3 km² (1), [2023]"),
        ("“as he said [1]”", "“as he said [1]”"),
    ],
)
def test_the_marks_of_another_are_blanked_and_no_number_is(text: str, kept: str) -> None:
    assert blank_marks(text) == kept


@given(st.text(st.sampled_from("[](){}<>^1²23,;a https://x.y“”【】†cite\n"), max_size=60))
def test_a_text_without_its_marks_is_as_long_as_before(text: str) -> None:
    blanked = blank_marks(text)
    assert len(blanked) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, blanked, strict=True))
