"""Articles as resources: listed in pages, read whole, or the words at a span of one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from rag.errors import SettingsError
from rag.schema import Article, Span
from rag.storage.records import ArticleSummary
from ui.protocol.access import Steps
from ui.protocol.addresses import address, read_address
from ui.protocol.tools import article_of

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

_PAGE = 100  # articles in one page of the list
_AROUND = 600  # code points before and after the words that are given as their context


@dataclass(frozen=True, slots=True)
class Page:
    """Some articles of the list, by id; ``after`` is where the next page starts, ``None`` on the last."""

    articles: tuple[ArticleSummary, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """The words at ``uri``. ``about`` says what they are of: fields of the article."""

    uri: str
    text: str
    about: dict[str, str | int]


def list_page(bot: "Chatbot", after: str | None) -> Steps[Page]:
    """The page of the list that begins after an article, which need not be there any more."""
    yield "listing"
    last = unquote(after or "")
    rest = [item for item in bot.index.listing() if item.id > last]
    more = len(rest) > _PAGE
    return Page(tuple(rest[:_PAGE]), quote(rest[_PAGE - 1].id, safe="") if more else None)


def read_parts(bot: "Chatbot", uri: str) -> Steps[tuple[Part, ...]]:
    """What is at ``uri``: an article; or the words at a span, exactly, and then the same words in their context.

    Raises ``SettingsError`` for an address that names nothing.
    """
    yield "reading"
    article_id, span = read_address(uri)
    article = article_of(bot, article_id)
    if article is None:
        raise SettingsError(
            f"there is no article {article_id!r:.80}: list the resources to see those there are"
        )
    if span is None:
        return (_part(article, Span(0, len(article.text)), uri),)
    if span.end > len(article.text):
        raise SettingsError(
            f"the span {span.start}-{span.end} reaches past the end of {article_id!r:.80}, which has "
            f"{len(article.text):,} code points"
        )
    around = _context(article.text, span)
    return (_part(article, span, uri), _part(article, around, address(article.id, around)))


def _part(article: Article, span: Span, uri: str) -> Part:
    about = {
        "article": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "date": article.date.isoformat() if article.date else "",
        "credit": article.credit,
    }
    place = {"start": span.start, "end": span.end, "characters": len(article.text)}
    return Part(uri, span.of(article.text), {**{name: said for name, said in about.items() if said}, **place})


def _context(text: str, span: Span) -> Span:
    """The paragraphs that ``span`` touches; of long ones, about ``_AROUND`` code points of whole words on each side."""
    low, high = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    start = text.rfind("\n\n", low, span.start)
    end = text.find("\n\n", span.end, high)
    start = start + 2 if start >= 0 else _after_space(text, low, span.start)
    return Span(start, end if end >= 0 else _before_space(text, span.end, high))


def _after_space(text: str, low: int, high: int) -> int:
    space = text.find(" ", low, high) if low else -1
    return space + 1 if space >= 0 else low


def _before_space(text: str, low: int, high: int) -> int:
    space = text.rfind(" ", low, high) if high < len(text) else -1
    return space if space >= 0 else high
