"""Addresses of articles and of their words: each names one thing, and no text names another."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.schema import Span
from ui.protocol.addresses import address, read_address

IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
SPANS = st.tuples(st.integers(0, 10**9), st.integers(0, 10**6)).map(
    lambda both: Span(both[0], both[0] + both[1])
)


@given(IDS, st.none() | SPANS)
@example("..", Span(0, 3))
@example("a/../b", None)
@example("a/3-4", None)
@example("%2F?#", Span(1, 1))
def test_an_address_gives_back_the_id_and_the_span_it_was_made_of(article_id: str, span: Span | None) -> None:
    made = address(article_id, span)
    assert read_address(made) == (article_id, span)
    assert made.isascii()
    # Whoever normalises it finds no step up in it.
    assert not {".", ".."} & set(made.removeprefix("pincite://").split("/"))


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda end: f"pincite://article/{end}"))
@example("pincite://article/")
@example("pincite://article/a/b")
@example("pincite://article/a/1-2-3")
@example("pincite://article/%ff")
@example("pincite://article/a/9-3")
@example("pincite://article/a/٣-٤")
@example("pincite://article/a/1-" + "9" * 400)
@example("pincite://article/a\n")
@example("file:///etc/passwd")
def test_any_other_text_is_refused_in_one_line_or_names_what_it_says(given_text: str) -> None:
    try:
        read = read_address(given_text)
    except SettingsError as error:
        said = str(error)
    else:
        said = ""
        assert read_address(address(*read)) == read
    assert "\n" not in said
    assert len(said) < 400


@pytest.mark.parametrize(
    ("given_text", "line"),
    [
        ("pincite://article/a/9-3", "the span 9-3 ends before it starts: give the smaller number first"),
        ("pincite://article/%ff", "encode the id as UTF-8"),
        ("http://a", "'http://a' is no address of an article: give pincite://article/{id} or"),
    ],
)
def test_the_line_says_what_and_how_to_mend_it(given_text: str, line: str) -> None:
    with pytest.raises(SettingsError) as said:
        read_address(given_text)
    assert line in str(said.value)
