"""Sentences that together cover an article, in its own order.

Extractive summary by centroid (Radev et al. 2004, "Centroid-based summarization of multiple documents") with
redundancy removed as it goes (Carbonell and Goldstein 1998, "MMR"), and each section heard before any twice.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import regex

from rag.evidence.sentences import ScoredSentence
from rag.schema import Article, Span
from rag.text.outline import Line, members, outline
from rag.text.words import content

# A summary's sentence says one thing in full: shorter ones say too little, longer ones too much.
_SHORTEST, _LONGEST = 6, 60  # words


# What the first sentence of a section is worth beside its words: news and reports put the point first.
_LEAD = 0.15


# How much a sentence loses for words that are already in the summary.
_REPEATED = 0.7


_ASKS_POINTS = regex.compile(
    r"\b(?:key|main) (?:points?|takeaways?|facts?|findings?)\b|\btakeaways?\b|\bhighlights\b"
    r"|\bat a glance\b|\bin brief\b",
    regex.IGNORECASE,
)


Weights = dict[str, float]  # of terms


def summarise(
    articles: Sequence[Article], *, question: str, idf: Callable[[str], float], limit: int
) -> tuple[ScoredSentence, ...]:
    """At most ``limit`` sentences covering ``articles``, by article as given, then in reading order.

    Of many articles each gets its share, one sentence at least, until ``limit`` is reached. Where ``question``
    asks for key points and an article lists its own, those are taken.
    """
    chosen: list[ScoredSentence] = []
    for number, article in enumerate(articles):
        left = limit - len(chosen)
        share = math.ceil(left / (len(articles) - number))
        if share <= 0:
            break
        own = _own_points(article) if _ASKS_POINTS.search(question) else []
        chosen += own[:share] or _cover(article, idf, share)
    return tuple(chosen)


def _own_points(article: Article) -> list[ScoredSentence]:
    """The items of the list that an article heads as its key points; none where it has no such list."""
    lines = outline(article.text)
    heads = (
        at
        for at, line in enumerate(lines)
        if line.kind == "heading" and _ASKS_POINTS.search(line.span.of(article.text))
    )
    places = next((found for at in heads if (found := members(lines, at))), ())
    return _taken(article, places)


def _cover(article: Article, idf: Callable[[str], float], limit: int) -> list[ScoredSentence]:
    lines = outline(article.text)
    bags = {at: _bag(article, line, idf) for at, line in enumerate(lines) if _fit(article, line)}
    if not bags:
        bags = {at: _bag(article, line, idf) for at, line in enumerate(lines) if line.kind != "heading"}
    centre: Weights = {}
    for bag in bags.values():
        _add(centre, bag)
    picked: list[int] = []
    heard: set[Span | None] = set()
    said: Weights = {}
    while bags.keys() - set(picked) and len(picked) < limit:
        rest = sorted(bags.keys() - set(picked))
        fresh = [at for at in rest if lines[at].heading not in heard]
        if not fresh:
            heard.clear()
            fresh = rest
        best = max(fresh, key=lambda at: (_worth(lines, at, bags[at], centre, said), -at))
        picked.append(best)
        heard.add(lines[best].heading)
        _add(said, bags[best])
    return _taken(article, sorted(picked))


def _worth(lines: tuple[Line, ...], at: int, bag: Weights, centre: Weights, said: Weights) -> float:
    line = lines[at]
    lead = _LEAD if line.before is None and not line.leans else 0.0
    return _cosine(bag, centre) + lead - _REPEATED * _cosine(bag, said)


def _fit(article: Article, line: Line) -> bool:
    length = len(line.span.of(article.text).split())
    text = line.span.of(article.text)
    ends = text.rstrip("\"'”’)").endswith((".", "!", "。", "！"))
    return line.kind == "paragraph" and ends and not line.leans and _SHORTEST <= length <= _LONGEST


def _bag(article: Article, line: Line, idf: Callable[[str], float]) -> Weights:
    counts = Counter(word.term for word in content(line.span.of(article.text)))
    return {term: count * idf(term) for term, count in counts.items()}


def _add(total: Weights, bag: Weights) -> None:
    for term, weight in bag.items():
        total[term] = total.get(term, 0.0) + weight


def _cosine(a: Weights, b: Weights) -> float:
    dot = sum(weight * b[term] for term, weight in a.items() if term in b)
    norm = math.sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return dot / norm if norm else 0.0


def _taken(article: Article, places: Iterable[int]) -> list[ScoredSentence]:
    """Sentences that nothing was asked of: each as good as any."""
    return [
        ScoredSentence(article=article, at=at, match=1.0, headed=0.0, alike=1.0, near=1.0, rank=1.0)
        for at in places
    ]
