"""Extractive summary: sentences that together cover an article, in reading order.

Sentences are scored by their cosine with the centroid (Radev et al. 2004, "Centroid-based summarization of multiple
documents"), less their redundancy with those selected before (Carbonell and Goldstein 1998, "MMR"). Each section gives
one sentence before any gives a second.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import regex

from rag.evidence.sentences import ScoredSentence
from rag.schema import Article, Span
from rag.text.outline import Line, list_items, outline
from rag.text.words import content

# The words of a sentence for a summary: shorter ones say too little, longer ones too much.
_SHORTEST, _LONGEST = 6, 60


# Added to the score of the first sentence of a paragraph: news and reports put the point first.
_LEAD_BONUS = 0.15


# The weight of the cosine between a sentence and the summary so far.
_REDUNDANCY_WEIGHT = 0.7

_ASKS_POINTS = regex.compile(
    r"\b(?:key|main) (?:points?|takeaways?|facts?|findings?)\b|\btakeaways?\b|\bhighlights\b"
    r"|\bat a glance\b|\bin brief\b",
    regex.IGNORECASE,
)

Weights = dict[str, float]  # of terms: counts times IDF


def summarise(
    articles: Sequence[Article], *, question: str, idf: Callable[[str], float], limit: int
) -> tuple[ScoredSentence, ...]:
    """Select at most ``limit`` sentences that cover ``articles``, by article as given, then in reading order.

    The articles share ``limit`` evenly; where there are more articles than ``limit``, the first ones give one sentence
    each. Where ``question`` asks for key points and an article has a list of them, those are taken.
    """
    selected: list[ScoredSentence] = []
    for number, article in enumerate(articles):
        share = math.ceil((limit - len(selected)) / (len(articles) - number))
        if share <= 0:
            break
        key_points = _key_points(article) if _ASKS_POINTS.search(question) else []
        selected += key_points[:share] or _cover(article, idf, share)
    return tuple(selected)


def _key_points(article: Article) -> list[ScoredSentence]:
    """The items of the list under the first heading such as "Key points"; none where there is no such list."""
    lines = outline(article.text)
    headings = (
        index
        for index, line in enumerate(lines)
        if line.kind == "heading" and _ASKS_POINTS.search(line.span.of(article.text))
    )
    items = next((indices for index in headings if (indices := list_items(lines, index))), ())
    return _unscored(article, items)


def _cover(article: Article, idf: Callable[[str], float], limit: int) -> list[ScoredSentence]:
    """At most ``limit`` sentences that cover one article; fragments where it has no full sentences."""
    lines = outline(article.text)
    bags = {
        index: _bag(article, line, idf)
        for index, line in enumerate(lines)
        if _is_self_contained(article, line)
    }
    if not bags:
        bags = {index: _bag(article, line, idf) for index, line in enumerate(lines) if line.kind != "heading"}
    centroid: Weights = {}
    for bag in bags.values():
        _add(centroid, bag)
    selected: list[int] = []
    covered_headings: set[Span | None] = set()
    summary: Weights = {}
    while bags.keys() - set(selected) and len(selected) < limit:
        rest = sorted(bags.keys() - set(selected))
        candidates = [index for index in rest if lines[index].heading not in covered_headings]
        if not candidates:
            covered_headings.clear()
            candidates = rest
        best = max(
            candidates, key=lambda index: (_score(lines[index], bags[index], centroid, summary), -index)
        )
        selected.append(best)
        covered_headings.add(lines[best].heading)
        _add(summary, bags[best])
    return _unscored(article, sorted(selected))


def _score(line: Line, bag: Weights, centroid: Weights, summary: Weights) -> float:
    """How much a sentence adds to the summary so far."""
    bonus = _LEAD_BONUS if line.before is None and not line.leans else 0.0
    return _cosine(bag, centroid) + bonus - _REDUNDANCY_WEIGHT * _cosine(bag, summary)


def _is_self_contained(article: Article, line: Line) -> bool:
    """Whether a sentence can be read alone: a full sentence of a paragraph that leans on no other, 6 to 60 words."""
    text = line.span.of(article.text)
    is_full = text.rstrip("\"'”’)").endswith((".", "!", "。", "！"))
    is_plain = line.kind == "paragraph" and not line.leans
    return is_plain and is_full and _SHORTEST <= len(text.split()) <= _LONGEST


def _bag(article: Article, line: Line, idf: Callable[[str], float]) -> Weights:
    """The content words of a sentence as a bag of terms, weighted by count and IDF."""
    counts = Counter(word.term for word in content(line.span.of(article.text)))
    return {term: count * idf(term) for term, count in counts.items()}


def _add(total: Weights, bag: Weights) -> None:
    for term, weight in bag.items():
        total[term] = total.get(term, 0.0) + weight


def _cosine(a: Weights, b: Weights) -> float:
    dot = sum(weight * b[term] for term, weight in a.items() if term in b)
    norm = math.sqrt(sum(w * w for w in a.values()) * sum(w * w for w in b.values()))
    return dot / norm if norm else 0.0


def _unscored(article: Article, indices: Iterable[int]) -> list[ScoredSentence]:
    """Sentences that answer no question, and so have the highest score each."""
    return [
        ScoredSentence(article=article, index=index, match=1.0, headed=0.0, alike=1.0, near=1.0, rank=1.0)
        for index in indices
    ]
