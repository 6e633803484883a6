"""What a question asks for: its nouns, which of them name what is sought, and which words only describe it."""

from dataclasses import dataclass

from rag.text.parse import Parse, Token, parse
from rag.text.words import terms, words

# What "which" and "what" ask for by its kind: the article need not call Oslo a city.
_KINDS = frozenset(
    terms(
        "man woman author country city town village state region continent nation river mountain island colour color "
        "shape material language nationality religion team club group company firm organization organisation agency "
        "institution college university school player leader president king queen ruler politician scientist artist "
        "actor singer band character animal bird plant food drink dish sport game book film movie song album show "
        "product service device brand model version season decade century war battle treaty act law document"
    )
)


_NO_NAMES = frozenset(("AUX", "ADV", "SCONJ", "CCONJ", "ADP", "PRON"))


def describing_words(question: str) -> frozenset[int]:
    """The words that only describe what is asked for: no article need call the ruler of "which German ruler" so."""
    parsed = parse(question)
    row = words(question)
    by_parse = {
        i
        for i, word in enumerate(row)
        for t, token in enumerate(parsed.tokens)
        if token.span.overlaps(word.span) and (_describes(token) or _in_asking_phrase(parsed, t))
    }
    after_which = (i for i in range(1, len(row) - 1) if row[i - 1].norm in ("which", "what"))
    return frozenset(
        by_parse.union(i for i in after_which if row[i + 1].text[:1].islower() and not row[i + 1].function)
    )


def _describes(token: Token) -> bool:
    """Whether it is an adjective, but for one made of a name: "Chinese text"."""
    return token.pos == "ADJ" and not (token.text[:1].isupper() and token.span.start > 0)


def _in_asking_phrase(parsed: Parse, t: int) -> bool:
    """Whether a token modifies the noun that "which" or "what" asks for: "which German ruler", "what kind of ship"."""
    token = parsed.tokens[t]
    if token.dep not in ("amod", "compound", "nmod"):
        return False
    head = token.head
    if parsed.tokens[head].dep == "pobj" and parsed.tokens[parsed.tokens[head].head].text.casefold() == "of":
        head = parsed.tokens[parsed.tokens[head].head].head
    return _is_asked_by_kind(parsed, head)


def _is_asked_by_kind(parsed: Parse, t: int) -> bool:
    """Whether "which" or "what" stands before the noun, or before one that "and" joins it to."""
    if parsed.tokens[t].dep == "conj":
        t = parsed.tokens[t].head
    before = (*parsed.children[t], t - 1)
    return any(parsed.tokens[c].text.casefold() in ("what", "which") for c in before if 0 <= c < t)


def _is_asked_for(parsed: Parse, t: int) -> bool:
    """Whether the noun is what is asked for: "what is the toll", "how many goals", "who is the keeper"."""
    token = parsed.tokens[t]
    asking = any(
        parsed.tokens[c].text.casefold() in ("what", "which", "many", "much") and c < t
        for c in parsed.children[t]
    )
    copula = parsed.tokens[token.head]
    named = token.dep in ("attr", "nsubj") and copula.lemma == "be"
    return asking or (
        named and any(parsed.tokens[c].tag in ("WP", "WDT") for c in parsed.children[token.head])
    )


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of a question."""

    sought: bool  # it names what is asked for
    proper: bool


def nouns(question: str) -> dict[int, Noun]:
    """The words of a question that its parse takes for nouns, but for the kind that "which" asks for."""
    parsed, row = parse(question), words(question)
    return {
        i: Noun(_is_asked_for(parsed, t), token.pos == "PROPN")
        for t, token in enumerate(parsed.tokens)
        for i, word in enumerate(row)
        if token.pos in ("NOUN", "PROPN")
        and token.span.overlaps(word.span)
        and not (word.term in _KINDS and _is_asked_by_kind(parsed, t))
    }


def not_nouns(question: str) -> frozenset[int]:
    """The words of a question that its parse takes for verbs, adverbs and the like: no name, however rare."""
    parsed, row = parse(question), words(question)
    return frozenset(
        i
        for i, word in enumerate(row)
        for t, token in enumerate(parsed.tokens)
        if token.span.overlaps(word.span)
        and (token.pos in _NO_NAMES or (token.pos == "VERB" and _is_surely_verb(parsed, t)))
    )


def _is_surely_verb(parsed: Parse, t: int) -> bool:
    """Whether a word that the parser takes for a verb looks like one; names in small letters it often takes for one."""
    ending = parsed.tokens[t].text.casefold().endswith(("ed", "ing"))
    return ending or parsed.child(t, "dobj") is not None
