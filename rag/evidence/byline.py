"""Who wrote an article: the lines at its head that name persons."""

import regex

from rag.evidence.sentences import ScoredSentence
from rag.schema import Article
from rag.text.outline import outline
from rag.text.parse import entities

_HEAD_LINES = 8  # of an article, in which its authors are named
_LONGEST = 300  # characters of such a line
_WHOLE = (
    r"(?:this|the|that)\s+"
    r"(?:article|paper|document|text|report|study|piece|post|essay|story|book|page|policy|guide)"
)
_ASKED = regex.compile(
    rf"(?:who|which\s+\w+)\s+(?:wrote|authored|has\s+written)\s+(?:{_WHOLE}|this|it)"
    rf"|who(?:\s+(?:is|are|was|were)|['’]s)\s+(?:the\s+|its\s+)?(?:authors?|writers?)(?:\s+(?:of|here|for)\s+(?:{_WHOLE}|this|it))?"
    rf"|(?:name|list|give)\s+(?:me\s+)?the\s+authors?(?:\s+of\s+{_WHOLE})?"
    rf"|(?:what|who)\s+are\s+the\s+names?\s+of\s+the\s+authors?|who\s+is\s+{_WHOLE}\s+(?:written\s+)?by|authors?|written\s+by",
    regex.IGNORECASE,
)
_BY = regex.compile(r"(?:\p{L}+\s+)?(?:[Bb]y|BY|[Aa]uthors?:?|[Ww]ritten by)\s+\p{Lu}")


def asks_authors(question: str) -> bool:
    """Whether ``question`` asks who wrote the article as a whole."""
    return _ASKED.fullmatch(question.strip().rstrip(" ?!.")) is not None


def byline(article: Article) -> tuple[ScoredSentence, ...]:
    """The lines at the head of ``article`` that name its authors: "By …", else the first of names alone; or none."""
    text = article.text
    head = [
        (index, line.span.of(text))
        for index, line in enumerate(outline(text)[:_HEAD_LINES])
        if len(line.span) <= _LONGEST and line.span.of(text).casefold() != article.title.casefold()
    ]
    found = [index for index, line in head if _BY.match(line)] or [
        index for index, line in head if _is_of_names(line)
    ]
    return tuple(
        ScoredSentence(article=article, index=index, match=1.0, headed=0.0, alike=0.0, near=1.0, rank=1.0)
        for index in found[:1]
    )


def _is_of_names(line: str) -> bool:
    """Whether persons' names make up most of a line."""
    letters = sum(char.isalpha() for char in line)
    named = sum(
        sum(char.isalpha() for char in span.of(line)) for span, label in entities(line) if label == "PERSON"
    )
    return named * 2 > letters > 0
