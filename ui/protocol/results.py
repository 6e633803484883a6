"""What the tools give: typed, with each field described for the model that reads it. Pure."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from rag.checking import Checked, CheckedStatement, Verdict
from rag.citing.links import safe_url
from rag.schema import Answer, Article, Citation, Evidence, Hit, Outcome, Span, Support
from rag.storage.records import ArticleSummary
from ui.protocol.addresses import address
from ui.wording import note, outcome_text

_Id = Annotated[str, Field(description="the article's id")]
_Title = Annotated[str, Field(description="the article's title")]
_Publisher = Annotated[str, Field(description="who published the article; may be empty")]
_Day = Annotated[str, Field(description="the article's day, as 2026-05-01; may be empty")]
_Url = Annotated[str, Field(description="where the article was published; may be empty")]
_Credit = Annotated[str, Field(description="what must be shown where the article is cited; may be empty")]
_Start = Annotated[int, Field(description="where the words start in the article, in code points")]
_End = Annotated[int, Field(description="where they end, in code points, not included")]
_Words = Annotated[
    str, Field(description="the resource with exactly these words; empty where there are none")
]
_Characters = Annotated[int, Field(description="the article's length in code points")]


class Origin(TypedDict):
    """The article that words are from."""

    article: _Id
    title: _Title
    publisher: _Publisher
    date: _Day
    url: _Url
    credit: _Credit


class Statement(Origin):
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
    start: _Start
    end: _End
    uri: _Words


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


class Passage(Origin):
    """A passage that a search found."""

    text: Annotated[str, Field(description="the passage, character for character")]
    score: Annotated[
        float, Field(description="how well it fits: higher is better, comparable within one search alone")
    ]
    cosine: Annotated[
        float, Field(description="how near it is in meaning, -1 to 1, comparable across searches")
    ]
    start: _Start
    end: _End
    uri: _Words


class Found(TypedDict):
    """What a search found."""

    passages: Annotated[list[Passage], Field(description="the passages, best first")]
    limited: Annotated[str, Field(description="which articles were searched; empty where all were")]


class Reading(Origin):
    """A part of an article, or all of it."""

    text: Annotated[str, Field(description="the words from start to end, character for character")]
    start: _Start
    end: _End
    characters: _Characters
    left: Annotated[int, Field(description="code points after this part; 0 at the end of the article")]
    uri: _Words


class Line(TypedDict):
    """One article of a listing."""

    article: _Id
    title: _Title
    publisher: _Publisher
    date: _Day
    url: _Url
    characters: _Characters
    uri: Annotated[str, Field(description="the resource with the whole article")]


class Listing(TypedDict):
    """A part of the list of articles, or all of it."""

    articles: Annotated[list[Line], Field(description="the articles of this part, by id")]
    matching: Annotated[int, Field(description="how many articles match in all")]
    left: Annotated[int, Field(description="articles after this part; 0 at the end of the list")]
    undated: Annotated[
        int, Field(description="articles left out only because they have no date, where days were given")
    ]


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


def passage(hit: Hit, article: Article) -> Passage:
    """A hit of a search as one of the tool's results, with the origin of its words."""
    return Passage(
        text=hit.chunk.text,
        score=hit.score,
        cosine=hit.cosine,
        **_origin(article),
        start=hit.chunk.span.start,
        end=hit.chunk.span.end,
        uri=address(article.id, hit.chunk.span),
    )


def reading(article: Article, span: Span) -> Reading:
    """The part of an article at ``span`` as the tool's result."""
    return Reading(
        text=span.of(article.text),
        **_origin(article),
        start=span.start,
        end=span.end,
        characters=len(article.text),
        left=len(article.text) - span.end,
        uri=address(article.id, span),
    )


def line(item: ArticleSummary) -> Line:
    """A summary of an article as one line of the tool's result."""
    return Line(
        article=item.id,
        title=item.title,
        publisher=item.publisher,
        date=item.date.isoformat() if item.date else "",
        url=safe_url(item.url),
        characters=item.characters,
        uri=address(item.id),
    )


def _origin(article: Article) -> Origin:
    return Origin(
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        date=article.date.isoformat() if article.date else "",
        url=safe_url(article.url),
        credit=article.credit,
    )


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
        uri=address(citation.article_id, citation.span) if citation.quote else "",
    )
