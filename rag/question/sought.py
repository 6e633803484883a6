"""What a question asks for: its nouns, which of them name what is sought, and which words only describe it."""

from dataclasses import dataclass

from rag.text.parse import Parse, Token, parse
from rag.text.words import terms, words

ASKING = frozenset(("WP", "WP$", "WDT", "WRB"))  # the tags of question words

# What "which" and "what" ask for by its kind: the article need not call Oslo a city.
KINDS = frozenset(
    terms(
        "man woman author country city town village state region continent nation river mountain island colour color "
        "shape material language nationality religion team club group company firm organization organisation agency "
        "institution college university school player leader president king queen ruler politician scientist artist "
        "actor singer band character animal bird plant food drink dish sport game book film movie song album show "
        "product service device brand model version season decade century war battle treaty act law document"
    )
)

# What a question asks for, or says of the articles themselves, in words that an answer need not have.
ASKED_FOR = frozenset(
    terms(
        "kind sort type way form number amount quantity percentage percent share proportion price cost fee charge rate "
        "salary wage income date day year month week hour minute time moment period duration age size height length "
        "width depth weight distance speed temperature capacity area volume location place spot position address name "
        "title term word reason cause purpose goal aim role job work occupation profession function meaning "
        "definition difference result effect outcome consequence impact example detail fact information situation "
        "status condition step process method procedure rule requirement feature part thing something anything person "
        "people someone anyone everyone article story text page document report paper passage source news "
        "question answer problem issue matter event case point idea view opinion stance reaction response statement "
        "total sum maximum minimum average limit range deadline budget value worth frequency count "
        "clause section paragraph chapter page item point line row table figure annex appendix catalyst driver "
        "trigger factor characteristic occurrence occasion instance purview scope realm domain sphere remit basis "
        "origin background context significance importance relevance nature essence strategy intention motive "
        "motivation thought feeling belief attitude impression glory legacy reputation circumstance "
        "aspect respect behalf regard"
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
    asking = [
        c
        for c in (*parsed.children[t], t - 1)
        if parsed.tokens[c].text.casefold() in ("what", "which") and 0 <= c < t
    ]
    # "What does a visit cost?" asks for no cost by its kind: a verb stands between the two.
    return any(all(token.pos not in ("AUX", "VERB") for token in parsed.tokens[c:t]) for c in asking)


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


def _describes_asked(parsed: Parse, t: int) -> bool:
    """Whether a noun stands before what is asked for in a general word: "phone number", "arrival time"."""
    head = parsed.tokens[t].head
    # In "What does a visit cost?" the last word is a verb, whatever the parser takes it for.
    is_verb = any(one.lemma == "do" for one in parsed.tokens[:t]) and head >= len(parsed.tokens) - 2
    asked = not is_verb and bool(ASKED_FOR.intersection(terms(parsed.tokens[head].text)))
    return asked and parsed.tokens[t].dep in ("compound", "nmod")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of a question."""

    sought: bool  # it names what is asked for
    proper: bool
    describes: bool = False  # it only describes what is sought or asked for: the "phone" of a phone number


def nouns(question: str) -> dict[int, Noun]:
    """The words of a question that its parse takes for nouns, but for the kind that "which" asks for."""
    parsed, row = parse(question), words(question)
    return {
        i: Noun(_is_asked_for(parsed, t), token.pos == "PROPN", _describes_asked(parsed, t))
        for t, token in enumerate(parsed.tokens)
        for i, word in enumerate(row)
        if token.pos in ("NOUN", "PROPN")
        and token.span.overlaps(word.span)
        and not (_is_asked_by_kind(parsed, t) and (word.term in KINDS or parsed.tokens[t - 1].tag == "WDT"))
        and parsed.text[word.span.end : word.span.end + 1] != "-"
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
