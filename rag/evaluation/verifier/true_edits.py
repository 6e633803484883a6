"""Edits after which a sentence is still carried by the words it cites: each is so by how it is made.

As in ``rag.evaluation.verifier.false_edits``, an edit gives the claim with what it cites, or ``None``.
"""

import regex

from rag.evaluation.verifier.false_edits import Made
from rag.evaluation.verifier.sentences import Sentence, SentencePool, denied, exchanged
from rag.schema import Span
from rag.text.names import names
from rag.text.quantities import quantities
from rag.text.quantity_patterns import ONES
from rag.text.words import words

_ADVERB = regex.compile(
    r"(?<=\p{Ll}) (?:also|successfully|quickly|publicly|officially|formally|eventually|subsequently|famously|notably"
    r"|recently|previously|currently|rapidly|reportedly|originally|widely|specifically|essentially|actually|simply"
    r"|briefly|suddenly|immediately|directly|repeatedly|carefully|openly|strongly|significantly)(?= \p{Ll}+)"
)


_SOURCE = regex.compile(r",\s+according to [^,;:()]{3,60}(?=\.$)|^According to [^,;:()]{3,60}, (?=\p{L})")


_SCOPED = regex.compile(r"\b(?:not|never|no|only|than|as|more|less|most|least|how|so|too|very)\b|n['’]t\b")


_PLAIN_THOUSANDS = regex.compile(r"(?<![\d,.\p{L}])\d{1,3}(?:,\d{3})+(?![\d,\p{L}])")


_BIG = regex.compile(r"(?<![\d,.\p{L}$-])\d{5,7}(?![\d,.\p{L}-])")


_SMALL = regex.compile(r"(?<![\d,.:/$€£\p{L}#-]|No\.\s)(?:[2-9]|1\d)(?=\s\p{Ll}{3,})")


_SPELLED = regex.compile(rf"(?<![-\p{{L}}])(?:{'|'.join(ONES[2:])})(?=\s\p{{Ll}}{{3,}})")


_NOT_COUNTED = regex.compile(r"\b(?:hundred|thousand|million|billion|dozen|half|and a|or|to)\b")


_PERCENT = regex.compile(r"(?<=\d)(?: percent\b| per cent\b|%)")


_NEXT_CLAUSE = regex.compile(r"(?:,|;) (?:and|but) (?=(?:he|she|it|they|there)\s)")


_DEPENDS = regex.compile(
    r"(?:when|although|though|while|because|since|as|after|before|once|whereas|both|either|neither|not)\b",
    regex.IGNORECASE,
)


_TIES = regex.compile(r"^(?:and|but|or|so|yet|however|thus|therefore|this|that|these|those|it|he|she|they|his|her|its|their|such|another|also|nor|neither)\b", regex.IGNORECASE)  # fmt: skip # noqa: E501


_CAPITALS = regex.compile(r"\b\p{Lu}{2,}\b|\p{Lu}\.|\bMay\b")  # in small letters these would be words


_LEADS = ("According to the article, ", "In short, ", "The article says that ", "In fact, ")


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


def verbatim(sentence: Sentence, pool: SentencePool) -> Made | None:
    """The sentence as it stands."""
    return sentence.text, (sentence,)


def folded(sentence: Sentence, pool: SentencePool) -> Made | None:
    """Other quotation marks, dashes and spaces; or small letters, where no name would become a word (``US``)."""
    text = sentence.text
    flat = text.replace("’", "'") if "’" in text else text.replace("'", "’")
    flat = regex.sub(r"\s*—\s*| – ", " - ", flat).replace("–", "-")
    small = text.lower()
    if flat == text or (pool.draw.getrandbits(1) and not _CAPITALS.search(text)):
        return (small, (sentence,)) if not _CAPITALS.search(text) else None
    return flat.replace(" ", "\u00a0", 2), (sentence,)


def led(sentence: Sentence, pool: SentencePool) -> Made | None:
    """Words of discourse put before it."""
    return pool.draw.choice(_LEADS) + _continued(sentence.text), (sentence,)


def left_out(sentence: Sentence, pool: SentencePool) -> Made | None:
    """An adverb that only colours what is said, or the naming of a source, left out."""
    match = _SOURCE.search(sentence.text)
    if match is None and not _SCOPED.search(sentence.text):
        match = _ADVERB.search(sentence.text)
    if match is None or denied(sentence.text, Span(*match.span())):
        return None
    text = exchanged(sentence.text, Span(*match.span()), "")
    return text[0].upper() + text[1:], (sentence,)


def number_otherwise(sentence: Sentence, pool: SentencePool) -> Made | None:
    """A number written in another way: ``1,000`` and ``1000``, ``twelve`` and ``12``, ``percent`` and ``%``."""
    text = sentence.text
    whole = [
        quantity.span
        for quantity in quantities(text)
        if quantity.kind == "number" and quantity.low == quantity.high
    ]
    found = [(m, m.group().replace(",", "")) for m in _PLAIN_THOUSANDS.finditer(text)]
    found += [(m, f"{int(m.group()):,}") for m in _BIG.finditer(text)]
    found += [(m, "%" if "c" in m.group() else " percent") for m in _PERCENT.finditer(text)]
    if not _NOT_COUNTED.search(text):
        found += [(m, ONES[int(m.group())]) for m in _SMALL.finditer(text)]
        found += [(m, str(ONES.index(m.group()))) for m in _SPELLED.finditer(text)]
    fit = [(Span(*m.span()), new) for m, new in found if any(q.holds(Span(*m.span())) for q in whole)]
    if not fit:
        return None
    span, new = pool.draw.choice(fit)
    return exchanged(text, span, new), (sentence,)


def first_clause(sentence: Sentence, pool: SentencePool) -> Made | None:
    """What stands before ``, and he …``: a sentence by itself, as another subject follows."""
    match = _NEXT_CLAUSE.search(sentence.text)
    if match is None or _DEPENDS.match(sentence.text) or len(words(sentence.text[: match.start()])) < 5:
        return None
    return sentence.text[: match.start()] + ".", (sentence,)


def listed(sentence: Sentence, pool: SentencePool) -> Made | None:
    """Two whole sentences joined by ``and`` or a semicolon, both cited."""
    other = pool.other(sentence, article=bool(pool.draw.getrandbits(1)))
    if other is None or _TIES.match(other.text) or _DEPENDS.match(other.text):
        return None
    joint = pool.draw.choice(("; ", ", and ", "; and ", ", while "))
    return sentence.text.rstrip(".") + joint + _continued(other.text), (sentence, other)


def synonym(sentence: Sentence, pool: SentencePool) -> Made | None:
    """A word of a closed list for another that says the same."""
    found = list(_SYNONYM.finditer(sentence.text))
    if not found:
        return None
    match = pool.draw.choice(found)
    return exchanged(sentence.text, Span(*match.span()), _SYNONYMS[match.group()]), (sentence,)


def _continued(text: str) -> str:
    """A sentence as it stands after a comma: small, unless a name heads it."""
    called = names(text)
    first = words(text)[0]
    return (
        text if 0 in called.sure or (not first.function and 0 in called.maybe) else text[0].lower() + text[1:]
    )
