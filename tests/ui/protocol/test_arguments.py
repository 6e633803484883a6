"""Arguments of the tools: typed, and what does not fit is one line that says how to mend it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from rag.filters import Filter
from tests.ui.protocol.test_lines import ANY_TEXT, JSON
from ui.protocol.arguments import Ask, List, Read, Search, read_arguments
from ui.protocol.tools import TOOLS


@pytest.mark.parametrize(
    ("tool", "takes", "arguments", "line"),
    [
        ("ask", Ask, {}, "ask needs 'question': give a string: one question"),
        ("ask", Ask, {"question": 7}, "'question' is 7: give a string"),
        (
            "ask",
            Ask,
            {"question": "a", "publisher": "b"},
            "ask takes no 'publisher': it takes publishers, after",
        ),
        ("ask", Ask, {"qestion": "a"}, "ask takes no 'qestion': it takes"),
        (
            "ask",
            Ask,
            {"question": "a", "publishers": "b"},
            "'publishers' is 'b': give a list of strings: only",
        ),
        ("search", Search, {"query": "a", "limit": 0}, "'limit' is 0: give a whole number from 1 to 50"),
        ("search", Search, {"query": "a", "limit": 10**400}, "give a whole number from 1 to 50"),
        ("search", Search, {"query": "a", "limit": "many"}, "'limit' is 'many': give a whole number"),
        (
            "read_article",
            Read,
            {"article": "a", "offset": -1},
            "'offset' is -1: give a whole number from 0",
        ),
        ("read_article", Read, {"article": "a", "limit": 20_001}, "from 1 to 20,000"),
        ("list_articles", List, {"limit": 201}, "from 1 to 200"),
    ],
)
def test_what_does_not_fit_is_one_line(tool: str, takes: type, arguments: dict[str, Any], line: str) -> None:
    with pytest.raises(SettingsError) as said:
        read_arguments(tool, takes, arguments)
    assert line in str(said.value)
    assert "\n" not in str(said.value)


def test_a_day_that_is_none_is_refused_with_its_value() -> None:
    given_days = read_arguments("list_articles", List, {"after": "May"})
    with pytest.raises(SettingsError, match="'May' is no date: give year, month and day as 2026-05-01"):
        given_days.within()


def test_nothing_given_is_no_filter() -> None:
    given_question: dict[str, Any] = {
        "question": "a",
        "publishers": None,
        "after": "",
        "before": None,
        "articles": [],
    }
    assert read_arguments("ask", Ask, given_question).within() == Filter()


def test_half_a_character_becomes_a_question_mark() -> None:
    assert read_arguments("ask", Ask, {"question": "a\ud800b 😀"}).question == "a?b 😀"


@given(
    st.sampled_from(TOOLS),
    st.dictionaries(ANY_TEXT | st.sampled_from(["question", "query", "limit", "offset", "article"]), JSON),
)
def test_whatever_is_given_is_read_or_refused_in_one_short_line(tool: Any, arguments: dict[str, Any]) -> None:  # noqa: ANN401
    try:
        read_arguments(tool.name, tool.takes, arguments)
    except SettingsError as error:
        said = str(error)
    else:
        return
    assert len(said.splitlines()) == 1
    assert len(said.encode()) < 1000
