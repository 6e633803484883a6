"""Whether two tokens say the same: one stem, one family of words, synonyms, or quantities of which one follows."""

from functools import lru_cache

from rag.text.antonyms import opposite
from rag.text.forms.families import related, synonym_groups
from rag.text.words import terms
from rag.verify.quantity_match import missing
from rag.verify.syntax.parsed_sentence import ParsedSentence

# Prepositions that may stand for one another: of place and time, of a goal, of an origin, of a topic.
_PREPOSITIONS = tuple(
    frozenset(group.split())
    for group in (
        "in at on within inside during throughout across over through by of upon around near under",
        "in into within inside",
        "on onto upon",
        "to into toward towards onto for unto",
        "from of out off by",
        "about on of regarding concerning over for",
        "with by using through via of on",
        "because due owing for over from",
        "as for like",
        "after following",
        "before prior until till by",
        "more above over exceeding",
        "against with",
        "between among from to and",
        "despite notwithstanding",
    )
)

_OPPOSED = tuple(
    frozenset(pair.split())
    for pair in (
        "from to", "from into", "before after", "over under", "above below", "with without", "since until",
        "for against", "inside outside", "after until", "by after", "off onto", "from for", "to by", "from toward",
    )
)  # fmt: skip

_NEVER_EQUAL = tuple(
    frozenset(pair.split())
    for pair in ("from to", "before after", "over under", "above below", "since until", "by after", "with without",
                 "until after", "from until", "by to")
)  # fmt: skip


# Where a preposition puts an event beside the date that follows it.
_WHEN = {
    word: group
    for group, row in (
        ("at", "in on at during within of"), ("by", "by until till"), ("before", "before"),
        ("after", "after following"), ("since", "since"),
    )
    for word in row.split()
}  # fmt: skip


# Stems of verbs that say how many times: each a rise, and none another.
_TIMES = frozenset(terms("double triple quadruple halve treble"))


@lru_cache(maxsize=65536)
def same_term(claim: str, cited: str) -> bool:
    """Whether two stems are of one family of words, or synonyms."""
    return related(claim, cited) or are_synonyms(claim, cited)


@lru_cache(maxsize=65536)
def are_synonyms(claim: str, cited: str) -> bool:
    """Whether two stems are in one group of synonyms, and at no two ends of a pair of opposites."""
    mine, other = set(synonym_groups(claim)), set(synonym_groups(cited))
    if {claim, cited} <= _TIMES and claim != cited:
        return False
    return not mine.isdisjoint(other) and not opposite(claim, [cited])


def same_wording(claim: ParsedSentence, c: int, cited: ParsedSentence, e: int) -> bool:
    """Whether token ``c`` of a claim may stand for token ``e`` of the evidence."""
    number, other = claim.quantity[c], cited.quantity[e]
    if number >= 0 or other >= 0:
        if number < 0 or other < 0:
            return claim.term(c) == cited.term(e) and claim.word[c] >= 0
        return not missing(claim.analysed.quantities[number], [cited.analysed.quantities[other]])
    if claim.word[c] < 0 or cited.word[e] < 0:
        return False
    own, theirs = claim.tokens[c], cited.tokens[e]
    if {own.pos, theirs.pos} == {"PROPN", "VERB"}:
        return False
    if claim.phrasal(c) != cited.phrasal(e):
        return same_term(claim.phrasal(c) or claim.term(c), cited.phrasal(e) or cited.term(e))
    if own.pos == theirs.pos and own.pos in ("NOUN", "PROPN"):  # employer and employee are of one family
        same = claim.term(c) == cited.term(e) or own.lemma == theirs.lemma
        return same or (own.pos == "NOUN" and are_synonyms(claim.term(c), cited.term(e)))
    if claim.word[c] in claim.analysed.names:
        return related(claim.term(c), cited.term(e))
    return same_term(claim.term(c), cited.term(e))


def denied_by_prefix(claim: str, cited: str) -> bool:
    """Whether one stem is the other's denial: ``undisclosed`` and ``disclosed``."""
    short, long = sorted((claim, cited), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in ("un", "non", "dis", "in", "im", "ir"))


def same_preposition(claim: str, cited: str) -> bool:
    """Whether a preposition, or a role, may stand for another."""
    if claim == cited:
        return True
    if frozenset((claim, cited)) in _OPPOSED:
        return False
    return any({claim, cited} <= group for group in _PREPOSITIONS)


def same_time(claim: str, cited: str) -> bool:
    """Whether a date after one preposition may stand after another: from ``in May`` follows ``by May``, no more."""
    mine, other = _WHEN.get(claim), _WHEN.get(cited)
    return mine is None or other is None or mine == other or (mine == "by" and other == "at")


def are_opposed(role: str, preposition: str) -> bool:
    """Whether two prepositions cannot be of one number: ``before 1950`` and ``after 1950``."""
    return not same_preposition(role, preposition) and frozenset((role, preposition)) in _NEVER_EQUAL
