"""Edits after which a sentence is no longer carried by the words it cites: each is so by how it is made.

Every edit takes a sentence and the pool it is from, and gives the claim with the sentences that it cites, or
``None`` where the sentence does not lend itself.
"""

import regex

from rag.evaluation.verifier.sentences import Sentence, SentencePool, denied, exchanged
from rag.schema import Span
from rag.text.lexicon import NEGATORS
from rag.text.names import run_text, runs
from rag.text.quantities import Quantity, quantities
from rag.text.words import words
from rag.verify.analysed_text import analyse, segments

Made = tuple[str, tuple[Sentence, ...]]  # a claim, and what it cites


_DIGITS = regex.compile(r"(?<![\p{L}\p{N}.,:#/-])\d[\d,]*(?:\.\d+)?(?![\d/:])")


# After these words another number may well follow from the one that was there: "top 10", "within 5 miles".
_LOOSE = frozenset(("top", "within", "no", "number", "every", "past", "under", "below", "above", "until", "nos", "chapter"))  # fmt: skip # noqa: E501


_SCALES = {
    "thousand": "million", "million": "billion", "billion": "million", "trillion": "billion", "days": "months",
    "day": "month", "weeks": "months", "week": "month", "months": "years", "month": "year", "years": "months",
    "year": "month", "hours": "days", "hour": "day", "minutes": "hours", "minute": "hour", "seconds": "minutes",
    "miles": "metres", "km": "miles", "kilometres": "miles", "kilometers": "miles", "metres": "miles",
    "meters": "miles", "feet": "miles", "inches": "feet", "mm": "cm", "cm": "km", "kg": "tonnes", "pounds": "dollars",
    "tons": "grams", "tonnes": "grams", "centuries": "decades", "century": "decade", "decades": "centuries",
    "dollars": "yen", "percent": "times",
}  # fmt: skip


_UNIT = regex.compile(r"\p{L}+$")


_AUXILIARY = regex.compile(r"\b(?:is|are|was|were|has|have|had|will|would|can|should)\b(?=\s+\p{Ll})")


_NOT_AFTER = frozenset("not never no only just merely simply also to better rather longer been".split())


_COMPARES = regex.compile(r"\b(?:than|as|until|till|like|what|how|why|not|no|never|nor)\b|n['’]t\b")


_NOT = regex.compile(
    r"(?<=\b(?:is|are|was|were|has|have|had|will|would|can|could|should|did|do|does|must)) not\b(?=\s+\p{Ll})"
    r"|(?<=\bcan)not\b"
)


_SCOPED = frozenset(
    "only just merely simply necessarily until yet all every always fully entirely alone solely".split()
)


_POLES = (
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


_TURNED = {a: b for pole in _POLES for a, b in (pole.split(), pole.split()[::-1])} | {
    "fewer": "more", "more than": "less than", "less than": "more than", "lower": "higher"
}  # fmt: skip


_TURNABLE = regex.compile(rf"(?<![-\p{{L}}'’])(?:{'|'.join(_TURNED)})(?![-\p{{L}}])")


_NOT_TURNED = regex.compile(r"no (?:longer|more|later)|more or|(?:once|any|one|even) more|sooner or later|after all|or (?:more|later|better|worse)|more and|or (?:before|after)")  # fmt: skip # noqa: E501


_HEDGE = regex.compile(r"(?<=\s)(?:may|might)(?=\s+(?:\p{Ll}+))")


_ENDINGS = (
    " and was sold to {name} two years later", ", a decision that {name} has since reversed",
    " despite a warning from {name}",
    ", which cost $47 million", " and was abandoned soon after", ", which angered many teachers",
    " for fear of an earthquake",
    ", mostly at night and without a licence",
)  # fmt: skip


def number(sentence: Sentence, pool: SentencePool) -> Made | None:
    """A digit of a number changed; no number with a bound, as ``over 50`` follows from ``over 60``."""
    found = [place for quantity in _exact(sentence.text) for place in _digits(sentence.text, quantity)]
    if not found:
        return None
    span = pool.draw.choice(found)
    old = span.of(sentence.text)
    places = [i for i, char in enumerate(old) if char.isdigit()]
    at = pool.draw.choice(places)
    digit = pool.draw.choice([d for d in "123456789" if d != old[at]])
    new = old[:at] + digit + old[at + 1 :]
    if new in sentence.text:
        return None
    return exchanged(sentence.text, span, new), (sentence,)


def unit(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The scale or the unit of a number changed."""
    found = []
    for quantity in _exact(sentence.text):
        match = _UNIT.search(quantity.text) if any(char.isdigit() for char in quantity.text) else None
        if match and match.group() in _SCALES and quantity.kind == "number":
            start = quantity.span.start + match.start()
            found.append(Span(start, start + len(match.group())))
    if not found:
        return None
    span = pool.draw.choice(found)
    return exchanged(sentence.text, span, _SCALES[span.of(sentence.text)]), (sentence,)


def exchanged_numbers(sentence: Sentence, pool: SentencePool) -> Made | None:
    """Two numbers of one family exchanged, where more than a joint stands between them."""
    text = sentence.text
    found = [q for q in _exact(text) if q.low == q.high and len(_digits(text, q)) == 1]
    pairs = [
        (a, b)
        for i, a in enumerate(found)
        for b in found[i + 1 :]
        if a.family == b.family and sum(not word.number for word in words(text[a.span.end : b.span.start])) >= 3
    ]  # fmt: skip
    if not pairs:
        return None
    a, b = (_digits(text, quantity)[0] for quantity in pool.draw.choice(pairs))
    if a.of(text) == b.of(text):
        return None
    return exchanged(exchanged(text, b, a.of(text)), a, b.of(text)), (sentence,)


def name(sentence: Sentence, pool: SentencePool) -> Made | None:
    """A name put in place of another, wherever that stands in the sentence."""
    found = runs(sentence.text)
    if not found:
        return None
    old = run_text(sentence.text, pool.draw.choice(found))
    new = pool.name(old, sentence)
    if not new:
        return None
    return regex.sub(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(old)}(?![\p{{L}}\p{{N}}])", new, sentence.text), (
        sentence,
    )


def denial(sentence: Sentence, pool: SentencePool) -> Made | None:
    """``not`` put in after an auxiliary, in a sentence that denies and compares nothing."""
    if _COMPARES.search(sentence.text):
        return None
    found = [
        match
        for match in _AUXILIARY.finditer(sentence.text)
        if _next(sentence.text, match.end()) not in _NOT_AFTER
    ]
    if not found:
        return None
    at = pool.draw.choice(found).end()
    return sentence.text[:at] + " not" + sentence.text[at:], (sentence,)


def denial_dropped(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The only ``not`` of a sentence taken out; ``not only`` and ``not until`` deny something else."""
    found = words(sentence.text)
    norms = [word.norm for word in found]
    if sum(norm in NEGATORS or norm.endswith("n't") for norm in norms) != 1 or "but" in norms:
        return None
    match = _NOT.search(sentence.text)
    if match is None or not _SCOPED.isdisjoint(norms):
        return None
    return exchanged(sentence.text, Span(*match.span()), ""), (sentence,)


def direction(sentence: Sentence, pool: SentencePool) -> Made | None:
    """A word of a closed list turned into its contrary."""
    found = [] if _NOT_TURNED.search(sentence.text) else list(_TURNABLE.finditer(sentence.text))
    if not found:
        return None
    match = pool.draw.choice(found)
    new = _TURNED[match.group()]
    if new in {word.norm for word in words(sentence.text)}:
        return None
    return exchanged(sentence.text, Span(*match.span()), new), (sentence,)


def other_article(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The sentence as it stands, with a sentence of another article cited."""
    other = pool.other(sentence, article=True)
    return (sentence.text, (other,)) if other else None


def other_place(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The sentence as it stands, with another sentence of its article cited."""
    other = pool.other(sentence, article=False)
    return (sentence.text, (other,)) if other else None


def truncated(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The whole sentence, with words cited that end before a name or a number, or begin after it."""
    reading = analyse(sentence.text)
    numbers = [quantity.span for quantity in reading.quantities]
    marks = [reading.words[i].span for i in reading.names] + numbers
    cuts = []
    for word in reading.words[3:-3]:
        head, tail = Span(0, word.span.start), Span(word.span.start, len(sentence.text))
        for kept, gone in ((head, tail), (tail, head)):
            left = {w.norm for w in words(kept.of(sentence.text))}
            lost = [m for m in marks if gone.holds(m) and words(m.of(sentence.text))[0].norm not in left]
            if (
                lost
                and len(kept) * 3 > len(sentence.text)
                and not any(n.overlaps(kept) and n.overlaps(gone) for n in numbers)
            ):
                cuts.append(kept)
    if not cuts:
        return None
    kept = pool.draw.choice(cuts)
    kept = Span(kept.start, kept.start + len(kept.of(sentence.text).rstrip()))
    return sentence.text, (sentence.cut(kept),)


def subject_alone(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The whole sentence, with only what stands before its first auxiliary cited."""
    match = _AUXILIARY.search(sentence.text)
    if match is None or len(words(sentence.text[: match.start()])) < 2:
        return None
    reading = analyse(sentence.text)
    if sum(reading.words[i].span.start >= match.end() for i in reading.keys) < 3:
        return None
    return sentence.text, (sentence.cut(Span(0, len(sentence.text[: match.start()].rstrip()))),)


def spliced(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The first part of one sentence with the last part of another, joined inside a clause of each; both cited."""
    other = pool.other(sentence, article=bool(pool.draw.getrandbits(1)))
    heads, tails = _joints(sentence.text), _joints(other.text) if other else []
    if not heads or not tails or other is None:
        return None
    claim = sentence.text[: pool.draw.choice(heads)].rstrip() + " " + other.text[pool.draw.choice(tails) :]
    return claim, (sentence, other)


def spliced_one_cited(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The same, with only one of the two cited."""
    made = spliced(sentence, pool)
    return (made[0], (pool.draw.choice(made[1]),)) if made else None


def hedge(sentence: Sentence, pool: SentencePool) -> Made | None:
    """``will`` for ``may`` or ``might``."""
    found = list(_HEDGE.finditer(sentence.text))
    if not found:
        return None
    return exchanged(sentence.text, Span(*pool.draw.choice(found).span()), "will"), (sentence,)


def ending(sentence: Sentence, pool: SentencePool) -> Made | None:
    """Words put at the end that nobody wrote."""
    added = pool.draw.choice(_ENDINGS)
    if "{name}" in added:
        other = pool.name("Company", sentence)
        if not other:
            return None
        added = added.format(name=other)
    return sentence.text.rstrip(".") + added + ".", (sentence,)


def _exact(text: str) -> list[Quantity]:
    """The numbers of a text that have no bound and are not denied."""
    return [
        quantity
        for quantity in quantities(text)
        if quantity.bound == "exact" and quantity.kind in ("number", "date")
        and quantity.led not in _LOOSE and not denied(text, quantity.span)
    ]  # fmt: skip


def _digits(text: str, quantity: Quantity) -> list[Span]:
    return [Span(*match.span()) for match in _DIGITS.finditer(text, quantity.span.start, quantity.span.end)]


def _next(text: str, at: int) -> str:
    found = words(text[at : at + 40])
    return found[0].norm if found else ""


def _joints(text: str) -> list[int]:
    """Where a sentence can be cut in mid-clause: two key words of one piece on either side."""
    reading = analyse(text)
    parts = segments(reading)
    found = []
    for i in range(2, len(reading.words) - 2):
        near = [k for k in reading.keys if parts[k] == parts[i]]
        if parts[i - 1] == parts[i] and sum(k < i for k in near) >= 2 and sum(k >= i for k in near) >= 2:
            found.append(reading.words[i].span.start)
    return found
