import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.quoting.folding import find, fold


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("“Hello”", '"hello"'),
        ("it’s", "it's"),
        ("a – b", "a—b"),
        ("STRASSE", "straße"),
        ("ﬁnance", "finance"),
        ("soft\u00adware", "software"),
        ("İstanbul", "istanbul"),
        ("two\u00a0 words", "two words"),
        ("cafe\u0301", "café"),
        ("wait…", "wait..."),
        ("zero\u200bwidth", "zerowidth"),
    ],
)
def test_what_a_reader_would_call_the_same_words_fold_alike(left: str, right: str) -> None:
    assert fold(left).text == fold(right).text


@pytest.mark.parametrize(
    ("left", "right"), [("$6 billion", "$6 million"), ("1923", "1932"), ("rose", "fell")]
)
def test_folding_never_makes_different_words_alike(left: str, right: str) -> None:
    assert fold(left).text != fold(right).text


@given(st.text(max_size=200))
def test_every_folded_character_remembers_a_place_in_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    for origin in folded.origins:
        assert len(origin.of(text)) >= 1
    assert list(folded.origins) == sorted(folded.origins)


@given(st.text(max_size=80))
def test_folding_is_case_and_repeat_stable(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once or any(ord(char) > 127 for char in once)


@pytest.mark.parametrize(
    ("needle", "text"),
    [
        ("rose", "arose"),
        ("23", "1923"),
        ("$6", "$6.5 billion"),
        ("100", "100,000"),
        ("", "x"),
        ("  ", "x  y"),
        ("\u00ad", "a"),
    ],
)
def test_part_of_a_word_or_number_is_not_found(needle: str, text: str) -> None:
    assert find(needle, text) is None


def test_an_exact_match_is_preferred_to_a_folded_one_before_it() -> None:
    match = find("Rose", "ROSE and Rose")
    assert match is not None
    assert match.exact
    assert match.span.of("ROSE and Rose") == "Rose"


def test_a_folded_match_is_given_as_a_slice_of_the_original() -> None:
    text = "He said: “It’s over — really”."
    match = find("it's over - really", text)
    assert match is not None
    assert not match.exact
    assert match.span.of(text) == "It’s over — really"


def test_words_are_found_in_scripts_without_spaces() -> None:
    match = find("東京", "私は東京に住む")
    assert match is not None
    assert match.exact


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120), st.data())
def test_whatever_is_found_folds_to_what_was_sought(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    match = find(text[start:end], text)
    if match is not None:
        assert fold(match.span.of(text)).text == fold(text[start:end].strip()).text


def test_a_part_of_what_a_character_folds_to_is_not_found() -> None:
    assert find("4", "3¼") is None
    assert find("4", "4¼") is None
