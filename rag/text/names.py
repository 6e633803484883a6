"""Which words of a text are names, and which acronyms and spelled-out names are the same."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.text.lexicon import FILLERS, LIGHT_WORDS
from rag.text.words import Word, words

_AFTER_END = regex.compile(r"[.!?:。！？\n|•]")


_JOINS = regex.compile(r"[ \u00a0-]")  # what stands between the words of one name


# A word at the head of a sentence that ends so is no name by its looks: "Rivals share", "Renting helps", "Notably".
_COMMON_END = regex.compile(r"(?:s|ing|ly|ed|tion|ment|ity|ness)$")


@dataclass(frozen=True, slots=True)
class Names:
    """Indices into ``words(text)``: ``sure`` ones, and ``maybe`` ones that only head a sentence."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...]


@lru_cache(maxsize=4096)
def names(text: str) -> Names:
    """The names of ``text``: capitalised words inside a sentence, acronyms, mixed case (``xAI``), letters
    with digits.

    A text wholly in capitals has none, as none can be told.
    """
    found = words(text)
    shouted = len(found) > 3 and text.upper() == text
    sure: list[int] = []
    maybe: list[int] = []
    for i, word in enumerate(found):
        if word.function or (word.norm in FILLERS | LIGHT_WORDS and not _marked(word.text)):
            continue
        if word.text == "I" or not any(char.isupper() for char in word.text):
            continue
        gap = text[found[i - 1].span.end if i else 0 : word.span.start]
        heads = i == 0 or (_AFTER_END.search(gap) is not None and not _abbreviated(found[i - 1], gap))
        if shouted:
            if any(char.isdigit() for char in word.text):
                sure.append(i)
        elif _marked(word.text) or (word.text[0].isupper() and not heads) or _leads_name(text, found, i):
            sure.append(i)
        elif word.text[0].isupper() and not _COMMON_END.search(word.norm):
            maybe.append(i)
    return Names(tuple(sure), tuple(maybe))


def runs(text: str) -> tuple[tuple[int, ...], ...]:
    """The sure names of ``text`` as people say them: indices of neighbouring words, as of ``Elon Musk``."""
    found = words(text)
    out: list[tuple[int, ...]] = []
    for i in names(text).sure:
        if (
            out
            and out[-1][-1] == i - 1
            and _JOINS.fullmatch(text[found[i - 1].span.end : found[i].span.start])
        ):
            out[-1] += (i,)
        else:
            out.append((i,))
    return tuple(out)


def said(text: str, run: tuple[int, ...]) -> str:
    """The words of a run as they stand in ``text``, without the ``'s`` of an owner."""
    found = words(text)
    name = text[found[run[0]].span.start : found[run[-1]].span.end]
    return name.removesuffix("'s").removesuffix("’s")


def _marked(text: str) -> bool:
    """Capitals where no sentence asks for them: ``AI``, ``xAI``, ``GPT``, ``H100``."""
    return any(char.isupper() for char in text[1:]) or (
        text[:1].isupper() and any(char.isdigit() for char in text)
    )


def _abbreviated(before: Word, gap: str) -> bool:
    return gap.strip() == "." and before.norm in (
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "prof",
        "gen",
        "sen",
        "rep",
        "gov",
    )


def _leads_name(text: str, found: tuple[Word, ...], i: int) -> bool:
    """Whether the next word is a name too (``Elon Musk``), or this one owns something (``Nvidia's``)."""
    word = found[i]
    if word.text[0].isupper() and regex.search(r"['’]s$", word.text):
        return True
    if not word.text[0].isupper() or i + 1 >= len(found):
        return False
    after = found[i + 1]
    joined = text[word.span.end : after.span.start] == " "
    return joined and after.text[0].isupper() and not after.function and not _COMMON_END.search(word.norm)


def spelled_out(claim: str, evidence: str) -> frozenset[int]:
    """Indices of the claim's words that the evidence has in another length: ``AWS`` for ``Amazon Web
    Services``.
    """
    mine, theirs = words(claim), words(evidence)
    found: set[int] = set()
    short = {word.text.replace(".", "") for word in theirs if _acronym(word.text)}
    for letters in short:
        found.update(i for start in _initials(mine, letters) for i in range(start, start + len(letters)))
    for i, word in enumerate(mine):
        if _acronym(word.text) and _initials(theirs, word.text.replace(".", "")):
            found.add(i)
    return frozenset(found)


def _acronym(text: str) -> bool:
    plain = text.replace(".", "")
    return 2 <= len(plain) <= 5 and plain.isalpha() and plain.isupper()


def _initials(found: tuple[Word, ...], letters: str) -> list[int]:
    """Where consecutive words begin with ``letters``."""
    size = len(letters)
    return [
        i
        for i in range(len(found) - size + 1)
        if all(
            found[i + k].text[:1].casefold() == letters[k].casefold() and len(found[i + k].text) > 1
            for k in range(size)
        )
    ]
