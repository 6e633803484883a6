"""Evidence: the sentences that answer the question, found in the chunks that retrieval brought up."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.late import LateInteraction, Passage
from rag.outline import Line, members, outline
from rag.question import expected, offers
from rag.schema import Article, Evidence, Hit, Span
from rag.settings import Settings
from rag.tokens import count_tokens
from rag.words import content, terms

# A word of the question found in the sentence before counts nearly as if it stood in one that leans on that,
# less in one that does not; a heading or a list's opening line likewise.
_LEANING, _NEIGHBOUR = 0.9, 0.7
# Of the score that ranks sentences: how much the chunk's own rank and the expected kind of words add.
_FROM_CHUNK, _FROM_KIND = 0.2, 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sentence of an article that may answer.

    ``match`` says how much of the question it answers with the words around it, ``own`` by its own words alone,
    ``alike`` how near it is to the question as a whole: each 0 to 1 and comparable across questions. ``rank``
    orders the sentences of one question.
    """

    article: Article
    at: int  # its place in ``outline(article.text)``
    match: float
    own: float
    alike: float
    rank: float

    @property
    def line(self) -> Line:
        """The sentence with its surroundings."""
        return outline(self.article.text)[self.at]


def find_evidence(
    question: str,
    hits: Sequence[Hit],
    *,
    article: Callable[[str], Article],
    idf: Callable[[str], float],
    late: LateInteraction,
    settings: Settings,
) -> tuple[Found, ...]:
    """The sentences of ``hits``, best first; ties by article id and place.

    ``article`` gives the article of an id; ``idf`` the weight of a term in the index. At most
    ``settings.read_sentences`` are compared, those that share most with the question by plain words.
    """
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    candidates: dict[tuple[str, int], tuple[Article, float]] = {}
    for hit in hits[: settings.top_chunks]:
        owner = article(hit.chunk.article_id)
        for at in _inside(owner, hit.chunk.span):
            candidates.setdefault((owner.id, at), (owner, max(0.0, hit.score / best)))
    read = _most_alike(question, candidates, idf)[: settings.read_sentences]
    scores = late.scores(question, [_passage(candidates[key][0], key[1]) for key in read], idf)
    kind = expected(question)
    found: list[Found] = []
    for key, score in zip(read, scores, strict=True):
        owner, from_chunk = candidates[key]
        text = outline(owner.text)[key[1]].span.of(owner.text)
        suits = 0.5 if kind == "anything" else float(offers(kind, text, question))
        rank = score.whole + _FROM_CHUNK * from_chunk + _FROM_KIND * suits
        found.append(
            Found(article=owner, at=key[1], match=score.whole, own=score.own, alike=score.alike, rank=rank)
        )
    return tuple(sorted(found, key=lambda f: (-f.rank, f.article.id, f.at)))


def _inside(article: Article, span: Span) -> list[int]:
    """The sentences of ``article`` within a chunk, headings left out: they point at words, they are none."""
    lines = outline(article.text)
    first = bisect_right(lines, span.start, key=lambda line: line.span.end)
    last = bisect_left(lines, span.end, key=lambda line: line.span.start)
    return [at for at in range(first, last) if lines[at].kind != "heading"]


def _most_alike(
    question: str, candidates: dict[tuple[str, int], tuple[Article, float]], idf: Callable[[str], float]
) -> list[tuple[str, int]]:
    asked = {word.term: idf(word.term) for word in content(question)}
    total = sum(asked.values()) or 1.0

    def alike(key: tuple[str, int]) -> float:
        owner, from_chunk = candidates[key]
        line = outline(owner.text)[key[1]]
        shared = set(terms(line.whole.of(owner.text)))
        return from_chunk + sum(weight for term, weight in asked.items() if term in shared) / total

    return sorted(candidates, key=lambda key: (-alike(key), key))


def _passage(article: Article, at: int) -> Passage:
    line = outline(article.text)[at]
    around: list[tuple[str, float]] = []
    if line.before is not None:
        around.append((line.before.of(article.text), _LEANING if line.leans else _NEIGHBOUR))
    if line.heading is not None:
        around.append((line.heading.of(article.text), _NEIGHBOUR))
    return Passage(line.span.of(article.text), tuple(around))


def with_list(found: Found) -> tuple[Found, ...]:
    """``found`` and, where it belongs to a list or introduces one, every item of that list, in order."""
    lines = outline(found.article.text)
    places = members(lines, found.at)
    if not places:
        return (found,)
    own = () if found.at in places else (found,)
    return own + tuple(replace(found, at=at) for at in places)


def number(found: Iterable[Found], *, limit: int, tokens: int) -> tuple[Evidence, ...]:
    """Numbered evidence in the order given, at most ``limit`` passages of ``tokens`` tiktoken tokens together.

    A sentence already numbered is left out. The first passage is kept whatever its length.
    """
    out: list[Evidence] = []
    spent = 0
    for item in found:
        if len(out) == limit:
            break
        taken = [e.span for e in out if e.article_id == item.article.id]
        free = [s for s in (item.line.whole, item.line.span) if not any(s.overlaps(t) for t in taken)]
        if not free:
            continue
        span = free[0]
        text = span.of(item.article.text)
        spent += count_tokens(text)
        if out and spent > tokens:
            break
        out.append(as_evidence(item.article, span, label=len(out) + 1, score=item.match))
    return tuple(out)


def as_evidence(article: Article, span: Span, *, label: int, score: float) -> Evidence:
    """``span`` of ``article`` as evidence with the article's particulars."""
    return Evidence(
        label=label,
        article_id=article.id,
        span=span,
        text=span.of(article.text),
        score=round(score, 4),
        title=article.title,
        url=article.url,
        publisher=article.publisher,
        date=article.date,
        credit=article.credit,
        fingerprint=article.fingerprint,
    )
