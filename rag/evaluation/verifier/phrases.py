"""Patterns of English phrases that the edits of whole clauses look for: noun phrases, finite verbs, transitive verbs.

The lists are closed and short: an edit passes over a sentence it is not sure of. Nothing here parses.
"""

import regex

from rag.text.quantity_patterns import MONTHS, WEEKDAYS
from rag.text.words import content

_NO_NAME = (
    "It He She They We You I This That These Those There Here What Who Which Some Many Most All Both Each Few None "
    "Other Others Another One Two Three Four Five In On At By For From When While As After Before Since If Although "
    "Though However But And Or Later Then Now Today Only Not No More Less Such Its His Her Their Our During Until "
    "Under Over With Without Because Despite Unlike Like Yet So Also Once Nor"
)

_NAME = (
    rf"(?!(?:{'|'.join(_NO_NAME.split())}|\p{{Lu}}\p{{Ll}}+(?:day|ly))\b)"
    r"\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+){0,2}"
)

# Words that end a noun phrase, so that none of them is taken for a part of it.
_NO_NOUN = (
    r"(?!(?:in|on|at|of|for|by|to|from|with|as|and|or|but|than|that|who|which|last|next|this|during|after|before|while"
    r"|when|where|because|rather|instead|also|not|is|are|was|were|has|have|had|will|would|can|could|may|might|must|do"
    r"|does|did|\p{Ll}+ly)\b)"
)

_COMMON = rf"(?:[Tt]he|[Aa]n?) (?:{_NO_NOUN}\p{{Ll}}[\p{{Ll}}-]+ ){{0,2}}{_NO_NOUN}\p{{Ll}}[\p{{Ll}}-]+"

# A name, or an article with a name, or with a noun and up to two words before it; then perhaps ``of`` and another one.
NOUN_PHRASE = (
    rf"(?:{_NAME}|[Tt]he {_NAME}|{_COMMON})(?: of (?:{_NAME}|(?:the )?{_NO_NOUN}\p{{Ll}}[\p{{Ll}}-]+))?"
)

_FINITE_WORDS = (
    "is are was were has have had will would can could may might must shall should does do did "
    "became said made took won lost began held gave led wrote built kept left ran sold bought paid grew rose fell came "
    "went stood lay met spoke drew flew found got knew saw sent spent taught thought brought fought caught felt hit "
    "cut put makes takes wins pays earns gets uses sells buys runs leads holds gives plays works lives stands costs "
    "needs offers covers contains includes handles manages represents produces supplies provides operates owns "
    "keeps remains serves wants repairs writes teaches grows says "
    "make take win pay earn get use sell buy run lead hold give play work live stand cost need offer cover contain "
    "include handle manage represent produce supply provide operate own keep remain serve want repair write teach grow"
)

FINITE = rf"(?:{'|'.join(_FINITE_WORDS.split())}|\p{{Ll}}{{2,}}ed)\b"

# Past tense and participle of verbs with an agent and a patient that mean something else when these change places:
# not ``met``, ``married`` or ``resembled``.
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "wrote:written", "built:built", "led:led", "bought:bought", "sold:sold", "taught:taught", "beat:beaten",
        "overthrew:overthrown", "chose:chosen", "shot:shot", "outbid:outbid", "sued:sued", "freed:freed",
    )
)  # fmt: skip

_REGULAR = (
    "defeated attacked invaded founded acquired killed employed replaced succeeded preceded influenced criticised "
    "criticized supported funded financed commissioned discovered designed constructed invented painted conquered "
    "captured elected appointed hired owned controlled governed ruled recorded published produced directed created "
    "established developed destroyed executed assassinated arrested nominated crowned restored translated "
    "edited composed purchased sponsored annexed liberated occupied besieged expelled exiled pardoned dismissed "
    "praised rescued persuaded warned threatened rejected approved opposed surpassed outperformed outnumbered "
    "exceeded copied cited trained inspired mentored advised hosted organised organized "
    "signed issued filed named chaired managed operated challenged endorsed banned ordered injured wounded carried "
    "reviewed tested launched completed received delivered removed visited followed chased welcomed blamed accused "
    "convicted sentenced charged investigated interviewed fired promoted protected drafted assembled installed "
    "imported exported collected donated"
)

PARTICIPLES: dict[str, str] = {verb: verb for verb in _REGULAR.split()} | _IRREGULAR
PAST_TENSES: dict[str, str] = {participle: past for past, participle in PARTICIPLES.items()}

PRONOUN = regex.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|himself|herself|itself|themselves|each other"
    r"|one another|respectively|both|same|also|too|so|former|latter|who|which|that|whose)\b",
    regex.IGNORECASE,
)

_CALENDAR_OR_PLACE = frozenset((*MONTHS, *WEEKDAYS, "christmas", "easter")) | frozenset(
    "lake mount river sea bay end time turn early late century side".split()
)

_AGENTS = regex.compile(
    r"(?:\p{L}+(?:er|or|ist|ian|eer|ess)s?|government|compan(?:y|ies)|arm(?:y|ies)|council|court|board|king|queen"
    r"|president|team|police|bank|union|church|party|committee|crew|students?|troops|parliament|senate|firm|family)$"
)


def is_name(phrase: str) -> bool:
    """Return whether a noun phrase is a name: it does not begin with an article."""
    return regex.match(r"(?:[Tt]he|[Aa]n?) ", phrase) is None


def names_a_thing(phrase: str) -> bool:
    """Return whether a phrase names or describes a thing: no pronoun or negation, no clause, no ``an hour``."""
    if regex.match(rf"(?:an?|{'|'.join(_NO_NAME.split())})\b", phrase):
        return False
    return not regex.search(rf"\b{FINITE}", phrase) and not PRONOUN.search(phrase)


def is_agent(phrase: str) -> bool:
    """Return whether what follows ``by`` acts: a name that is no date and no place by a lake, or a person's noun."""
    parts = {part.lower() for part in phrase.split()}
    if parts & _CALENDAR_OR_PLACE:
        return False
    return is_name(phrase) or _AGENTS.search(phrase) is not None


def key_terms(phrase: str) -> frozenset[str]:
    """Return the stems of the words of a phrase that are no function words."""
    return frozenset(word.term for word in content(phrase))


def differ(a: str, b: str) -> bool:
    """Return whether two phrases have key words and share none."""
    first, second = key_terms(a), key_terms(b)
    return bool(first) and bool(second) and not first & second


def capitalise(text: str) -> str:
    """Return the text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def with_stop(text: str) -> str:
    """Return the text with a full stop at its end; that of an abbreviation is enough."""
    return text if text.endswith(".") else text + "."


def inner(phrase: str) -> str:
    """Return a noun phrase as it stands inside a sentence: its article in small letters."""
    return phrase if is_name(phrase) else phrase[0].lower() + phrase[1:]
