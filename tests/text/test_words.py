import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.words import _term, content, terms, words


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Musk's", "Musk"),
        ("built", "building"),
        ("100,000", "100000"),
        ("Pérez", "perez"),
        ("U.S.", "US"),
        ("clusters", "cluster"),
        ("rose", "risen"),
    ],
)
def test_forms_of_a_word_share_a_term(left: str, right: str) -> None:
    assert terms(left) == terms(right)


@pytest.mark.parametrize(("left", "right"), [("US", "us"), ("1923", "1932"), ("6.5", "65"), ("4o", "4")])
def test_different_words_keep_different_terms(left: str, right: str) -> None:
    assert terms(left) != terms(right)


def test_unspaced_scripts_give_pairs_of_characters() -> None:
    assert terms("中文分词") == ("中文", "文分", "分词")


def test_function_words_are_no_content() -> None:
    assert [word.norm for word in content("How long did it take to build the cluster?")] == [
        "long",
        "take",
        "build",
        "cluster",
    ]


@given(st.text(max_size=200))
def test_every_word_is_a_slice_in_order(text: str) -> None:
    found = words(text)
    assert [word.span for word in found] == sorted(word.span for word in found)
    for word in found:
        assert word.span.of(text) == word.text
        assert word.norm


def test_threads_do_not_spoil_each_other_s_stems() -> None:
    forms = [
        "relating",
        "national",
        "happiness",
        "generously",
        "running",
        "clusters",
        "hopefulness",
        "agreed",
    ] * 60
    expected = [_term.__wrapped__(form) for form in forms]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            runs = list(pool.map(lambda _: [_term.__wrapped__(form) for form in forms], range(8)))
    finally:
        sys.setswitchinterval(before)
    assert all(run == expected for run in runs)
