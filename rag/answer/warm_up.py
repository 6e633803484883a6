"""Reads the unchanging head of the prompts before the first question, so that the first answer comes sooner."""

from threading import Thread

from rag.answer.prompts import answer_messages, judge_messages
from rag.errors import ModelError
from rag.models.writers import Writer
from rag.text.parse import parse


def warm_up(writer: Writer) -> None:
    """Load the parser of verification, and an embedded model, which reads the heads of the prompts.

    Raises ``ModelError`` where the model cannot be loaded.
    """
    from rag.models.llama.chat_model import Llama

    parse("The parser is loaded by the first sentence.")
    if not isinstance(writer.model, Llama):
        return
    asking = writer.with_token_limit(1)
    for messages in (judge_messages((), ""), answer_messages((), "")):
        asking.invoke([*messages])


def start_warm_up(writer: Writer | None) -> Thread | None:
    """``warm_up`` in a thread of its own, so that nobody waits; ``None`` without a model.

    A fault is not reported here: it comes again with the first question.
    """
    if writer is None:
        return None
    thread = Thread(target=_warm_up_quietly, args=(writer,), name="pincite-warm-up", daemon=True)
    thread.start()
    return thread


def _warm_up_quietly(writer: Writer) -> None:
    try:
        warm_up(writer)
    except ModelError:
        return
