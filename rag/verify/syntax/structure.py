"""The rule: each clause of a claim must be carried by one clause of the evidence, with its arguments in their places.

A clause that is matched by none is refused, and so is a claim that cannot be read: nothing is supported by default.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from rag.text.complements import EXPECTING, SAYING
from rag.text.lexicon import NEGATORS
from rag.text.quantities import Quantity
from rag.verify.analysed_text import AnalysedText, analyse
from rag.verify.comparison import Comparison
from rag.verify.syntax.arguments import is_predicate, with_conjuncts
from rag.verify.syntax.clauses import Carried, candidates, compare_clause
from rag.verify.syntax.compressed import compressed
from rag.verify.syntax.copied import compare_numbers, is_copied
from rag.verify.syntax.copulas import compare_copula, compare_having, is_copula
from rag.verify.syntax.dated import carried_by_years
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.fragments import compare_fragment
from rag.verify.syntax.modality.context import context
from rag.verify.syntax.modality.differs import mood_reason
from rag.verify.syntax.modality.mood import Context, Mood
from rag.verify.syntax.parsed_sentence import ParsedSentence, parsed_sentences
from rag.verify.syntax.phrases import Comparing
from rag.verify.syntax.region import clause_head, noun_region, region
from rag.verify.syntax.wording import same_wording

_JOINT = regex.compile(r"(?:[,;]\s(?:and|while|but|whereas)|;)\s")


# Tokens of a sentence beyond which it is no sentence but a list or a table, and comparing its phrases takes minutes.
_LONGEST_SENTENCE = 250


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of comparing a claim's clauses with the evidence: the first fault, or the moods that it keeps.

    ``turned`` are the words of the claim that stand for another seen from its other side: ``sold`` for ``bought``.
    """

    fault: Fault | None
    moods: tuple[Mood, ...] = ()
    turned: frozenset[int] = frozenset()

    @classmethod
    def refused(cls, reason: str) -> "Finding":
        """A finding with a fault that has no place."""
        return cls(Fault(reason))


def compare_structure(comparison: Comparison) -> Finding:
    """Compare each clause of the claim with those of the evidence."""
    sentences = [
        s
        for n, passage in enumerate(comparison.evidence)
        for s in parsed_sentences(passage.text, n)
        if len(s.tokens) <= _LONGEST_SENTENCE
    ]
    moods: list[Mood] = []
    turned: set[int] = set()
    for part in parsed_sentences(comparison.claim.text):
        if len(part.tokens) > _LONGEST_SENTENCE:
            return Finding.refused(f"a sentence of over {_LONGEST_SENTENCE} words is too long to be compared")
        offset = next((i for i, w in enumerate(comparison.claim.words) if w.span.start >= part.offset), 0)
        known = {i - offset for i, places in comparison.matches.items() if not places}
        absent = {i - offset for i in comparison.claim.keys if i not in comparison.matches}
        both = Comparing(part, sentences, frozenset(known), frozenset(absent))
        finding = _compare_sentence(both, comparison.question)
        if finding.fault is not None:
            return finding
        moods += finding.moods
        turned |= {i + offset for i in finding.turned}
    return Finding(None, tuple(moods), frozenset(turned))


def _compare_sentence(both: Comparing, question: str) -> Finding:
    claim = both.claim
    predicates = [p for p in range(len(claim.tokens)) if is_predicate(claim, p)]
    numbers = [(s, compare_numbers(claim.analysed, s.analysed)) for s in both.sentences]
    for s, compared in numbers:
        if compared is True and predicates:
            return _as_it_says(claim, predicates)
        if isinstance(compared, tuple):
            return Finding(_number_differs(claim, s, *compared))
    if not predicates:
        return _compare_phrases(both, question)
    if _is_copied(claim.analysed, both):
        return _as_it_says(claim, predicates)
    for s in both.sentences:
        if (kept := compressed(both, s)) is not None:
            return Finding(None, kept, frozenset(both.turned))
    moods: list[Mood] = []
    found: dict[int, Carried] = {}
    for p in predicates:
        result = _compare_predicate(both, p)
        if isinstance(result, Fault):
            return Finding(result)
        if result is not None:
            found[p] = result
            moods += result.context.moods
    return Finding(_left_over(both, found), tuple(moods), frozenset(both.turned))


def _as_it_says(claim: ParsedSentence, predicates: list[int]) -> Finding:
    """The finding for words that are the evidence's own: carried, under what they themselves say."""
    return Finding(None, tuple(mood for p in predicates for mood in context(claim, p).moods))


def _compare_phrases(both: Comparing, question: str) -> Finding:
    """Compare an answer without a verb."""
    claim = both.claim
    heads = [n for i, t in enumerate(claim.tokens) if t.head == i for n in _phrases(claim, i)]
    if not heads:
        return _finding_of_nothing(both)
    result = compare_fragment(both, heads, question)
    if isinstance(result, Fault):
        return Finding(result)
    denied = any(word.norm in NEGATORS for word in claim.analysed.words)
    if result.context.denied != denied:
        return Finding.refused(f"this is {'affirmed' if denied else 'denied'} in the cited words")
    moods = result.context.moods
    bad = next((mood for mood in moods if not _is_badge(mood)), None)
    return Finding(Fault(mood_reason(bad))) if bad else Finding(None, moods)


def _is_copied(claim: AnalysedText, both: Comparing) -> bool:
    """Whether a text is a sentence of the evidence, or two of them with a conjunction between."""
    if any(is_copied(claim, s.analysed) for s in both.sentences):
        return True
    return any(
        any(is_copied(analyse(claim.text[: joint.start()]), s.analysed) for s in both.sentences)
        and _is_copied(analyse(claim.text[joint.end() :]), both)
        for joint in _JOINT.finditer(claim.text)
    )


def _number_differs(claim: ParsedSentence, s: ParsedSentence, mine: Quantity, other: Quantity) -> Fault:
    reason = f"the cited words say ‘{other.text.strip()}’ there, not ‘{mine.text.strip()}’"
    return Fault(reason, 1.0, mine.span.shift(claim.offset), other.span.shift(s.offset), s.passage)


def _finding_of_nothing(both: Comparing) -> Finding:
    """A part without a phrase or a verb is carried where it says nothing."""
    said = next((t for t in range(len(both.claim.tokens)) if not both.says_nothing(t)), None)
    return (
        Finding(None) if said is None else Finding.refused(f"‘{both.claim.tokens[said].text}’ cannot be read")
    )


def _phrases(claim: ParsedSentence, root: int) -> list[int]:
    """The phrases of an answer without a verb; one that begins with a preposition is what follows it."""
    if claim.tokens[root].pos == "ADP":
        return [
            n
            for c in claim.children[root]
            if claim.tokens[c].dep in ("pobj", "prep")
            for n in _phrases(claim, c)
        ]
    return with_conjuncts(claim, root) if claim.word[root] >= 0 else []


def _is_badge(mood: Mood) -> bool:
    """Whether a phrase may stand by itself with a badge that says how the article gives it."""
    return not mood.condition and mood.kind != "planned"


def _compare_predicate(both: Comparing, p: int) -> Carried | Fault | None:
    claim = both.claim
    nearest = Fault(f"‘{claim.tokens[p].text}’ is not in the cited words", -0.5, wording=True)
    if _says_nothing(both, p):
        return None
    for s in both.sentences:
        for e in candidates(both, p, s):
            fault = compare_clause(both, p, s, e)
            if fault is None:
                return Carried(s, e, context(s, e))
            if fault.reason and fault.nearness >= nearest.nearness:
                nearest = fault
    for s in both.sentences:
        for result in _otherwise(both, p, s):
            if isinstance(result, Carried):
                return result
            if result.reason and result.nearness > nearest.nearness:
                nearest = result
    return nearest


def _otherwise(both: Comparing, p: int, s: ParsedSentence) -> Iterator[Fault | Carried]:
    """What comes of comparing a predicate that says little with other ways to say it."""
    if is_copula(both.claim, p):
        yield compare_copula(both, p, s)
    elif both.claim.tokens[p].lemma == "have":
        yield compare_having(both, p, s)
    elif (named := carried_by_years(both, p, s)) is not None:
        yield Carried(s, named, Context(denied=False, moods=()))
    elif _is_light(both.claim, p):
        yield _compare_light(both, p, s)


def _is_light(claim: ParsedSentence, p: int) -> bool:
    """Whether a verb only says how long something was, or that it was: ``took 122 days``, ``took place``."""
    lemma = claim.tokens[p].lemma
    if lemma != "take":
        return lemma in ("last", "happen", "occur")
    taken = claim.parse.child(p, "dobj")
    return taken is not None and (claim.quantity[taken] >= 0 or claim.tokens[taken].lemma == "place")


def _says_nothing(both: Comparing, p: int) -> bool:
    """Whether a predicate only says whose words its complement is: that is checked with the complement."""
    claim = both.claim
    if _is_cleft(claim, p):
        both.covered.add(p)
        return True
    complement = claim.parse.child(p, "ccomp") is not None or (
        claim.parse.child(p, "xcomp") is not None and claim.parse.child(p, "auxpass") is not None
    )
    if claim.tokens[p].lemma in SAYING | EXPECTING and complement:
        both.covered |= {
            p,
            *(
                t
                for c in claim.children[p]
                if claim.tokens[c].dep in ("nsubj", "agent")
                for t in claim.parse.subtree(c)
            ),
        }
        return True
    return False


def _is_cleft(claim: ParsedSentence, p: int) -> bool:
    """Whether a predicate only puts a phrase first: ``it was Ann who built it``, which the relative clause says."""
    subject, said = claim.parse.child(p, "nsubj"), claim.parse.child(p, "attr")
    if claim.tokens[p].lemma != "be" or subject is None or said is None:
        return False
    relative = claim.parse.child(said, "relcl")
    return (
        claim.tokens[subject].text.casefold() == "it"
        and relative is not None
        and claim.tokens[said].pos == "PROPN"
        and not context(claim, p).denied
    )


def _compare_light(both: Comparing, p: int, s: ParsedSentence) -> Fault | Carried:
    """Compare a clause whose verb says little (``it took 122 days``) with every clause that has its arguments."""
    nearest = Fault("", -1.0)
    for e in range(len(s.tokens)):
        if not is_predicate(s, e):
            continue
        fault = compare_clause(both, p, s, e)
        if fault is None:
            return Carried(s, e, context(s, e))
        nearest = max(nearest, fault, key=lambda f: f.nearness)
    return nearest


def _left_over(both: Comparing, found: dict[int, Carried]) -> Fault | None:
    """A word of the claim that is in none of its clauses, as the parse has them, must stand in one of those cited."""
    claim = both.claim
    sources = {
        t
        for c in range(len(claim.tokens))
        if claim.tokens[c].lemma in ("accord", "according")
        for t in claim.parse.subtree(c)
    }
    for t in range(len(claim.tokens)):
        if t in sources or t in both.covered or both.says_nothing(t):
            continue
        carried = found.get(clause_head(claim, t))
        area = (
            region(carried.sentence, carried.token) | noun_region(carried.sentence, carried.token)
            if carried
            else ()
        )
        if carried is None or not any(same_wording(claim, t, carried.sentence, e) for e in area):
            return Fault(f"‘{claim.tokens[t].text}’ does not go with these words in the cited words", 0.8)
    return None
