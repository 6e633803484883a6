"""Lines of standard input: what the parser would refuse is mended, and nothing else is touched."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import from_json

from ui.protocol.lines import mended, whole_characters

ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # with lone surrogates
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
@example({"query": "a\ud800b", "limit": int("9" * 900)})
@example({"\udfff": ["😀", "\ud83d"]})
def test_a_line_of_json_can_be_parsed_and_says_the_same_in_whole_characters(value: object) -> None:
    line = mended(json.dumps(value) + "\n")
    assert line.endswith("\n")
    assert "\n" not in line[:-1]
    assert from_json(line) == whole_characters(value)


@given(st.text())
@example("not json \\ud800")
@example("[" * 100_000 + "\\ud800")
def test_what_is_no_json_stays_as_it_is(line: str) -> None:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        assert mended(line) == line


def test_a_whole_character_in_two_escapes_stays_whole() -> None:
    assert json.loads(mended('{"q": "\\ud83d\\ude00 \\ud83d"}')) == {"q": "😀 ?"}


def test_a_number_of_thousands_of_digits_stays_beyond_every_limit() -> None:
    assert json.loads(mended(f'{{"limit": {"9" * 5000}}}'))["limit"] == int("9" * 999)


@pytest.mark.parametrize("depth", [99, 101, 300, 50_000])
def test_what_is_nested_deeply_becomes_nothing_and_the_rest_of_its_line_stays(depth: int) -> None:
    deep = "[" * depth + '"["' + "]" * depth
    line = f'{{"id": 7, "x": "]}}[\\"{{", "deep": {deep}, "after": [[1], {{"a": {{}}}}]}}\n'
    read = from_json(mended(line))
    assert (read["id"], read["x"], read["after"]) == (7, ']}["{', [[1], {"a": {}}])
    assert ("null" in mended(line)) is (depth > 99)
    assert mended(line[:-3]) == line[:-3]
