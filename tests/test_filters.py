"""Filters: what they match, what they refuse, and how they are described."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from rag import Filter
from rag.errors import SettingsError
from rag.filters import (
    EVERYTHING,
    ArticleFacts,
    FilterMatch,
    describe_limits,
    match_articles,
    parse_day,
    read_filter,
)

MAY = date(2026, 5, 1)
KNOWN = {
    "a": ArticleFacts("Coast News", MAY, 2),
    "b": ArticleFacts("Coast News", date(2026, 5, 31), 3),
    "c": ArticleFacts("Bay Post", None, 4),
    "d": ArticleFacts("", date(2026, 6, 1), 5),
}


def ids(within: Filter) -> str:
    return "".join(sorted(match_articles(within, KNOWN).articles))


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        (Filter(), "abcd"),
        (Filter(publishers=("Coast News",)), "ab"),
        (Filter(publishers=("COAST news", "Bay Post")), "abc"),
        (Filter(publishers=("",)), "d"),
        (Filter(after=MAY), "abd"),
        (Filter(after=date(2026, 5, 2)), "bd"),
        (Filter(before=date(2026, 5, 31)), "ab"),
        (Filter(after=date(2026, 5, 31), before=date(2026, 5, 31)), "b"),
        (Filter(articles=("c", "a")), "ac"),
        (Filter(articles=("c",), before=MAY), ""),
        (Filter(publishers=("Bay Post",), articles=("a",)), ""),
    ],
)
def test_an_article_must_match_every_part_and_the_ends_of_a_range_are_in_it(
    within: Filter, expected: str
) -> None:
    assert ids(within) == expected


def test_chunks_are_counted_and_articles_that_only_lack_a_date(tmp_path: Path) -> None:
    assert match_articles(Filter(after=MAY), KNOWN) == FilterMatch(
        articles=frozenset("abd"), chunks=10, undated=1, asked="dated 2026-05-01 or later"
    )
    assert match_articles(Filter(publishers=("Coast News",)), KNOWN).undated == 0


@pytest.mark.parametrize(
    ("within", "words"),
    [
        (Filter(publishers=("Coast New",)), "no article is by the publisher 'Coast New': did you mean 'Coast News'?"),
        (Filter(publishers=("Zzz",)), "no article is by the publisher 'Zzz': there are 'Bay Post', 'Coast News'"),
        (Filter(publishers=("Bay Post", "x" * 5000)), "there are 'Bay Post'"),
        (Filter(articles=("a", "e")), "no article has the id 'e': there are 'a', 'b', 'c', 'd'; `pincite list`"),
    ],
)  # fmt: skip
def test_a_name_that_no_article_has_is_refused_with_those_most_like_it(within: Filter, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        match_articles(within, KNOWN)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_without_any_article_every_name_is_unknown() -> None:
    with pytest.raises(SettingsError, match="there are none to choose from"):
        match_articles(Filter(publishers=("Coast News",)), {})


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"after": date(2026, 5, 2), "before": MAY}, "after '2026-05-02' is later than before '2026-05-01'"),
        ({"publishers": "Coast News"}, "publishers is 'Coast News': give a tuple of strings"),
        ({"articles": (1,)}, "articles holds 1"),
        ({"articles": None}, "articles is None"),
        ({"after": "2026-05-01"}, "after is '2026-05-01': give a datetime.date"),
        ({"before": datetime(2026, 5, 1)}, "give a datetime.date"),
    ],
)
def test_a_part_that_makes_no_sense_is_one_clear_line(parts: dict[str, object], words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Filter(**parts)  # type: ignore[arg-type]
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text", ["1 May", "2026-5-1", "20260501", "2026-W18-5", "2026-02-30", "", "٢٠٢٦-٠٥-٠١"]
)
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(SettingsError, match="as 2026-05-01"):
        parse_day(text)


def test_a_day_is_read() -> None:
    assert parse_day("2026-05-01") == MAY


def test_a_program_says_it_in_plain_values_and_empty_ones_ask_nothing() -> None:
    assert read_filter(publishers=["A"], after="2026-05-01", before="", articles=None) == Filter(
        publishers=("A",), after=MAY
    )
    assert read_filter() == EVERYTHING
    for parts in ({"after": 20260501}, {"publishers": "A"}, {"articles": [1]}, {"publishers": 5}):
        with pytest.raises(SettingsError):
            read_filter(**parts)


def test_a_list_of_names_is_taken_and_filters_of_equal_parts_are_equal() -> None:
    given_list: list[str] = ["a"]
    assert Filter(articles=given_list) == Filter(articles=("a",))  # type: ignore[arg-type]
    assert not Filter()
    assert Filter() == EVERYTHING
    assert Filter(before=MAY)


def test_what_was_searched_is_said_in_words() -> None:
    whole = Filter(publishers=("Coast News", "Bay Post"), after=MAY, before=date(2026, 5, 31))
    assert describe_limits(whole, match_articles(whole, KNOWN)) == (
        "Only 2 articles by “Coast News” or “Bay Post”, dated 2026-05-01 to 2026-05-31 were searched. "
        "1 article has no date and can match no range of dates."
    )
    one = Filter(articles=("a",))
    assert describe_limits(one, match_articles(one, KNOWN)) == "Only 1 article with the id “a” was searched."
    none = Filter(after=date(2027, 1, 1), articles=("a", "b"))
    assert describe_limits(none, match_articles(none, KNOWN)) == (
        "No article matches: none is dated 2027-01-01 or later, with the id “a” or “b”."
    )
    assert describe_limits(EVERYTHING, match_articles(EVERYTHING, KNOWN)) == ""
    assert Filter(articles=tuple("abcdef")).described == "with the id “a”, “b”, “c”, “d” or 2 more"


def test_articles_are_named_by_their_titles_where_all_have_one() -> None:
    both = Filter(publishers=("Coast News",), articles=("a", "b", "c"))
    titled = {key: replace(one, title=f"The {key}") for key, one in KNOWN.items()}
    assert match_articles(both, titled).asked == "by “Coast News”, titled “The a”, “The b” or “The c”"
    same = {key: replace(one, title="The light") for key, one in KNOWN.items()}
    assert match_articles(Filter(articles=("a", "b")), same).asked == "titled “The light”"
    half = {**titled, "b": KNOWN["b"]}
    assert match_articles(Filter(articles=("a", "b")), half).asked == "with the id “a” or “b”"
    long = {"a": replace(KNOWN["a"], title="x" * 500)}
    assert match_articles(Filter(articles=("a",)), long).asked == f"titled “{'x' * 79}…”"
