"""Edits of who says it, whether it is so yet, and under what condition: false ones, and their true twin.

As in ``rag.evaluation.verifier.false_edits``, an edit returns the claim with the sentences it cites, or ``None``. The
words of a report, a plan or a condition do not carry the flat statement: they say that somebody says so, means to, or
what would have to be first.
"""

import regex

from rag.evaluation.verifier.false_edits import EditedClaim
from rag.evaluation.verifier.phrases import FINITE, NOUN_PHRASE, PRONOUN, capitalise, names_a_thing, with_stop
from rag.evaluation.verifier.sentences import Sentence, SentencePool, decapitalise, replace_span
from rag.schema import Span
from rag.text.names import names
from rag.text.words import words

# Verbs that leave open whether it is so. Not ``found``, ``showed``, ``confirmed`` or ``admitted``, which take it for
# true, nor ``suggested`` and ``insisted``, after which the clause may be in another mood.
_SAYS = (
    r"(?:said|says|claimed|claims|alleged|alleges|argued|argues|asserted|asserts|contended|contends|believed|believes?"
    r"|maintained|maintains|predicted|predicts?|estimated|estimates?|speculated|warned|warns?|complained|suspected|say"
    r"|claim|argue|contend|allege)"
)

_WHO = r"(?P<who>[^,;:()]{2,60}?)"

_REPORTS = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"According to {_WHO}, (?P<said>.+\.)",
        rf"(?P<said>.+), according to {_WHO}\.",
        rf"{_WHO} {_SAYS} that (?P<said>.+\.)",
        rf"{_WHO} {_SAYS} (?P<said>{NOUN_PHRASE} {FINITE}.*\.)",
        rf"(?P<said>.+), {_WHO} {_SAYS}\.",
    )
)

# Documents of record: to leave out who counted is common and not called false.
_RECORD = regex.compile(
    r"\b(?:census|data|figures?|statistics|law|laws|constitution|treaty|rules?|map|article|schedule|calendar|records?"
    r"|definition|contract|register|theorem|act)\b",
    regex.IGNORECASE,
)

_NO_SOURCE = regex.compile(
    rf"\b(?:{FINITE}|who|which|that|when|where|as|if|not|never|no|nobody|none|neither|few|and|but|because|while|to|how|also|\p{{L}}+ly)\b",
    regex.IGNORECASE,
)

# Another report within it, which would stay.
_STILL_REPORTED = regex.compile(rf"\b(?:{_SAYS}|according to)\b|:")

_SECOND_CLAUSE = regex.compile(r"\b(?:and|but|or) that\b|\bhe said\b|\bshe said\b")

_HEARSAY_ADVERB = regex.compile(
    r"(?<=\s)(?<!\b(?:his|her|its|their) )(?:reportedly|allegedly|supposedly|purportedly)\s"
    r"|^(?:Reportedly|Allegedly|Supposedly),?\s"
)

_IS_THOUGHT = regex.compile(
    r"\b(?P<be>is|are) (?:said|believed|thought|alleged|claimed|reputed|rumou?red) to (?:be|have been)\b"
)

_PLAN = regex.compile(
    rf"(?:^(?P<who>{NOUN_PHRASE})|\b(?:which|who|it|he|she|they|and))"
    r"(?P<plan> (?:also )?(?:plans?|intends?|hopes?|proposes?) to )(?!not\b)\p{Ll}{2,}"
    r"|(?<!\bnot)(?P<plan> (?:is|are) (?:also )?(?:widely )?"
    r"(?:expected|projected|predicted|forecast|planned|intended|proposed) to )(?!not\b)\p{Ll}{2,}"
)

_REPORTED = regex.compile(
    rf"\b(?:{_SAYS}|according to|reports?|shows?|added|noted|announced)\b", regex.IGNORECASE
)

_CAME_TRUE = regex.compile(r"\b(?:did so|indeed|eventually|in fact|succeeded|not|never|no longer)\b|n['’]t\b")

_MODAL = r"(?:will|would|must|shall|cannot)"  # not ``may``: without its condition it is still possible

_CONDITIONS = tuple(
    regex.compile(pattern)
    for pattern in (
        rf"(?:If|Unless|Provided that) (?P<when>[^,;:()]+), (?P<said>[^,;:]+ {_MODAL} [^;:]+\.)",
        (
            rf"(?P<said>(?!If|When|Once)[^,;:]+ {_MODAL} [^,;:]+?),? (?<!\b(?:even|only|as|what|and|or|not) )"
            r"(?:if|unless|provided that) (?P<when>[^;:]+)\."
        ),
        rf"(?P<said>[^,;:]+), (?:if|unless) (?P<when>[^,;:]+),(?P<said> {_MODAL} [^;:]+\.)",
    )
)

# Before these ``if`` means ``whether``.
_ASKED = regex.compile(
    r"\b(?:ask|determin|see|know|decid|check|wonder|learn|tell|question|find out|clear|sure|consider|test)\p{L}*"
    r"(?: \p{L}+){0,2}\.$|\bwhether\b|\bthat\.$"
)

_DASH = regex.compile("[–—]| - ")

# ``If you are hungry, the hotel will feed you``, ``if any``: the condition is no condition of the fact.
_NO_CONDITION = regex.compile(r"\b(?:you|your|we|our|one|any|so|then|even|have been|have had|would have)\b")


def drop_attribution(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """State flatly what the sentence only reports: without who says so, or without ``reportedly``."""
    text = sentence.text
    if (report := _find_report(text)) is not None:
        return capitalise(report[1]), (sentence,)
    match = _IS_THOUGHT.search(text)
    if match and not PRONOUN.match(text):
        be = match["be"]
        if match.group().endswith("been"):
            be = "has been" if be == "is" else "have been"
        return replace_span(text, Span(*match.span()), be), (sentence,)
    match = _HEARSAY_ADVERB.search(text)
    if match is None:
        return None
    return capitalise(replace_span(text, Span(*match.span()), "")), (sentence,)


def reword_attribution(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Say in other words who says so: ``X said that …`` and ``…, according to X``, or at the other end."""
    report = _find_report(sentence.text)
    if report is None:
        return None
    who, said = report
    source = decapitalise(who) if words(who)[0].function else who
    inside = decapitalise(said)
    claims = [f"{capitalise(said[:-1])}, according to {source}."]
    if inside[0].islower() or 0 in names(said).sure:  # else a capital may be a name's or the sentence's
        claims.append(f"According to {source}, {inside}")
    claims = [claim for claim in claims if claim != sentence.text]
    return (pool.random.choice(claims), (sentence,)) if claims else None


def realise_plan(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Say that it will be, where the sentence says that somebody plans or expects it."""
    match = _PLAN.search(sentence.text)
    if match is None or _CAME_TRUE.search(sentence.text):
        return None
    if match["plan"].lstrip().startswith(("is", "are")) and _REPORTED.search(sentence.text):
        return None  # what somebody says is expected is what he says will be
    if match["who"] and not names_a_thing(match["who"]):  # ``announced its plans``: a noun
        return None
    return replace_span(sentence.text, Span(*match.span("plan")), " will "), (sentence,)


def drop_condition(sentence: Sentence, pool: SentencePool) -> EditedClaim | None:
    """Leave out the condition of what will, would, must or may be."""
    for pattern in _CONDITIONS:
        match = pattern.fullmatch(sentence.text)
        if match is None or _NO_CONDITION.search(sentence.text):
            continue
        said = with_stop("".join(match.captures("said")))
        if _ASKED.search(said) or not regex.search(rf"\b{_MODAL}\b", said):
            continue
        if not PRONOUN.match(said) and not _DASH.search(sentence.text):
            return capitalise(regex.sub(r"\bwould\b", "will", said)), (sentence,)
    return None


def _find_report(text: str) -> tuple[str, str] | None:
    """Return who says it and what is said, with its full stop, if the sentence is one report; else ``None``."""
    for pattern in _REPORTS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        who, said = match["who"], with_stop(match["said"])
        if words(who)[-1].function or _RECORD.search(who) or _NO_SOURCE.search(who) or PRONOUN.match(who):
            continue
        if (
            PRONOUN.match(said)
            or _STILL_REPORTED.search(said)
            or _SECOND_CLAUSE.search(said)
            or not regex.search(FINITE, said)
        ):
            continue
        return who, said
    return None
