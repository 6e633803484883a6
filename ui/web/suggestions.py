"""Questions worth offering: made from the articles, put to the index, and offered only where that answers them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from rag.chatbot import Chatbot
from rag.evaluation.gold import contains_gold
from rag.evaluation.questions import Question
from rag.events import Finished, Retrieved
from rag.filters import EVERYTHING, Filter
from rag.question.posing.posed import Posed
from rag.question.posing.questions import questions_from
from rag.schema import Answer, Article, Evidence, Span
from rag.text.language import is_english
from rag.text.sentences import readable_sentences
from rag.text.words import terms

_SUMMARY = "Summarise {}."
_LONGEST_TITLE = 80  # characters of a title that a summary is offered of
_TRIED = 16  # candidates put to the index for each list of offers; each costs a search
_READ = 40  # articles that examples are made from
_PARSED = 160  # sentences that are parsed for a list of offers; each takes some milliseconds
_OF_A_KIND = 2  # questions of a kind ("who") before those of others
_FEW = 5  # articles among which a reader knows what "the pump" is
_NEAR = 40  # sentences around a passage that questions are made from, to follow an answer


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, and where the sentence stands that it was made from."""

    posed: Posed
    article_id: str
    span: Span


def examples(
    bot: Chatbot, *, known: Iterable[Question] = (), limit: int = 4, within: Filter = EVERYTHING
) -> tuple[str, ...]:
    """Questions that the articles that match ``within`` answer, to begin with.

    ``known`` are questions with their answers, as a corpus may bring them; one is offered where a passage found
    holds one of its answers. Where there are other articles too, at most half of the offers are known ones. The rest
    are made from the articles, one of each in turn; a summary is offered of those that no question can be made from.
    """
    matching = bot.index.admitted(within).articles
    listed = [item for item in bot.index.listing() if item.id in matching]
    there = {item.id for item in listed}
    own = [item for item in known if item.kind == "answerable" and not item.history]
    own = [item for item in own if there.issuperset(item.articles) and not item.question[:1].islower()]
    others = [item for item in listed if item.id not in {name for one in own for name in one.articles}]
    wanted = (limit + 1) // 2 if others else limit
    # Evenly from the whole of them, as neighbours in a list of questions are often alike.
    spread = [own[at * len(own) // _TRIED] for at in range(_TRIED)] if len(own) > _TRIED else own
    found = [item.question for item in spread if _holds(bot, item, within)] if wanted > 0 else []
    picked = found[:: max(1, len(found) // max(1, wanted))][:wanted]
    if len(picked) >= limit:
        return tuple(picked)
    articles = [bot.index.article(item.id) for item in (others or listed)[:_READ]]
    sentences = [[(article, span) for span in _sentences(article)] for article in articles]
    in_turn = filter(None, chain.from_iterable(zip_longest(*sentences)))
    varied = _varied(in_turn, familiar=len(listed) <= _FEW)
    made = _first(_answered(bot, varied, within=within), limit - len(picked))
    summaries = _first(_summaries(bot, articles, within), limit - len(picked) - len(made))
    return (*picked, *made, *summaries)


def follow_ups(bot: Chatbot, answer: Answer, *, limit: int = 3) -> tuple[str, ...]:
    """Questions that the index answers, made from what stands near the answer's passages and was not asked for.

    They are answered by the articles that were asked: those of ``answer.within``.
    """
    few = len(bot.index.listing()) <= _FEW
    asked = set(terms(f"{answer.question} {answer.standalone_question}"))
    cited = {citation.label for citation in answer.citations}
    shown = [item for item in answer.evidence if answer.abstained or item.label in cited]
    near = [list(_around(bot.index.article(item.article_id), item)) for item in shown if _there(bot, item)]
    in_turn = filter(None, chain.from_iterable(zip_longest(*near)))
    fresh = (one for one in _varied(in_turn, familiar=few) if len(set(terms(one.posed.question)) - asked) > 1)
    return _first(_answered(bot, fresh, within=answer.within), limit)


def _there(bot: Chatbot, item: Evidence) -> bool:
    return any(
        one.id == item.article_id and one.fingerprint == item.fingerprint for one in bot.index.listing()
    )


def _sentences(article: Article) -> tuple[Span, ...]:
    """The sentences of an article in English; none of another one."""
    return readable_sentences(article.text) if is_english(article.text) else ()


def _around(article: Article, item: Evidence) -> Iterator[tuple[Article, Span]]:
    """The sentences of the passage's article that are not in it, the nearest first."""
    outside = [span for span in _sentences(article) if not span.overlaps(item.span)]
    outside.sort(key=lambda span: (abs(span.start - item.span.start), span.start))
    return ((article, span) for span in outside[:_NEAR])


def _varied(sentences: Iterable[tuple[Article, Span]], *, familiar: bool) -> Iterator[_Candidate]:
    """One question of each sentence that one can be made from; what would be the third of its kind comes last."""
    kinds: Counter[str] = Counter()
    said: set[str] = set()
    later: list[_Candidate] = []
    for article, span in islice(sentences, _PARSED):
        found = questions_from(span.of(article.text), familiar=familiar)
        posed = [one for one in found if one.question not in said]
        if not posed:
            continue
        best = min(posed, key=lambda one: kinds[one.kind])
        said.add(best.question)
        candidate = _Candidate(best, article.id, span)
        if kinds[best.kind] < _OF_A_KIND:
            kinds[best.kind] += 1
            yield candidate
        else:
            later.append(candidate)
    yield from later


def _answered(bot: Chatbot, candidates: Iterator[_Candidate], *, within: Filter) -> Iterator[str]:
    """Those questions whose answer quotes the sentence that each was made from."""
    for candidate in islice(candidates, _TRIED):
        question = candidate.posed.question
        if any(
            item.article_id == candidate.article_id and item.span.overlaps(candidate.span)
            for item in _passages(bot, question, within)
        ):
            yield question


def _summaries(bot: Chatbot, articles: Sequence[Article], within: Filter) -> Iterator[str]:
    """A summary of each article with a whole title that can be told from the others, or of the only article."""
    titles = Counter(_title(article) for article in articles)
    for article in articles[:_TRIED]:
        title = _title(article)
        whole = 0 < len(title) <= _LONGEST_TITLE and not title.endswith(("...", "…")) and titles[title] == 1
        if whole or len(articles) == 1:
            question = _SUMMARY.format(f"“{title}”" if whole else "the article")
            passages = _passages(bot, question, within)
            if passages and all(item.article_id == article.id for item in passages):
                yield question


def _title(article: Article) -> str:
    """The title without the name of its site: ``Ghana abolishes the death penalty | The Week``."""
    return " ".join(article.title.split()).partition(" | ")[0]


def _holds(bot: Chatbot, item: Question, within: Filter) -> bool:
    passages = _passages(bot, item.question, within)
    return any(contains_gold(passage.text, item.answers) for passage in passages[:1])


def _passages(bot: Chatbot, question: str, within: Filter) -> tuple[Evidence, ...]:
    """What the answer would quote; nothing where the question would be declined or taken for misspelt.

    No model is asked. Where one would read, it may still decline what is not declined here.
    """
    with closing(bot.stream(question, within=within)) as events:
        first = next(events)
        if not isinstance(first, Retrieved) or first.abstained or first.standalone_question != question:
            return ()
        if not first.reading:
            *_, last = events
            if not isinstance(last, Finished) or last.answer.outcome != "answered":
                return ()
    quoted = {label: at for at, label in enumerate(first.quotes)}
    return tuple(
        sorted((item for item in first.evidence if item.label in quoted), key=lambda item: quoted[item.label])
    )


def _first(found: Iterator[str], limit: int) -> tuple[str, ...]:
    return tuple(islice(found, max(0, limit)))
