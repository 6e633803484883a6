"""Whether a claim drops what a superlative or a name cannot lose: ``the tallest in Western Japan``, ``South Korea``."""

import regex

from rag.verify.syntax.parsed_sentence import ParsedSentence
from rag.verify.syntax.wording import same_wording

_RANKING = frozenset("first last only most least sole second third fourth fifth next".split())


# These limit nothing: the largest in the world is the largest.
_EVERYTHING = frozenset("world ever all history time earth globe planet far yet so single very".split())


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
    if _ranking(s, e) is None or _ranking(claim, c) is None:
        return False
    return any(not _is_said(claim, s, t) for t in _limits(s, e))


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
        and s.word[t] in s.analysed.keys
        and s.tokens[t].lemma not in _EVERYTHING
        and s.tokens[t].tag != "JJS"
    ]


def _is_said(claim: ParsedSentence, s: ParsedSentence, t: int) -> bool:
    return any(same_wording(claim, c, s, t) for c in range(len(claim.tokens)))
