"""The sections of an article by their headings and numbers, and the sentences of those that a question asks for."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import takewhile

import regex

from rag.evidence.sentences import ScoredSentence
from rag.question.lookup.numbered_things import asked_clauses
from rag.question.lookup.sections import AskedSection, section_terms
from rag.schema import Article
from rag.text.outline import Line, outline

_NUMBERED = regex.compile(
    r"(?:§\s*|(?i:section|chapter|article|part|clause|rule|annex|appendix)\s+)?(?P<number>\d{1,3}(?:\.\d{1,3})*)[.):]?(?:\s+|$)"
)
_NUMBER_MARK = regex.compile(r"\s*(?P<number>\d{1,3}(?:\.\d{1,3})*)[.)]\s+")
_HASHES = regex.compile(r"\s*(?P<hashes>#{1,6})\s+")
_WHOLE_SENTENCE = 6  # words: a line of names or a date has fewer
_LONGEST_HEAD = 8  # words of a heading that begins a paragraph or an item: "2.1 Right of first refusal."


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; ``head`` and ``body`` are positions in the outline of the article.

    ``number`` is its number, such as ``2.1``, and empty where it has none; ``level`` counts the hashes of a Markdown
    heading, and is 0 where it has none. A head that is a sentence of its paragraph is in ``body``, too.
    """

    head: int
    number: str
    title: str
    level: int
    body: tuple[int, ...]


@lru_cache(maxsize=256)
def _sections(text: str) -> tuple[Section, ...]:
    lines = outline(text)
    heads = [index for index in range(len(lines)) if _is_head(text, lines, index)]
    return tuple(
        Section(
            head,
            _number(text, lines[head]),
            _NUMBERED.sub("", lines[head].span.of(text), count=1)
            if _leads_by_number(text, lines[head])
            else lines[head].span.of(text),
            _level(text, lines[head]),
            tuple(range(head + (lines[head].kind == "heading"), end)),
        )
        for head, end in zip(
            heads, [*heads[1:], len(lines)], strict=False
        )  # one end more where there is no head
    )


def sections(article: Article) -> tuple[Section, ...]:
    """The sections of ``article`` in order, those of its own title left out."""
    return tuple(
        section for section in _sections(article.text) if section.title.casefold() != article.title.casefold()
    )


def section_asked_for(
    asked: AskedSection, articles: Sequence[Article], *, limit: int
) -> tuple[ScoredSentence, ...]:
    """At most ``limit`` sentences of the sections that ``asked`` names, by article as given."""
    if asked.place is not None:
        return _shared(articles, lambda article, section: _is_at(asked.place or 0, article, section), limit)
    return _shared(articles, lambda article, section: asked.is_headed(section.title, article.title), limit)


def section_headed(words: str, articles: Sequence[Article], *, limit: int) -> tuple[ScoredSentence, ...]:
    """At most ``limit`` sentences of the sections whose headings have some of ``words`` and no others."""
    known = section_terms(words)
    return _shared(
        articles, lambda _, section: bool(headed := section_terms(section.title)) and headed <= known, limit
    )


def beginning(articles: Sequence[Article], *, limit: int) -> tuple[ScoredSentence, ...]:
    """The first ``limit`` whole sentences of each article."""
    return tuple(
        sentence
        for article in articles
        for sentence in as_stated(
            article,
            [
                index
                for index, line in enumerate(outline(article.text))
                if line.kind == "paragraph" and len(line.span.of(article.text).split()) >= _WHOLE_SENTENCE
            ][:limit],
        )
    )


def _is_at(place: int, article: Article, section: Section) -> bool:
    every = sections(article)
    return -len(every) <= place < len(every) and every[place] == section


def numbered_section(question: str, articles: Sequence[Article], *, limit: int) -> tuple[ScoredSentence, ...]:
    """At most ``limit`` sentences of the sections whose numbers ``question`` names."""
    numbers = asked_clauses(question)
    return _shared(articles, lambda _, section: section.number in numbers, limit)


def _shared(
    articles: Sequence[Article], wanted: Callable[[Article, Section], bool], limit: int
) -> tuple[ScoredSentence, ...]:
    found = [(article, indices) for article in articles if (indices := _indices(article, wanted))]
    chosen: list[ScoredSentence] = []
    for number, (article, indices) in enumerate(found):
        share = math.ceil((limit - len(chosen)) / (len(found) - number))
        chosen += as_stated(article, indices[: max(0, share)])
    return tuple(chosen)


def _indices(article: Article, wanted: Callable[[Article, Section], bool]) -> list[int]:
    """The sentences of the wanted sections and of those below them; of one without any, those of the next."""
    every = sections(article)
    found: set[int] = set()
    for place, section in enumerate(every):
        if wanted(article, section):
            below = takewhile(partial(_is_below, section), every[place + 1 :])
            body = [index for one in (section, *below) for index in one.body]
            found.update(body or (index for one in every[place + 1 : place + 2] for index in one.body))
    return sorted(found)


def _is_below(above: Section, section: Section) -> bool:
    """Whether a section that comes next is part of one: by its number, its hashes, or as a question in the text."""
    numbered = bool(above.number) and section.number.startswith(f"{above.number}.")
    deeper = section.level > above.level > 0
    return numbered or deeper or (section.level == 0 < above.level and section.title.endswith("?"))


def as_stated(article: Article, indices: Sequence[int]) -> list[ScoredSentence]:
    """Sentences that were found by what they are, and not by how well they match: each has the highest score."""
    return [
        ScoredSentence(article=article, index=index, match=1.0, headed=0.0, alike=1.0, near=1.0, rank=1.0)
        for index in indices
    ]


def _is_head(text: str, lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a heading, or a short numbered opening of an item or a paragraph that goes on."""
    line = lines[index]
    if line.kind == "heading":  # a question within a paragraph is one, too, and heads no section
        return not regex.search(r"\p{L}{2}", _before(text, line))
    following = lines[index + 1] if index + 1 < len(lines) else None
    if following is None or following.kind == "heading" or len(line.span.of(text).split()) > _LONGEST_HEAD:
        return False
    between = text[line.span.end : following.span.start]
    if line.kind == "item":
        marked = _NUMBER_MARK.fullmatch(_before(text, line)) is not None
        return marked and _NUMBER_MARK.search(between) is None
    return line.kind == "paragraph" and _leads_by_number(text, line) and "\n" not in between.strip(" ")


def _leads_by_number(text: str, line: Line) -> bool:
    return _NUMBERED.match(line.span.of(text)) is not None and line.kind != "item"


def _number(text: str, line: Line) -> str:
    match = (
        _NUMBERED.match(line.span.of(text))
        if line.kind != "item"
        else _NUMBER_MARK.fullmatch(_before(text, line))
    )
    return match["number"] if match else ""


def _level(text: str, line: Line) -> int:
    match = _HASHES.fullmatch(_before(text, line))
    return len(match["hashes"]) if match else 0


def _before(text: str, line: Line) -> str:
    """What stands before a sentence on its line: the mark of an item or a heading."""
    return text[text.rfind("\n", 0, line.span.start) + 1 : line.span.start]
