import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from string import ascii_lowercase

import pytest
import Stemmer  # type: ignore[import-not-found, unused-ignore]
from hypothesis import given
from hypothesis import strategies as st

from rag.text.words import content, terms, words


@pytest.mark.parametrize(
    ("word", "other"),
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
def test_forms_of_a_word_share_a_term(word: str, other: str) -> None:
    assert terms(word) == terms(other)


@pytest.mark.parametrize(("word", "other"), [("US", "us"), ("1923", "1932"), ("6.5", "65"), ("4o", "4")])
def test_different_words_keep_different_terms(word: str, other: str) -> None:
    assert terms(word) != terms(other)


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
    sequence = words(text)
    assert [word.span for word in sequence] == sorted(word.span for word in sequence)
    for word in sequence:
        assert word.span.of(text) == word.text
        assert word.norm


def test_threads_do_not_get_each_other_s_stems() -> None:
    endings = [
        "relating",
        "national",
        "happiness",
        "generously",
        "running",
        "clusters",
        "hopefulness",
        "agreed",
    ]
    # New words, so that none is in the cache of stems, and other ones for each thread.
    forms = [f"{a}{b}{ending}" for a, b in product(ascii_lowercase, repeat=2) for ending in endings]
    stemmer = Stemmer.Stemmer("english", 0)
    expected = {form: stemmer.stemWord(form) for form in forms}
    switch_interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            stems = list(pool.map(lambda thread: [terms(form) for form in forms[thread::8]], range(8)))
    finally:
        sys.setswitchinterval(switch_interval)
    assert stems == [[(expected[form],) for form in forms[thread::8]] for thread in range(8)]
