"""The newest first, where a question asks for the latest and several articles answer it as well."""

from collections.abc import Sequence

from rag.evidence.sentences import ScoredSentence, with_list
from rag.question.scope import asks_newest, breadth
from rag.schema import Span
from rag.text.words import Word, content

# Sentences within this of the best rank (ranks span about 0 to 1.3) answer as well as it: what sets them apart is
# their wording, and news that is told again is worded anew.
_AS_GOOD = 0.1


def prefer_newest(question: str, found: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """``found``, best first; where ``question`` asks for the latest, of those close to the best the newest lead.

    Of each dated article the best of these leads, newest article first, and its others follow in order of rank, so
    that what an older article says is read before what else the newer one does. Sentences of articles without a
    date keep their places: nothing is known of them.
    """
    if not asks_newest(question) or not found:
        return tuple(found)
    least = found[0].rank - _AS_GOOD
    places = [at for at, one in enumerate(found) if one.rank >= least and one.article.date is not None]
    best = {found[at].article.id: at for at in reversed(places)}
    leading = sorted(best.values(), key=lambda at: (-_day(found[at]), at))
    ordered = list(found)
    for place, taken in zip(places, (*leading, *sorted({*places} - {*leading})), strict=True):
        ordered[place] = found[taken]
    return tuple(ordered)


def _day(one: ScoredSentence) -> int:
    """The article's date as a number that rises with it; 0 where there is none."""
    return one.article.date.toordinal() if one.article.date else 0


# Further sentences are quoted where they rank within this of the first (ranks span about 0 to 1.3).
_MARGIN = 0.15


_FACT_SENTENCES = 3  # and one more where several articles speak to the question


# A further sentence says nothing new where it shares more than this of its words, or of the other's, with one chosen.
_REPEATED = 0.7


# A sentence that gains so much from its heading is found by that: the question is about the section.
_BY_HEADING = 0.15


_SECTION_SENTENCES = 5


def select_sentences(
    question: str, found: Sequence[ScoredSentence], *, limit: int
) -> tuple[ScoredSentence, ...]:
    """Of ``found``, best first, the sentences that make the answer, in the order to be read.

    One fact takes the best sentence and those that rank close behind it. A question that a heading names takes
    the section's sentences; one for several things takes the whole list that the best sentence belongs to, or
    else up to ``limit`` sentences, in article order.
    """
    if not found:
        return ()
    best = found[0]
    close = [item for item in found if item.rank >= best.rank - _MARGIN]
    wide = breadth(question) != "fact"
    listed = with_list(best) if wide or _introduces(best) else (best,)
    if len(listed) > 1:
        return listed
    if wide:
        return _in_order(close[:limit])
    section = [item for item in close if _section(item) == _section(best)]
    if best.line.heading is not None and best.headed > _BY_HEADING and len(section) > 1:
        return _in_order(section[:_SECTION_SENTENCES])
    several = len({item.article.id for item in close}) > 1
    return _different(close, limit=_FACT_SENTENCES + several)


def _different(found: Sequence[ScoredSentence], *, limit: int) -> tuple[ScoredSentence, ...]:
    """The first ``limit`` that are not one another over again: articles on one event copy from each other.

    Two that give different numbers in the same words disagree, and neither is the other over again.
    """
    kept: list[tuple[ScoredSentence, tuple[Word, ...]]] = []
    for item in found:
        said = content(item.line.span.of(item.article.text))
        if not any(_repeats(said, other) for _, other in kept):
            kept.append((item, said))
        if len(kept) == limit:
            break
    return tuple(item for item, _ in kept)


def _repeats(said: Sequence[Word], other: Sequence[Word]) -> bool:
    one, two = ({word.term for word in words} for words in (said, other))
    if len(one & two) <= _REPEATED * max(1, min(len(one), len(two))):
        return False
    numbers = [{word.norm for word in words if word.number} for words in (said, other)]
    return not (numbers[0] - numbers[1] and numbers[1] - numbers[0])


def _in_order(found: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The best one's article first, each article in reading order."""
    first = found[0].article.id
    return tuple(sorted(found, key=lambda item: (item.article.id != first, item.article.id, item.at)))


def _section(found: ScoredSentence) -> tuple[str, Span | None]:
    return found.article.id, found.line.heading


def _introduces(found: ScoredSentence) -> bool:
    return found.line.span.of(found.article.text).endswith((":", "：")) and found.line.kind != "item"
