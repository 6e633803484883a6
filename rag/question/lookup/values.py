"""The kind of value that a question asks for, a price, a number, a time or a name, and whether a passage gives one.

"How much does a ticket cost?" is not answered by "Tickets are sold at the gate.", however much the two have in common.
Only questions whose answer has a form of its own are looked at: "how far" may be answered by "within sight".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from rag.text.forms.values import (
    PRICES,
    gives_amount,
    gives_day_or_hour,
    gives_money,
    gives_name,
    gives_number,
    gives_time,
)
from rag.text.language import is_foreign_question

_DO = r"(?:do|does|did|is|are|was|were|will|would|must|should|can|could|may|might|shall|has|have|had)"
_BE = r"(?:['’]s| is| was| are| were)"
_PRICE = rf"(?:{'|'.join(PRICES)})s?"
_WHICH_ONE = r"(?:the |its |their |his |her |an? )?(?:[\p{L}-]+ ){0,2}"

_OF_MONEY = regex.compile(
    rf"^(?:and |so )?how much\b(?: money)? {_DO}\b.*"
    r"\b(?:costs?|pay|paid|charged?|charges|earn(?:s|ed)?|spends?|spent|owe[sd]?|worth|fined)\b"
    rf"|\bwhat{_BE} {_WHICH_ONE}{_PRICE}\b(?! of living)"
    rf"|\b(?:what|how much)(?: [\p{{L}}-]+)? (?:{_PRICE}|money)\b"
    r"|\bwhat (?:do|does|did|will|would) (?!.*\b(?:for|when|if)\b).*\b(?:cost|pay|charge|earn)\b",
    regex.IGNORECASE,
)
_OF_AMOUNT = regex.compile(r"\bhow much (?:is|are|was|were) (?:an?|one|the)\b", regex.IGNORECASE)
# What begins, ends or takes place does so at a time that has a name or a number; anything else may come "when the bell
# rings".
_OF_DAY_OR_HOUR = regex.compile(
    rf"^(?:and |so )?(?:when|at what time|what time|(?:on )?(?:what|which) day) {_DO}\b.*"
    r"\b(?:start|begin|open|close|end|finish|take place|held|happen|born|die|due|depart|arrive|leave|published|founded"
    r"|built|meeting|event|ceremony|deadline|appointment)s?\b",
    regex.IGNORECASE,
)
_OF_TIME = regex.compile(
    rf"^(?:and |so |since |from |until |by )?when {_DO}\b"
    r"|\b(?:what|which) (?:year|month|day|date|time|century|decade)\b|\bhow (?:often|late|early)\b",
    regex.IGNORECASE,
)
_OF_NUMBER = regex.compile(
    r"\bhow (?:many|much|tall|high|deep|wide|old|heavy|thick)\b(?! (?:more|better|worse)\b)"
    rf"|\b(?:what|which){_BE}? {_WHICH_ONE}(?:percentage|percent|temperature|population|density|hardness|diameter"
    r"|voltage|elevation|altitude|wavelength|frequency|speed|weight|height|width|depth|length)\b",
    regex.IGNORECASE,
)
_OF_LENGTH = regex.compile(r"\bhow long\b", regex.IGNORECASE)  # in metres, hours, or until the bell rings
_OF_NAME = regex.compile(
    r"\b(?:what|which) (?:[\p{Ll}-]+ )?(?:city|town|village|country|state|nation|university|college|hotel|airline"
    r"|river|newspaper)\b(?! of)",
    regex.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ValueKind:
    """A kind of value.

    ``missing`` says of passages that they give none; ``is_given`` takes a passage and the question.
    """

    missing: str
    asked: regex.Pattern[str]
    is_given: Callable[[str, str], bool]


def _gives_length(passage: str, question: str) -> bool:
    return gives_number(passage, question) or gives_time(passage, question)


# The first that fits a question is what it asks for.
_KINDS = (
    ValueKind("give no sum of money", _OF_MONEY, gives_money),
    ValueKind("give no amount", _OF_AMOUNT, gives_amount),
    ValueKind("give no day or time", _OF_DAY_OR_HOUR, gives_day_or_hour),
    ValueKind("give no time", _OF_TIME, gives_time),
    ValueKind("give no length", _OF_LENGTH, _gives_length),
    ValueKind("give no number", _OF_NUMBER, gives_number),
    ValueKind("give no name", _OF_NAME, gives_name),
)


@lru_cache(maxsize=1024)
def asked_value(question: str) -> ValueKind | None:
    """The kind of value that ``question`` asks for; ``None`` where its answer need not have one."""
    if is_foreign_question(question):
        return None
    return next((kind for kind in _KINDS if kind.asked.search(question)), None)


def missing_value(question: str, passages: Sequence[str]) -> str:
    """Say what kind of value ``question`` asks for and none of ``passages``, its subject, gives; empty where nothing.

    >>> missing_value("What does a ticket cost?", ["Tickets are sold at the gate."])
    'give no sum of money'
    """
    kind = asked_value(question)
    if kind is None or not passages or any(kind.is_given(passage, question) for passage in passages):
        return ""
    return kind.missing
