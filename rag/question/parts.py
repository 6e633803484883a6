"""The parts of a question: several in one, each answered by itself, and the sentence that asks after others that tell.

"When was it built, and who paid for it?" asks for two things. "The Games are near. Where will they be held?" asks for
one, and says first what of.
"""

import regex

from rag.schema import Span
from rag.text.sentences import sentences

_ASKING = r"(?:who|whom|whose|what|which|when|where|why|how)\b"
_JOINT = regex.compile(
    rf"(?:\?\s+|,?\s+)(?:and|also|but)\s+(?={_ASKING})|\?\s+(?={_ASKING})", regex.IGNORECASE
)
_FIRST = regex.compile(rf"\W*{_ASKING}", regex.IGNORECASE)
_LEAST_WORDS = 3  # of a part: "when and where was it built" is one question
_MOST_PARTS = 3


def question_parts(question: str) -> tuple[str, ...]:
    """The questions that ``question`` consists of; itself alone where it is one.

    >>> question_parts("When was the bakery founded and how long is tram line 7?")
    ('When was the bakery founded?', 'how long is tram line 7?')
    """
    if not _FIRST.match(question):
        return (question,)
    parts = [part.strip(" ,?!") for part in _JOINT.split(question)]
    whole = (
        len(parts) > 1
        and len(parts) <= _MOST_PARTS
        and all(len(part.split()) >= _LEAST_WORDS for part in parts)
    )
    return tuple(f"{part}?" for part in parts) if whole else (question,)


def asking_sentence(question: str) -> Span:
    """Where the last sentence of ``question`` stands, which asks; all of it where it has one.

    >>> asking_sentence("The Games are near. Where are they?")
    Span(start=20, end=35)
    """
    found = sentences(question)
    return found[-1] if found else Span(0, len(question))
