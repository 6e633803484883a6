"""The tools: what each is called, takes and gives, and its work, step by step over a chatbot.

A step says what goes on, in words for whoever waits. A tool can be stopped at each: a model stops within a quarter of
a second.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.checking import Checked
from rag.errors import CheckError, IndexFault, SettingsError
from rag.events import Delta, Finished, Retrieved, Waiting
from rag.filters import describe_limits
from rag.question.input import check_question
from rag.schema import Article, Span
from ui.protocol.access import Steps, Use
from ui.protocol.arguments import LONGEST_CHECKED, Ask, Check, Given, List, Read, Search
from ui.protocol.results import (
    Answered,
    CheckedText,
    Found,
    Listing,
    Reading,
    answered,
    checked_text,
    line,
    passage,
    reading,
)

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

_WAITING = "a language model reads"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool. ``work`` takes an instance of ``takes`` and gives an instance of ``gives``.

    ``use`` is what the articles are opened for.
    """

    name: str
    title: str
    about: str
    takes: type[Given]
    gives: type
    use: Use
    work: "Callable[[Chatbot, Any], Steps[Any]]"


def _ask(bot: "Chatbot", given: Ask) -> Steps[Answered]:
    written, doing = 0, _WAITING
    with closing(bot.stream(given.question, within=given.within())) as events:
        for event in events:
            match event:
                case Retrieved():
                    doing = f"{len(event.evidence)} passages found"
                    if event.reading:
                        doing += f", {_WAITING}"
                    yield doing
                case Delta():
                    written += len(event.text)
                    doing = f"{written} characters written"
                    yield doing
                case Waiting():
                    yield doing
                case Finished():
                    return answered(event.answer)
    raise TypeError("a stream ends with Finished")


def _check(bot: "Chatbot", given: Check) -> Steps[CheckedText]:
    if len(given.text) > LONGEST_CHECKED:
        raise CheckError(
            f"the text has {len(given.text):,} characters: the limit is {LONGEST_CHECKED:,}; check it in parts"
        )
    checked = []
    with closing(bot.check_each(given.text, within=given.within())) as statements:
        for statement in statements:
            checked.append(statement)
            yield f"{len(checked)} statements checked"
    return checked_text(Checked(text=given.text, statements=tuple(checked)))


def _search(bot: "Chatbot", given: Search) -> Steps[Found]:
    within = given.within()
    query = check_question(given.query, limit=bot.settings.question_chars)
    yield "searching"
    hits = bot.retrieve(query, limit=given.limit, within=within)
    articles: dict[str, Article | None] = {}
    for hit in hits:
        if hit.chunk.article_id not in articles:
            articles[hit.chunk.article_id] = article_of(bot, hit.chunk.article_id)
    # An article that was removed since it was found says nothing any more.
    found = [(hit, article) for hit in hits if (article := articles[hit.chunk.article_id]) is not None]
    return Found(
        passages=[passage(hit, article) for hit, article in found],
        limited=describe_limits(within, bot.index.admitted(within)),
    )


def _read(bot: "Chatbot", given: Read) -> Steps[Reading]:
    yield "reading"
    article = article_of(bot, given.article)
    if article is None:
        raise SettingsError(
            f"there is no article {given.article!r:.80}: list_articles gives the ids there are"
        )
    length = len(article.text)
    if given.offset > length:
        raise SettingsError(
            f"'offset' is {given.offset!r:.40}: the article {given.article!r:.80} has {length:,} code points, "
            f"give 0 to {length:,}"
        )
    return reading(article, Span(given.offset, min(given.offset + given.limit, length)))


def _list(bot: "Chatbot", given: List) -> Steps[Listing]:
    yield "listing"
    within = given.within()
    match = bot.index.admitted(within)
    matching = [item for item in bot.index.listing() if item.id in match.articles]
    part = matching[given.offset : given.offset + given.limit]
    return Listing(
        articles=[line(item) for item in part],
        matching=len(matching),
        left=max(0, len(matching) - given.offset - len(part)),
        undated=match.undated,
    )


def article_of(bot: "Chatbot", article_id: str) -> Article | None:
    """The article of this id; ``None`` where there is none. Raises ``IndexBroken`` and the like."""
    try:
        return bot.article(article_id)
    except IndexFault as error:
        if type(error) is not IndexFault:  # a broken or stale index says nothing about the article
            raise
        return None


ABOUT = (
    "Answers a question from a fixed set of articles and from nothing else. Each statement of the answer is pinned "
    "to the exact words of an article and checked against them; where the articles do not say, the answer says so."
)
TOOLS = (
    Tool(
        name="ask",
        title="Ask the articles",
        about=ABOUT,
        takes=Ask,
        gives=Answered,
        use="ask",
        work=_ask,
    ),
    Tool(
        name="check",
        title="Check a text against the articles",
        about="Checks a text that is there already, such as a draft or your own answer, against a fixed set of "
        "articles, statement by statement: which of them the articles support, in which words, and why not the others.",
        takes=Check,
        gives=CheckedText,
        use="check",
        work=_check,
    ),
    Tool(
        name="search",
        title="Search the articles",
        about="Finds the passages of the articles that are nearest to a query, in meaning and in words, best first, "
        "with their scores and places. Nothing is answered or checked: 'ask' does that.",
        takes=Search,
        gives=Found,
        use="search",
        work=_search,
    ),
    Tool(
        name="read_article",
        title="Read an article",
        about="Reads an article, or a part of it: a long one comes in parts, each from the 'end' of the one before, "
        "until nothing is left.",
        takes=Read,
        gives=Reading,
        use="read",
        work=_read,
    ),
    Tool(
        name="list_articles",
        title="List the articles",
        about="Lists the articles there are, by id, with title, publisher, day and length; those of some publishers or "
        "days where these are given. A long list comes in parts.",
        takes=List,
        gives=Listing,
        use="read",
        work=_list,
    ),
)
