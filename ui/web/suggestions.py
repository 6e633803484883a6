"""Questions worth offering: each was put to the index, and is offered only where that answers it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from rag.chatbot import Chatbot
from rag.evaluation.gold import contains_gold
from rag.evaluation.questions import Question
from rag.events import Finished, Retrieved
from rag.filters import EVERYTHING, Filter
from rag.schema import Answer, Article, Evidence
from rag.text.names import name_runs, run_text
from rag.text.sentences import sentences
from rag.text.words import terms

_ABOUT = "What do the articles say about {}?"


_TRIED = 12  # candidates put to the index for each list of offers; each costs a search


_READ = 40  # articles whose names are read for examples


_WORDS = 4  # words in a name, at most: longer runs of capitals are headings


def examples(bot: Chatbot, *, known: Iterable[Question] = (), limit: int = 4) -> tuple[str, ...]:
    """Questions that the index answers, to begin with.

    ``known`` are questions with their answers, as a corpus may bring them; one is offered where a passage found
    holds one of its answers. The rest ask for what the articles name most often.
    """
    listed = bot.index.listing()
    there = {item.id for item in listed}
    own = [item for item in known if item.kind == "answerable" and not item.history]
    own = [item for item in own if there.issuperset(item.articles)]
    # Evenly from the whole of them, as neighbours in a list of questions are often alike.
    spread = [own[at * len(own) // _TRIED] for at in range(_TRIED)] if len(own) > _TRIED else own
    found = [item.question for item in spread if _holds(bot, item)]
    picked = found[:: max(1, len(found) // max(1, limit))][:limit]
    articles = [bot.index.article(item.id) for item in listed[:_READ]]
    rest = _answered(bot, _named(article.text for article in articles))
    return (*picked, *_first(rest, limit - len(picked)))


def follow_ups(bot: Chatbot, answer: Answer, *, limit: int = 3) -> tuple[str, ...]:
    """Questions that the index answers, about what is named near the answer's passages and was not asked for.

    They are answered by the articles that were asked: those of ``answer.within``.
    """
    asked = set(terms(f"{answer.question} {answer.standalone_question}"))
    cited = {citation.label for citation in answer.citations}
    shown = [item for item in answer.evidence if answer.abstained or item.label in cited]
    near = (_around(bot.index.article(item.article_id), item) for item in shown if _there(bot, item))
    fresh = [name for name in _named(near) if not asked & set(terms(name))]
    return _first(_answered(bot, fresh, within=answer.within), limit)


def _there(bot: Chatbot, item: Evidence) -> bool:
    return any(
        one.id == item.article_id and one.fingerprint == item.fingerprint for one in bot.index.listing()
    )


def _around(article: Article, item: Evidence) -> str:
    """The passage with the sentence before it and the one after."""
    spans = sentences(article.text)
    inside = [at for at, span in enumerate(spans) if span.overlaps(item.span)]
    if not inside:
        return item.text
    first, last = max(0, inside[0] - 1), min(len(spans) - 1, inside[-1] + 1)
    return article.text[spans[first].start : spans[last].end]


def _named(texts: Iterable[str]) -> list[str]:
    """The names in ``texts``, the most frequent first, each in the form met first."""
    counts: Counter[tuple[str, ...]] = Counter()
    forms: dict[tuple[str, ...], str] = {}
    for text in texts:
        for name in _names(text):
            key = terms(name)
            counts[key] += 1
            forms.setdefault(key, name)
    order = sorted(counts, key=lambda key: (-counts[key], forms[key]))
    return [forms[key] for key in order if key]


def _names(text: str) -> Iterator[str]:
    """Each name: ``Elon Musk``, ``Colossus``."""
    for span in sentences(text):
        sentence = span.of(text)
        yield from (run_text(sentence, run) for run in name_runs(sentence) if len(run) <= _WORDS)


def _answered(bot: Chatbot, found: Sequence[str], *, within: Filter = EVERYTHING) -> Iterator[str]:
    for name in found[:_TRIED]:
        question = _ABOUT.format(name)
        passages = _passages(bot, question, within=within)
        if passages and set(terms(name)) <= set(terms(passages[0].text)):
            yield question


def _holds(bot: Chatbot, item: Question) -> bool:
    return any(contains_gold(passage.text, item.answers) for passage in _passages(bot, item.question)[:1])


def _passages(bot: Chatbot, question: str, *, within: Filter = EVERYTHING) -> tuple[Evidence, ...]:
    """What the answer would rest on; nothing where the question would be declined. No model is asked.

    Where a model would read, it may still decline what is not declined here.
    """
    with closing(bot.stream(question, within=within)) as events:
        first = next(events)
        if not isinstance(first, Retrieved) or first.abstained:
            return ()
        if not first.reading:
            *_, last = events
            return first.evidence if isinstance(last, Finished) and not last.answer.abstained else ()
    return first.evidence


def _first(found: Iterator[str], limit: int) -> tuple[str, ...]:
    return tuple(question for question, _ in zip(found, range(max(0, limit)), strict=False))
