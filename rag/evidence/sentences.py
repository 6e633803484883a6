"""What several articles say: a name or number that other articles give too is likelier the answer.

Redundancy as evidence is that of Brill, Lin, Banko, Dumais and Ng, "Data-Intensive Question Answering" (TREC 2001).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.evidence.late_interaction import LateInteraction, Passage
from rag.question.expected_answer import expected, offers
from rag.question.numbered_things import other_numbered_things
from rag.schema import Article, Evidence, Hit, Span
from rag.settings import Settings
from rag.text.outline import Line, members, outline
from rag.text.tokens import count_tokens
from rag.text.words import content, is_name, terms, words

# A sentence speaks for what it names by how far its match is above this.
_LEAST = 0.5


_COUNTED = 3  # names and numbers of a sentence that count, those most agreed on


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, the id of the article it stands in, and how much of the question it answers, 0 to 1."""

    article_id: str
    text: str
    match: float


def corroboration(question: str, told: Sequence[Told]) -> tuple[float, ...]:
    """How much the other articles bear out each sentence, 0 or more, on a logarithmic scale.

    Each new name or number of a sentence, one that the question does not have, is weighed by the best match of every
    other article that has it as well.
    """
    asked = {word.term for word in words(question)}
    new = [
        {word.term for word in words(one.text) if (is_name(word) or word.number) and word.term not in asked}
        for one in told
    ]
    best: dict[str, dict[str, float]] = {}
    for one, fresh in zip(told, new, strict=True):
        for term in fresh:
            by_article = best.setdefault(term, {})
            by_article[one.article_id] = max(by_article.get(one.article_id, 0.0), one.match - _LEAST)
    said = ([best[term] for term in terms] for terms in new)
    return tuple(_borne_out(one.article_id, weighed) for one, weighed in zip(told, said, strict=True))


def _borne_out(article_id: str, said: Sequence[Mapping[str, float]]) -> float:
    others = (sum(weight for other, weight in by.items() if other != article_id) for by in said)
    return math.log1p(sum(sorted(others, reverse=True)[:_COUNTED]))


# A word of the question found in the sentence before counts nearly as if it stood in one that leans on that,
# less in one that does not; a heading, a list's opening line and the article's title likewise. What comes after a
# sentence says least of what it is about.
_LEANING, _NEIGHBOUR, _AFTER = 0.9, 0.7, 0.6


# Of the score that ranks sentences: how much the chunk's own rank, the expected kind of words and what other articles
# say too add, and what a sentence loses that asks, as it does not answer, or that tells of Port 9, asked of Port 7.
_FROM_CHUNK, _FROM_KIND, _FROM_OTHERS, _FOR_ASKING, _FOR_ANOTHER = 0.2, 0.12, 0.2, 0.2, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSentence:
    """A sentence of an article that may answer.

    ``match`` says how much of the question it answers with the words around it, ``headed`` what of that it owes to
    its heading, ``alike`` how near it is to the question as a whole, ``near`` how near its chunk is by the
    embedder's cosine: each 0 to 1 and comparable across questions. ``rank`` orders the sentences of one question.
    """

    article: Article
    at: int  # its place in ``outline(article.text)``
    match: float
    headed: float
    alike: float
    near: float
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
) -> tuple[ScoredSentence, ...]:
    """The sentences of ``hits``, best first; ties by article id and place.

    ``article`` gives the article of an id; ``idf`` the weight of a term in the index. At most
    ``settings.read_sentences`` are compared, those that share most with the question by plain words.
    """
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    candidates: dict[tuple[str, int], _Candidate] = {}
    for hit in hits[: settings.top_chunks]:
        owner = article(hit.chunk.article_id)
        for at in _inside(owner, hit.chunk.span):
            held = _Candidate(owner, at, max(0.0, hit.score / best), max(0.0, hit.cosine))
            known = candidates.setdefault((owner.id, at), held)
            candidates[owner.id, at] = replace(known, near=max(known.near, held.near))
    read = _most_alike(question, list(candidates.values()), idf)[: settings.read_sentences]
    scores = late.scores(question, [_passage(one) for one in read], idf)
    told = [Told(one.article.id, one.text, score.whole) for one, score in zip(read, scores, strict=True)]
    found = (
        ScoredSentence(
            article=one.article,
            at=one.at,
            match=score.whole,
            headed=score.headed,
            alike=score.alike,
            near=one.near,
            rank=score.whole + _bonus(question, one) + _FROM_OTHERS * echo,
        )
        for one, score, echo in zip(read, scores, corroboration(question, told), strict=True)
    )
    return tuple(sorted(found, key=lambda f: (-f.rank, f.article.id, f.at)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence with the score of the best chunk it stands in, as a share of the highest, and that one's cosine."""

    article: Article
    at: int
    from_chunk: float
    near: float

    @property
    def line(self) -> Line:
        return outline(self.article.text)[self.at]

    @property
    def text(self) -> str:
        return self.line.span.of(self.article.text)


def _bonus(question: str, one: _Candidate) -> float:
    """What is added to the match of a sentence: for its chunk, for the kind of words it has; less if it asks."""
    kind, another = expected(question), bool(other_numbered_things(one.text, question))
    suits = 0.5 if kind == "anything" else float(offers(kind, one.text, question) and not another)
    asks = one.text.rstrip("\"'”’)] ").endswith(("?", "？"))
    return _FROM_CHUNK * one.from_chunk + _FROM_KIND * suits - _FOR_ASKING * asks - _FOR_ANOTHER * another


def _inside(article: Article, span: Span) -> list[int]:
    """The sentences of ``article`` within a chunk, headings left out: they point at words, they are none."""
    lines = outline(article.text)
    first = bisect_right(lines, span.start, key=lambda line: line.span.end)
    last = bisect_left(lines, span.end, key=lambda line: line.span.start)
    return [at for at in range(first, last) if lines[at].kind != "heading"]


def _most_alike(
    question: str, candidates: Sequence[_Candidate], idf: Callable[[str], float]
) -> list[_Candidate]:
    asked = {word.term: idf(word.term) for word in content(question)}
    total = sum(asked.values()) or 1.0

    def alike(one: _Candidate) -> float:
        shared = set(terms(one.line.whole.of(one.article.text)))
        return one.from_chunk + sum(weight for term, weight in asked.items() if term in shared) / total

    return sorted(candidates, key=lambda one: (-alike(one), one.article.id, one.at))


def _passage(one: _Candidate) -> Passage:
    lines, line, text = outline(one.article.text), one.line, one.article.text
    around: list[tuple[str, float]] = []
    if line.before is not None:
        around.append((line.before.of(text), _LEANING if line.leans else _NEIGHBOUR))
    if one.article.title:
        around.append((one.article.title, _NEIGHBOUR))
    if one.at + 1 < len(lines) and lines[one.at + 1].kind != "heading":
        around.append((lines[one.at + 1].span.of(text), _AFTER))
    heading = None if line.heading is None else (line.heading.of(text), _NEIGHBOUR)
    return Passage(one.text, tuple(around), heading)


def with_list(found: ScoredSentence) -> tuple[ScoredSentence, ...]:
    """``found`` and, where it belongs to a list or introduces one, every item of that list, in order."""
    lines = outline(found.article.text)
    places = members(lines, found.at)
    if not places:
        return (found,)
    own = () if found.at in places else (found,)
    return own + tuple(replace(found, at=at) for at in places)


def number(found: Iterable[ScoredSentence], *, limit: int, tokens: int) -> tuple[Evidence, ...]:
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
        page=article.page(span.start),
    )
