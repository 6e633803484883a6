"""Questions about the document itself, which its sentences seldom answer: its date, length, title, readers, purpose."""

from functools import lru_cache
from typing import Literal

import regex

from rag.question.lookup.whole import IT, NAMED

Particular = Literal[
    "date",
    "length",
    "contents",
    "title",
    "publisher",
    "kind",
    "audience",
    "purpose",
    "abbreviations",
    "definitions",
    "exclusions",
    "parties",
    "people",
]

_IS = r"(?:\s+(?:is|are|was|were)|['’]s)"
_OF_IT = rf"(?:\s+(?:of|for|in|behind)\s+{IT}|\s+here)"
_MADE = (
    r"(?:written|published|posted|released|issued|dated|printed|authored|drafted|revised|amended|reviewed|updated|edited"
    r"|changed)"
)

# A lease, a policy or an agreement lasts, and "how long is the contract?" asks for that.
_LASTING = r"(?!.*\b(?:lease|contract|polic|agreement|notice|study|research|work|speech|presentation)s?\b)"

_PATTERNS: dict[Particular, str] = {
    "date": (
        rf"when{_IS}\s+{IT}\s+(?:first\s+|last\s+|originally\s+|most\s+recently\s+)?{_MADE}"
        rf"|when{_IS}\s+{IT}\s+from|when\s+did\s+{NAMED}\s+(?:come\s+out|appear)"
        rf"|(?:in\s+)?(?:what|which)\s+(?:year|month|day){_IS}\s+{IT}\s+(?:last\s+)?(?:{_MADE}|from)"
        rf"|(?:what{_IS}\s+)?(?:the\s+)?(?:publication\s+date|date\s+of\s+publication|date\s+of\s+{IT}|date)(?:{_OF_IT})?"
        rf"|how\s+(?:old|recent|current|up[-\s]to[-\s]date){_IS}\s+{IT}|(?:is|are)\s+{IT}\s+(?:still\s+)?(?:up[-\s]to[-\s]date|current|recent)"
        rf"|(?:date|time)\s+of\s+(?:the\s+)?last\s+(?:update|revision|change)"
        rf"|when{_IS}\s+the\s+last\s+(?:update|revision|change)(?:{_OF_IT})?"
    ),
    "length": (
        rf"{_LASTING}how\s+(?:long|big|large){_IS}\s+{IT}"
        rf"|how\s+many\s+(?:words|pages|characters|paragraphs)\s+(?:(?:does|do)\s+{IT}\s+(?:have|contain)"
        rf"|(?:are|is)\s+(?:there|in\s+{IT})|has\s+{IT}|(?:are\s+there\s+in|long\s+is)\s+{IT})"
        rf"|what{_IS}\s+the\s+(?:length|word\s+count|number\s+of\s+(?:words|pages))(?:{_OF_IT})?|word\s+count"
    ),
    "contents": (
        rf"how\s+many\s+(?:sections|chapters|headings|clauses|articles\s+does\s+(?:this|the)\s+(?:contract|agreement|lease))"
        rf"\s*(?:(?:does|do)\s+{IT}\s+(?:have|contain)|(?:are|is)\s+(?:there|in\s+{IT})|has\s+{IT}|are\s+there\s+in\s+{IT}|have)"
        rf"|(?:(?:what|which){_IS}|list|name|show\s+me|give\s+me)\s+(?:all\s+)?(?:the\s+|its\s+)?(?:sections|chapters|headings"
        rf"|table\s+of\s+contents|structure|parts\s+of\s+{IT})(?:{_OF_IT})?"
        rf"|(?:what|which)\s+(?:sections|chapters|headings)\s+(?:are\s+there|(?:does|do)\s+{IT}\s+(?:have|contain))(?:{_OF_IT})?"
        rf"|table\s+of\s+contents|how\s+is\s+{IT}\s+(?:structured|organi[sz]ed|divided|arranged|laid\s+out)"
    ),
    "title": (
        rf"what(?:{_IS}|s)\s+(?:the\s+|its\s+)(?:full\s+)?title(?:{_OF_IT})?|what(?:{_IS}|s)\s+the\s+name\s+of\s+{NAMED}"
        rf"|what{_IS}\s+{IT}\s+(?:called|titled|entitled)|title"
    ),
    "publisher": (
        rf"who\s+(?:has\s+)?(?:published|issued|released|posted)\s+{IT}|where{_IS}\s+{IT}\s+published"
        rf"|(?:who|what){_IS}\s+(?:the\s+|its\s+)publisher(?:{_OF_IT})?|who{_IS}\s+{NAMED}\s+published\s+by"
        rf"|(?:in|by)\s+(?:which|what)\s+(?:\p{{L}}+\s+)?(?:journal|newspaper|magazine|publisher){_IS}\s+{IT}\s+published"
        rf"|(?:which|what)\s+(?:journal|newspaper|magazine|publisher)\s+published\s+{IT}"
    ),
    "kind": (
        rf"what\s+(?:kind|type|sort)\s+of\s+(?:an?\s+)?(?:documents?|texts?|articles?|files?|things?|papers?|publications?|books?|reports?)"
        rf"(?:\s+(?:is|are)\s+(?:it|this|that|these))|what\s+(?:is\s+this|document\s+is\s+(?:it|this)|am\s+i\s+(?:reading|looking\s+at))"
        rf"|what{_IS}\s+this\s+(?:document|file|text|paper|pdf|article|page|book)"
    ),
    "audience": (
        rf"who(?:m)?{_IS}\s+{IT}\s+(?:(?:meant|intended|written|designed|made|aimed|addressed|directed|targeted|useful)\s+)?(?:for|at|to)"
        rf"|(?:for|to)\s+whom{_IS}\s+{IT}(?:\s+(?:meant|intended|written|designed|made|addressed|directed))?"
        rf"|(?:to\s+)?whom?\s+(?:does|do)\s+{IT}\s+(?:apply|address|concern|affect|cover)(?:\s+to)?"
        rf"|who\s+(?:should|must|needs\s+to|has\s+to|is\s+supposed\s+to|ought\s+to)\s+(?:read|follow|use)\s+{IT}"
        rf"|(?:who|what)(?:{_IS}|s)\s+(?:the\s+|its\s+)?(?:target\s+|intended\s+|main\s+)?(?:audience|readership|readers)(?:{_OF_IT})?"
    ),
    "purpose": (
        rf"what(?:{_IS}|s)\s+the\s+(?:main\s+|overall\s+)?(?:purpose|aim|goal|objective|intent|intention|point)s?\s+(?:of|behind)\s+{IT}"
        rf"|what(?:{_IS}|s)\s+(?:the|its)\s+(?:main\s+|overall\s+)?(?:purpose|aim|objective)s?"
        rf"|why{_IS}\s+{IT}\s+(?:written|published|drafted|made|needed)|why\s+does\s+{NAMED}\s+exist"
        rf"|what\s+(?:does|do|did)\s+(?:{NAMED}|the\s+authors?)\s+(?:aim|want|try|set\s+out|intend)\s+to\s+(?:do|achieve|show)"
        rf"|what\s+(?:does|do)\s+(?:{NAMED}|the\s+authors?)\s+(?:propose|present|introduce|argue|claim|suggest)"
        rf"|what{_IS}\s+{NAMED}\s+(?:for|meant\s+to\s+do)"
    ),
    "abbreviations": (
        r"(?:(?:what|which)\s+(?:abbreviations|acronyms)\b.*|(?:list|show(?:\s+me)?|explain|give\s+me|what\s+are)\s+(?:all\s+)?(?:of\s+)?"
        r"(?:the\s+)?(?:abbreviations|acronyms)\b.*|abbreviations|acronyms)"
    ),
    "definitions": (
        rf"(?:what|which)\s+(?:terms|words|expressions|definitions|concepts)\s+(?:(?:is|are)\s+(?:defined|explained|there)|(?:does|do)\s+{IT}\s+define)"
        rf"(?:{_OF_IT})?|(?:list|show(?:\s+me)?|give\s+me|what\s+are)\s+(?:all\s+)?(?:the\s+)?(?:definitions|defined\s+terms)(?:{_OF_IT})?"
    ),
    "exclusions": (
        rf"what\s+(?:does|do)\s+{IT}\s+not\s+(?:apply\s+to|cover|include|address|deal\s+with)"
        rf"|what\s+(?:does|do)n['’]t\s+{IT}\s+(?:cover|include|address|apply\s+to)"
        rf"|what\s+(?:is|are)(?:\s+not|n['’]t)\s+(?:covered|included)(?:\s+(?:by|in)\s+{IT})?"
        rf"|what\s+(?:does|do)\s+{IT}\s+(?:leave\s+out|exclude)|what{_IS}\s+(?:excluded|left\s+out|(?:the\s+)?exceptions|exempt)(?:{_OF_IT})?"
        rf"|(?:to\s+)?whom?\s+(?:does|do)\s+{IT}\s+not\s+(?:apply|cover)(?:\s+to)?"
    ),
    "parties": (
        rf"who(?:{_IS}|s)\s+(?:all\s+)?the\s+(?:contracting\s+)?parties(?:\s+(?:to|of|in)\s+{IT}|\s+here)?"
        rf"|(?:who(?:m)?{_IS}\s+{IT}\s+between|between\s+whom{_IS}\s+{IT}(?:\s+made)?)"
    ),
    "people": (
        rf"(?:who\s+(?:else\s+)?|(?:which|what)\s+(?:people|persons|individuals|names)\s+)(?:is|are|was|were|gets?)\s+(?:mentioned|named|quoted)"
        rf"(?:{_OF_IT}|\s+(?:in|by)\s+{IT})?|(?:which|what)\s+(?:people|persons|names)\s+(?:appear|occur)(?:{_OF_IT})?"
        rf"|(?:which|what)\s+(?:people|persons|names)\s+(?:does|do)\s+{IT}\s+(?:mention|name)"
        rf"|(?:list|name)\s+(?:all\s+)?(?:the\s+)?(?:people|persons|names)(?:\s+(?:mentioned|named|who\s+appear))?(?:{_OF_IT})?"
    ),
}
# The words of headings under which it stands, where an article has such.
HEADED: dict[Particular, str] = {
    "audience": "audience scope applicability readers",
    "purpose": "purpose aim aims objective objectives goal goals",
    "abbreviations": "abbreviations acronyms",
    "definitions": "definitions terms glossary terminology",
    "exclusions": "limitations exclusions exceptions",
}
_ASKED = {kind: regex.compile(pattern, regex.IGNORECASE) for kind, pattern in _PATTERNS.items()}
_POLITE = regex.compile(r"^(?:please|and|so|can you tell me|tell me)[\s,]+|[\s,]+please$", regex.IGNORECASE)


@lru_cache(maxsize=256)
def asked_particular(question: str) -> Particular | None:
    """What ``question`` asks of the document as such; ``None`` where it asks for something that a document says.

    >>> [asked_particular(asked) for asked in ("When was it published?", "When was the bridge built?")]
    ['date', None]
    """
    plain = _POLITE.sub("", question.strip().rstrip(" ?!."))
    return next((kind for kind, pattern in _ASKED.items() if pattern.fullmatch(plain)), None)


_MENTION = regex.compile(
    rf"(?:does|do)\s+{IT}\s+(?:mention|cover|discuss|address|talk\s+about|(?:say|contain|have)\s+anything\s+(?:about|on))"
    rf"\s+(?P<topic>.+)|is\s+there\s+(?:anything|something)\s+(?:about|on)\s+(?P<topic>.+?)(?:\s+in\s+{IT})?",
    regex.IGNORECASE,
)


def asked_mention(question: str) -> str:
    """What ``question`` asks whether the document mentions; empty where it asks otherwise.

    >>> asked_mention("Does the handbook mention pensions?")
    'pensions'
    """
    match = _MENTION.fullmatch(question.strip().rstrip(" ?!."))
    return match["topic"] if match else ""
