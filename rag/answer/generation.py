"""An answer by a language model: from the prompt to the statements that are shown.

Every model takes the same way, embedded or hosted.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.opinion import opinion_of
from rag.answer.prompts import answer_messages, points_messages
from rag.answer.reply.reader import ReplyReader
from rag.answer.statement_gate import StatementGate
from rag.events import Cited, Delta
from rag.models.writers import Writer
from rag.schema import Evidence, Withheld
from rag.system.tracing import spanned_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a model's reply.

    - *shown*: at least one statement was
    - *refused*: the model says that the passages do not answer
    - *withheld*: no statement passed verification
    - *empty*: the model said nothing

    ``note`` is a sentence for the reader on what went wrong; empty where nothing did.
    """

    result: Literal["shown", "refused", "withheld", "empty"]
    withheld: Withheld | None = None
    note: str = ""


_CUT_OFF = "The answer was cut off: the model reached its limit or the connection ended."
_FILTERED = "The answer was cut off: the provider's filter stopped it."
_EMPTY = "The model said nothing."
_WITHHELD = "The model's own answer is not shown, as the articles' words do not carry it."
_PARTLY_WITHHELD = "A statement of the model is not shown, as the articles' words do not carry it."


@spanned_stream("write", lambda end: {"pincite.result": end.result} if isinstance(end, Written) else {})
def write_answer(
    writer: Writer,
    evidence: Sequence[Evidence],
    question: str,
    *,
    broad: bool,
    tokens: int,
) -> Generator[Delta | Cited, None, Written]:
    """Let a model answer over ``evidence``; yield each statement that passes verification, then its citations.

    ``broad`` asks for several statements. Returns what became of the reply. Raises ``ModelError``.
    """
    gate = StatementGate(evidence, question, opinion_of(writer))
    reader = ReplyReader(labels=[passage.label for passage in evidence])
    build = points_messages if broad else answer_messages
    messages = build(evidence, question)
    chunks = writer.stream(messages, tokens=tokens)
    try:
        for chunk in chunks:
            for statement in reader.feed(chunk):
                yield from gate.feed(statement)
            if reader.stopped:
                break
    finally:
        chunks.close()
    for statement in reader.finish():
        yield from gate.feed(statement)
    if reader.refused and not gate.text:
        return Written(result="refused")
    yield from gate.finish()
    return _written(gate, reader)


def _written(gate: StatementGate, reader: ReplyReader) -> Written:
    cut = {"cut off": _CUT_OFF, "filtered": _FILTERED}.get(reader.ending, "")
    if gate.text:
        partly = _PARTLY_WITHHELD if gate.withheld else ""
        return Written(result="shown", withheld=gate.withheld, note=f"{cut} {partly}".strip())
    if gate.withheld:
        return Written(result="withheld", withheld=gate.withheld, note=f"{cut} {_WITHHELD}".strip())
    return Written(result="empty", note=cut or _EMPTY)
