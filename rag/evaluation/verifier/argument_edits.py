"""Edits that change who does what to whom, each word kept: false ones, and their true twins.

As in ``rag.evaluation.verifier.false_edits``, an edit returns the claim with the sentences it cites, or ``None``.
"""

import regex

from rag.evaluation.verifier.false_edits import EditedClaim
from rag.evaluation.verifier.phrases import (
    FINITE,
    NOUN_PHRASE,
    PARTICIPLES,
    PAST_TENSES,
    PRONOUN,
    capitalise,
    differ,
    inner,
    is_agent,
    is_name,
    key_terms,
    names_a_thing,
)
from rag.evaluation.verifier.sentences import Sentence, SentencePool, decapitalise, replace_span
from rag.schema import Span
from rag.text.words import words

_TWO_CLAUSES = regex.compile(
    rf"(?P<a>{NOUN_PHRASE}) (?P<does_a>{FINITE}[^,;:()]*?)(?P<joint>,? (?:and|but|while|whereas) |; )"
    rf"(?P<b>{NOUN_PHRASE}) (?P<does_b>{FINITE}[^,;:()]*)\."
)

_NUMBER_OF = {"is": 1, "was": 1, "has": 1, "does": 1, "are": 2, "were": 2, "have": 2, "do": 2}

_GRADES = (
    "old young larg small high low long short great fast slow cheap rich poor strong weak tall heavi light wid narrow "
    "deep near clos new earli lat warm cold hot dri wett saf hard easi big bigg"
)

_COMPARATIVE = rf"(?:more|less|fewer|better|worse|(?:{'|'.join(_GRADES.split())})er)"

_LEAD = r"(?P<lead>(?:In|By|On|During) [^,;:()]{2,30}, )?"

_SIDE = rf"(?:{NOUN_PHRASE}|(?:[Tt]he|[Tt]hose|\p{{Lu}}\p{{Ll}}+s?) [^,;:()]{{3,50}}?|\p{{L}}{{3,}}s)"

_COMPARISON = regex.compile(
    rf"{_LEAD}(?P<a>{_SIDE}) (?P<does>(?:{FINITE})[^,;:()]*?\b{_COMPARATIVE}\b[^,;:()]*?) than "
    rf"(?P<b>{_SIDE})(?P<rest>(?: (?:in|on|at|during)\b[^;:()]*|,[^;:()]*)?)\."
)

_COMPARED_PARTS = regex.compile(
    rf"\b(?P<of>of|in) (?P<a>{NOUN_PHRASE}) {FINITE}[^,;:()]*?\b{_COMPARATIVE}\b[^,;:()]*? than (?:that|those) (?P=of) "
    rf"(?P<b>{NOUN_PHRASE})(?=[.,;])"
)

_COMPARED_PLACES = regex.compile(
    rf"\b{_COMPARATIVE}\b[^,;:()]*? (?P<in>in|for|among) (?P<a>{NOUN_PHRASE}) than (?P=in) "
    rf"(?P<b>{NOUN_PHRASE})(?=[.,;])"
)

_RATHER = regex.compile(
    rf"(?<=\s)(?P<a>{NOUN_PHRASE}|\p{{Ll}}{{3,}}) (?:rather than|instead of) "
    rf"(?P<b>{NOUN_PHRASE}|\p{{Ll}}{{3,}})(?=[.,;])"
)

_NEGATED = regex.compile(r"\b(?:not|no|never|neither|nor|rather|other|as)\b|n['’]t\b")

_JOINS_OR_DENIES = regex.compile(rf"{_NEGATED.pattern}|\b(?:and|or|but)\b")

_REST = r"(?P<rest>(?: (?:in|on|at|during|for|from|with|after|before|to|near|under|as|because)\b[^;:()]*|,[^;:()]*)?)\."

_ACTIVE = regex.compile(
    rf"{_LEAD}(?P<a>{NOUN_PHRASE}) (?P<verb>{'|'.join(PARTICIPLES)}) (?P<b>{NOUN_PHRASE}){_REST}"
)

_PASSIVE = regex.compile(
    rf"{_LEAD}(?P<a>{NOUN_PHRASE}) (?P<be>was|were) (?P<verb>{'|'.join(PAST_TENSES)}) by (?P<b>{NOUN_PHRASE}){_REST}"
)

_PLAIN_REST = regex.compile(
    r"(?P<where>(?: (?:in|on|at|during|for|from|with|after|before|near|under)\b[^,;]*)?)(?:, (?:and|but|while) [^;]*)?"
)

_SUBORDINATE = regex.compile(r"\b(?:and|or|but|who|which|that|whose|where|when|while|to|\p{Ll}+ing)\b")

_APPOSITIVE = regex.compile(
    r"(?P<name>\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+){0,2}), (?P<what>(?:an?|the) [^,;:()]{4,60}), "
    rf"(?P<does>{FINITE}.*)"
)

_REPORTED = regex.compile(r"\b(?:said|says|according to|announced|reported|reports)\b")

_IN_YEAR = regex.compile(
    r"(?P<said>[^,;:()]+(?<!\b(?:early|late|later|earlier|again|back|as|is|are|was|were|than)))"
    r" in (?P<year>1\d\d\d|20[012]\d)\."
)

_PAST = regex.compile(r"\b(?:was|were|had|became|began|won|took|made|led|wrote|\p{Ll}{2,}ed)\b")

_MOST_CLEFT = 12  # words

_NO_CLEFT = regex.compile(
    r"\b(?:and|or|but|who|which|that|whose|where|when|while|to|is|are|has|have|will|would|can|could|may|might|since"
    r"|until|from|before|after|because|by the time|\p{Ll}+ing)\b|/"
)


def exchange_subjects(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Exchange the subjects of two joined clauses that say different things of them.

    Not where a pronoun may lead back to one of the subjects, nor where a clause speaks of the other's subject.
    """
    match = _TWO_CLAUSES.fullmatch(sentence.text)
    if match is None:
        return None
    a, b, does_a, does_b = match.group("a", "b", "does_a", "does_b")
    if is_name(a) is not is_name(b) or not differ(a, b) or PRONOUN.search(does_a + " " + does_b):
        return None
    numbers = {_NUMBER_OF.get(does.split()[0], 0) for does in (does_a, does_b)}
    told_a, told_b = key_terms(does_a), key_terms(does_b)
    if numbers >= {1, 2} or not (told_a ^ told_b) or (told_a | told_b) & (key_terms(a) | key_terms(b)):
        return None
    claim = f"{capitalise(b)} {does_a}{match['joint']}{inner(a)} {does_b}."
    return claim, (sentence,)


def exchange_comparison(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Exchange the two sides of a comparison, or what is preferred with what it is preferred to.

    Not of one that is denied: ``A is not larger than B`` leaves open that both are equal.
    """
    text = sentence.text
    match = _COMPARISON.fullmatch(text)
    if match and names_a_thing(match["a"]) and names_a_thing(match["b"]) and differ(match["a"], match["b"]):
        if _JOINS_OR_DENIES.search(match["does"]):
            return None
        return _exchange(text, Span(*match.span("a")), Span(*match.span("b"))), (sentence,)
    match = _COMPARED_PLACES.search(text) or _COMPARED_PARTS.search(text) or _RATHER.search(text)
    if match is None or _NEGATED.search(text[: match.start()]) or not differ(match["a"], match["b"]):
        return None
    if _form(match["a"]) != _form(match["b"]):
        return None
    return _exchange(text, Span(*match.span("a")), Span(*match.span("b"))), (sentence,)


def exchange_roles(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Exchange agent and patient of a verb of a closed list, active or passive; none of the verbs is symmetrical."""
    match = _ACTIVE.fullmatch(sentence.text) or _PASSIVE.fullmatch(sentence.text)
    if match is None or not differ(match["a"], match["b"]):
        return None
    if key_terms(match["rest"]) & (key_terms(match["a"]) | key_terms(match["b"])):
        return None
    claim = _exchange(sentence.text, Span(*match.span("a")), Span(*match.span("b")))
    return capitalise(claim), (sentence,)


def turn_voice(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Turn an active clause into a passive one, or a passive one with its agent into an active one."""
    match = _ACTIVE.fullmatch(sentence.text) or _PASSIVE.fullmatch(sentence.text)
    if match is None or not differ(match["a"], match["b"]):
        return None
    lead, a, verb, b, rest = (match[name] or "" for name in ("lead", "a", "verb", "b", "rest"))
    plain = _PLAIN_REST.fullmatch(rest)
    if plain is None or _SUBORDINATE.search(plain["where"]) or PRONOUN.search(rest):
        return None
    if "be" in match.groupdict():
        if not is_agent(b):
            return None
        turned = f"{inner(b)} {PAST_TENSES[verb]} {inner(a)}{rest}."
    else:
        plural = not is_name(b) and regex.search(r"[^s]s$", b)
        turned = f"{inner(b)} {'were' if plural else 'was'} {PARTICIPLES[verb]} by {inner(a)}{rest}."
    return (lead + turned if lead else capitalise(turned)), (sentence,)


def use_appositive(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Leave out an appositive, or state it alone: of ``X, the keeper, left.`` make ``X was the keeper.``"""
    match = _APPOSITIVE.fullmatch(sentence.text)
    if match is None or _SUBORDINATE.search(match["what"]) or PRONOUN.search(match["what"]):
        return None
    if regex.search(FINITE, match["what"]):  # a clause put in: ``the judge ruled``
        return None
    if _REPORTED.search(match["does"]) or pool.random.getrandbits(1):
        return f"{match['name']} {match['does']}", (sentence,)
    be = "was" if _PAST.match(match["does"]) else "is"
    return f"{match['name']} {be} {match['what']}.", (sentence,)


def take_up_question(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Say a sentence as the answer to when it was: ``It was in 1871 that …``."""
    match = _IN_YEAR.fullmatch(sentence.text)
    if match is None or not _PAST.search(match["said"]) or _NO_CLEFT.search(match["said"]):
        return None
    if len(words(match["said"])) > _MOST_CLEFT:  # the year may belong to its last words alone
        return None
    if PRONOUN.match(match["said"]) or _NEGATED.search(match["said"]):
        return None
    return f"It was in {match['year']} that {decapitalise(match['said'])}.", (sentence,)


def _form(phrase: str) -> str:
    """Return what a phrase is by how it is written: a noun with its article, a name, or bare words."""
    return "noun" if not is_name(phrase) else "name" if phrase[0].isupper() else "bare"


def _exchange(text: str, a: Span, b: Span) -> str:
    """Return the text with two phrases exchanged; ``a`` is before ``b``."""
    first, second = a.of(text), b.of(text)
    begins = a.start == 0
    return replace_span(
        replace_span(text, b, inner(first) if begins else first), a, capitalise(second) if begins else second
    )
