"""What an abbreviation stands for: the question for it, and the sentence that says so."""

from functools import lru_cache

import regex

from rag.text.forms.names import mentions_of

_LETTERS = r"[\"'“‘]?(?P<letters>(?=\S*\p{Lu}\S*\p{Lu}|\p{Lu}{2,})[\p{L}\p{N}&./-]{2,12}?)s?[\"'”’]?"
_ASKED = regex.compile(
    rf"(?i:what\s+(?:does|do|did)\s+(?:the\s+)?(?:(?:abbreviation|acronym|letters|initials|term)\s+)?){_LETTERS}"
    r"\s+(?i:stand\s+for|mean)\W*"
    rf"|(?i:what(?:\s+is|['’]s)\s+){_LETTERS}\s+(?i:short\s+for|an?\s+(?:abbreviation|acronym)\s+(?:for|of))\W*"
    r"|(?i:what(?:\s+is|['’]s)\s+the\s+(?:full\s+(?:form|name)|long\s+form|expansion|meaning)\s+of\s+(?:the\s+)?)"
    rf"{_LETTERS}\W*"
)


@lru_cache(maxsize=256)
def asked_abbreviation(question: str) -> str:
    """The abbreviation whose words a question asks for; empty where it asks for none.

    >>> asked_abbreviation("What does STaR stand for?")
    'STaR'
    """
    match = _ASKED.fullmatch(question.strip())
    return match["letters"] if match else ""


def spells_out(sentence: str, letters: str) -> bool:
    """Whether ``sentence`` says what ``letters`` stand for: in brackets, in so many words, or by their initials."""
    short = regex.escape(letters)
    said = regex.search(
        rf"(?<=\p{{L}}[\"”’')]{{0,2}}\s?)[(\[]\s*[\"“]?(?:the\s+)?{short}s?\b"
        rf"|\b{short}s?\s*[\"”]?\s*[(\[][\"“]?\p{{L}}{{2,}}[^()\[\]]*[\s-]\p{{L}}"
        rf"|\b{short}s?[\"”]?,?\s+(?:stands?\s+for|is\s+short\s+for|means|\(?short\s+for|is\s+an?\s+(?:acronym|abbreviation)"
        rf"|\(?from\b)",
        sentence,
    )
    return said is not None or (
        regex.search(rf"\b{short}", sentence) is not None
        and mentions_of(sentence).spells_out(letters.casefold())
    )
