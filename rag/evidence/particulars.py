"""What is known of the articles themselves: their dates, lengths, titles, readers, purposes, abbreviations, people.

Some of it is stated by a sentence, which is quoted. The rest is known from the article as a whole, and is said before
a quote of its opening line: ``lead`` has these words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from rag.evidence.sections import Section, as_stated, section_headed, sections
from rag.evidence.sentences import ScoredSentence
from rag.question.lookup.abbreviations import spells_out
from rag.question.lookup.particulars import HEADED, Particular
from rag.question.lookup.whole import NAMED
from rag.schema import Article
from rag.text.outline import Line, outline
from rag.text.parse import entities
from rag.text.words import UNSPACED

_HEAD_LINES, _FOOT_LINES = 10, 4  # in which a date stands that is the article's
_OPENING_LINES = 30  # in which it says for whom and what for it is
_MOST_TITLES = 7
_ROUNDED = 2  # digits of a number of words
_MADE = (
    r"(?:written|published|posted|released|issued|dated|revised|amended|updated|reviewed|approved|adopted|signed"
    r"|drafted)"
)
_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
# A line such as "Published 4 May 2021", and a sentence such as "This policy was last revised in May 2021".
_DATED = regex.compile(
    rf"\W*(?:(?:first|last|originally)\s+)?(?:{_MADE}|effective|as\s+of|version|date|received|accepted)\b.*{_YEAR}",
    regex.IGNORECASE,
)
_DATED_WHOLE = regex.compile(
    rf"\b(?:{NAMED}|it)\s+(?:was|is|has\s+been)\s+(?:\p{{L}}+\s+)?{_MADE}\b.*{_YEAR}", regex.IGNORECASE
)
_NAMED = regex.compile(NAMED, regex.IGNORECASE)
_READERS = regex.compile(
    rf"\b(?:{NAMED}|it)\s+(?:is|are|was|were)\s+(?:(?:meant|intended|written|designed|aimed|addressed|useful|suitable)\s+)?(?:for|at|to)\b"
    rf"|\b(?:{NAMED}|it)\s+(?:applies|apply|is\s+addressed|addresses|helps)\b|\b(?:intended|written|designed|meant|suitable)\s+for\b"
    r"|\b(?:aimed|targeted)\s+at\b|\b(?:target|intended)\s+(?:audience|readers)\b|\bapplies\s+to\s+(?:all|every|any)\b"
    r"|\b(?:who\s+should\s+read|audience)\b",
    regex.IGNORECASE,
)
_PURPOSE = regex.compile(
    rf"\b(?:purpose|aim|goal|objective)s?\s+(?:of\s+(?:{NAMED}|it)\s+)?(?:is|are|was)\b"
    rf"|\b(?:{NAMED}|it)\s+(?:(?:aims|seeks|tries|is\s+meant|is\s+intended|is\s+designed)\s+to|describes|explains|sets\s+out|presents|introduces"
    r"|defines|governs|regulates|summari[sz]es|reports|covers|outlines|provides|documents|lists|answers|shows|argues|helps|teaches)\b"
    r"|\b(?:in\s+this\s+\p{L}+,?\s+)?we\s+(?:present|propose|introduce|describe|report|investigate|study|show|aim)\b",
    regex.IGNORECASE,
)
_DEFINES = regex.compile(r"[\"“][^\"”]{2,60}[\"”]\s+(?:shall\s+)?(?:means?|refers?\s+to|includes?|is|are)\b")
_BETWEEN = regex.compile(r"\b[Bb](?:etween|ETWEEN)\b.{2,}\b(?:and|AND)\b", regex.DOTALL)
_EXCLUDES = regex.compile(
    r"\b(?:does|do|shall|will)\s+not\s+(?:cover|apply|include|extend|replace)\b|\b(?:is|are)\s+not\s+(?:covered|included|eligible)\b"
    r"|\bexclud(?:es?|ed|ing)\b|\bexempt\b|\bexcept\s+(?:for|in|where|that|those)\b",
    regex.IGNORECASE,
)
_BRACKETED = regex.compile(
    r"[(\[]\s*[\"“]?(?:the\s+)?(?P<letters>(?=\S*\p{Lu}\S*\p{Lu})[\p{Lu}\p{N}][\p{L}\p{N}&./-]{1,11}?)s?[\"”]?\s*[)\]]"
)
_UNSPACED = regex.compile(rf"[{UNSPACED}]")


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences to quote, and ``lead``, the words before them; empty where the sentences say it all."""

    sentences: tuple[ScoredSentence, ...]
    lead: str = ""


def particulars(kind: Particular, articles: Sequence[Article], *, limit: int) -> Found | None:
    """What ``kind`` of thing is known of ``articles``, with at most ``limit`` quotes; ``None`` where it is not."""
    if kind in HEADED and (headed := section_headed(HEADED[kind], articles, limit=limit)):
        return Found(headed)
    found = _FINDERS[kind](articles)
    if found is None or not found.sentences:
        return None
    return Found(found.sentences[:limit], found.lead)


def _date(articles: Sequence[Article]) -> Found | None:
    """The sentences that date an article, else its date in words: the newest first."""
    dated = [(one.date, one) for one in articles if one.date]
    newest = [one for _, one in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    stated = _matching(articles, _says_date, headings=True)
    if len(articles) == 1 and newest:
        return Found((*_opening(newest[0]), *stated), f"Dated {_day(newest[0])}:")
    if stated or not newest:
        return Found(stated)
    days = (
        _day(newest[0]) if newest[0].date == newest[-1].date else f"{_day(newest[-1])} to {_day(newest[0])}"
    )
    return Found(tuple(line for one in newest for line in _opening(one)), f"Dated {days}, the newest first:")


def _says_date(article: Article, index: int, line: Line) -> bool:
    text = line.span.of(article.text)
    if _DATED_WHOLE.search(text):  # "it" is the document where the sentence before names that
        return bool(_NAMED.search(text) or (line.before and _NAMED.search(line.before.of(article.text))))
    at_an_end = index < _HEAD_LINES or index >= len(outline(article.text)) - _FOOT_LINES
    return at_an_end and _DATED.match(text) is not None


def _day(article: Article) -> str:
    return f"{article.date.day} {article.date:%B %Y}" if article.date else ""


def _length(articles: Sequence[Article]) -> Found:
    text = "\n".join(article.text for article in articles)
    pages = sum(article.text.count("\f") + 1 for article in articles if "\f" in article.text)
    unspaced = len(_UNSPACED.findall(text)) * 2 > len(text)
    size = f"{len(text):,} characters" if unspaced else f"about {_rounded(len(text.split())):,} words"
    parts = [f"{len(articles)} articles"] if len(articles) > 1 else []
    parts += [size] + ([f"{pages} pages"] if pages else [])
    lead = ", ".join(parts)
    return Found(_openings(articles), f"{lead[:1].upper()}{lead[1:]}:")


def _rounded(number: int) -> int:
    """``number`` to two digits."""
    return round(number, min(0, _ROUNDED - len(str(number))))


def _contents(articles: Sequence[Article]) -> Found:
    heads = [(article, section.head) for article in articles for section in _main_sections(article)]
    lead = "1 section:" if len(heads) == 1 else f"{len(heads)} sections:"
    return Found(tuple(line for article, head in heads for line in as_stated(article, [head])), lead)


def _main_sections(article: Article) -> list[Section]:
    """The sections under headings that stand by themselves, else those whose number has one part, else all."""
    every = sections(article)
    lines = outline(article.text)
    headed = [one for one in every if lines[one.head].kind == "heading"]
    return headed or [one for one in every if "." not in one.number] or [*every]


def _title(articles: Sequence[Article]) -> Found:
    articles = articles[:_MOST_TITLES]
    titles = [article.title for article in articles if article.title]
    shown = all(line.text == article.title for article in articles for line in _opening(article))
    return Found(_openings(articles), "" if shown or not titles else f"Titled “{'”, “'.join(titles)}”:")


def _publisher(articles: Sequence[Article]) -> Found | None:
    names = dict.fromkeys(article.publisher for article in articles if article.publisher)
    published = [article for article in articles if article.publisher]
    return Found(_openings(published), f"Published by {', '.join(names)}:") if names else None


def _kind(articles: Sequence[Article]) -> Found:
    """The opening line of each, and the first whole sentence under it."""
    found: list[ScoredSentence] = []
    for article in articles:
        body = (i for i, line in enumerate(outline(article.text)) if line.kind != "heading")
        found += [*_opening(article), *as_stated(article, [*body][:1])]
    return Found(tuple(dict.fromkeys(found)))


def _audience(articles: Sequence[Article]) -> Found:
    return _saying(_READERS, articles)


def _parties(articles: Sequence[Article]) -> Found:
    return Found(_saying(_BETWEEN, articles, lines=_OPENING_LINES).sentences[: len(articles)])


def _definitions(articles: Sequence[Article]) -> Found:
    return _saying(_DEFINES, articles)


def _exclusions(articles: Sequence[Article]) -> Found:
    return _saying(_EXCLUDES, articles)


def _purpose(articles: Sequence[Article]) -> Found:
    return _saying(_PURPOSE, articles, lines=_OPENING_LINES)


def _abbreviations(articles: Sequence[Article]) -> Found:
    def says(article: Article, _: int, line: Line) -> bool:
        text = line.span.of(article.text)
        return any(spells_out(text, match["letters"]) for match in _BRACKETED.finditer(text))

    return Found(_matching(articles, says))


def _people(articles: Sequence[Article]) -> Found:
    """The first sentence about each person."""
    met: set[str] = set()

    def introduces(article: Article, _: int, line: Line) -> bool:
        text = line.span.of(article.text)
        named = {span.of(text).split()[-1] for span, label in entities(text) if label == "PERSON"}
        fresh = bool(named - met)
        met.update(named)
        return fresh

    return Found(_matching(articles, introduces))


def _saying(pattern: "regex.Pattern[str]", articles: Sequence[Article], *, lines: int | None = None) -> Found:
    """The lines that match, of the first ``lines`` of each article or of all."""

    def says(article: Article, index: int, line: Line) -> bool:
        return (lines is None or index < lines) and pattern.search(line.span.of(article.text)) is not None

    return Found(_matching(articles, says))


def _matching(
    articles: Sequence[Article], says: Callable[[Article, int, Line], bool], *, headings: bool = False
) -> tuple[ScoredSentence, ...]:
    """The lines of which ``says`` is true; a heading is asked only with ``headings``, as it may be a date."""
    return tuple(
        sentence
        for article in articles
        for sentence in as_stated(
            article,
            [
                index
                for index, line in enumerate(outline(article.text))
                if (line.kind != "heading" or headings) and says(article, index, line)
            ],
        )
    )


def _openings(articles: Sequence[Article]) -> tuple[ScoredSentence, ...]:
    return tuple(line for article in articles for line in _opening(article))


def _opening(article: Article) -> list[ScoredSentence]:
    """The line that is the title of ``article``, else its first."""
    lines = outline(article.text)
    titled = (i for i, line in enumerate(lines) if line.span.of(article.text) == article.title)
    first = next(titled, 0)
    return as_stated(article, [first] if lines else [])


_FINDERS: dict[Particular, Callable[[Sequence[Article]], Found | None]] = {
    "date": _date,
    "length": _length,
    "contents": _contents,
    "title": _title,
    "publisher": _publisher,
    "kind": _kind,
    "audience": _audience,
    "purpose": _purpose,
    "abbreviations": _abbreviations,
    "definitions": _definitions,
    "exclusions": _exclusions,
    "parties": _parties,
    "people": _people,
}
