"""The second opinion of a reading model on a verdict: whether a passage says what a statement says.

Rules decide on numbers, names, denial, direction, hedges and attribution, and their word is final. On the choice of
words alone the model may overrule a refusal, and a plain no of it takes a statement back that the rules let pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answer.judgement import yes_over_no
from rag.answer.prompts import opinion_messages
from rag.models.writers import Writer
from rag.schema import Citation, Evidence

# Log-odds that a text says what a statement says. ``None`` where a model gives no log-probabilities: its word
# alone costs a request for each statement.
Opinion = Callable[[str, str], float | None]


# Log-odds from which on the model's word counts: seven to one. ``docs/verification.md`` has what that does.
_SURE = 2.0


def opinion_of(writer: Writer) -> Opinion:
    """The opinion of a language model, by one token, for ``StatementGate``. Raises ``ModelError`` when asked."""

    def ask(text: str, statement: str) -> float | None:
        return yes_over_no(writer, opinion_messages(text, statement))

    return ask


def weigh(
    opinion: Opinion, statement: str, citations: tuple[Citation, ...], evidence: Sequence[Evidence]
) -> tuple[Citation, ...]:
    """The citations of one statement after the model was asked, where it may have a say.

    It has none over the article's own words, nor over a refusal for anything but the choice of words.
    """
    carried = all(citation.verified for citation in citations)
    worded = all(citation.verified or citation.other_words for citation in citations)
    if not citations or not worded or all(citation.verbatim for citation in citations):
        return citations
    labels = {citation.label for citation in citations}
    text = " ".join(passage.text for passage in evidence if passage.label in labels)
    found = opinion(text, statement)
    if found is None:
        return citations
    if carried and found < -_SURE:
        reason = "a language model that read these words finds that they do not say this"
        return tuple(replace(one, support="unsupported", reason=reason, opinion=found) for one in citations)
    if not carried and found > _SURE:
        return tuple(
            one
            if one.verified
            else replace(one, support="supported", reason="", contrary=None, opinion=found)
            for one in citations
        )
    return citations
