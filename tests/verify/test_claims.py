from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.verify.claims import claims, labels_of

UNTIMED = settings(deadline=None)  # the machine may be busy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It took 122 days [1].", [("It took 122 days.", (1,))], id="before the full stop"),
        pytest.param(
            "It took 122 days. [1] It ran.", [("It took 122 days.", (1,)), ("It ran.", ())], id="after it"
        ),
        pytest.param("It took 122 days.[1][2]", [("It took 122 days.", (1, 2))], id="two marks"),
        pytest.param(
            "It took 122 days [1, 2].", [("It took 122 days.", (1, 2))], id="two labels in one mark"
        ),
        pytest.param("It took 122 days [1-3].", [("It took 122 days.", (1, 2, 3))], id="a range"),
        pytest.param(
            "It took 122 days [1], [3].", [("It took 122 days,.", (1, 3))], id="a comma between marks"
        ),
        pytest.param("It took 122 days 【1】.", [("It took 122 days.", (1,))], id="lenticular brackets"),
        pytest.param(
            "It took 122 days 【2†source】.", [("It took 122 days.", (2,))], id="lenticular with a source"
        ),
        pytest.param("It took [1] 122 days.", [("It took 122 days.", (1,))], id="in mid-sentence"),
        pytest.param("It took [[1]] 122 days.", [("It took 122 days.", (1,))], id="nested brackets"),
        pytest.param("It [^1] took long.", [("It took long.", (1,))], id="a footnote"),
        pytest.param(
            "It ran [0]. It is [99].", [("It ran.", (0,)), ("It is.", (99,))], id="labels of nothing"
        ),
        pytest.param(
            "He “win [sic]” [2023 revised].", [("He “win [sic]” [2023 revised].", ())], id="no marks"
        ),
        pytest.param("A day in [2023].", [("A day in [2023].", ())], id="a year in brackets"),
        pytest.param("[1] It ran.", [("It ran.", (1,))], id="a mark at the head"),
        pytest.param(
            "- [1] It ran.\n- [2] He left.", [("It ran.", (1,)), ("He left.", (2,))], id="heads of items"
        ),
        pytest.param("It ran.\n[1]", [("It ran.", (1,))], id="a line that is only a mark"),
        pytest.param("[7]", [("", (7,))], id="nothing but a mark"),
        pytest.param(
            "It ran [1]. [2]. He left.", [("It ran..", (1, 2)), ("He left.", ())], id="marks and stops"
        ),
        pytest.param(
            "In the U.S. [1] He left.", [("In the U.S.", (1,)), ("He left.", ())], id="an abbreviation"
        ),
        pytest.param("**It** ran `fast` [1].", [("It ran fast.", (1,))], id="emphasis"),
        pytest.param("It is 5*3 and x_y_z.", [("It is 5*3 and x_y_z.", ())], id="no emphasis"),
        pytest.param(
            "1. It ran [1]\n2. He left [2]", [("It ran", (1,)), ("He left", (2,))], id="a numbered list"
        ),
        pytest.param(
            "東京は首都です[1]。大阪です[2]。", [("東京は首都です。", (1,)), ("大阪です。", (2,))], id="CJK"
        ),
        pytest.param(
            "“A b. C d [4].” [1] He left.", [("“A b. C d [4].”", (1,)), ("He left.", ())], id="a quotation"
        ),
        pytest.param("", [], id="empty"),
        pytest.param(" \n- \n", [], id="blank"),
    ],
)
def test_marks_bind_to_their_sentence(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(claim.text, claim.labels) for claim in claims(text)] == expected


def test_a_span_is_the_statement_without_its_marks_and_outer_space() -> None:
    text = "  It took 122 days [1]. And **more** [2] was built.[3]  "
    first, second = claims(text)
    assert first.span.of(text) == "It took 122 days"
    assert second.span.of(text) == "And **more** [2] was built."
    assert second.raw == "And **more** was built."


def test_headings_and_lead_ins_are_told_from_statements() -> None:
    text = "## The deal\nHere are the points:\n**Costs**\nIt took 122 days.\n- **Costs**: high"
    assert [claim.heading for claim in claims(text)] == [True, True, True, False, False]


def test_a_wide_range_names_its_two_ends_only() -> None:
    assert labels_of("1-999") == (1, 999)
    assert labels_of("3-1") == (3, 1)


_PIECES = st.sampled_from(
    ["It ran.", "He left", "In the U.S.", "“A b. C d.”", "[1]", "[2, 3]", "[1-2].", "【4】", " ", " ", "\n", "\n- ",
     "**", "“", "”", "Mr.", "3.5", "!", "...", "# H", "one", "。", "[sic]", "["]
)  # fmt: skip


@UNTIMED
@given(st.text() | st.lists(_PIECES, max_size=30).map("".join))
def test_spans_are_in_order_and_never_overlap(text: str) -> None:
    found = claims(text)
    for claim in found:
        assert claim.span.end <= len(text)
        assert claim.span.of(text).strip() == claim.span.of(text)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@UNTIMED
@given(st.lists(st.integers(0, 999), min_size=1, max_size=30))
def test_no_label_is_ever_lost(labels: list[int]) -> None:
    text = " ".join(f"It ran [{label}]." for label in labels)
    assert [label for claim in claims(text) for label in claim.labels] == labels


def test_ten_thousand_marks_are_one_claim_or_ten_thousand() -> None:
    assert [len(claim.labels) for claim in claims("It ran " + "[1]" * 10_000)] == [1]
    assert len(claims("It ran [1]. " * 10_000)) == 10_000
