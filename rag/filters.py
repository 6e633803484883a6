"""Filters: limit a search to the articles of some publishers, of a range of days, or with some ids."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from rag.errors import SettingsError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED = 4  # names that a sentence or a message lists
_TITLE = 80  # characters of a title in a sentence
_LONGEST = 200  # characters of a name for which similar names are looked up: that takes time in their square


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The articles that may answer: those that match every part given. An empty part matches all.

    - ``publishers``: any of these, compared without case.
    - ``after`` and ``before``: the first and the last day, both included. An article without a date is in no range.
    - ``articles``: any of these ids.

    Raises ``SettingsError`` where a part is of the wrong type or ``after`` is later than ``before``.

    >>> from datetime import date
    >>> Filter(publishers=("Coast News",), after=date(2026, 5, 1)).described
    'by “Coast News”, dated 2026-05-01 or later'
    """

    publishers: tuple[str, ...] = ()
    after: datetime.date | None = None
    before: datetime.date | None = None
    articles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part in ("publishers", "articles"):
            object.__setattr__(self, part, _names(part, getattr(self, part)))
        for part in ("after", "before"):
            _refuse_wrong_day(part, getattr(self, part))
        if self.after and self.before and self.after > self.before:
            raise SettingsError(
                f"after {self.after.isoformat()!r} is later than before {self.before.isoformat()!r}: "
                "give the first day of the range as after, the last as before"
            )

    def __bool__(self) -> bool:
        """Whether it limits the articles at all."""
        return bool(self.publishers or self.after or self.before or self.articles)

    @property
    def described(self) -> str:
        """The filter in words that continue "articles"; empty where all match."""
        parts = []
        if self.publishers:
            parts.append(f"by {_listed(self.publishers)}")
        if self.after and self.before:
            parts.append(f"dated {self.after.isoformat()} to {self.before.isoformat()}")
        elif self.after:
            parts.append(f"dated {self.after.isoformat()} or later")
        elif self.before:
            parts.append(f"dated {self.before.isoformat()} or earlier")
        if self.articles:
            parts.append(f"with the id {_listed(self.articles)}")
        return ", ".join(parts)

    def named(self, titles: Mapping[str, str]) -> str:
        """The filter in words as ``described``, but with titles for ids if ``titles`` (by id) has all of them."""
        full = [titles.get(article_id, "") for article_id in self.articles]
        if not all(full) or not full:
            return self.described
        cut = tuple(title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…" for title in full)
        rest = replace(self, articles=()).described
        return ", ".join(filter(None, (rest, f"titled {_listed(tuple(dict.fromkeys(cut)))}")))


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """Facts of an article that a filter tests, its number of chunks, and its title."""

    publisher: str
    date: datetime.date | None
    chunks: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterMatch:
    """The ids of the articles that match a filter, and the number of their chunks.

    ``undated`` counts the articles that match but for lacking a date. ``asked`` is the filter in words.
    """

    articles: frozenset[str]
    chunks: int
    undated: int
    asked: str = ""


def check_filter(within: object) -> Filter:
    """``within`` where it is a filter; raises ``SettingsError`` otherwise."""
    if not isinstance(within, Filter):
        raise SettingsError(f"within is a {type(within).__name__}: give a rag.Filter")
    return within


def read_filter(
    *, publishers: object = None, after: object = None, before: object = None, articles: object = None
) -> Filter:
    """Make a filter from JSON values: lists of strings, days as ``2026-05-01``. Empty values match all.

    Raises ``SettingsError`` as ``Filter`` and ``parse_day`` do.
    """
    return Filter(
        publishers=_names("publishers", publishers or ()),
        after=parse_day(after) if after else None,
        before=parse_day(before) if before else None,
        articles=_names("articles", articles or ()),
    )


def parse_day(text: object) -> datetime.date:
    """Parse a day such as ``2026-05-01``; raises ``SettingsError`` for anything else."""
    try:
        if isinstance(text, str) and _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is no day of the calendar: give one as 2026-05-01") from error
    raise SettingsError(f"{text!r:.40} is no date: give year, month and day as 2026-05-01")


def match_articles(within: Filter, articles: Mapping[str, ArticleFacts]) -> FilterMatch:
    """Match a filter with articles, given by id. Raises ``SettingsError`` for a publisher or id that none has."""
    publishers = {name.casefold() for name in within.publishers}
    ids = set(within.articles)
    _refuse_unknown(within, articles)
    matching: list[str] = []
    undated = 0
    for article_id, facts in articles.items():
        if (ids and article_id not in ids) or (publishers and facts.publisher.casefold() not in publishers):
            continue
        if facts.date is None and (within.after or within.before):
            undated += 1
        elif facts.date is None or _in_range(facts.date, within):
            matching.append(article_id)
    chunks = sum(articles[article_id].chunks for article_id in matching)
    titles = {article_id: articles[article_id].title for article_id in within.articles}
    return FilterMatch(
        articles=frozenset(matching), chunks=chunks, undated=undated, asked=within.named(titles)
    )


def describe_limits(within: Filter, match: FilterMatch) -> str:
    """A sentence that says how many articles a filter left to search, or that none matches; empty without a filter."""
    if not within:
        return ""
    count = len(match.articles)
    undated = ""
    if match.undated:
        subject = "1 article has" if match.undated == 1 else f"{match.undated} articles have"
        undated = f" {subject} no date and can match no range of dates."
    if not count:
        return f"No article matches: none is {match.asked}.{undated}"
    articles = "1 article" if count == 1 else f"{count} articles"
    return f"Only {articles} {match.asked} {'was' if count == 1 else 'were'} searched.{undated}"


def _in_range(date: datetime.date, within: Filter) -> bool:
    return (within.after is None or within.after <= date) and (within.before is None or date <= within.before)


def _names(part: str, given: object) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise SettingsError(f"{part} is {given!r:.40}: give a tuple of strings")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise SettingsError(f"{part} holds {name!r:.40}: give strings alone")
    return names


def _refuse_wrong_day(part: str, given: object) -> None:
    # ``datetime`` is a subclass of ``date``, yet the two cannot be compared.
    if given is not None and (not isinstance(given, datetime.date) or isinstance(given, datetime.datetime)):
        raise SettingsError(f"{part} is {given!r:.60}: give a datetime.date, as date(2026, 5, 1)")


def _refuse_unknown(within: Filter, articles: Mapping[str, ArticleFacts]) -> None:
    publishers: dict[str, str] = {}  # by their names without case
    if within.publishers:
        publishers = {facts.publisher.casefold(): facts.publisher for facts in articles.values()}
    for name in within.publishers:
        if name.casefold() not in publishers:
            names = sorted(filter(None, publishers.values()))
            raise SettingsError(f"no article is by the publisher {name!r:.80}: {_suggest(name, names)}")
    for article_id in within.articles:
        if article_id not in articles:
            fix = f"{_suggest(article_id, sorted(articles))}; `pincite list` shows all"
            raise SettingsError(f"no article has the id {article_id!r:.80}: {fix}")


def _suggest(name: str, names: list[str]) -> str:
    """Advice for a message: the ``names`` most like ``name``, or the first ones where none is like it."""
    if not names:
        return "there are none to choose from"
    folded = {candidate.casefold(): candidate for candidate in reversed(names)}
    close = get_close_matches(name.casefold(), folded, n=_NAMED) if len(name) <= _LONGEST else []
    if close:
        return f"did you mean {' or '.join(repr(folded[candidate]) for candidate in close)}?"
    ellipsis = ", …" if len(names) > _NAMED else ""
    return f"there are {', '.join(map(repr, names[:_NAMED]))}{ellipsis}"


def _listed(names: tuple[str, ...]) -> str:
    shown = [f"“{name}”" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


# The filter that matches every article. Defined last, as ``Filter`` checks its parts with the functions above.
EVERYTHING = Filter()
