"""Edits after which a claim is still supported by the passages it cites; that follows from how each is made.

As in ``rag.evaluation.verifier.false_edits``, an edit returns the claim with the sentences it cites, or ``None``.
"""

import regex

from rag.evaluation.verifier.false_edits import EditedClaim
from rag.evaluation.verifier.sentences import Sentence, SentencePool, decapitalise, is_negated, replace_span
from rag.schema import Span
from rag.text.quantities import quantities
from rag.text.quantity_patterns import ONES
from rag.text.words import words

_ADVERB = regex.compile(
    r"(?<=\p{Ll}) (?:also|successfully|quickly|publicly|officially|formally|eventually|subsequently|famously|notably"
    r"|recently|previously|currently|rapidly|originally|widely|specifically|essentially|actually|simply"
    r"|briefly|suddenly|immediately|directly|repeatedly|carefully|openly|strongly|significantly)(?= \p{Ll}+)"
)

_SCOPE_WORD = regex.compile(
    r"\b(?:not|never|no|only|than|as|more|less|most|least|how|so|too|very)\b|n['’]t\b"
)

_GROUPED_NUMBER = regex.compile(r"(?<![\d,.\p{L}])\d{1,3}(?:,\d{3})+(?![\d,\p{L}])")

_UNGROUPED_NUMBER = regex.compile(r"(?<![\d,.\p{L}$-])\d{5,7}(?![\d,.\p{L}-])")

_SMALL_NUMBER = regex.compile(r"(?<![\d,.:/$€£\p{L}#-]|No\.\s)(?:[2-9]|1\d)(?=\s\p{Ll}{3,})")

_SPELLED_NUMBER = regex.compile(rf"(?<![-\p{{L}}])(?:{'|'.join(ONES[2:])})(?=\s\p{{Ll}}{{3,}})")

_NO_PLAIN_COUNT = regex.compile(r"\b(?:hundred|thousand|million|billion|dozen|half|and a|or|to)\b")

_PERCENT = regex.compile(r"(?<=\d)(?: percent\b| per cent\b|%)")

_NEXT_CLAUSE = regex.compile(r"(?:,|;) (?:and|but) (?=(?:he|she|it|they|there)\s)")

_SUBORDINATE = regex.compile(
    r"(?:when|although|though|while|because|since|as|after|before|once|whereas|both|either|neither|not)\b",
    regex.IGNORECASE,
)

_REFERS_BACK = regex.compile(r"^(?:and|but|or|so|yet|however|thus|therefore|this|that|these|those|it|he|she|they|his|her|its|their|such|another|also|nor|neither)\b", regex.IGNORECASE)  # fmt: skip # noqa: E501

_CAPITALS = regex.compile(r"\b\p{Lu}{2,}\b|\p{Lu}\.|\bMay\b")  # in small letters these would be words

_LEAD_INS = ("According to the article, ", "In short, ", "The article says that ", "In fact, ")

_SYNONYMS = dict(
    pair.split(":")
    for pair in (
        "began:started", "started:began", "purchased:bought", "company:firm", "companies:firms",
        "roughly:approximately",
        "approximately:roughly", "almost:nearly", "nearly:almost", "located:situated", "situated:located", "film:movie",
        "films:movies", "physician:doctor", "numerous:many", "constructed:built", "rapidly:quickly", "quickly:rapidly",
        "primarily:mainly", "mainly:primarily", "mostly:mainly", "often:frequently", "frequently:often",
        "huge:enormous",
        "enormous:huge", "lawyer:attorney", "attorney:lawyer", "requires:needs", "revealed:disclosed",
        "entire:whole", "whole:entire", "famous:well-known", "automobile:car", "automobiles:cars",
        "kids:children", "children:kids", "aided:helped", "assisted:helped", "error:mistake", "errors:mistakes",
        "permitted:allowed", "allowed:permitted", "worldwide:globally", "globally:worldwide", "various:different",
        "gathered:collected", "prison:jail", "jail:prison", "wealthy:rich", "stopped:halted", "remained:stayed",
        "salary:pay", "occurred:happened", "happened:occurred", "tried:attempted", "attempted:tried", "chosen:picked",
        "soldiers:troops", "troops:soldiers", "totally:completely", "teenager:adolescent", "scared:afraid",
        "injured:hurt", "residents:inhabitants", "inhabitants:residents", "repaired:fixed", "odd:strange",
        "wrongly:mistakenly", "journey:trip", "trip:journey", "demolished:torn down", "concluded:ended",
    )
)  # fmt: skip

_SYNONYM = regex.compile(rf"(?<![-\p{{L}}])(?:{'|'.join(_SYNONYMS)})(?![-\p{{L}}'’])")


def keep_verbatim(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Keep the sentence unchanged."""
    return sentence.text, (sentence,)


def change_typography(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Change quotation marks, dashes and spaces; or use lower case, unless a name would become a word (``US``)."""
    text = sentence.text
    plain = text.replace("’", "'") if "’" in text else text.replace("'", "’")
    plain = regex.sub(r"\s*—\s*| – ", " - ", plain).replace("–", "-")
    lower = text.lower()
    if plain == text or (pool.random.getrandbits(1) and not _CAPITALS.search(text)):
        return (lower, (sentence,)) if not _CAPITALS.search(text) else None
    return plain.replace(" ", "\u00a0", 2), (sentence,)


def add_lead_in(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Put a lead-in such as ``In short,`` before the sentence."""
    return pool.random.choice(_LEAD_INS) + decapitalise(sentence.text), (sentence,)


def remove_adverb(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Remove an adverb that does not change the fact. A source, or ``reportedly``, may not be left out."""
    match = None if _SCOPE_WORD.search(sentence.text) else _ADVERB.search(sentence.text)
    if match is None or is_negated(sentence.text, Span(*match.span())):
        return None
    return replace_span(sentence.text, Span(*match.span()), ""), (sentence,)


def rewrite_number(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Write a number in another form: ``1,000`` and ``1000``, ``twelve`` and ``12``, ``percent`` and ``%``."""
    text = sentence.text
    numbers = [
        quantity.span
        for quantity in quantities(text)
        if quantity.kind == "number" and quantity.low == quantity.high
    ]
    rewrites = [
        (span, new) for span, new in _number_rewrites(text) if any(number.holds(span) for number in numbers)
    ]
    if not rewrites:
        return None
    span, new = pool.random.choice(rewrites)
    return replace_span(text, span, new), (sentence,)


def _number_rewrites(text: str) -> list[tuple[Span, str]]:
    """Return the spans of the text that may be rewritten, each with its other form."""
    rewrites = [(match, match.group().replace(",", "")) for match in _GROUPED_NUMBER.finditer(text)]
    rewrites += [(match, f"{int(match.group()):,}") for match in _UNGROUPED_NUMBER.finditer(text)]
    rewrites += [(match, "%" if "c" in match.group() else " percent") for match in _PERCENT.finditer(text)]
    if not _NO_PLAIN_COUNT.search(text):
        rewrites += [(match, ONES[int(match.group())]) for match in _SMALL_NUMBER.finditer(text)]
        rewrites += [(match, str(ONES.index(match.group()))) for match in _SPELLED_NUMBER.finditer(text)]
    return [(Span(*match.span()), new) for match, new in rewrites]


def keep_first_clause(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Keep what is before ``, and he …``: a whole sentence, as another subject follows."""
    match = _NEXT_CLAUSE.search(sentence.text)
    if match is None or _SUBORDINATE.match(sentence.text) or len(words(sentence.text[: match.start()])) < 5:
        return None
    return sentence.text[: match.start()] + ".", (sentence,)


def join_sentences(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Join two whole sentences by ``and`` or a semicolon; cite both."""
    other = pool.draw_other_sentence(sentence, other_article=bool(pool.random.getrandbits(1)))
    if other is None or _REFERS_BACK.match(other.text) or _SUBORDINATE.match(other.text):
        return None
    conjunction = pool.random.choice(("; ", ", and ", "; and ", ", while "))
    return sentence.text.rstrip(".") + conjunction + decapitalise(other.text), (sentence, other)


def replace_with_synonym(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Replace a word of a closed list by a synonym."""
    matches = list(_SYNONYM.finditer(sentence.text))
    if not matches:
        return None
    match = pool.random.choice(matches)
    return replace_span(sentence.text, Span(*match.span()), _SYNONYMS[match.group()]), (sentence,)
