"""Whether a claim speaks of more than the evidence: of all for ``some``, of Japan for ``Western Japan``."""

import regex

from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.wording import same_wording

_ALL = frozenset("the all every each".split())

SOME = frozenset(
    "some several few many most certain various part half majority minority other numerous".split()
)

_LIMITING = frozenset(
    "with without under over above below between aged beyond unlike except who at in from of on among for".split()
)

_RANKING = frozenset("first last only most least sole second third fourth fifth next".split())


# These limit nothing: the largest in the world is the largest.
_EVERYTHING = frozenset("world ever all history time earth globe planet far yet so single very".split())


# A new president is the president.
_ANY_KIND = frozenset(
    "new current present newly-elected long-time young old great famous renowned main original".split()
)


# What makes another place of a place's name.
_PART_OF_PLACE = regex.compile(
    r"(?:north|south|east|west|central|northern|southern|eastern|western|upper|lower|new|greater|inner|outer|northeast"
    r"|northwest|southeast|southwest|mid|middle)(?:ern)?",
    regex.IGNORECASE,
)


def is_outside(claim: ParsedSentence, c: int, s: ParsedSentence, e: int) -> bool:
    """Whether the phrase of ``c`` says of a whole what the phrase of ``e`` says of a part, by a word that it drops."""
    if s.tokens[e].pos == "PROPN":
        return any(
            s.tokens[t].dep in ("compound", "amod")
            and _PART_OF_PLACE.fullmatch(s.tokens[t].text)
            and not _is_said(claim, s, t)
            for t in s.children[e]
        )
    if _is_only_one(claim, c) and any(
        s.tokens[t].lemma not in _ANY_KIND and not _is_said(claim, s, t) for t in describing(s, e)
    ):
        return True
    if _ranking(s, e) is None or _ranking(claim, c) is None:
        return False
    return any(not _is_said(claim, s, t) for t in _limits(s, e))


def _is_only_one(claim: ParsedSentence, c: int) -> bool:
    """Whether a phrase names the one thing of its kind: ``the capital of France``."""
    words = {claim.tokens[d].text.casefold() for d in claim.children[c]}
    return claim.tokens[c].dep == "attr" and "the" in words and "of" in words


def describing(s: ParsedSentence, n: int) -> list[int]:
    """The nouns and adjectives before a noun that say of what kind it is: ``gastronomic`` of a capital."""
    return [
        d
        for d in s.children[n]
        if d < n and s.tokens[d].dep in ("amod", "compound", "nmod") and s.word[d] in s.analysed.keys
    ]


def _ranking(s: ParsedSentence, e: int) -> int | None:
    """The superlative or ordinal that ranks a noun."""
    for t in s.children[e]:
        token = s.tokens[t]
        if token.dep not in ("amod", "advmod", "nummod"):
            continue
        most = any(s.tokens[d].lemma in ("most", "least") for d in s.children[t])
        if token.tag == "JJS" or token.lemma in _RANKING or most:
            return t
    return None


def _limits(s: ParsedSentence, e: int) -> list[int]:
    """The content words with which a ranked noun is limited, up to a comma."""
    end = next(
        (t for t in range(e, max(s.parse.subtree(e)) + 1) if s.tokens[t].text in (",", "(", "—", "-")),
        len(s.tokens),
    )
    return [
        t
        for t in s.parse.subtree(e)
        if t < end
        and t != e
        and (s.word[t] in s.analysed.keys or s.quantity[t] >= 0)
        and s.tokens[t].lemma not in _EVERYTHING
        and s.tokens[t].tag not in ("JJS", "POS")
    ]


def _is_said(claim: ParsedSentence, s: ParsedSentence, t: int) -> bool:
    return any(same_wording(claim, c, s, t) for c in range(len(claim.tokens)))


def is_widened(claim: ParsedSentence, c: int, s: ParsedSentence, e: int) -> bool:
    """Whether the claim says of all things of a kind what the evidence says of some: ``teachers who``."""
    token = claim.tokens[c]
    if token.dep in ("nsubj", "nsubjpass") and _is_whole(claim, c) and _is_some(s, e):
        return True
    determiners = [
        claim.tokens[d].text.casefold() for d in claim.children[c] if claim.tokens[d].dep != "punct"
    ]
    bare = (token.tag == "NNS" and not determiners) or determiners in (
        ["a"],
        ["an"],
        ["all"],
        ["every"],
        ["each"],
        ["any"],
    )
    counted = token.dep == "attr" and claim.parse.child(token.head, "expl") is not None
    if not counted and (token.dep not in ("nsubj", "nsubjpass") or not bare):
        return False
    if counted and s.tokens[e].dep == "pobj" and claim.parse.child(c, "nummod") is not None:
        return True  # "they work in 13 provinces" does not say how many there are
    for d in s.children[e]:
        mark = s.tokens[d]
        comma = s.text[: s.tokens[min(s.parse.subtree(d))].span.start].rstrip().endswith(",")
        if not comma and (mark.dep in ("relcl", "acl") or (mark.dep == "prep" and mark.lemma in _LIMITING)):
            return True
    return False


def _is_whole(claim: ParsedSentence, c: int) -> bool:
    """Whether a phrase speaks of all of its kind: ``the Normans``, ``all Normans``; ``Normans`` with the present."""
    words = {claim.tokens[d].text.casefold() for d in claim.children[c]}
    if claim.tokens[c].tag not in ("NNS", "NNPS") or words & SOME:
        return False
    above = claim.tokens[claim.tokens[c].head]
    return bool(words & _ALL) or (not words & {"these", "those"} and above.tag in ("VBP", "VBZ"))


def _is_some(s: ParsedSentence, e: int) -> bool:
    """Whether a phrase speaks of some of its kind: ``some Normans``, ``several of the Normans``."""
    head = s.tokens[s.tokens[e].head]
    counted = s.tokens[e].dep == "pobj" and head.lemma == "of" and s.tokens[head.head].text.casefold() in SOME
    return counted or any(s.tokens[d].text.casefold() in SOME for d in s.children[e])
