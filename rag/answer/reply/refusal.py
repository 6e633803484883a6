"""Recognises a statement by which a model says that the passages do not answer.

Models seldom keep to the words that the prompt asks for. A statement that ends in a mark is an answer ("The report does
not say who paid [1]."), unless its subject is the prompt's own: no article speaks of "the passages".
"""

from typing import Literal

import regex

Refusal = Literal["words", "prose", ""]

_EDGES = r"[\s\"'“”‘’«»\[\]()*_`#>.!:-]*"
_WORDS = regex.compile(
    rf"{_EDGES}(?:(?:answer|final answer|the answer is):?{_EDGES})?"
    r"(?:(?-i:NOT IN THE ARTICLES)(?!\p{L})|not in the articles(?=\W*$|\s*[.!:;–—]))"
    r"|(?-i:\bNOT IN THE ARTICLES\b)\W*$",
    regex.IGNORECASE,
)
_ONLY_WORDS = regex.compile(rf"{_EDGES}NOT IN THE ARTICLES{_EDGES}")


def _any(words: str) -> str:
    """The pattern of any of the words; ``_`` stands for a space inside one."""
    return "(?:" + "|".join(word.replace("_", " ") for word in words.split()) + ")"


_PROMPT = _any("passages? context excerpts? snippets? search_results?")
_MATERIAL = _any(
    "passages? articles? context texts? sources? documents? excerpts? snippets? information evidence material "
    "search_results?"
)
_THE = r"(?:(?:any|none|either|all) of )?(?:(?:the|these|those|this|your|my|our|any|numbered) )*"
_GIVEN = r"(?:(?:provided|given|available|supplied|numbered|above|retrieved|cited|following|two|three|four|five|\d+) )*"
_SOURCE = (
    rf"{_THE}{_GIVEN}{_MATERIAL}(?: (?:provided|given|above|here|available|you provided|i have|at hand))?"
)
_SAY = _any(
    "answer say mention contain include provide state specify give address discuss cover have hold indicate tell "
    "reveal explain describe offer disclose name identify report list refer clarify detail support touch talk speak "
    "show supply present make note"
)
_KNOW = _any(
    "determined? answer(?:ed)? f(?:ou|i)nd establish(?:ed)? infer(?:red)? known? derived? say said tell told "
    "concluded? ascertain(?:ed)? confirm(?:ed)? provided? located? given? identif(?:y|ied) see help"
)
_TOLD = _any(
    "mentioned stated given provided specified included answered available found addressed covered discussed "
    "disclosed described listed contained named present indicated reported clear in"
)
_ASKED = (
    _any("that this it the_question your_question this_question the_answer")
    + r"(?: (?:specific )?information)?"
)
_MAY_NOT = r"(?:cannot|can not|could not|(?:is|are) not (?:possible|able) to|(?:is|are) impossible to)"
_NOT = rf"(?:not|never|no longer)(?: {_any('actually explicitly directly clearly seem_to appear_to specifically fully otherwise really')})*"  # fmt: skip # noqa: E501
_NONE = r"(?:no|not any|not enough|insufficient|nothing)"

_UNKNOWN_THING = _any("information mention details? answer")

_LEAD = (
    r"(?:(?:i am|we are) (?:very |so |really )?(?:sorry|afraid)(?: that)?[,.;:]? ?|sorry[,.;:]? "
    r"|i apologi[sz]e[,.;:]? |my apologies[,.;:]? |unfortunately,? |regrettably,? |however,? |no[,.] |but "
    rf"|(?:based on|according to|from|given|in) {_SOURCE}, )*"
)

_PROSE_FORMS = (
    # The passages do not say.
    rf"{_SOURCE} (?:do|does|did|could|can) {_NOT} {_SAY}\b",
    rf"{_SOURCE} (?:contains?|ha(?:s|ve)|gives?|provides?|makes?|offers?) no\b",
    rf"{_SOURCE} (?:(?:is|are) (?:silent|insufficient|not (?:sufficient|enough|clear))|(?:lacks?|fails? to)\b)",
    rf"{_SOURCE} says? nothing",
    # None of the passages says; no passage says.
    rf"(?:none|neither|nothing) (?:of|in) {_SOURCE}",
    rf"no {_MATERIAL}\b.{{0,40}}{_any('mention say answer contain state discuss provided available given about')}",
    # I do not know.
    r"(?:i|we) (?:do|did) not (?:know|have|find|see)\b",
    rf"(?:i|we) (?:cannot|can not|could not|(?:am|are|was|were) (?:unable|not able) to) {_KNOW}\b",
    # There is no information in the passages.
    rf"there (?:is|are|was|were) {_NONE}\b.*\b(?:in|from|within|by|among) {_SOURCE}\b",
    rf"there (?:is|are|was|were) {_NONE} (?:\w+ )?{_any('information details? context')} to answer\b",
    rf"there (?:is|are|was|were) {_NONE} (?:\w+ )?{_UNKNOWN_THING}(?: (?:about|on|of|regarding|to) {_ASKED})?\W*$",
    r"(?:not enough|insufficient) (?:information|context|evidence)\b",
    # This cannot be determined; it is not mentioned.
    rf"{_ASKED} {_MAY_NOT} (?:be )?(?:\w+ )?{_KNOW}\b(?:\W*$|.*\b{_SOURCE}\W*$)",
    rf"(?:the|your|this) (?:question|answer|information) {_MAY_NOT} (?:be )?(?:\w+ )?{_KNOW}\b",
    rf"(?:the|this|that) (?:\w+ )?(?:question|answer|information) (?:is|are|was) {_NOT} {_TOLD}\b",
    rf"{_ASKED} (?:is|are|was) {_NOT} {_TOLD}\b(?:\W*$|.*\b{_SOURCE}\W*$)",
    rf"(?:it is )?(?:not possible|impossible) to {_KNOW}\b",
    r"(?:unknown|unanswerable|n/?a|no (?:answer|information|relevant information|mention))\W*$",
    rf"{_NOT} (?:mentioned|stated|specified|provided|available|found|given|known)(?: (?:in|from|by) {_SOURCE})?\W*$",
    r"not in the (?:passages?|text|context)\W*$",
    rf".*\b{_MAY_NOT} (?:be )?(?:\w+ )?{_KNOW}\b.*\b(?:from|in|by|with|using|on) {_SOURCE}\W*$",
    rf".*\b(?:is|are|was|were) {_NOT} (?:\w+ )?{_TOLD}\b.*\b{_THE}{_GIVEN}{_MATERIAL}\W*$",
)
_PROSE = regex.compile(rf"{_LEAD}(?:{'|'.join(_PROSE_FORMS)})")
_OF_PROMPT = regex.compile(
    rf"^{_LEAD}(?:{_THE}{_GIVEN}{_PROMPT}\b|(?:none|neither|nothing) (?:of|in) {_THE}{_GIVEN}{_PROMPT}\b)"
)
_CONTRAST = regex.compile(r"\b(?:but|although|though|however|while|only|except)\b")
_META = regex.compile(
    r"\b(?:question|passages?|articles?|user|context|information|text|sources?|excerpts?)\b", regex.I
)
_COURTESY = regex.compile(
    r"\W*(?:(?:i(?:'|’)?m|i am) (?:very |so )?sorry|sorry|apologies|i apologi[sz]e(?: for .{0,40})?"
    r"|unfortunately|sure|certainly|of course|okay|ok|great question|good question|absolutely"
    r"|thank you(?: for .{0,40})?)\W*",
    regex.IGNORECASE,
)  # fmt: skip
_MARKS = regex.compile(r"[ \t]?\[\p{Nd}{1,3}\]")


def refusal_in(statement: str) -> Refusal:
    """Return how a statement refuses: by the ``words`` that the prompt asks for, in ``prose``, or not at all."""
    bare = _MARKS.sub("", statement)
    marked = bare != statement
    if _WORDS.match(bare) or (not marked and _WORDS.search(bare)):
        return "words"
    plain = _plain(bare)
    if not _PROSE.match(plain):
        return ""
    return "prose" if not marked or (_OF_PROMPT.match(plain) and not _CONTRAST.search(plain)) else ""


def is_plain_refusal(statement: str) -> bool:
    """Whether a statement is the words that the prompt asks for and nothing else."""
    return bool(_ONLY_WORDS.fullmatch(statement))


def is_about_the_task(statement: str) -> bool:
    """Whether a statement without marks speaks of question and passages, and not of what they are about."""
    return not _MARKS.search(statement) and bool(_META.search(statement))


def is_courtesy(statement: str) -> bool:
    """Whether a statement is nothing but ``Sure!`` or ``I'm sorry.``"""
    return bool(_COURTESY.fullmatch(statement))


def _plain(statement: str) -> str:
    """A statement in small letters, without emphasis and short forms: ``don't`` is ``do not``."""
    text = " ".join(statement.lower().replace("’", "'").replace("*", "").replace("_", "").split())
    text = text.replace("can't", "cannot").replace("won't", "will not").replace("n't", " not")
    return text.replace("i'm ", "i am ").replace("it's ", "it is ").lstrip("([#> -")
