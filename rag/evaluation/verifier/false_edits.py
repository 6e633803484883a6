"""Edits after which a claim is no longer supported by the passages it cites; that follows from how each is made.

Every edit takes a sentence and the pool it is from, and returns the claim with the sentences that it cites, or ``None``
if it does not fit the sentence.
"""

import regex

from rag.evaluation.verifier.sentences import Sentence, SentencePool, is_negated, replace_span
from rag.schema import Span
from rag.text.lexicon import NEGATORS
from rag.text.names import name_runs, run_text
from rag.text.quantities import Quantity, quantities
from rag.text.words import words
from rag.verify.analysed_text import analyse

EditedClaim = tuple[str, tuple[Sentence, ...]]  # a claim, and the sentences it cites

_NUMERAL = regex.compile(r"(?<![\p{L}\p{N}.,:#/-])\d[\d,]*(?:\.\d+)?(?![\d/:])")

# After these words the original number may imply another one: "top 10", "within 5 miles".
_INEXACT_AFTER = frozenset(("top", "within", "no", "number", "every", "past", "under", "below", "above", "until", "nos", "chapter"))  # fmt: skip # noqa: E501

_OTHER_UNIT = {
    "thousand": "million", "million": "billion", "billion": "million", "trillion": "billion", "days": "months",
    "day": "month", "weeks": "months", "week": "month", "months": "years", "month": "year", "years": "months",
    "year": "month", "hours": "days", "hour": "day", "minutes": "hours", "minute": "hour", "seconds": "minutes",
    "miles": "metres", "km": "miles", "kilometres": "miles", "kilometers": "miles", "metres": "miles",
    "meters": "miles", "feet": "miles", "inches": "feet", "mm": "cm", "cm": "km", "kg": "tonnes", "pounds": "dollars",
    "tons": "grams", "tonnes": "grams", "centuries": "decades", "century": "decade", "decades": "centuries",
    "dollars": "yen", "percent": "times",
}  # fmt: skip

_LAST_WORD = regex.compile(r"\p{L}+$")

_AUXILIARY = regex.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|should)\b(?=\s+\p{Ll})")

_NO_NOT_BEFORE = frozenset("not never no only just merely simply also to better rather longer been".split())

_NEGATES_OR_COMPARES = regex.compile(
    r"\b(?:than|as|until|till|like|what|how|why|not|no|never|nor)\b|n['’]t\b"
)

_NOT = regex.compile(
    r"(?<=\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|do|does|must)) not\b(?=\s+\p{Ll})"
    r"|(?<=\bcan)not\b"
)

_SCOPE_WORDS = frozenset(
    "only just merely simply necessarily until yet all every always fully entirely alone solely".split()
)

_OPPOSITES = (
    "rose fell", "risen fallen", "rises falls", "increased decreased", "increases decreases", "increasing decreasing",
    "higher lower", "above below", "before after", "won lost", "wins loses", "largest smallest", "larger smaller",
    "bought sold", "started ended", "opened closed", "accepted rejected", "older younger", "oldest youngest",
    "strongest weakest", "stronger weaker", "best worst", "better worse", "majority minority", "inside outside",
    "highest lowest", "allowed banned", "northern southern", "eastern western", "north south", "east west",
    "positive negative", "internal external", "temporary permanent", "public private", "rural urban", "ancient modern",
    "upper lower", "easier harder", "cheaper dearer", "faster slower", "early late", "earlier later", "male female",
    "arrived departed", "succeeded failed", "remembered forgot", "expanded shrank", "strengthened weakened",
    "improved worsened", "domestic foreign", "maximum minimum", "longer shorter", "longest shortest",
)  # fmt: skip

_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair.split(), pair.split()[::-1])} | {
    "fewer": "more", "more than": "less than", "less than": "more than", "lower": "higher"
}  # fmt: skip

_HAS_OPPOSITE = regex.compile(rf"(?<![-\p{{L}}'’])(?:{'|'.join(_OPPOSITE)})(?![-\p{{L}}])")

_NO_OPPOSITE = regex.compile(r"no (?:longer|more|later)|more or|(?:once|any|one|even) more|sooner or later|after all|or (?:more|later|better|worse)|more and|or (?:before|after)")  # fmt: skip # noqa: E501

_HEDGE = regex.compile(r"(?<=\s)(?:may|might)(?=\s+(?:\p{Ll}+))")

_ENDINGS = (
    " and was sold to {name} two years later", ", a decision that {name} has since reversed",
    " despite a warning from {name}",
    ", which cost $47 million", " and was abandoned soon after", ", which angered many teachers",
    " for fear of an earthquake",
    ", mostly at night and without a licence",
)  # fmt: skip


def change_number(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Change a digit of a number; not of one with a bound, as ``over 60`` implies ``over 50``."""
    numerals = [
        span for quantity in _exact_numbers(sentence.text) for span in _numerals(sentence.text, quantity)
    ]
    if not numerals:
        return None
    span = pool.random.choice(numerals)
    old = span.of(sentence.text)
    position = pool.random.choice([i for i, char in enumerate(old) if char.isdigit()])
    digit = pool.random.choice([d for d in "123456789" if d != old[position]])
    new = old[:position] + digit + old[position + 1 :]
    if new in sentence.text:
        return None
    return replace_span(sentence.text, span, new), (sentence,)


def change_unit(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Change the scale or the unit of a number."""
    units = []
    for quantity in _exact_numbers(sentence.text):
        match = _LAST_WORD.search(quantity.text) if any(char.isdigit() for char in quantity.text) else None
        if match and match.group() in _OTHER_UNIT and quantity.kind == "number":
            start = quantity.span.start + match.start()
            units.append(Span(start, start + len(match.group())))
    if not units:
        return None
    span = pool.random.choice(units)
    return replace_span(sentence.text, span, _OTHER_UNIT[span.of(sentence.text)]), (sentence,)


def exchange_numbers(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Exchange two numbers of one family that have at least three words between them."""
    text = sentence.text
    numbers = [q for q in _exact_numbers(text) if q.low == q.high and len(_numerals(text, q)) == 1]
    pairs = [
        (a, b)
        for i, a in enumerate(numbers)
        for b in numbers[i + 1 :]
        if a.family == b.family and sum(not word.number for word in words(text[a.span.end : b.span.start])) >= 3
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = (_numerals(text, quantity)[0] for quantity in pool.random.choice(pairs))
    if a.of(text) == b.of(text):
        return None
    return replace_span(replace_span(text, b, a.of(text)), a, b.of(text)), (sentence,)


def replace_name(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Replace a name, at every occurrence in the sentence, by another name of the articles."""
    names = name_runs(sentence.text)
    if not names:
        return None
    old = run_text(sentence.text, pool.random.choice(names))
    new = pool.draw_name(old, sentence)
    if not new:
        return None
    pattern = rf"(?<![\p{{L}}\p{{N}}]){regex.escape(old)}(?![\p{{L}}\p{{N}}])"
    return regex.sub(pattern, new, sentence.text), (sentence,)


def add_negation(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Add ``not`` after an auxiliary, in a sentence without negation and comparison."""
    if _NEGATES_OR_COMPARES.search(sentence.text):
        return None
    auxiliaries = [
        match
        for match in _AUXILIARY.finditer(sentence.text)
        if _next_word(sentence.text, match.end()) not in _NO_NOT_BEFORE
    ]
    if not auxiliaries:
        return None
    end = pool.random.choice(auxiliaries).end()
    return sentence.text[:end] + " not" + sentence.text[end:], (sentence,)


def remove_negation(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Remove the only ``not`` of a sentence; not that of ``not only`` or ``not until``, which negate something else."""
    norms = [word.norm for word in words(sentence.text)]
    if sum(norm in NEGATORS or norm.endswith("n't") for norm in norms) != 1 or "but" in norms:
        return None
    match = _NOT.search(sentence.text)
    if match is None or not _SCOPE_WORDS.isdisjoint(norms):
        return None
    return replace_span(sentence.text, Span(*match.span()), ""), (sentence,)


def reverse_direction(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Replace a word of a closed list by its opposite."""
    matches = [] if _NO_OPPOSITE.search(sentence.text) else list(_HAS_OPPOSITE.finditer(sentence.text))
    if not matches:
        return None
    match = pool.random.choice(matches)
    new = _OPPOSITE[match.group()]
    if new in {word.norm for word in words(sentence.text)}:
        return None
    return replace_span(sentence.text, Span(*match.span()), new), (sentence,)


def cite_other_article(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Cite a sentence of another article for the unchanged sentence."""
    other = pool.draw_other_sentence(sentence, other_article=True)
    return (sentence.text, (other,)) if other else None


def cite_other_sentence(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Cite another sentence of the article for the unchanged sentence."""
    other = pool.draw_other_sentence(sentence, other_article=False)
    return (sentence.text, (other,)) if other else None


def truncate_evidence(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Cite, for the whole sentence, a part of it that lacks one of its names or numbers."""
    parts = _parts_without_a_fact(sentence.text)
    if not parts:
        return None
    part = pool.random.choice(parts)
    part = Span(part.start, part.start + len(part.of(sentence.text).rstrip()))
    return sentence.text, (sentence.cut(part),)


def cite_subject_alone(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Cite, for the whole sentence, only the words before its first auxiliary."""
    match = _AUXILIARY.search(sentence.text)
    if match is None or len(words(sentence.text[: match.start()])) < 2:
        return None
    analysed = analyse(sentence.text)
    if sum(analysed.words[i].span.start >= match.end() for i in analysed.keys) < 3:
        return None
    return sentence.text, (sentence.cut(Span(0, len(sentence.text[: match.start()].rstrip()))),)


def splice(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Join the first part of a sentence to the last part of another, each cut inside a clause; cite both."""
    other = pool.draw_other_sentence(sentence, other_article=bool(pool.random.getrandbits(1)))
    heads, tails = _cuts_inside_clauses(sentence.text), _cuts_inside_clauses(other.text) if other else []
    if not heads or not tails or other is None:
        return None
    claim = (
        sentence.text[: pool.random.choice(heads)].rstrip() + " " + other.text[pool.random.choice(tails) :]
    )
    return claim, (sentence, other)


def splice_and_cite_one(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Join parts of two sentences as ``splice`` does; cite only one of them."""
    edited = splice(sentence, pool)
    return (edited[0], (pool.random.choice(edited[1]),)) if edited else None


def remove_hedge(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Replace ``may`` or ``might`` by ``will``."""
    hedges = list(_HEDGE.finditer(sentence.text))
    if not hedges:
        return None
    return replace_span(sentence.text, Span(*pool.random.choice(hedges).span()), "will"), (sentence,)


def add_ending(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Add invented words at the end."""
    added = pool.random.choice(_ENDINGS)
    if "{name}" in added:
        name = pool.draw_name("Company", sentence)
        if not name:
            return None
        added = added.format(name=name)
    return sentence.text.rstrip(".") + added + ".", (sentence,)


def _exact_numbers(text: str) -> list[Quantity]:
    """Return the numbers and dates of a text that have no bound and are not negated."""
    return [
        quantity
        for quantity in quantities(text)
        if quantity.bound == "exact" and quantity.kind in ("number", "date")
        and quantity.led not in _INEXACT_AFTER and not is_negated(text, quantity.span)
    ]  # fmt: skip


def _numerals(text: str, quantity: Quantity) -> list[Span]:
    """Return the spans of the numbers in digits within a quantity."""
    return [Span(*match.span()) for match in _NUMERAL.finditer(text, quantity.span.start, quantity.span.end)]


def _next_word(text: str, offset: int) -> str:
    following = words(text[offset : offset + 40])
    return following[0].norm if following else ""


def _parts_without_a_fact(text: str) -> list[Span]:
    """Return the beginnings and ends of a sentence, over a third of it, that lack one of its names or numbers."""
    analysed = analyse(text)
    numbers = [quantity.span for quantity in analysed.quantities]
    facts = [analysed.words[i].span for i in analysed.names] + numbers
    parts = []
    for word in analysed.words[3:-3]:
        head, tail = Span(0, word.span.start), Span(word.span.start, len(text))
        for part, rest in ((head, tail), (tail, head)):
            norms = {w.norm for w in words(part.of(text))}
            lost = any(rest.holds(fact) and words(fact.of(text))[0].norm not in norms for fact in facts)
            cuts_number = any(number.overlaps(part) and number.overlaps(rest) for number in numbers)
            if lost and len(part) * 3 > len(text) and not cuts_number:
                parts.append(part)
    return parts


def _cuts_inside_clauses(text: str) -> list[int]:
    """Return the offsets at which a sentence can be cut inside a clause: two key words of it on either side."""
    analysed = analyse(text)
    segment_of = analysed.segments
    cuts = []
    for i in range(2, len(analysed.words) - 2):
        keys = [key for key in analysed.keys if segment_of[key] == segment_of[i]]
        inside = segment_of[i - 1] == segment_of[i]
        if inside and sum(key < i for key in keys) >= 2 and sum(key >= i for key in keys) >= 2:
            cuts.append(analysed.words[i].span.start)
    return cuts
