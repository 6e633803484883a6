"""Names in a text, and abbreviations of names.

``names`` is the one detector of names. It works on capitals and digits alone, so that it needs no list of names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.text.lexicon import FILLERS, LIGHT_WORDS
from rag.text.words import Word, words

_SENTENCE_END = regex.compile(r"[.!?:。！？\n|•]")  # or the end of a cell or an item, between two words
_JOINT = regex.compile(r"[ \u00a0-]")  # between two words of one name
_POSSESSIVE = regex.compile(r"['’]s$")


# A capitalised word that begins a sentence and ends so is probably a common word: "Rivals share", "Renting helps".
_COMMON_ENDING = regex.compile(r"(?:s|ing|ly|ed|tion|ment|ity|ness)$")
_TITLES = frozenset(["mr", "mrs", "ms", "dr", "st", "prof", "gen", "sen", "rep", "gov"])  # with a full stop


@dataclass(frozen=True, slots=True)
class Names:
    """Indices into ``words(text)``, in order.

    ``sure`` are words that are names by their looks. ``maybe`` are capitalised words that begin a sentence, which any
    word does with a capital.
    """

    sure: tuple[int, ...]
    maybe: tuple[int, ...]


@lru_cache(maxsize=4096)
def names(text: str) -> Names:
    """Find the words of ``text`` that are names, or parts of one.

    These are capitalised words inside a sentence, acronyms, words in mixed case (``xAI``), and capitals with digits
    (``H100``). In a text of more than three words that is all in capitals only words with digits are names.
    """
    sequence = words(text)
    all_capitals = len(sequence) > 3 and text.upper() == text
    sure: list[int] = []
    maybe: list[int] = []
    for i, word in enumerate(sequence):
        if not _may_be_name(word):
            continue
        if all_capitals:
            if any(char.isdigit() for char in word.text):
                sure.append(i)
        elif _is_marked(word.text) or _is_name_in_context(text, sequence, i):
            sure.append(i)
        elif word.text[0].isupper() and not _COMMON_ENDING.search(word.norm):
            maybe.append(i)
    return Names(tuple(sure), tuple(maybe))


@lru_cache(maxsize=4096)
def sentence_names(sentence: str) -> frozenset[int]:
    """The indices of the sure names, and of those maybe ones that are not the first word of ``sentence``.

    A capital after a quotation mark, a colon or a bar is more often a name than not; that of the first word is not.
    """
    detected = names(sentence)
    return frozenset((*detected.sure, *(i for i in detected.maybe if i)))


def name_runs(text: str) -> tuple[tuple[int, ...], ...]:
    """Group the sure names of ``text`` that stand next to each other: ``Elon Musk`` is one run of two indices."""
    return group_names(text, names(text).sure)


def group_names(text: str, indices: Iterable[int]) -> tuple[tuple[int, ...], ...]:
    """Group ``indices``, which rise, into runs of neighbouring words with a space or a hyphen between."""
    sequence = words(text)
    groups: list[tuple[int, ...]] = []
    for i in indices:
        if groups and groups[-1][-1] == i - 1 and _JOINT.fullmatch(_gap_before(text, sequence, i)):
            groups[-1] += (i,)
        else:
            groups.append((i,))
    return tuple(groups)


def with_hyphenated(text: str, indices: Iterable[int]) -> tuple[int, ...]:
    """``indices`` and the words that hyphens join to them, in order: all three of ``Chick-fil-a``."""
    sequence, joined = words(text), set(indices)
    for i in range(1, len(sequence)):
        if i - 1 in joined and _gap_before(text, sequence, i) == "-":
            joined.add(i)
    for i in range(len(sequence) - 1, 0, -1):
        if i in joined and _gap_before(text, sequence, i) == "-":
            joined.add(i - 1)
    return tuple(sorted(joined))


def run_text(text: str, run: tuple[int, ...]) -> str:
    """The words of a run as they stand in ``text``, without a possessive ``'s``."""
    sequence = words(text)
    return name_text(text, sequence[run[0]], sequence[run[-1]])


def name_text(text: str, first: Word, last: Word) -> str:
    """A name as it stands in ``text``, from its first to its last word, without a possessive ``'s``."""
    return text[first.span.start : last.span.end].removesuffix("'s").removesuffix("’s")


def _gap_before(text: str, sequence: tuple[Word, ...], i: int) -> str:
    """The characters between word ``i`` and the word before it, or the start of the text."""
    return text[sequence[i - 1].span.end if i else 0 : sequence[i].span.start]


def _may_be_name(word: Word) -> bool:
    """Whether the word has a capital, and is neither a function word nor a common word that is only capitalised."""
    if word.function or word.text == "I" or not any(char.isupper() for char in word.text):
        return False
    return _is_marked(word.text) or (word.norm not in FILLERS and word.norm not in LIGHT_WORDS)


def _is_marked(text: str) -> bool:
    """Whether the word has capitals that no sentence asks for: ``AI``, ``xAI``, ``GPT``, ``H100``."""
    return any(char.isupper() for char in text[1:]) or (
        text[:1].isupper() and any(char.isdigit() for char in text)
    )


def _is_name_in_context(text: str, sequence: tuple[Word, ...], i: int) -> bool:
    """Whether word ``i`` is capitalised inside a sentence, is a possessive, or stands before a name (``Elon Musk``)."""
    word = sequence[i]
    if not word.text[0].isupper():
        return False
    return (
        not _begins_sentence(text, sequence, i)
        or bool(_POSSESSIVE.search(word.text))
        or _leads_name(text, sequence, i)
    )


def _begins_sentence(text: str, sequence: tuple[Word, ...], i: int) -> bool:
    """Whether word ``i`` is the first of the text, or stands after the end of a sentence."""
    gap = _gap_before(text, sequence, i)
    if i == 0:
        return True
    before = sequence[i - 1]
    is_title = gap.strip() == "." and (
        before.norm in _TITLES or (len(before.text) == 1 and before.text.isupper())
    )
    return _SENTENCE_END.search(gap) is not None and not is_title


def _leads_name(text: str, sequence: tuple[Word, ...], i: int) -> bool:
    """Whether one space and another capitalised word, which is no function word, follow word ``i``."""
    if i + 1 >= len(sequence) or _COMMON_ENDING.search(sequence[i].norm):
        return False
    following = sequence[i + 1]
    adjacent = text[sequence[i].span.end : following.span.start] == " "
    return adjacent and following.text[0].isupper() and not following.function


def spelled_out(claim: str, evidence: str) -> frozenset[int]:
    """Match acronyms with the names they stand for: ``AWS`` with ``Amazon Web Services``.

    Returns indices into ``words(claim)``: acronyms that ``evidence`` spells out, and the words of names that it
    abbreviates.
    """
    claimed, cited = words(claim), words(evidence)
    indices: set[int] = set()
    acronyms = {word.text.replace(".", "") for word in cited if _is_acronym(word.text)}
    for letters in acronyms:
        indices.update(i for start in _initials(claimed, letters) for i in range(start, start + len(letters)))
    for i, word in enumerate(claimed):
        if _is_acronym(word.text) and _initials(cited, word.text.replace(".", "")):
            indices.add(i)
    return frozenset(indices)


def _is_acronym(text: str) -> bool:
    """Whether ``text`` is two to five capital letters, with or without full stops."""
    letters = text.replace(".", "")
    return 2 <= len(letters) <= 5 and letters.isalpha() and letters.isupper()


def _initials(sequence: tuple[Word, ...], letters: str) -> list[int]:
    """The indices at which neighbouring words of two letters or more begin with ``letters``, one each."""
    size = len(letters)
    return [
        i
        for i in range(len(sequence) - size + 1)
        if all(
            word.text[:1].casefold() == letter.casefold() and len(word.text) > 1 and not word.text.isupper()
            for word, letter in zip(sequence[i : i + size], letters, strict=True)
        )
    ]
