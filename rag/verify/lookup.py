"""The words of the evidence, found by term, by family of words (``compete``, ``competitor``) and by synonym."""

from collections.abc import KeysView, Sequence
from dataclasses import dataclass

from rag.text.forms.families import STEM_START, related, synonym_groups
from rag.verify.analysed_text import AnalysedText

_DENYING_PREFIXES = ("un", "non", "dis", "in", "im", "ir")


@dataclass(frozen=True, slots=True)
class WordPlace:
    """One word of the evidence that stands for a word of the claim.

    ``turned`` is set where one is the other's denial: ``undisclosed`` for ``disclosed``.
    """

    text: int  # index of the evidence passage
    word: int  # index into the passage's words
    turned: bool = False


class Lookup:
    """Finds the places of words in some evidence."""

    def __init__(self, evidence: Sequence[AnalysedText]) -> None:
        self._by_term: dict[str, list[WordPlace]] = {}
        self._by_group: dict[int, list[str]] = {}
        self._by_start: dict[str, list[str]] = {}
        for number, passage in enumerate(evidence):
            for i, word in enumerate(passage.words):
                self._by_term.setdefault(word.term, []).append(WordPlace(number, i))
        for term in self._by_term:
            for group in synonym_groups(term):
                self._by_group.setdefault(group, []).append(term)
            self._by_start.setdefault(term[:STEM_START], []).append(term)

    @property
    def terms(self) -> KeysView[str]:
        """Every term of the evidence, in order of first occurrence: a reason that names one is always the same."""
        return self._by_term.keys()

    def exact(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term itself."""
        return tuple(self._by_term.get(term, ()))

    def same_family(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term and of its family of words."""
        family = [other for other in self._by_start.get(term[:STEM_START], ()) if related(term, other)]
        return tuple(place for other in family for place in self._by_term[other])

    def same_meaning(self, term: str) -> tuple[WordPlace, ...]:
        """The places of the term's family; where there are none, of its synonyms, or else of its denial."""
        return self.same_family(term) or self._synonyms(term) or self._denials(term)

    def _synonyms(self, term: str) -> tuple[WordPlace, ...]:
        others = dict.fromkeys(
            other for group in synonym_groups(term) for other in self._by_group.get(group, ())
        )
        return tuple(place for other in others for place in self._by_term[other])

    def _denials(self, term: str) -> tuple[WordPlace, ...]:
        for prefix in _DENYING_PREFIXES:
            other = term.removeprefix(prefix) if term.startswith(prefix) else prefix + term
            if len(other) > 3 and other in self._by_term:
                return tuple(WordPlace(place.text, place.word, turned=True) for place in self._by_term[other])
        return ()
