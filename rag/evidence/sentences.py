"""The sentences of retrieved chunks, scored and ranked by how well they answer, and numbered as evidence."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import regex

from rag.evidence.corroboration import MatchedSentence, corroboration
from rag.evidence.late_interaction import LateInteraction, Passage
from rag.question.expected_answer import expected_answer_type, has_answer_type
from rag.question.lookup.by_form import is_asked_by_form
from rag.question.lookup.labels import is_labelled_as_asked
from rag.question.lookup.numbered_things import is_of_another_thing
from rag.question.lookup.values import asked_value
from rag.question.parts import asking_sentence
from rag.schema import Article, Evidence, Hit, Span
from rag.settings import Settings
from rag.text.outline import Line, list_items, outline
from rag.text.tokens import count_tokens
from rag.text.words import content, terms

# Discounts of a word of the question that is found in the context of a sentence. The sentence before counts nearly like
# the sentence where that leans on it, less where it does not. A heading, a list's opening line and the article's title
# count like a neighbour. The sentence after says least of what a sentence is about.
_LEANING, _NEIGHBOUR, _AFTER = 0.9, 0.7, 0.6


# What is added to the match of a sentence to rank it: for the score of its chunk, for words of the expected answer
# type, and for what other articles corroborate. A question among the sentences does not answer and loses; so does a
# sentence about Port 9, asked of Port 7. What is asked for by its form, as a clause by its number, wins.
_CHUNK_WEIGHT, _TYPE_WEIGHT, _CORROBORATION_WEIGHT = 0.2, 0.12, 0.2
_QUESTION_PENALTY, _OTHER_THING_PENALTY, _ECHO_PENALTY = 0.2, 0.2, 0.3
_ASKS_MORE = regex.compile(r"\P{L}*(?:who|what|when|where|which|why|how)\b", regex.IGNORECASE)
_FORM_BONUS, _LABEL_BONUS = 0.5, 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSentence:
    """A sentence of an article that may answer. ``index`` is its position in ``outline(article.text)``.

    ``match`` is how much of the question it answers, with the words around it; ``headed`` is the part of ``match`` that
    its heading adds; ``alike`` is its similarity to the question as a whole; ``near`` is the embedder's cosine of its
    chunk. Each is 0 to 1 and comparable across questions. ``rank`` orders the sentences of one question.
    """

    article: Article
    index: int
    match: float
    headed: float
    alike: float
    near: float
    rank: float

    @property
    def line(self) -> Line:
        """The sentence with its context."""
        return outline(self.article.text)[self.index]

    @property
    def text(self) -> str:
        """The sentence as it stands in the article."""
        return self.line.span.of(self.article.text)


def find_evidence(
    question: str,
    hits: Sequence[Hit],
    *,
    article: Callable[[str], Article],
    idf: Callable[[str], float],
    late: LateInteraction,
    settings: Settings,
) -> tuple[ScoredSentence, ...]:
    """Score the sentences of ``hits`` against ``question``, best first; ties by article id and position.

    ``article`` gives the article of an id, ``idf`` the weight of a term in the index. The first ``settings.top_chunks``
    hits are read. At most ``settings.read_sentences`` of their sentences are scored, those that share most words with
    the question.
    """
    candidates = _candidates(hits[: settings.top_chunks], article)
    preselected = _by_shared_words(question, candidates, idf)[: settings.read_sentences]
    scores = late.scores(question, [_passage(candidate) for candidate in preselected], idf)
    matched = [
        MatchedSentence(candidate.article.id, candidate.text, score.match)
        for candidate, score in zip(preselected, scores, strict=True)
    ]
    scored = (
        ScoredSentence(
            article=candidate.article,
            index=candidate.index,
            match=score.match,
            headed=score.headed,
            alike=score.alike,
            near=candidate.near,
            rank=score.match + _bonus(question, candidate) + _CORROBORATION_WEIGHT * support,
        )
        for candidate, score, support in zip(
            preselected, scores, corroboration(question, matched), strict=True
        )
    )
    return tuple(sorted(scored, key=lambda item: (-item.rank, item.article.id, item.index)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence before it is scored.

    ``from_chunk`` is the score of the first chunk that holds it, as a share of the highest score; ``near`` is the
    highest cosine of its chunks.
    """

    article: Article
    index: int
    from_chunk: float
    near: float

    @property
    def line(self) -> Line:
        return outline(self.article.text)[self.index]

    @property
    def text(self) -> str:
        return self.line.span.of(self.article.text)


def _candidates(hits: Sequence[Hit], article: Callable[[str], Article]) -> list[_Candidate]:
    """The sentences of ``hits``, each once."""
    best = max((hit.score for hit in hits), default=0.0) or 1.0
    candidates: dict[tuple[str, int], _Candidate] = {}
    for hit in hits:
        owner = article(hit.chunk.article_id)
        for index in _sentences_within(owner, hit.chunk.span):
            candidate = _Candidate(owner, index, max(0.0, hit.score / best), max(0.0, hit.cosine))
            earlier = candidates.setdefault((owner.id, index), candidate)
            candidates[owner.id, index] = replace(earlier, near=max(earlier.near, candidate.near))
    return list(candidates.values())


def _bonus(question: str, candidate: _Candidate) -> float:
    """What is added to the match of a sentence: for its chunk and its answer type, less the penalties."""
    about_another = is_about_another(question, candidate)
    is_question = candidate.text.rstrip("\"'”’)] ").endswith(("?", "？"))
    return (
        _CHUNK_WEIGHT * candidate.from_chunk
        + _TYPE_WEIGHT * (_fit(question, candidate) if not about_another else 0.0)
        - _ECHO_PENALTY * _is_echo(question, candidate)
        - _QUESTION_PENALTY * is_question
        - _OTHER_THING_PENALTY * about_another
        + _FORM_BONUS * is_asked_by_form(candidate.text, question)
        + _LABEL_BONUS * is_labelled_as_asked(candidate.text, question)
    )


def _fit(question: str, candidate: _Candidate) -> float:
    """Whether a sentence has a word or a value of the type that the question asks for; half where any may answer."""
    answer_type, value = expected_answer_type(question), asked_value(question)
    if answer_type == "anything" and value is None:
        return 0.5
    fit = float(has_answer_type(answer_type, candidate.text, question))
    return fit if value is None else (fit + value.is_given(candidate.text, question)) / 2


def _is_echo(question: str, candidate: _Candidate) -> bool:
    """Whether a sentence has no word that the question and the title do not have, as a caption may: it answers nothing.

    To a question for yes or no, the same words may be the answer.
    """
    if not _ASKS_MORE.match(asking_sentence(question).of(question)):
        return False
    told = {word.term for word in content(candidate.text)}
    return bool(told) and told <= {*terms(question), *terms(candidate.article.title)}


def is_about_another(question: str, item: "_Candidate | ScoredSentence") -> bool:
    """Whether a sentence, or what stands over it, goes by another number than the one asked about: invoice 4711."""
    heading = item.line.heading
    above = heading.of(item.article.text) if heading else ""
    return is_of_another_thing((item.text, above, item.article.title), question)


def _sentences_within(article: Article, span: Span) -> list[int]:
    """The outline indices of the sentences that overlap a chunk, without headings, which state nothing."""
    lines = outline(article.text)
    first = bisect_right(lines, span.start, key=lambda line: line.span.end)
    last = bisect_left(lines, span.end, key=lambda line: line.span.start)
    return [index for index in range(first, last) if lines[index].kind != "heading"]


def _by_shared_words(
    question: str, candidates: Sequence[_Candidate], idf: Callable[[str], float]
) -> list[_Candidate]:
    """``candidates`` sorted by the chunk's score plus the IDF-weighted share of the question's words they have."""
    weights = {word.term: idf(word.term) for word in content(question)}
    total = sum(weights.values()) or 1.0

    def similarity(candidate: _Candidate) -> float:
        present = set(terms(candidate.line.whole.of(candidate.article.text)))
        return candidate.from_chunk + sum(w for term, w in weights.items() if term in present) / total

    return sorted(candidates, key=lambda item: (-similarity(item), item.article.id, item.index))


def _passage(candidate: _Candidate) -> Passage:
    """The sentence with its context and the discounts of that."""
    text = candidate.article.text
    lines, line, after = outline(text), candidate.line, candidate.index + 1
    around: list[tuple[str, float]] = []
    if line.before is not None:
        around.append((line.before.of(text), _LEANING if line.leans else _NEIGHBOUR))
    if candidate.article.title:
        around.append((candidate.article.title, _NEIGHBOUR))
    if after < len(lines) and lines[after].kind != "heading":
        around.append((lines[after].span.of(text), _AFTER))
    heading = None if line.heading is None else (line.heading.of(text), _NEIGHBOUR)
    return Passage(candidate.text, tuple(around), heading)


def with_list(sentence: ScoredSentence) -> tuple[ScoredSentence, ...]:
    """``sentence`` and, where it introduces a list or belongs to one, every item of that list, in order."""
    items = list_items(outline(sentence.article.text), sentence.index)
    if not items:
        return (sentence,)
    introduction = () if sentence.index in items else (sentence,)
    return introduction + tuple(replace(sentence, index=index) for index in items)


def number_evidence(sentences: Iterable[ScoredSentence], *, limit: int, tokens: int) -> tuple[Evidence, ...]:
    """Make numbered evidence of ``sentences``, in the order given: at most ``limit`` passages of ``tokens`` tokens.

    Tokens are counted over all passages, as by ``rag.text.tokens``. A passage includes the sentence before, where its
    own leans on that and neither is numbered yet. A sentence already numbered is left out. The first passage
    is kept whatever its length.
    """
    evidence: list[Evidence] = []
    spent = 0
    for item in sentences:
        if len(evidence) == limit:
            break
        numbered = [e.span for e in evidence if e.article_id == item.article.id]
        free = (
            span
            for span in (item.line.whole, item.line.span)
            if not any(span.overlaps(other) for other in numbered)
        )
        if (span := next(free, None)) is None:
            continue
        spent += count_tokens(span.of(item.article.text))
        if evidence and spent > tokens:
            break
        evidence.append(as_evidence(item.article, span, label=len(evidence) + 1, score=item.match))
    return tuple(evidence)


def as_evidence(article: Article, span: Span, *, label: int, score: float) -> Evidence:
    """Make evidence of ``span``, with the metadata of ``article`` and the score to four digits."""
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
