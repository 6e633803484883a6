"""Whether some words carry a claim.

Lexical and deterministic. A claim is *supported* when each of its quantities follows from the words, each
of its names stands in them, at most one in five of its key words is the claim's own, and none of the words
they share is denied, turned round or left open on one side only. The words of a question are no evidence: an
answer could repeat a presupposition that is false. Neither is an article's title.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import regex

from rag.schema import Span, Support
from rag.text.names import spelled_out
from rag.verify.analysed_text import AnalysedText, analyse
from rag.verify.comparison import Comparison
from rag.verify.differences import difference
from rag.verify.lookup import Lookup, WordPlace
from rag.verify.quantity_match import missing, same
from rag.verify.syntax.fault import Fault
from rag.verify.syntax.modality.mood import Mood

_LONG_NAME = 7  # letters in the stem of a name from which on a slip in it is forgiven


# What only names the passages as the source of a statement.
_SOURCE = (
    r"(?:the|this|these|those|your|our)\s(?:\p{L}+\s)?"
    r"(?:passages?|articles?|texts?|evidence|sources?|documents?|excerpts?|context|information|quotes?|citations?)"
    r"(?:\s(?:provided|given|above|cited))?"
)

_LEAD_IN = regex.compile(
    rf"^\s*(?:(?:according to|based on|as (?:stated|mentioned|described|noted|reported) (?:in|by)|from|in|per)"
    rf" {_SOURCE},?\s"
    r"|(?:in (?:short|fact|summary|brief|addition|conclusion)|so|moreover|however|also|therefore|thus|additionally"
    r"|furthermore|meanwhile|overall|yes|no|indeed|consequently|as a result|finally),\s(?=\p{L})"
    r"|(?:so|here)\s(?=(?-i:\p{Lu}))"
    rf"|{_SOURCE} (?:also )?(?:says?|states?|mentions?|notes?|explains?|reports?|indicates?|describes?) (?:that )?)+",
    regex.IGNORECASE,
)

_SUBJECT_WORDS = 5  # words at the head of a claim among which its subject stands


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the other passages of the cited articles say of names.

    ``pairs`` are neighbouring terms, so that ``Elon Musk`` follows from ``Musk`` where another passage has
    the full name. ``subjects`` are the terms that a pronoun heading the evidence stands for; they count at
    the head of a claim alone. ``terms`` are all terms of the passages that are not cited.
    """

    pairs: frozenset[tuple[str, str]] = frozenset()
    subjects: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim. ``share`` is how much of it stands in the evidence, 0 to 1.

    ``moods`` say how the article gives a supported claim where it does not state it flatly. ``fault`` is what stands
    against an unsupported one; its ranges are of the claim without a lead-in, and of its passage.

    ``places`` are, for each evidence text, the ranges that carry a word or number of the claim, each with the number
    of what it carries: the index of a word, or ``-1 - n`` for quantity ``n``.
    """

    support: Support
    reason: str
    share: float
    places: tuple[tuple[tuple[Span, int], ...], ...]
    moods: tuple[Mood, ...] = ()
    fault: Fault | None = None


def judge(
    claim: str,
    evidence: Sequence[str],
    *,
    around: Callable[[], Surroundings] | None = None,
    question: str = "",
) -> Judgement:
    """Judge whether ``evidence``, taken together, carries ``claim``.

    ``around`` helps to recognise names. It is asked for only where the evidence alone does not carry the claim, and the
    claim is compared again only where more of its words are recognised then.
    """
    text = without_lead_in(claim)
    comparison = compare(text, evidence, question=question)
    judgement = _judged(comparison)
    if around is None or judgement.support != "unsupported":
        return judgement
    wider = compare(text, evidence, around=around(), question=question)
    return judgement if wider.matches == comparison.matches else _judged(wider)


def _judged(comparison: Comparison) -> Judgement:
    analysed, matches = comparison.claim, comparison.matches
    places = tuple(_carried(comparison, number) for number in range(len(comparison.evidence)))
    size = len(analysed.keys) + len(analysed.quantities)
    if not size:
        return Judgement("unchecked", "it holds nothing that can be checked", 0.0, places)
    carried = {item for passage_places in places for _, item in passage_places}
    without_place = sum(1 for i in analysed.keys if i in matches and not matches[i])
    finding = difference(comparison)
    reason = finding.fault.reason if finding.fault else ""
    share = min(1.0, (len(carried) + without_place) / size)
    return Judgement(
        "unsupported" if reason else "supported", reason, share, places, finding.moods, finding.fault
    )


def without_lead_in(claim: str) -> str:
    """A claim without the words that only name the passages as its source, or link it to the sentence before."""
    return _LEAD_IN.sub("", claim)


def compare(
    claim: str, evidence: Sequence[str], *, around: Surroundings | None = None, question: str = ""
) -> Comparison:
    """Match the words of ``claim`` with those of ``evidence``, as the rules need them."""
    surroundings = around or Surroundings()
    analysed, passages = analyse(claim), tuple(analyse(text) for text in evidence)
    lookup = Lookup(passages)
    matches = _match_words(analysed, passages, lookup)
    for i in analysed.possible_names - matches.keys():
        if _is_given_name(analysed, i, matches, surroundings) or _is_subject(analysed, i, surroundings):
            matches[i] = ()
        elif places := _misspelling(analysed.words[i].term, lookup, surroundings):
            matches[i] = places
    return Comparison(analysed, passages, lookup, matches, question)


def common(a: str, b: str) -> int:
    """How many key words and quantities of ``a`` are in ``b``: a quick measure of nearness."""
    first, second = analyse(a), analyse(b)
    lookup = Lookup((second,))
    words = sum(bool(lookup.same_meaning(term)) for term in {first.words[i].term for i in first.keys})
    return words + sum(any(same(mine, other) for other in second.quantities) for mine in first.quantities)


def _match_words(
    claim: AnalysedText, evidence: Sequence[AnalysedText], lookup: Lookup
) -> dict[int, tuple[WordPlace, ...]]:
    """The places of each key that the evidence has; none for a name that it has in another length (``AWS``)."""
    matches: dict[int, tuple[WordPlace, ...]] = {}
    for i in claim.keys:
        find = lookup.same_meaning
        if i in claim.digits:
            find = lookup.exact
        elif i in claim.names:
            find = lookup.same_family
        if places := find(claim.words[i].term):
            matches[i] = places
    for passage in evidence:
        for i in spelled_out(claim.text, passage.text):
            matches.setdefault(i, ())
    return matches


def _is_given_name(
    claim: AnalysedText, i: int, matches: dict[int, tuple[WordPlace, ...]], around: Surroundings
) -> bool:
    """Whether word ``i`` stands before a matched family name here and elsewhere: both plain capitalised words."""
    if i + 1 not in matches or (claim.words[i].term, claim.words[i + 1].term) not in around.pairs:
        return False
    return all(regex.fullmatch(r"\p{Lu}\p{Ll}+(?:['’]s)?", claim.words[k].text) for k in (i, i + 1))


def _is_subject(claim: AnalysedText, i: int, around: Surroundings) -> bool:
    return i < _SUBJECT_WORDS and claim.words[i].term in around.subjects


def _misspelling(term: str, lookup: Lookup, around: Surroundings) -> tuple[WordPlace, ...]:
    """The places of a long name that the evidence alone misspells (``Anthopic``).

    One letter more, less or other inside; the uncited passages must have the right spelling and not the wrong one.
    """
    if len(term) < _LONG_NAME or term not in around.terms:
        return ()
    near = [other for other in lookup.terms if _one_slip(term, other) and other not in around.terms]
    return lookup.exact(near[0]) if len(near) == 1 else ()


def _one_slip(a: str, b: str) -> bool:
    """Whether two words differ by one letter that is not among the first two or last two."""
    if a[:2] != b[:2] or a[-2:] != b[-2:] or abs(len(a) - len(b)) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a[start + 1 :] in (b[start:], b[start + 1 :]) or a[start:] == b[start + 1 :]


def _carried(comparison: Comparison, number: int) -> tuple[tuple[Span, int], ...]:
    """The ranges of passage ``number`` that carry something of the claim, as ``Judgement.places`` has them."""
    claim, passage = comparison.claim, comparison.evidence[number]
    words = [
        (passage.words[place.word].span, i)
        for i, places in comparison.matches.items()
        if i in claim.keys
        for place in places
        if place.text == number
    ]
    numbers = [
        (other.span, -1 - n)
        for n, quantity in enumerate(claim.quantities)
        for other in passage.quantities
        if not missing(quantity, [other])
    ]
    return tuple(words + numbers)
