"""The articles of the pages that a feed or sitemap names; where a page cannot be had, of the content in the feed."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from rag.errors import ArticleError, SettingsError, SiteAway
from rag.reading.articles import ReadResult
from rag.reading.cleaning import trim
from rag.reading.fields import find_title
from rag.reading.formats.document import clean_document
from rag.reading.formats.html.page import read_chapter
from rag.reading.web.article import fetch_article, named
from rag.reading.web.download import OPEN_INTERNET, Access
from rag.reading.web.feeds.entries import Entry, page_key
from rag.reading.web.feeds.listing import open_address
from rag.reading.web.url import canonical_url, parse
from rag.schema import Article

ENTRIES = 200  # fetched at a time, one after the other: some minutes
_MISSES = 3  # in a row, of one site: then no more is asked of it


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedEntry:
    """What came of an entry: an article, and notes on it, each a whole line.

    ``error`` is why its page could not be had; the ``article`` is then of the content in the feed, or missing.
    """

    entry: Entry
    article: Article | None = None
    error: ArticleError | None = None
    notes: tuple[str, ...] = ()


def fetch_articles(
    address: str,
    *,
    limit: int = ENTRIES,
    known: Collection[str] = (),
    access: Access = OPEN_INTERNET,
) -> ReadResult:
    """The articles of the first ``limit`` pages of the feed or sitemap at ``address``, or of the one page there.

    Pages whose addresses are in ``known`` are not fetched. ``access`` says which hosts may be asked. What goes wrong is
    in ``errors``, one for each entry, and what was left out in ``warnings``. Raises ``SettingsError`` for a limit below
    1.
    """
    check_limit(limit)
    found = open_address(address, access)
    if isinstance(found, ReadResult):
        return found
    known_keys = set(map(page_key, known))
    wanted = [entry for entry in found.entries if entry.key not in known_keys]
    fetched = tuple(fetch_entries(wanted[:limit], found.access))
    left = left_out(found.address, len(wanted), limit)
    by_id = {item.article.id: item.article for item in reversed(fetched) if item.article}
    return ReadResult(
        articles=tuple(reversed(by_id.values())),
        errors=(*found.errors, *(item.error for item in fetched if item.error and not item.article)),
        warnings=(*found.warnings, *left, *(note for item in fetched for note in item.notes)),
    )


def check_limit(limit: int) -> None:
    """Raise ``SettingsError`` for a limit of entries below 1."""
    if limit < 1:
        raise SettingsError(f"a limit of {limit!r} entries: give 1 or more")


def left_out(address: str, wanted: int, limit: int) -> tuple[str, ...]:
    """The warning that of so many ``wanted`` entries only the first ``limit`` are fetched, if it is so."""
    if wanted <= limit:
        return ()
    left = f"{wanted - limit:,} of {wanted:,} new or changed entries are left out, as the limit is {limit:,}"
    fix = f"run it again for the next ones, or give --entries {wanted} (limit={wanted} in Python)"
    return (f"{address!r}: {left}: {fix}",)


def fetch_entries(entries: Iterable[Entry], access: Access) -> Iterator[FetchedEntry]:
    """What comes of each entry, in their order, one request after the other.

    A page that cannot be had costs itself alone; a site of which three in a row do not answer, or which asks for fewer
    requests, is not asked for the others.
    """
    misses: Counter[str] = Counter()
    for entry in entries:
        site = entry.key.partition("/")[0]
        if misses[site] >= _MISSES:
            why = f"not fetched, as {site!r} did not answer {_MISSES} times in a row: try again later"
            yield _from_feed(entry, SiteAway(entry.url, why))
            continue
        result = fetch_article(
            entry.url, resolve=access.resolve, allowed=access.allowed, limits=access.limits
        )
        error = next(iter(result.errors), None)
        misses[site] = misses[site] + 1 if isinstance(error, SiteAway) else 0
        if error is not None:
            yield _from_feed(entry, error)
        else:
            yield _worded(entry, result.articles[0], result.warnings)


def _worded(
    entry: Entry, article: Article, notes: tuple[str, ...], error: ArticleError | None = None
) -> FetchedEntry:
    """The article, with the day of the feed where its page states none; an error for one without a word."""
    if not any(map(str.isalnum, article.text)):
        return FetchedEntry(entry=entry, error=ArticleError(entry.url, "holds no words: it is left out"))
    dated = replace(article, date=article.date or entry.date)
    return FetchedEntry(entry=entry, article=dated, error=error, notes=notes)


def _from_feed(entry: Entry, error: ArticleError) -> FetchedEntry:
    """The article of the content that the feed has of an entry, whose page was not to be had; else the ``error``."""
    if not entry.html.strip():
        return FetchedEntry(entry=entry, error=error)
    try:
        url = parse(entry.url)
        page = f"\ufeff<html><body>{entry.html}</body></html>".encode(
            "utf-8", "replace"
        )  # marked, as it may name another charset
        text = read_chapter(page, entry.url)
        document = clean_document(text, entry.url, fields={})
        body = trim(document.text, entry.url)
    except ArticleError:
        return FetchedEntry(entry=entry, error=error)
    article = Article(
        id="",
        title=entry.title or find_title(body, markdown=True) or url.host,
        text=body,
        url=str(canonical_url(entry.url, url)),
        publisher=entry.publisher,
        date=entry.date,
    )
    note = f"{entry.url!r}: {error.reason}; the text in the feed is read instead"
    notes = (note, *(f"{entry.url!r}: {more}" for more in document.notes))
    return _worded(entry, named(article), notes, error)
