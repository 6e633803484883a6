"""Which articles a question is asked of: all of them, or those of some publishers, of some days, of some ids."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from rag.errors import SettingsError

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


_NAMED = 4  # names that a sentence or a message lists


_TITLE = 80  # characters of a title in a sentence


_LONGEST = 200  # characters: nobody mistypes more, and comparing takes the square of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """The articles that may answer: those that match each part given. A part left empty asks nothing.

    ``publishers``: any of these, small and capital letters alike. ``after`` and ``before``: the first and the last
    day, both included; an article without a date is in no range of days. ``articles``: any of these ids.
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
            _refuse_no_day(part, getattr(self, part))
        if self.after and self.before and self.after > self.before:
            raise SettingsError(
                f"after {self.after.isoformat()!r} is later than before {self.before.isoformat()!r}: "
                "give the first day of the range as after, the last as before"
            )

    def __bool__(self) -> bool:
        """Whether it asks anything of an article."""
        return bool(self.publishers or self.after or self.before or self.articles)

    @property
    def described(self) -> str:
        """What it asks, in words that go on from "articles"; empty where it asks nothing."""
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
        """What it asks, with the articles by their ``titles`` where each of them, by id, has one."""
        named = [titles.get(article_id, "") for article_id in self.articles]
        if not all(named) or not named:
            return self.described
        cut = tuple(title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…" for title in named)
        rest = replace(self, articles=()).described
        return ", ".join(filter(None, (rest, f"titled {_listed(tuple(dict.fromkeys(cut)))}")))


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a filter looks at in an article, how many ``chunks`` it has, and the ``title`` that people know it by."""

    publisher: str
    date: datetime.date | None
    chunks: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterMatch:
    """The ids of the articles that match a filter, and the number of their chunks.

    ``undated`` articles would match as well, had they a date. ``asked`` is what the filter asks, in words.
    """

    articles: frozenset[str]
    chunks: int
    undated: int
    asked: str = ""


def checked(within: object) -> Filter:
    """``within`` where it is a filter; raises ``SettingsError`` otherwise."""
    if not isinstance(within, Filter):
        raise SettingsError(f"within is a {type(within).__name__}: give a rag.Filter")
    return within


def read_filter(
    *, publishers: object = None, after: object = None, before: object = None, articles: object = None
) -> Filter:
    """The filter that a program asks for in JSON: lists of strings, days as ``2026-05-01``; empty values ask nothing.

    Raises ``SettingsError`` as ``Filter`` and ``day`` do.
    """
    return Filter(
        publishers=_names("publishers", publishers or ()),
        after=day(after) if after else None,
        before=day(before) if before else None,
        articles=_names("articles", articles or ()),
    )


def day(text: object) -> datetime.date:
    """The day that ``text``, as ``2026-05-01``, names; raises ``SettingsError`` where it names none."""
    try:
        if isinstance(text, str) and _DAY.fullmatch(text):
            return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{text!r} is no day of the calendar: give one as 2026-05-01") from error
    raise SettingsError(f"{text!r:.40} is no date: give year, month and day as 2026-05-01")


def match_articles(within: Filter, known: Mapping[str, ArticleFacts]) -> FilterMatch:
    """The articles of ``known``, by id, that match. Raises ``SettingsError`` for a publisher or id none has."""
    publishers = {name.casefold() for name in within.publishers}
    ids = set(within.articles)
    _refuse_unknown(within, known)
    matching: list[str] = []
    undated = 0
    for article_id, one in known.items():
        if (ids and article_id not in ids) or (publishers and one.publisher.casefold() not in publishers):
            continue
        if one.date is None and (within.after or within.before):
            undated += 1
        elif one.date is None or _inside(one.date, within):
            matching.append(article_id)
    chunks = sum(known[article_id].chunks for article_id in matching)
    titles = {article_id: known[article_id].title for article_id in within.articles}
    return FilterMatch(
        articles=frozenset(matching), chunks=chunks, undated=undated, asked=within.named(titles)
    )


def describe_limits(within: Filter, found: FilterMatch) -> str:
    """What a reader must know of a search that ``within`` limited: how many articles it left, or that none."""
    if not within:
        return ""
    count = len(found.articles)
    undated = ""
    if found.undated:
        few = "1 article has" if found.undated == 1 else f"{found.undated} articles have"
        undated = f" {few} no date and can match no range of dates."
    if not count:
        return f"No article matches: none is {found.asked}.{undated}"
    those = "1 article" if count == 1 else f"{count} articles"
    return f"Only {those} {found.asked} {'was' if count == 1 else 'were'} searched.{undated}"


def _inside(when: datetime.date, within: Filter) -> bool:
    return (within.after is None or within.after <= when) and (within.before is None or when <= within.before)


def _names(part: str, given: object) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise SettingsError(f"{part} is {given!r:.40}: give a tuple of strings")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str):
            raise SettingsError(f"{part} holds {name!r:.40}: give strings alone")
    return names


def _refuse_no_day(part: str, given: object) -> None:
    # A datetime is a date to Python, and yet the two cannot be compared.
    if given is not None and (not isinstance(given, datetime.date) or isinstance(given, datetime.datetime)):
        raise SettingsError(f"{part} is {given!r:.60}: give a datetime.date, as date(2026, 5, 1)")


def _refuse_unknown(within: Filter, known: Mapping[str, ArticleFacts]) -> None:
    by_folded = (
        {one.publisher.casefold(): one.publisher for one in known.values()} if within.publishers else {}
    )
    for name in within.publishers:
        if name.casefold() not in by_folded:
            shown = sorted(filter(None, by_folded.values()))
            raise SettingsError(f"no article is by the publisher {name!r:.80}: {_nearest(name, shown)}")
    for article_id in within.articles:
        if article_id not in known:
            fix = f"{_nearest(article_id, sorted(known))}; `pincite list` shows all"
            raise SettingsError(f"no article has the id {article_id!r:.80}: {fix}")


def _nearest(name: str, known: list[str]) -> str:
    """The names most like ``name``, or where none is like it the first ones, as advice."""
    if not known:
        return "there are none to choose from"
    folded = {one.casefold(): one for one in reversed(known)}
    close = get_close_matches(name.casefold(), folded, n=_NAMED) if len(name) <= _LONGEST else []
    if close:
        return f"did you mean {' or '.join(repr(folded[one]) for one in close)}?"
    more = ", …" if len(known) > _NAMED else ""
    return f"there are {', '.join(map(repr, known[:_NAMED]))}{more}"


def _listed(names: tuple[str, ...]) -> str:
    shown = [f"“{name}”" for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


# The filter that asks nothing; it is made last, as it is checked like any other.
EVERYTHING = Filter()
