"""What a cited passage says of a quantity in it: its clause, subject words, scope and names.

``rag.answer.differing.numbers`` compares these to tell whether two passages give figures for the same thing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rag.schema import Evidence
from rag.text.lexicon import SOFTENERS
from rag.text.negation import Clause, clauses
from rag.text.quantities import Quantity
from rag.text.words import terms
from rag.verify.analysed_text import AnalysedText, analyse

_REPORTING = frozenset(
    "said says say saying told tells according reported reports announced announces confirmed confirms "
    "spokesman spokeswoman spokesperson".split()
)


# Words that say which of several like things is meant, when, or how much of it. Two passages that speak of the same
# thing both have them, or neither has.
_SCOPE = frozenset(
    "first second third fourth fifth last latest next previous previously earlier later prior past current currently "
    "former now today yesterday tomorrow tonight ago since until already still initially originally eventually finally "
    "annual annually yearly monthly weekly daily hourly quarter quarterly half year month week day decade century "
    "morning afternoon evening night weekend monday tuesday wednesday thursday friday saturday sunday "
    "january february march april june july august september october november december "
    "spring summer autumn winter season "
    "total overall average median mean typical typically each every per both all none some most many several few other "
    "another additional additionally further more fewer less extra new old young same different only alone besides "
    "including excluding without instead than minimum maximum least almost nearly "
    "north south east west northern southern eastern western upper lower inner outer "
    "men women man woman boys girls children adults male female men's women's "
    "net gross before after during by from to up down increase increased decrease decreased rise rose risen fall fell "
    "fallen grew grown growth drop dropped decline declined cut gain gained lost loss "
    "plan plans planned planning aim aims aimed hope hopes hoped goal target targets targeted forecast forecasts "
    "predicted predicts projected estimate estimates estimated budget budgeted proposed proposal promise promised "
    "intends intended scheduled wants wanted offered offer asked demanded sought seeks "
    "part share".split()
)


# Words too general to tell one thing that has a number from another.
_GENERAL_TERMS = frozenset(
    terms("be have do get make take come go reach hit total stand put give draw attend see people person")
)

_REPORTING_REACH = 2  # words before a reporting verb that belong to whoever reports: "the council said"


# Words that open a clause of circumstance: where, when, under what condition.
_CIRCUMSTANCE_OPENERS = frozenset(
    "in at on for during under among within across as if when while where with without of by since after before "
    "including excluding".split()
)


@dataclass(frozen=True)
class PassageContext:
    """A cited passage with what is read out of it, each thing once."""

    evidence: Evidence

    @property
    def analysed(self) -> AnalysedText:
        """The passage's text, analysed."""
        return analyse(self.evidence.text)

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses of the passage; its words are in one each."""
        return clauses(self.evidence.text)

    @cached_property
    def measured(self) -> frozenset[int]:
        """The indices of words that stand in a quantity."""
        return frozenset(i for quantity in self.analysed.quantities for i in self.analysed.words_of(quantity))

    @cached_property
    def attributed(self) -> frozenset[int]:
        """The indices of words that only tell who reports: ``the council said after a long meeting``."""
        indices: set[int] = set()
        for clause in self.clauses:
            reporting = [i for i in clause.words if self.analysed.words[i].norm in _REPORTING]
            measured = [i for i in clause.words if i in self.measured]
            if not reporting:
                continue
            if not measured:
                indices |= set(clause.words)
            elif reporting[0] < measured[0]:
                indices |= {i for i in clause.words if i <= reporting[0]}
            else:
                start = max(reporting[0] - _REPORTING_REACH, measured[-1] + 1)
                indices |= {i for i in clause.words if i >= start}
        return frozenset(indices)

    @cached_property
    def scope(self) -> frozenset[str]:
        """The words of the whole passage that bound what is said."""
        return frozenset(
            word.norm
            for i, word in enumerate(self.analysed.words)
            if (word.norm in _SCOPE or word.norm in SOFTENERS)
            and i not in self.measured
            and i not in self.attributed
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms of the names in the passage, without those of who reports."""
        return frozenset(self.analysed.words[i].term for i in self.analysed.names - self.attributed)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All terms of the passage and of its article's title."""
        words = frozenset(word.term for word in self.analysed.words)
        return words | frozenset(terms(self.evidence.title))

    def clause_of(self, quantity: Quantity) -> Clause:
        """The clause that a quantity stands in."""
        first = self.analysed.words_of(quantity).start
        return next((clause for clause in self.clauses if first in clause.words), Clause((), False, ()))

    def subject_terms(self, indices: Iterable[int]) -> frozenset[str]:
        """The terms of those words among ``indices`` that say what is spoken of: no number, nobody who reports."""
        words = self.analysed.words
        return frozenset(
            words[i].term
            for i in indices
            if not (words[i].function or i in self.measured or i in self.attributed)
            and words[i].term not in _GENERAL_TERMS
        )

    def counted_term(self, quantity: Quantity) -> str:
        """The term of the word right after a number, which is what it counts; empty where there is none."""
        words = self.analysed.words
        i = self.analysed.words_of(quantity).stop
        if i >= len(words) or words[i].function:
            return ""
        between = self.evidence.text[quantity.span.end : words[i].span.start]
        return "" if between.strip(" -") else words[i].term

    def has_circumstance_beyond(self, clause: Clause, other: "PassageContext") -> bool:
        """Whether a clause besides ``clause`` says where, when or of what, in words that ``other`` lacks."""
        for candidate in self.clauses:
            first = next(iter(candidate.words), None)
            if candidate == clause or first is None:
                continue
            opener = self.analysed.words[first].norm
            if opener in _CIRCUMSTANCE_OPENERS and self.subject_terms(candidate.words) - other.terms:
                return True
        return False
