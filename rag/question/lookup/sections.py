"""Questions for a section by its heading: "What does the introduction say?", "What are the limitations?"."""

from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.question.lookup.whole import IT, NAMED
from rag.text.words import content, terms

# What sections of papers, reports and contracts are called: words of one line are the same section's.
_KINDS: dict[str, str] = {
    term: kind
    for kind, members in {
        "abstract": "abstract summary",
        "introduction": "introduction intro beginning",
        "background": "background",
        "methods": "method methodology methods",
        "results": "result results finding findings find found",
        "discussion": "discussion discuss",
        "conclusion": "conclusion conclusions conclude concluded",
        "limitations": "limitation limitations caveat shortcoming weakness drawback",
        "exclusions": "exclusion exclusions exception exceptions",
        "acknowledgements": "acknowledgement acknowledgment acknowledgements thank",
        "funding": "funding sponsor",
        "outlook": "outlook futurework",
        "definitions": "definition definitions glossary terminology",
        "references": "reference references bibliography",
        "recommendations": "recommendation recommendations recommend",
        "scope": "scope applicability",
        "appendix": "appendix annex",
    }.items()
    for term in terms(members)
}
_OUTLOOK = regex.compile(
    r"\b(?:future|further)\s+(?:work|research|studies)\b|\bnext\s+steps\b", regex.IGNORECASE
)
_GENERIC = (
    r"(?:used|planned|given|mentioned|reported|obtained|discussed|there|drawn|reached|achieved|proposed"
    r"|described|stated|listed|made|named|suggested|applied|presented|acknowledged)"
)
_AUTHORS = rf"(?:{IT}|(?:the\s+)?(?:authors?|researchers?|writers?|scientists?|team|auditors?|experts?))"

_CONDUCTED = regex.compile(
    rf"how{{_WAS}}\s+{IT}\s+(?:conducted|done|carried\s+out|performed|made)|how\s+did\s+{_AUTHORS}\s+(?:do|conduct|perform|go\s+about)\s+(?:it|this"
    rf"|{NAMED})|what\s+did\s+(?:the\s+)?(?:authors?|researchers?|scientists?)\s+do".replace(
        "{_WAS}", r"\s+(?:was|were|is)"
    ),
    regex.IGNORECASE,
)

# What stands around the name of a section. The name of "told" may be any heading, that of "plain" the kind of one.
_TOLD = regex.compile(
    r"(?:summari[sz]e|sum\s+up|explain|describe|outline|quote|read|show(?:\s+me)?|give\s+me(?:\s+(?:a\s+summary|an?\s+overview|the\s+gist)"
    r"\s+of)?|tell\s+me(?:\s+more)?\s+about)\s+(?P<rest>.+?)(?:\s+(?:to\s+me|briefly|for\s+me))?"
    r"|what\s+(?:does|do|did)\s+(?P<rest>.+?)\s+(?:say|state|tell\s+(?:me|us)|contain|cover|describe|explain|discuss|deal\s+with|mention)"
    r"|what(?:\s+(?:is|are)|['’]s)\s+(?P<rest>.+?)\s+about"
    r"|what(?:\s+(?:is|are|does\s+it\s+say|stands)|['’]s)\s+(?:written\s+|said\s+)?(?:in|under)\s+(?P<rest>.+)"
    r"|(?:is|are)\s+there\s+(?:an?|any)\s+(?=section|chapter|part|paragraph)(?P<rest>.+)"
    rf"|what\s+(?:does|do|did)\s+{_AUTHORS}\s+(?:say|state|write|tell\s+(?:me|us))\s+(?:about|on|regarding)\s+(?P<rest>.+)"
    r"|what\s+(?:is|was)\s+said\s+(?:about|on)\s+(?P<rest>.+)",
    regex.IGNORECASE,
)
_PLAIN = regex.compile(
    r"(?:what|which)(?:\s+(?:is|are|was|were)|['’]s|s)\s+(?P<rest>.+)"
    rf"|whom?\s+(?:does|do|did)\s+{_AUTHORS}\s+(?P<rest>thank|acknowledge)"
    rf"|what\s+(?:does|do|did|have)\s+{_AUTHORS}\s+(?P<rest>\p{{L}}+)"
    rf"|(?:what|which)\s+(?P<rest>\p{{L}}+(?:\s+\p{{L}}+)?)\s+(?:is|are|was|were|did|do|does|have\s+been|has\s+been)\s+(?:{_AUTHORS}\s+)?"
    rf"{_GENERIC}(?:\s+(?:in|by|here)\s*(?:{_AUTHORS})?)?"
    rf"|(?:what|which)\s+(?P<rest>\p{{L}}+(?:\s+\p{{L}}+)?)\s+(?:did|do|does)\s+{_AUTHORS}\s+(?:use|have|report|mention|draw|reach|give|plan|see|name|make|get|apply)"
    r"|(?P<rest>(?:the\s+)?\p{L}+(?:\s+\p{L}+)?)",
    regex.IGNORECASE,
)
_NAMED_SECTION = regex.compile(
    r"\b(?:sections?|chapters?|part|paragraph|heading|clause)\s+(?:(?:on|about|called|titled|named|entitled|headed|of)\s+)?(?:the\s+)?"
    r"|\s+(?:section|chapter|part|paragraph|clause)\b",
    regex.IGNORECASE,
)
_OF_WHOLE = regex.compile(
    rf"\s+(?:of|in|from|by|for|on|according\s+to)\s+(?:it|this|here|{NAMED})\b|\s+here\b|^(?:its|their)\s+",
    regex.IGNORECASE,
)
_ASKS_ARE = regex.compile(r"(?:what|which)\s+(?:are|were)\b", regex.IGNORECASE)
_LED = regex.compile(r"^(?:(?:the|an?|any|all|some|on|about)\s+)+", regex.IGNORECASE)
_PLACES = {
    word: n
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split())
} | {
    "last": -1,
    "final": -1,
}
_PLACE = regex.compile(
    rf"(?:the\s+)?(?:very\s+)?(?P<place>{'|'.join(_PLACES)})\s+(?:section|chapter|part|heading)",
    regex.IGNORECASE,
)
_MAIN = frozenset(terms("main key major principal important central most"))
# What a section holds, said beside its name: "the safety rules" stand under "Safety".
_AROUND = frozenset(
    terms(
        "rule rules policy part information detail requirement regulation provision guideline instruction condition"
    )
)
SECTION_KINDS = frozenset(_KINDS.values())
_MOST_WORDS = 7  # of the name of a section


@dataclass(frozen=True, slots=True)
class AskedSection:
    """The terms of the name of a section.

    ``kinds_only`` says that the question asks for a section only if the name is the kind of one, as "limitations" is:
    "What is the deposit?" asks for a fact, whatever section is called so. ``is_named`` says that it calls it a section.
    ``topic`` is the name as it was asked. ``place`` counts the sections from 0, and from the end where it is negative,
    for "the second section", which has no name.
    """

    terms: frozenset[str]
    topic: str
    kinds_only: bool
    is_named: bool
    place: int | None = None

    def is_headed(self, heading: str, title: str) -> bool:
        """Whether ``heading`` is that of the section, in an article with this title, whose words it need not have."""
        headed = section_terms(heading)
        if not headed:
            return False
        asked = self.terms - (section_terms(title) - headed) if self.terms & headed else self.terms
        if not asked or (self.kinds_only and not asked <= SECTION_KINDS):
            return False
        if not self.kinds_only and headed and asked - _AROUND == headed:
            return True
        if asked == headed or (self.is_named and asked <= headed):
            return True
        return asked <= SECTION_KINDS and asked <= headed and headed - SECTION_KINDS <= section_terms(title)


@lru_cache(maxsize=1024)
def section_terms(name: str) -> frozenset[str]:
    """The terms of the name of a section, each kind of section under one name, without its number."""
    plain = _OUTLOOK.sub("futurework", _OF_WHOLE.sub(" ", name))
    return frozenset(_KINDS.get(word.term, word.term) for word in content(plain) if not word.number)


@lru_cache(maxsize=256)
def asked_section(question: str) -> AskedSection | None:
    """The section that ``question`` asks for, if one is called so; ``None`` where it asks for none.

    >>> asked_section("What are the limitations of the study?").topic
    'limitations'
    """
    plain = question.strip().rstrip(" ?!.")
    if _CONDUCTED.fullmatch(plain):
        return AskedSection(frozenset(["methods"]), "method", kinds_only=True, is_named=False)
    told = _TOLD.fullmatch(plain)
    match = told or _PLAIN.fullmatch(plain)
    if match is None:
        return None
    rest = _OF_WHOLE.sub("", next(filter(None, match.captures("rest")), ""))
    if place := _PLACE.fullmatch(rest):
        return AskedSection(
            frozenset(), rest, kinds_only=False, is_named=True, place=_PLACES[place["place"].casefold()]
        )
    topic = _LED.sub("", _NAMED_SECTION.sub(" ", rest).strip(" \"'“”‘’"))
    named = section_terms(topic)
    if _MAIN & named and named - _MAIN and named - _MAIN <= SECTION_KINDS:
        named -= _MAIN
    if not named or len(topic.split()) > _MOST_WORDS:
        return None
    kinds_only = told is None and _ASKS_ARE.match(plain) is None
    return AskedSection(named, topic, kinds_only, _NAMED_SECTION.search(rest) is not None)
