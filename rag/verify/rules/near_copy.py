"""A claim that follows its evidence word for word must follow it everywhere.

Where most of a claim runs along a passage in the same order, the few words put in place of others are what
the claim changes: a name for another, a number, a direction, ``will`` for ``may``. Elsewhere in the passage
the new word may well stand, so that looking for it is not enough. (Alignment by longest common blocks:
Ratcliff and Metzener, 1988.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

import regex

from rag.text.antonyms import opposite
from rag.text.lexicon import HEDGES, SOFTENERS
from rag.text.negation import negations
from rag.text.quantities import Quantity
from rag.text.words import Word
from rag.verify.analysed_text import AnalysedText
from rag.verify.comparison import Comparison
from rag.verify.lookup import Lookup, related, synonym_groups
from rag.verify.quantity_match import missing

_SHARE = 0.6  # of the claim's words that must run along the passage


_SHARE_FOR_LAST_WORD = 0.5  # the same, where only the last word is looked at


_FEWEST_WORDS = 5  # in a claim


# In a claim and in a passage that are compared: alignment takes time in proportion to their product.
_MOST_CLAIM_WORDS, _MOST_PASSAGE_WORDS = 160, 600


_ADDED = (
    2  # key words in a row that the evidence lacks, from which an end or a head of a near copy is made up
)


_LIST_BEFORE = regex.compile(r"\d(?:,|\s(?:and|or))\s$")


_LIST_AFTER = regex.compile(r"(?:,|\s(?:and|or))\s\d")


_LONGEST_REPLACEMENT = 4  # words put in place of others, at most; longer runs are another wording


def near_copy_altered(comparison: Comparison) -> str:
    """A near copy puts other words in place of the evidence's. No fault in a faithful copy or in free wording."""
    if not _FEWEST_WORDS <= len(comparison.claim.words) <= _MOST_CLAIM_WORDS:
        return ""
    for passage in comparison.evidence:
        if len(passage.words) <= _MOST_PASSAGE_WORDS and (reason := _altered(comparison, passage)):
            return reason
    return ""


def _altered(comparison: Comparison, passage: AnalysedText) -> str:
    """Why the claim is no faithful copy of one passage."""
    claim, lookup = comparison.claim, comparison.lookup
    claim_terms, terms = [word.term for word in claim.words], [word.term for word in passage.words]
    matcher = SequenceMatcher(None, claim_terms, terms, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    share = sum(block.size for block in blocks) / len(claim_terms)
    if share >= _SHARE_FOR_LAST_WORD and (reason := _last_word(claim, passage, blocks[-1], lookup)):
        return reason
    if share < _SHARE:
        return ""
    first, last = blocks[0].b, blocks[-1].b + blocks[-1].size
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace" and first <= c and d <= last and max(b - a, d - c) <= _LONGEST_REPLACEMENT:
            replacement = _Replacement(claim, range(a, b), passage, range(c, d))
            if reason := replacement.fault(lookup):
                return reason
    return (
        _end_names(claim, passage, blocks[0], blocks[-1])
        or _added(claim, blocks, lookup)
        or _denial(claim, passage, blocks)
    )


def _added(claim: AnalysedText, blocks: Sequence[Match], lookup: Lookup) -> str:
    """What stands before or after all runs of the evidence's words: two key words that the evidence has nowhere."""
    runs = [block for block in blocks if block.size > 1]
    head = min((block.a for block in runs), default=0)
    tail = max((block.a + block.size for block in runs), default=len(claim.words))
    added: list[int] = []
    for i in claim.keys:
        outside = not head <= i < tail and not lookup.same_meaning(claim.words[i].term)
        added = [*added, i] if outside else []
        if len(added) == _ADDED:
            words = " and ".join(f"‘{claim.words[k].text}’" for k in added)
            return f"{words} are added to the cited words"
    return ""


def _last_word(claim: AnalysedText, passage: AnalysedText, last: Match, lookup: Lookup) -> str:
    """Why the claim's last word may not follow a run where the evidence has another: ``arrive by bus``."""
    i, j = last.a + last.size, last.b + last.size
    if last.size < 2 or i + 1 != len(claim.words) or i not in claim.keys or j not in passage.keys:
        return ""
    if lookup.same_meaning(claim.words[i].term):
        return ""
    return _says(passage.words[j], claim.words[i])


def _end_names(claim: AnalysedText, passage: AnalysedText, first: Match, last: Match) -> str:
    """Why a name right before or right after what runs along may not stand for the one that the evidence has there."""
    tail, passage_tail = last.a + last.size, last.b + last.size
    names = frozenset(passage.words[i].term for i in passage.names)
    for new, old in (
        (range(max(0, first.a - 2), first.a), range(max(0, first.b - 2), first.b)),
        (
            range(tail, min(tail + 2, len(claim.words))),
            range(passage_tail, min(passage_tail + 2, len(passage.words))),
        ),
    ):
        claimed = [i for i in new if i in claim.possible_names and claim.words[i].term in names]
        cited = [i for i in old if i in passage.possible_names]
        if claimed and cited and not _same_names(claim, claimed, passage, cited):
            return _says(passage.words[cited[0]], claim.words[claimed[0]])
    return ""


@dataclass(frozen=True, slots=True)
class _Replacement:
    """The words ``new`` of a claim that stand where a passage has the words ``old``."""

    claim: AnalysedText
    new: range
    passage: AnalysedText
    old: range

    def fault(self, lookup: Lookup) -> str:
        """Why the new words may not stand for the old ones."""
        return self._opposite() or self._hedge() or self._name() or self._number() or self._single_key(lookup)

    @property
    def _new_words(self) -> list[Word]:
        return [self.claim.words[i] for i in self.new]

    @property
    def _old_words(self) -> list[Word]:
        return [self.passage.words[i] for i in self.old]

    def _opposite(self) -> str:
        terms = [word.term for word in self._old_words]
        for word in self._new_words:
            if other := opposite(word.term, terms):
                return f"the cited words say ‘{other}’, not ‘{word.text}’"
        return ""

    def _hedge(self) -> str:
        hedge = next((word.text for word in self._old_words if word.norm in HEDGES), None)
        if hedge is None or any(word.norm in SOFTENERS for word in self._new_words):
            return ""
        return f"the cited words say ‘{hedge}’"

    def _name(self) -> str:
        claimed = [i for i in self.new if i in self.claim.names]
        cited = [i for i in self.old if i in self.passage.names]
        if not claimed or not cited or _same_names(self.claim, claimed, self.passage, cited):
            return ""
        return _says(self.passage.words[cited[0]], self.claim.words[claimed[0]])

    def _number(self) -> str:
        """Why a number may not stand where the evidence has another, though that has both."""
        cited = _touching(self.passage, self.old)
        for quantity in _touching(self.claim, self.new) if cited else ():
            like = [other for other in cited if other.family == quantity.family]
            if like and missing(quantity, cited) and not _enumerated(self.claim, quantity):
                return f"the cited words say ‘{like[0].text.strip()}’, not ‘{quantity.text.strip()}’"
        return ""

    def _single_key(self, lookup: Lookup) -> str:
        """Why one key word may not stand for one other."""
        if len(self.new) != 1 or len(self.old) != 1:
            return ""
        i, j = self.new[0], self.old[0]
        if i not in self.claim.keys or j not in self.passage.keys:
            return ""
        word = self.claim.words[i]
        return "" if lookup.same_meaning(word.term) else _says(self.passage.words[j], word)


def _says(cited: Word, claimed: Word) -> str:
    return f"the cited words say ‘{cited.text}’, not ‘{claimed.text}’"


def _touching(text: AnalysedText, indices: range) -> list[Quantity]:
    """The quantities that have one of some words."""
    return [q for q in text.quantities if any(i in indices for i in text.words_of(q))]


def _enumerated(claim: AnalysedText, quantity: Quantity) -> bool:
    """Whether a number stands in a list of numbers, whose order may not matter: ``3, 5 and 7``."""
    before = claim.text[: quantity.span.start]
    after = claim.text[quantity.span.end :]
    return _LIST_BEFORE.search(before) is not None or _LIST_AFTER.match(after) is not None


def _same_names(
    claim: AnalysedText, claimed: Sequence[int], passage: AnalysedText, cited: Sequence[int]
) -> bool:
    """Whether one of the names is kept, or both stand in one list whose order does not matter."""
    claimed_terms = {claim.words[i].term for i in claimed}
    cited_terms = {passage.words[j].term for j in cited}
    if any(
        related(a, b) or set(synonym_groups(a)) & set(synonym_groups(b))
        for a in claimed_terms
        for b in cited_terms
    ):
        return True
    if not cited_terms <= {word.term for word in claim.words}:
        return False
    lists = [group for group in passage.name_lists if not set(group).isdisjoint(cited)]
    return any(claimed_terms <= {passage.words[j].term for j in group} for group in lists)


def _denial(claim: AnalysedText, passage: AnalysedText, blocks: Sequence[Match]) -> str:
    """Whether the clauses that run along each other hold an odd number of denials on one side alone."""
    runs = [block for block in blocks if block.size > 1]
    claim_words = {block.a + k for block in runs for k in range(block.size)}
    passage_words = {block.b + k for block in runs for k in range(block.size)}
    if negations(claim.text, claim_words) % 2 == negations(passage.text, passage_words) % 2:
        return ""
    return "it denies what the cited words affirm, or the reverse"
