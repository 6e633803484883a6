"""Which of the ranked sentences make the answer, and the newest first where the question asks for the latest."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from rag.evidence.sentences import ScoredSentence, is_about_another, with_list
from rag.question.expected_answer import CALENDAR_WORDS
from rag.question.lookup.by_form import asks_by_form, is_asked_by_form
from rag.question.lookup.labels import is_labelled_as_asked
from rag.question.scope import asks_newest, breadth
from rag.schema import Span
from rag.text.outline import outline
from rag.text.stance import contradicts, says_otherwise
from rag.text.words import Word, content, terms

# Both margins are differences of ranks, which span about 0 to 1.3.
#
# Sentences within this of the best answer as well as it: what sets them apart is their wording, and news that is told
# again is worded anew. Of these the newest leads.
_NEWEST_MARGIN = 0.1


# Further sentences are quoted where they are within this of the best.
_QUOTE_MARGIN = 0.15
# What contradicts the best sentence is quoted where it is within this: it may be worded unlike the question.
_CONTRARY_MARGIN = 0.4
_EXACT = CALENDAR_WORDS | frozenset("one two three four five six seven eight nine ten eleven twelve".split())
_FACT_SENTENCES = 3  # quoted for one fact, and one more where several articles answer it


# A further sentence repeats a selected one where the two share more than this part of the shorter one's words.
_REPEATED_SHARE = 0.7


# A question is about a section where the heading adds more than this to the match of the best sentence.
_HEADING_GAIN = 0.15
_SECTION_SENTENCES = 5


# Of the shorter sentence's words, what another shares that tells of another thing in the words of the best one.
_PARALLEL_SHARE = 0.5


def prefer_newest(question: str, ranked: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """Move the newest of those close to the best to the front of ``ranked``, if ``question`` asks for the latest.

    Of the sentences within the margin, the best of each dated article leads, newest article first, and the others
    follow by rank, so that an older article is read before a second sentence of a newer one. Sentences of articles
    without a date keep their positions.
    """
    if not asks_newest(question) or not ranked:
        return tuple(ranked)
    least = ranked[0].rank - _NEWEST_MARGIN
    positions = [i for i, item in enumerate(ranked) if item.rank >= least and item.article.date is not None]
    best_of_article = {ranked[i].article.id: i for i in reversed(positions)}
    leading = sorted(best_of_article.values(), key=lambda i: (-_day_number(ranked[i]), i))
    following = sorted({*positions} - {*leading})
    ordered = list(ranked)
    for position, source in zip(positions, (*leading, *following), strict=True):
        ordered[position] = ranked[source]
    return tuple(ordered)


def _day_number(sentence: ScoredSentence) -> int:
    """The article's date as a number of days; 0 where it has none."""
    return sentence.article.date.toordinal() if sentence.article.date else 0


def select_sentences(
    question: str, ranked: Sequence[ScoredSentence], *, limit: int
) -> tuple[ScoredSentence, ...]:
    """Select the sentences of ``ranked``, best first, that make the answer, in the order to be read.

    A question for a clause, or an abbreviation, takes what is found by its form, and one that names the label of the
    best sentence takes the labelled values first. A question for one fact takes the best sentence and those that rank
    close to it. A question about a section takes sentences of that section. A question for several things takes the
    whole list that the best sentence belongs to, or else up to ``limit`` sentences, in article order.
    """
    return _with_leads(
        _selected(question, [item for item in ranked if not _is_head(item)] or ranked, limit=limit)
    )


def _selected(question: str, ranked: Sequence[ScoredSentence], *, limit: int) -> tuple[ScoredSentence, ...]:
    if not ranked:
        return ()
    best = ranked[0]
    if by_form := found_by_form(question, ranked):
        return _in_reading_order(by_form[:limit])
    close = [item for item in ranked if item.rank >= best.rank - _QUOTE_MARGIN]
    close = [item for item in close if not is_about_another(question, item)] or close
    if is_labelled_as_asked(best.text, question):
        close.sort(key=lambda item: not is_labelled_as_asked(item.text, question))
        return _without_repetition(close, limit=_FACT_SENTENCES)
    close = [item for item in close if not _tells_of_another(item, best, question)]
    wants_several = breadth(question) != "fact"
    whole_list = (wants_several and _is_of_list_about(question, best)) or _introduces_list(best)
    listed = with_list(best) if whole_list else (best,)
    if len(listed) > 1:
        return listed
    if wants_several:
        return _in_reading_order(close[:limit])
    section = [item for item in close if _section(item) == _section(best)]
    if best.line.heading is not None and best.headed > _HEADING_GAIN and len(section) > 1:
        return _in_reading_order(section[:_SECTION_SENTENCES])
    close += [item for item in ranked if item not in close and _is_contrary(item, best)]
    several_articles = len({item.article.id for item in close}) > 1
    return _without_repetition(close, limit=_FACT_SENTENCES + several_articles)


def _is_contrary(item: ScoredSentence, best: ScoredSentence) -> bool:
    """Whether a sentence of another article with the same title contradicts the best one."""
    return (
        item.rank >= best.rank - _CONTRARY_MARGIN
        and item.article.id != best.article.id
        and item.article.title == best.article.title
        and contradicts(item.text, best.text)
    )


def _tells_of_another(item: ScoredSentence, best: ScoredSentence, question: str) -> bool:
    """Whether a sentence says what the best one does, but of another thing than asked: what a cat costs, not a dog.

    One of another article does so only where its title is of the same form and lacks the word: "Report for May".
    """
    asked = {word.term for word in content(question)}
    around = set(terms("\n".join(_read_with(item))))
    title, best_title = (set(terms(one.article.title)) for one in (item, best))
    is_same_article = item.article.id == best.article.id
    if not is_same_article and not (title & best_title and asked & best_title - around):
        return False
    in_best = {word.term for word in content(best.text)}
    if asked & around - in_best - set(terms("\n".join(_read_with(best)))):
        return False  # it has words of the question that the best one lacks: the best may be the one of another thing
    said, told = ({word.term for word in content(one.text) if not word.number} for one in (best, item))
    parallel = len(said & told) >= _PARALLEL_SHARE * max(1, min(len(said), len(told)))
    return parallel and (not is_same_article or bool(asked & in_best - around))


def _read_with(item: ScoredSentence) -> tuple[str, ...]:
    """A sentence and what tells of whom it speaks: the one that it leans on, its heading and its title."""
    text, line = item.article.text, item.line
    return (line.whole.of(text), item.article.title, line.heading.of(text) if line.heading else "")


def _is_head(item: ScoredSentence) -> bool:
    """Whether a sentence is the head of a table: its first row, without a number, where another row follows."""
    lines = outline(item.article.text)
    following = lines[item.index + 1] if item.index + 1 < len(lines) else None
    return (
        item.line.kind == "row"
        and item.line.before is None
        and not any(char.isdigit() for char in item.text)
        and following is not None
        and following.kind == "row"
    )


def _with_leads(selected: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The selected sentences, each row and list item behind what it is read under, once: "Unallowable: … travel"."""
    found: dict[tuple[str, int], ScoredSentence] = {}
    for item in selected:
        lead = _lead(item)
        if lead is not None:
            found.setdefault((lead.article.id, lead.index), lead)
        found.setdefault((item.article.id, item.index), item)
    return tuple(found.values())


def _lead(item: ScoredSentence) -> ScoredSentence | None:
    """The head of the table, or the line that introduces the list, where the quote does not hold it already."""
    before = item.line.before
    if before is None or item.line.leans or item.line.kind not in ("row", "item"):
        return None
    lines = outline(item.article.text)
    index = bisect_left(lines, before.start, key=lambda line: line.span.start)
    if index >= len(lines) or lines[index].span.start != before.start:
        return None
    lead = replace(item, index=index)
    introduces = _is_head(lead) if item.line.kind == "row" else lead.text.endswith((":", "："))
    return lead if introduces else None


def found_by_form(question: str, ranked: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The sentences that ``question`` asks for by their form; none where it asks otherwise."""
    if not asks_by_form(question):
        return ()
    return tuple(item for item in ranked if is_asked_by_form(item.text, question))


def _without_repetition(ranked: Sequence[ScoredSentence], *, limit: int) -> tuple[ScoredSentence, ...]:
    """The first ``limit`` of ``ranked`` that do not repeat each other, as articles on one event copy each other."""
    selected: list[tuple[ScoredSentence, tuple[Word, ...]]] = []
    for item in ranked:
        item_words = content(item.text)
        if not any(
            _repeats(item_words, selected_words) and not says_otherwise(item.text, other.text)
            for other, selected_words in selected
        ):
            selected.append((item, item_words))
        if len(selected) == limit:
            break
    return tuple(item for item, _ in selected)


def _repeats(first: Sequence[Word], second: Sequence[Word]) -> bool:
    """Whether two sentences say the same. Not if each has a number or day that the other lacks: then they disagree."""
    first_terms, second_terms = ({word.term for word in words} for words in (first, second))
    shorter = max(1, min(len(first_terms), len(second_terms)))
    if len(first_terms & second_terms) <= _REPEATED_SHARE * shorter:
        return False
    first_numbers, second_numbers = (
        {
            word.norm.removesuffix("s")
            for word in words
            if word.number or word.norm.removesuffix("s") in _EXACT
        }
        for words in (first, second)
    )
    return not (first_numbers - second_numbers and second_numbers - first_numbers)


def _in_reading_order(ranked: Sequence[ScoredSentence]) -> tuple[ScoredSentence, ...]:
    """The best sentence's article first, the others by id, and each article in reading order."""
    first = ranked[0].article.id
    return tuple(sorted(ranked, key=lambda item: (item.article.id != first, item.article.id, item.index)))


def _section(sentence: ScoredSentence) -> tuple[str, Span | None]:
    return sentence.article.id, sentence.line.heading


def _is_of_list_about(question: str, item: ScoredSentence) -> bool:
    """Whether an item's list may answer ``question``: not where only the item itself has words of it."""
    over = [span.of(item.article.text) for span in (item.line.before, item.line.heading) if span is not None]
    asked = set(terms(question))
    speaks_of_it, *led = (any(word.term in asked for word in content(text)) for text in (item.text, *over))
    return item.line.kind != "item" or any(led) or not speaks_of_it


def _introduces_list(sentence: ScoredSentence) -> bool:
    return sentence.text.endswith((":", "：")) and sentence.line.kind != "item"
