"""A text analysed for comparison: its words, names, quantities, denied words and segments.

Claims and evidence passages are both analysed in this way. ``analyse`` caches its results, and what is derived from an
analysis (its segments) is computed once, when it is first asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import regex

from rag.schema import Span
from rag.text.lexicon import FILLERS, HEDGES, LIGHT_WORDS, NEGATORS
from rag.text.names import names
from rag.text.negation import denials
from rag.text.quantities import Quantity, quantities
from rag.text.words import Word, words

# Words that begin a new segment.
_SEGMENT_OPENERS = frozenset(
    ["and", "but", "while", "whereas", "yet", "although", "though", "when", "which", "who", "that"]
)

_SEGMENT_BREAK = regex.compile(r"[,;:()\n]|[—―]|\s[-–]\s|[.!?](?=\s)")


# Phrases that connect the sentences of an answer and state nothing.
_CONNECTIVES = regex.compile(
    r"\b(?:in (?:short|summary|brief|fact|addition|general|other words|particular|conclusion|essence|turn|response"
    r"|the end|the long run)|as a result|on the (?:one|other) hand|at the same time|that said|to be (?:clear|sure)"
    r"|for example)\b",
    regex.IGNORECASE,
)

_NOT_KEYS = LIGHT_WORDS | FILLERS | NEGATORS | HEDGES

_ENGLISH_SHARE = (
    6  # a text is taken for English where at least one word in so many is an English function word
)

_NOT_LATIN = regex.compile(r"[\p{L}--\p{Latin}]", regex.V1)

_FOREIGN_SHARE = (
    5  # one letter in so many that is not Latin: more, and a text is no English with a foreign name in it
)


# The commonest words of other languages in Latin letters, without those that are English too.
_FOREIGN = frozenset(
    """
    der das und ist nicht ein eine einen den dem von zu mit auf für im sich wird auch le la les des du et est une un que
    qui dans pour sur au aux ne pas el los las del se por con una es en il di che è per non della dei het een van zijn
    niet och att som det är på não os um uma em med av og til na się nie że jest ve je
    """.split()
)


@dataclass(frozen=True, eq=False)
class AnalysedText:
    """A text with everything that the rules read out of it. All numbers are indices into ``words``.

    - ``keys``: words that carry the subject matter and stand in no quantity.
    - ``names``: keys that are surely names. ``heads``: keys that may be names, or have a capital only because they
      begin a sentence. ``digits``: keys that hold digits and are no quantity (``4o``).
    - ``denied``: for each word, whether its clause is denied.

    Two analyses are equal only if they are the same object, so that a cache keyed by one need not hash its text.
    """

    text: str
    words: tuple[Word, ...]
    keys: tuple[int, ...]
    names: frozenset[int]
    heads: frozenset[int]
    digits: frozenset[int]
    quantities: tuple[Quantity, ...]
    denied: tuple[bool, ...]
    english: bool

    @cached_property
    def parsed(self) -> bool:
        """Whether its sentences can be parsed."""
        return can_be_parsed([self])

    @cached_property
    def possible_names(self) -> frozenset[int]:
        """The words that are, or may be, names."""
        return self.names | self.heads

    @cached_property
    def segments(self) -> tuple[int, ...]:
        """For each word the number of its segment: segments end at punctuation and before conjunctions."""
        numbers: list[int] = []
        segment = 0
        for i, word in enumerate(self.words):
            if i and (_SEGMENT_BREAK.search(self.gap(i - 1, i)) or word.norm in _SEGMENT_OPENERS):
                segment += 1
            numbers.append(segment)
        return tuple(numbers)

    def gap(self, i: int, j: int) -> str:
        """The text between word ``i`` and the later word ``j``."""
        return self.text[self.words[i].span.end : self.words[j].span.start]

    def words_of(self, quantity: Quantity) -> range:
        """The indices of the words that a quantity overlaps; empty, at the place where it stands, if there are none."""
        return words_within(self.words, quantity.span)


def can_be_parsed(texts: Sequence[AnalysedText]) -> bool:
    """Whether texts that belong together are English: mostly in Latin letters, with few foreign function words."""
    row = [word for text in texts for word in text.words]
    foreign = sum(word.norm in _FOREIGN for word in row)
    return sum(word.function for word in row) >= foreign and not any(
        _FOREIGN_SHARE * len(_NOT_LATIN.findall(text.text)) > len(text.text) for text in texts
    )


def words_within(row: Sequence[Word], span: Span) -> range:
    """The indices of those words of ``row`` that overlap ``span``."""
    first = bisect_right(row, span.start, key=lambda word: word.span.end)
    last = bisect_left(row, span.end, key=lambda word: word.span.start)
    return range(first, last)


@lru_cache(maxsize=4096)
def analyse(text: str) -> AnalysedText:
    """Analyse ``text`` for comparison. Cached by the text."""
    row = words(text)
    amounts = quantities(text)
    # "100,000-GPU": the noun is a word after the quantity, and stays a key.
    inside = frozenset(i for amount in amounts for i in words_within(row, amount.span))
    recognised = names(text)
    sure = frozenset(recognised.sure) - inside
    connectives = [Span(*match.span()) for match in _CONNECTIVES.finditer(text)]
    keys = tuple(
        i
        for i, word in enumerate(row)
        if i not in inside
        and (i in sure or not (word.function or word.norm in _NOT_KEYS))
        and not any(word.span.overlaps(connective) for connective in connectives)
    )
    return AnalysedText(
        text=text,
        words=row,
        keys=keys,
        names=sure,
        heads=frozenset(recognised.maybe) & frozenset(keys),
        digits=frozenset(i for i in keys if any(char.isdigit() for char in row[i].norm)),
        quantities=amounts,
        denied=denials(text),
        english=_is_english(text, row, keys),
    )


def _is_english(text: str, row: Sequence[Word], keys: Sequence[int]) -> bool:
    function_words = sum(word.function for word in row)
    return (
        function_words * _ENGLISH_SHARE >= len(row)
        and text[:1] != ""
        and all(row[i].norm.isascii() for i in keys)
    )
