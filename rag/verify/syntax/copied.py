"""Whether a claim is a whole sentence of the evidence, word for word, but for synonyms and words of discourse.

Such a claim is carried however the two are parsed: a parser may read two like sentences in two ways.
"""

from rag.text.lexicon import NEGATORS, SOFTENERS, STRICT
from rag.text.quantities import Quantity
from rag.text.words import Word
from rag.verify.analysed_text import AnalysedText
from rag.verify.quantity_match import missing
from rag.verify.syntax.wording import same_term

_DISCOURSE = frozenset("now however also so meanwhile still already currently today indeed then thus therefore moreover furthermore additionally and but".split())  # fmt: skip # noqa: E501


def is_copied(claim: AnalysedText, cited: AnalysedText) -> bool:
    """Whether the words of ``claim`` are those of ``cited``, from its first to its last, in order."""
    mine, others = claim.words, cited.words
    i = j = 0
    while i < len(mine) or j < len(others):
        if i < len(mine) and j < len(others) and _same(claim, i, cited, j):
            i, j = i + 1, j + 1
        elif i < len(mine) and mine[i].norm in _DISCOURSE:
            i += 1
        elif j < len(others) and others[j].norm.endswith("ly") and _is_discourse(others[j]):
            j += 1
        else:
            return False
    return bool(mine)


def _same(claim: AnalysedText, i: int, cited: AnalysedText, j: int) -> bool:
    mine, other = claim.words[i], cited.words[j]
    if mine.norm == other.norm:
        return True
    name = i in claim.possible_names or j in cited.names
    return not (name or mine.number or other.number or mine.function or other.function) and same_term(
        mine.term, other.term
    )


def _is_discourse(word: Word) -> bool:
    return not (
        word.norm in NEGATORS or word.norm in SOFTENERS or word.norm in STRICT or word.norm.endswith("n't")
    )


def compare_numbers(claim: AnalysedText, cited: AnalysedText) -> tuple[Quantity, Quantity] | bool:
    """Compare a claim with a sentence of the same words but for their numbers.

    ``True`` where each number follows from the one in its place, the first two that do not where one does not, and
    ``False`` where the other words differ or there is no number.
    """
    mine, others = claim.quantities, cited.quantities
    if not mine or len(mine) != len(others) or _between(claim) != _between(cited):
        return False
    return next(
        ((own, other) for own, other in zip(mine, others, strict=True) if missing(own, [other])), True
    )


def _between(text: AnalysedText) -> list[str]:
    """The words of a text, with one sign for each quantity."""
    inside = {i: n for n, quantity in enumerate(text.quantities) for i in text.words_of(quantity)}
    row = [f"#{inside[i]}" if i in inside else word.norm for i, word in enumerate(text.words)]
    return [word for i, word in enumerate(row) if i == 0 or word != row[i - 1] or not word.startswith("#")]
