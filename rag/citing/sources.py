"""Citations gathered by article: one source for each, with every quote of it. Pure."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.citing.links import text_fragment
from rag.citing.one_line import one_line

_PLAIN_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_NO_KEY = re.compile(r"[^a-z0-9]+")
_READABLE = 40  # characters of an id that stay readable in a key


class _Passage(Protocol):
    """What is read of ``rag.schema.Evidence``, which imports this package and is not imported here."""

    @property
    def label(self) -> int: ...

    @property
    def article_id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def publisher(self) -> str: ...

    @property
    def date(self) -> datetime.date | None: ...

    @property
    def page(self) -> int | None: ...


class _Citation(Protocol):
    """What is read of ``rag.schema.Citation``."""

    @property
    def label(self) -> int: ...

    @property
    def quote(self) -> str: ...

    @property
    def located(self) -> str: ...

    @property
    def support(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A cited article. All texts are on one line; ``url`` opens it at its quotes, and is empty where none is safe.

    ``key`` is the same in every answer that cites the article, another for every other article, and of the letters
    a-z, digits and dashes. ``quotes`` are what is cited of it, between “ and ”, with the page where there are pages.
    """

    key: str
    title: str
    publisher: str
    date: datetime.date | None
    url: str
    quotes: tuple[str, ...]


def gather(passages: Iterable[_Passage], citations: Iterable[_Citation]) -> tuple[Source, ...]:
    """The articles that ``citations`` quote, in the order in which they are first cited.

    A citation whose words do not carry its statement, or are not in the article, is left out: it would go on as a
    reference for what the article does not say.
    """
    known = {passage.label: passage for passage in passages}
    cited: dict[str, list[tuple[_Passage, str]]] = {}
    for one in citations:
        passage = known.get(one.label)
        if passage is not None and carries(one):
            cited.setdefault(passage.article_id, []).append((passage, one.quote))
    return tuple(_source(article_id, quoted) for article_id, quoted in cited.items())


def carries(citation: _Citation) -> bool:
    """Whether a citation has words of the article, and verification found nothing against them."""
    found = citation.located in ("exact", "normalized") and citation.support != "unsupported"
    return found and bool(one_line(citation.quote))


def _source(article_id: str, quoted: Sequence[tuple[_Passage, str]]) -> Source:
    first = quoted[0][0]
    quotes = dict.fromkeys(
        f"“{one_line(quote)}”{f' (p. {passage.page})' if passage.page else ''}" for passage, quote in quoted
    )
    return Source(
        key=_key(article_id),
        title=one_line(first.title) or one_line(article_id),
        publisher=one_line(first.publisher),
        date=first.date,
        url=text_fragment(first.url, *dict.fromkeys(one_line(quote) for _, quote in quoted)),
        quotes=tuple(quotes),
    )


def _key(article_id: str) -> str:
    """The id itself where every form takes it; else what can be read of it, with a hash of the whole."""
    # BibTeX tells no capitals: ``A`` and ``a`` need two keys.
    if _PLAIN_KEY.fullmatch(article_id):
        return article_id
    letters = unicodedata.normalize("NFKD", article_id).encode("ascii", "ignore").decode().lower()
    readable = _NO_KEY.sub("-", letters)[:_READABLE].strip("-") or "article"
    return f"{readable}-{hashlib.sha256(article_id.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
