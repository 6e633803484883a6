"""What a claim has and its evidence lacks: a number, a name, the word itself where its opposite stands, too many words.

These are looked up word by word, in any language; ``rag.verify.syntax`` compares how the words are put together.
"""

from rag.text.antonyms import has_direction, opposite
from rag.text.lexicon import FILLERS, STRICT
from rag.verify.analysed_text import AnalysedText, analyse
from rag.verify.comparison import Comparison
from rag.verify.quantity_match import missing
from rag.verify.syntax.fault import Fault

_PAIR_WORDS = frozenset(("both", "neither", "pair", "couple", "two", "either"))
_POINTING_WORDS = frozenset(("the", "these", "their", "its", "both"))
_KEYS_PER_ADDED_WORD = 5  # at most one key word in this many may be missing from the evidence
_NUMBER_REACH_CHARS = 24  # characters between a word and a number that it may still belong to


# "only" in the answer is carried by any word of its line in the evidence.
_STRICT_SYNONYMS = tuple(
    frozenset(line.split())
    for line in (
        "only sole solely exclusively alone just",
        "all every each always entire entirely whole any no none never everyone everything both",
        "completely entirely fully totally wholly",
        "biggest largest highest greatest most",
        "smallest least lowest fewest minimum",
        "best most",
        "worst least",
        "last final finally latest past",
        "former formerly ex previously",
        "exactly precisely just",
        "secretly secret covertly",
        "illegally illegal unlawful",
        "unanimously unanimous",
    )
)


def number_missing(comparison: Comparison) -> str:
    """A quantity of the claim does not follow from any of the evidence's."""
    cited = [quantity for passage in comparison.evidence for quantity in passage.quantities]
    norms = {word.norm for passage in comparison.evidence for word in passage.words}
    for quantity in comparison.claim.quantities:
        # "the two companies" only points back to two that the evidence speaks of.
        pointing = quantity.text.casefold() == "two" and quantity.led in _POINTING_WORDS
        if not (pointing and norms & _PAIR_WORDS) and (reason := missing(quantity, cited)):
            return reason
    return ""


def name_missing(comparison: Comparison) -> str:
    """A name, or a word with digits, is not among the evidence's words."""
    claim = comparison.claim
    for i in sorted(claim.possible_names | claim.digits):
        if i not in comparison.matches:
            return f"‘{claim.words[i].text}’ is not in the cited words"
    return ""


def direction_reversed(comparison: Comparison, turned: frozenset[int] = frozenset()) -> str:
    """A word of the claim stands in the evidence only as its opposite."""
    claim, lookup = comparison.claim, comparison.lookup
    for i, word in enumerate(claim.words):
        related = i in comparison.matches and lookup.same_family(word.term)
        if i in turned or word.term in lookup.terms or i in claim.names or related:
            continue
        if other := opposite(word.term, lookup.terms):
            place = lookup.exact(other)[0]
            cited = comparison.evidence[place.text].words[place.word].text
            return f"the cited words say ‘{cited}’, not ‘{word.text}’"
    return ""


def words_added(comparison: Comparison, turned: frozenset[int] = frozenset()) -> Fault | None:
    """Too many key words are missing from the evidence, or one that reverses, restricts or counts something."""
    claim = comparison.claim
    added = [i for i in claim.keys if i not in comparison.matches and i not in turned]
    strict = [
        i
        for i in range(len(claim.words))
        if _is_strict(claim, i) and not _strictness_carried(claim.words[i].norm, comparison)
    ]
    allowed = (len(claim.keys) + len(claim.quantities)) // _KEYS_PER_ADDED_WORD if claim.english else 0
    decisive = strict or [i for i in added if has_direction(claim.words[i].term) or _touches_number(claim, i)]
    if not decisive and len(added) <= allowed:
        return None
    shown = [f"‘{claim.words[i].text}’" for i in (decisive or added)[:4]]
    reason = f"{', '.join(shown)} {'is' if len(shown) == 1 else 'are'} not in the cited words"
    return Fault(reason, wording=not decisive)


def _touches_number(claim: AnalysedText, i: int) -> bool:
    """Whether a word is beside a number: ``employees`` in ``100,000 employees``, ``lost`` in ``lost $6 billion``."""
    span = claim.words[i].span
    for quantity in claim.quantities:
        if quantity.kind != "number":
            continue
        if not quantity.unit and claim.text[quantity.span.end : span.start] in (" ", "-"):
            return True
        between = [w for w in claim.words[i + 1 : i + 5] if w.span.end <= quantity.span.start]
        near = 0 <= quantity.span.start - span.end < _NUMBER_REACH_CHARS
        if near and all(w.function or w.norm in FILLERS for w in between):
            return True
    return False


def _is_strict(claim: AnalysedText, i: int) -> bool:
    """Whether a word restricts, as ``only`` does; ``at least`` and ``not all`` do not."""
    if claim.words[i].norm not in STRICT:
        return False
    return not (i and claim.words[i - 1].norm in ("at", "not", "above", "after"))


def _strictness_carried(norm: str, comparison: Comparison) -> bool:
    synonyms = {norm}.union(*(line for line in _STRICT_SYNONYMS if norm in line))
    return any(analyse(word).words[0].term in comparison.lookup.terms for word in synonyms)
