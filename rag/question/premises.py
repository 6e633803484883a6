"""What a question takes for granted: the names, numbered things, numbers, dates and rare words in it.

A question that the articles only seem to answer gets the nearest sentence: asked for one company's valuation, that
of another. Every word of it is true, so no verdict can say what is wrong. ``Premises.lacking`` can.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from rag.question.expected_answer import CALENDAR_WORDS, expected_answer_type
from rag.question.lookup.absent_nouns import absent_nouns, is_told
from rag.question.lookup.numbered_things import absent_clauses, other_numbered_things
from rag.question.sought import ASKED_FOR, Noun, describing_words, not_nouns, nouns
from rag.text.forms.amounts import amounts, mentions_amount, names_another, other_weekdays
from rag.text.forms.kinds import is_noun
from rag.text.forms.lists import HEADS
from rag.text.forms.names import mentions_of
from rag.text.language import is_foreign_question
from rag.text.lexicon import FILLERS, FUNCTION_WORDS, LIGHT_WORDS
from rag.text.names import name_runs, name_text, names
from rag.text.parse import parse
from rag.text.quantities import Quantity
from rag.text.words import Word, content, terms, words

_TITLE_CASE = 0.8  # of the content words of a question that has capitals as a headline has
_LEAST_TITLE_CASE = 4  # content words of such a question
_SHORTEST = 3  # letters of a rare word
_ALTERNATIVES = regex.compile(r"\bor\b", regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage and what stands around it: its article's title, the heading, the sentences near it, the date.

    ``article`` is the text of the whole article; ``title`` and ``heading`` are in ``around`` too.
    """

    text: str
    around: str = ""
    article: str = ""
    title: str = ""
    heading: str = ""

    @property
    def whole(self) -> str:
        """All of it."""
        return f"{self.around}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the articles and of English, as far as a question needs them.

    ``counts`` has the number of chunks that hold each term of the question, ``surface`` gives a word of the articles
    for a term, and ``is_common`` tells whether a word is one of common English.
    """

    counts: Mapping[str, int]
    surface: Callable[[str], str]
    is_common: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Premises:
    """What a question takes for granted. ``names`` are runs of neighbouring words, ``rare`` words that no article has.

    ``lower`` are names in small letters; ``sought`` are those of ``rare`` that name what is asked for. ``respelt`` are
    names as they were asked about, in place of which the question has names of the articles. ``amounts`` are numbers
    and dates.
    """

    question: str
    names: tuple[tuple[Word, ...], ...] = ()
    lower: tuple[Word, ...] = ()
    nouns: tuple[tuple[Word, Noun], ...] = ()
    rare: tuple[Word, ...] = ()
    sought: tuple[Word, ...] = ()
    respelt: tuple[str, ...] = ()
    amounts: tuple[Quantity, ...] = ()

    def lacking(self, cited: Sequence[Cited], *, asked: str = "") -> tuple[str, ...]:
        """What of it none of the cited passages has, as the question words it, in its order.

        A thing that goes by a number is lacking where each passage tells of another: asked of Port 7, of Port 9.
        ``asked`` is the question before the conversation completed it: a name that is not in it is there where any
        cited article has it. Nothing is lacking where nothing is cited.
        """
        missing = self._missing_amounts(cited)
        single = dict.fromkeys((*self.lower, *self._telling, *self._absent_nouns(cited)))
        found = self._lacking(cited, asked, tuple(single), missing)
        mentions = mentions_of(*(one.whole for one in cited))
        return (*(name for name in self.respelt if cited and mentions.missing(words(name))), *found)

    def refute(self, cited: Sequence[Cited], *, asked: str = "") -> bool:
        """Whether what is lacking is enough to say that the cited passages do not answer."""
        # "A star of 23 years" may be told without the years; not where other years are told.
        others = [
            amount
            for amount in self._missing_amounts(cited)
            if amount.kind == "date" or any(names_another(amount, one.text) for one in cited)
        ]
        sought = (word for word in self._telling if word in self.sought)
        return bool(self._lacking(cited, asked, (*self.lower, *sought), others))

    def _absent_nouns(self, cited: Sequence[Cited]) -> tuple[Word, ...]:
        wholes = [one.whole for one in cited]
        return absent_nouns(self.question, self.nouns, wholes, mentions_of(*wholes), self.rare)

    @property
    def _telling(self) -> tuple[Word, ...]:
        """The rare words beside a name, or for somebody; what has no name is told in many words: books are items."""
        somebody = expected_answer_type(self.question) == "person"
        return self.rare if self.names or self.lower else self.sought if somebody else ()

    def _missing_amounts(self, cited: Sequence[Cited]) -> list[Quantity]:
        """The numbers and dates that no passage has."""
        return [
            amount
            for amount in self.amounts
            if not any(mentions_amount(amount, one.text, near=_near(one, amount)) for one in cited)
        ]

    def _lacking(
        self, cited: Sequence[Cited], asked: str, single: Sequence[Word], missing: Sequence[Quantity]
    ) -> tuple[str, ...]:
        if not cited:
            return ()
        mentions = mentions_of(*(one.whole for one in cited))
        names = [
            name
            for name in self.names
            if self._is_missing(name, cited) and not self._is_added(name, asked, cited)
        ]
        found: list[tuple[int, str]] = []
        if not _is_choice(self.question, self.names) or len(names) == len(self.names):
            found += [(name[0].span.start, name_text(self.question, name[0], name[-1])) for name in names]
        found += [
            (word.span.start, word.text)
            for word in single
            if not mentions.has_word(word) and not is_told(word, mentions)
        ]
        found += [(amount.span.start, amount.text) for amount in missing]
        days = other_weekdays(self.question, (one.text for one in cited))
        found += [(day.span.start, day.text) for day in days]
        wholes = [one.whole for one in cited]
        found += [(self.question.index(clause), clause) for clause in absent_clauses(wholes, self.question)]
        numbered = [set(other_numbered_things(whole, self.question)) for whole in wholes]
        found += [(self.question.index(thing), thing) for thing in set.intersection(*numbered)]
        return tuple(dict.fromkeys(text for _, text in sorted(found)))

    def _is_missing(self, name: Sequence[Word], cited: Sequence[Cited]) -> bool:
        """Whether no passage has a name, nor what stands around one that leaves open of whom it speaks.

        The rest of the article counts where all passages leave that open.
        """
        if not mentions_of(*(one.text for one in cited)).missing(name):
            return False
        open_ones = [
            one
            for one in cited
            if not (_speaks_of_another(one.text, self.question) or _is_of_another(one.heading, self.question))
        ]
        if any(not mentions_of(one.whole).missing(name) for one in open_ones):
            return False
        text = name_text(self.question, name[0], name[-1]).casefold()
        return len(open_ones) < len(cited) or not any(text in one.article.casefold() for one in cited)

    def _is_added(self, name: Sequence[Word], asked: str, cited: Sequence[Cited]) -> bool:
        """Whether the conversation added a name that a cited article has."""
        text = name_text(self.question, name[0], name[-1])
        return bool(asked) and text not in asked and any(text in one.article for one in cited)


def respelt_names(asked: str, searched: str) -> tuple[str, ...]:
    """The names of a question that its corrected form no longer has."""
    names_left = mentions_of(searched)
    runs = ([words(asked)[i] for i in run] for run in name_runs(asked))
    return tuple(name_text(asked, run[0], run[-1]) for run in runs if names_left.missing(run))


NO_PREMISES = Premises("")


def premises(question: str, *, articles: Vocabulary | None = None) -> Premises:
    """What ``question`` takes for granted; without ``articles`` only names count that have a capital."""
    if is_foreign_question(question):
        return Premises(question)
    row = words(question)
    runs = (
        () if _has_title_case(question) else tuple(_whole_name(question, run) for run in name_runs(question))
    )
    describing = describing_words(question)
    named = tuple(
        tuple(row[i] for i in run)
        for run in runs
        if not describing.issuperset(run)
        and not all(row[i].norm.removesuffix("s") in CALENDAR_WORDS for i in run)
    )
    if articles is None:
        return Premises(question, named, amounts=amounts(question))
    taken = describing.union(*runs)
    others = [i for i, word in enumerate(row) if i not in taken and _is_telling(word)]
    found = nouns(question)
    deeds = not_nouns(question)
    lower = {i for i in others if i not in deeds and _is_lower_name(row[i], found.get(i), articles)}
    things = [i for i in found if i in others and i not in lower and not _is_setting(row, i, articles)]
    rare = [i for i in things if not articles.counts.get(row[i].term)]
    return Premises(
        question,
        named,
        lower=tuple(row[i] for i in sorted(lower)),
        nouns=tuple((row[i], found[i]) for i in things),
        rare=tuple(row[i] for i in rare),
        sought=tuple(row[i] for i in rare if found[i].sought),
        amounts=amounts(question),
    )


def _near(cited: Cited, amount: Quantity) -> str:
    """Where a number or date may stand: around the passage, and a date anywhere in its article."""
    return f"{cited.around}\n{cited.article}" if amount.kind == "date" else cited.around


def _whole_name(question: str, run: tuple[int, ...]) -> tuple[int, ...]:
    """A name with the capitalised words behind it that are common in themselves: all of "United States"."""
    row = words(question)
    end = run[-1] + 1
    while (
        end < len(row)
        and row[end].text[:1].isupper()
        and question[row[end - 1].span.end : row[end].span.start] == " "
        and not row[end].function
    ):
        end += 1
    return tuple(range(run[0], end))


def _is_lower_name(word: Word, noun: Noun | None, articles: Vocabulary) -> bool:
    """Whether a word in small letters is a name: one that no English text has, or that the articles write as one."""
    is_name = _is_name(articles.surface(word.term)) if articles.counts.get(word.term) else True
    if articles.is_common(word.norm):
        return is_name and noun is not None and noun.proper and bool(articles.counts.get(word.term))
    return is_name


@lru_cache(maxsize=1024)
def _speaks_of_another(passage: str, question: str) -> bool:
    """Whether a passage names a subject or an owner that the question does not name, and that does not answer it."""
    if passage.startswith("|"):
        return False  # a row of a table names things, and says of none that it speaks of it
    if expected_answer_type(question) in ("person", "name", "place"):
        return False
    parsed, asked = parse(passage), set(terms(question))
    row = words(passage)
    named = {i for run in name_runs(passage) for i in run if row[i].norm not in CALENDAR_WORDS}
    return any(
        row[i].term not in asked and token.span.overlaps(row[i].span)
        for token in parsed.tokens
        if token.dep in ("nsubj", "nsubjpass", "poss")
        for i in named
    )


def _is_of_another(heading: str, question: str) -> bool:
    """Whether a heading names something that the question does not."""
    asked, row = set(terms(question)), words(heading)
    runs = [[row[i].term for i in run if row[i].norm not in CALENDAR_WORDS] for run in name_runs(heading)]
    return any(runs) and not any(run and asked.issuperset(run) for run in runs)


def _has_title_case(question: str) -> bool:
    """Whether a question has capitals as a headline has, which tell nothing of names."""
    row = content(question)
    capital = sum(word.text[:1].isupper() for word in row)
    return len(row) >= _LEAST_TITLE_CASE and capital >= _TITLE_CASE * len(row)


@lru_cache(maxsize=1)
def _shortened() -> frozenset[str]:
    """The function words, and each without one of its letters."""
    return FUNCTION_WORDS.union(
        *(_without_a_letter(word) for word in FUNCTION_WORDS if len(word) > _SHORTEST)
    )


def _without_a_letter(word: str) -> frozenset[str]:
    return frozenset(word[:i] + word[i + 1 :] for i in range(len(word)))


def _is_slip(norm: str) -> bool:
    """Whether a word is a function word with one letter more, less or other: "mutch", "wat"."""
    return norm in _shortened() or not _shortened().isdisjoint(_without_a_letter(norm))


def _is_setting(row: Sequence[Word], i: int, articles: Vocabulary) -> bool:
    """Whether it is the place that the articles are about, which few sentences name: "the clinic"."""
    general = row[i].norm in HEADS and bool(articles.counts.get(row[i].term))
    return general and i > 0 and row[i - 1].norm == "the"


def _is_telling(word: Word) -> bool:
    """Whether it is a word of letters that says what is asked about."""
    plain = word.norm.isalpha() and len(word.norm) >= _SHORTEST and not word.function
    is_slip = _is_slip(word.norm) and not (word.span.start and is_noun(word.norm))
    light = word.norm in FILLERS or word.norm in LIGHT_WORDS or is_slip
    return plain and not light and word.term not in ASKED_FOR


def _is_name(surface: str) -> bool:
    """Whether a word as the articles write it is a name's: with a capital, and none that any first word has."""
    return surface[:1].isupper() and bool(names(f"It is {surface} here").sure)


def _is_choice(question: str, runs: Sequence[tuple[Word, ...]]) -> bool:
    """Whether a question lets choose between two of its names: "Was it Ada or Ben?"."""
    return any(
        _ALTERNATIVES.search(question, one[-1].span.end, other[0].span.start) for one, other in pairwise(runs)
    )
