"""The articles as tools for other programs' models, by the Model Context Protocol. The only file that imports mcp."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from anyio.to_thread import run_sync
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field
from typing_extensions import TypedDict

from rag.checking import Checked, CheckedStatement, Verdict
from rag.citing.links import safe_url
from rag.errors import PinciteError
from rag.filters import Filter, read_filter
from rag.schema import Answer, Citation, Evidence, Outcome, Support
from ui.wording import note, outcome_text

if TYPE_CHECKING:
    from starlette.types import ASGIApp

_ABOUT = (
    "Answers a question from a fixed set of articles and from nothing else. Each statement of the answer is pinned "
    "to the exact words of an article and checked against them; where the articles do not say, the answer says so."
)
_ABOUT_CHECK = (
    "Checks a text that is there already, such as a draft or your own answer, against a fixed set of articles, "
    "statement by statement: which of them the articles support, in which words, and why not the others."
)
_PUBLISHERS = "only articles of these publishers; all if left out"
_AFTER = "only articles of this day, as 2026-05-01, or later"
_BEFORE = "only articles of this day or earlier"
_ARTICLES = "only the articles of these ids"


class Statement(TypedDict):
    """One statement of the answer and the words it rests on."""

    claim: Annotated[str, Field(description="the statement, as it stands in the answer")]
    quote: Annotated[
        str, Field(description="the article's words it rests on, character for character; may be empty")
    ]
    support: Annotated[
        Support,
        Field(
            description="whether those words carry the claim; 'quoted': the claim is cut from the article, so that "
            "there is nothing to check, and whether it answers the question is another matter"
        ),
    ]
    verified: Annotated[
        bool, Field(description="the claim was checked, and its quote carries it; false for 'quoted'")
    ]
    reason: Annotated[str, Field(description="why it is not supported; else empty")]
    article: Annotated[str, Field(description="the article's id")]
    title: Annotated[str, Field(description="the article's title")]
    publisher: Annotated[str, Field(description="who published the article; may be empty")]
    date: Annotated[str, Field(description="the article's day, as 2026-05-01; may be empty")]
    url: Annotated[str, Field(description="where the article was published; may be empty")]
    credit: Annotated[str, Field(description="what must be shown where the article is cited; may be empty")]
    start: Annotated[int, Field(description="where the quote starts in the article, in code points")]
    end: Annotated[int, Field(description="where it ends, in code points, not included")]


class Answered(TypedDict):
    """An answer from the articles."""

    answer: Annotated[str, Field(description="the text, with [n] marks")]
    outcome: Annotated[
        Outcome,
        Field(
            description="'answered'; 'nearest': the articles are about it and do not say; "
            "'not_in_articles': they have nothing on it; 'conversation': nothing was asked of them"
        ),
    ]
    abstained: Annotated[bool, Field(description="whether the articles do not say")]
    note: Annotated[
        str, Field(description="what went wrong in writing, such as a reply that was cut off; mostly empty")
    ]
    unmentioned: Annotated[
        list[str],
        Field(description="names of the question that are in none of the quotes: it may be about another"),
    ]
    differing: Annotated[
        list[str],
        Field(description="where the quoted articles give different numbers or days, and which is newest"),
    ]
    searched: Annotated[str, Field(description="the question as it was searched")]
    limited: Annotated[str, Field(description="which articles were asked; empty where all were")]
    statements: Annotated[list[Statement], Field(description="each statement with what it rests on")]


class Judged(TypedDict):
    """One statement of a text that was checked."""

    statement: Annotated[str, Field(description="the statement, without marks")]
    start: Annotated[int, Field(description="where it starts in the text, in code points")]
    end: Annotated[int, Field(description="where it ends, in code points, not included")]
    verdict: Annotated[
        Verdict,
        Field(
            description="'unchecked': it states nothing that can be checked, such as a heading or a question"
        ),
    ]
    reason: Annotated[str, Field(description="why it is not supported; else empty")]
    words: Annotated[list[Statement], Field(description="the words that carry it, or come nearest")]


class CheckedText(TypedDict):
    """A text, checked against the articles."""

    all_supported: Annotated[
        bool, Field(description="whether every statement that can be checked is supported, and there is one")
    ]
    statements: Annotated[list[Judged], Field(description="the statements in order")]


@dataclass(frozen=True, slots=True)
class Tools:
    """The protocol's application, and what must run while it serves."""

    app: "ASGIApp"
    running: Callable[[], AbstractAsyncContextManager[None]]


def tools(
    ask: "Callable[[str, Filter, Any], Answer]", check: "Callable[[str, Filter, Any], Checked]"
) -> Tools:
    """Two tools, ``ask`` and ``check``, at ``/mcp``.

    Both functions take the question or the text, which articles count, and the request.
    """
    server = MCPServer("pincite", instructions=_ABOUT)

    @server.tool(name="ask", title="Ask the articles", description=_ABOUT)
    async def answer(
        question: Annotated[str, Field(description="one question, in plain words, up to 2000 characters")],
        context: Context,
        publishers: Annotated[list[str] | None, Field(description=_PUBLISHERS)] = None,
        after: Annotated[str, Field(description=_AFTER)] = "",
        before: Annotated[str, Field(description=_BEFORE)] = "",
        articles: Annotated[list[str] | None, Field(description=_ARTICLES)] = None,
    ) -> Answered:
        # Not on the event loop: an answer takes a second or two.
        try:
            within = read_filter(publishers=publishers, after=after, before=before, articles=articles)
            return answered(await run_sync(ask, question, within, context.request_context.request))
        except PinciteError as error:
            raise ToolError(str(error)) from error  # of any other error the client learns nothing

    @server.tool(name="check", title="Check a text against the articles", description=_ABOUT_CHECK)
    async def checked(
        text: Annotated[str, Field(description="the text, up to 10,000 characters")],
        context: Context,
        publishers: Annotated[list[str] | None, Field(description=_PUBLISHERS)] = None,
        after: Annotated[str, Field(description=_AFTER)] = "",
        before: Annotated[str, Field(description=_BEFORE)] = "",
        articles: Annotated[list[str] | None, Field(description=_ARTICLES)] = None,
    ) -> CheckedText:
        try:
            within = read_filter(publishers=publishers, after=after, before=before, articles=articles)
            return checked_text(await run_sync(check, text, within, context.request_context.request))
        except PinciteError as error:
            raise ToolError(str(error)) from error

    app = server.streamable_http_app(stateless_http=True, json_response=True)
    return Tools(app, server.session_manager.run)


def answered(answer: Answer) -> Answered:
    """An answer as the tool's result."""
    known = {item.label: item for item in answer.evidence}
    statements = [
        _statement(citation, answer.text, known.get(citation.label)) for citation in answer.citations
    ]
    return Answered(
        answer=outcome_text(answer),
        outcome=answer.outcome,
        abstained=answer.abstained,
        note=note(answer),
        unmentioned=list(answer.unmentioned),
        differing=[one.described for one in answer.differing],
        searched=answer.standalone_question,
        limited=answer.limited,
        statements=statements,
    )


def checked_text(checked: Checked) -> CheckedText:
    """A checked text as the tool's result."""
    statements = [_judged(statement, checked.text) for statement in checked.statements]
    return CheckedText(all_supported=checked.all_supported, statements=statements)


def _judged(statement: CheckedStatement, text: str) -> Judged:
    known = {item.label: item for item in statement.evidence}
    return Judged(
        statement=statement.text,
        start=statement.span.start,
        end=statement.span.end,
        verdict=statement.verdict,
        reason=statement.reason,
        words=[
            _statement(item, text, known[item.label]) for item in statement.citations if item.label in known
        ],
    )


def _statement(citation: Citation, text: str, source: Evidence | None) -> Statement:
    """A citation of a statement of ``text``, with the origin of its words."""
    return Statement(
        claim=citation.claim.of(text),
        quote=citation.quote,
        support=citation.support,
        verified=citation.verified,
        reason=citation.reason,
        article=citation.article_id,
        title=source.title if source else "",
        publisher=source.publisher if source else "",
        date=source.date.isoformat() if source and source.date else "",
        url=safe_url(source.url) if source else "",
        credit=source.credit if source else "",
        start=citation.span.start,
        end=citation.span.end,
    )
