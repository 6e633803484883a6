"""Lets a language model rewrite a follow-up question so that it stands alone."""

from collections.abc import Sequence

from rag.models.providers import raising_model_errors
from rag.models.writers import Writer
from rag.question.rewriting import accept_rewrite, rewrite_messages
from rag.schema import Turn

_TOKENS = 60  # of a rewritten question


def rewrite(writer: Writer, question: str, turns: Sequence[Turn]) -> str | None:
    """The question that stands alone, as the model words it; ``None`` where its reply cannot be trusted.

    Raises ``ModelError``.
    """
    with raising_model_errors(writer.name):
        reply = writer.with_token_limit(_TOKENS).invoke([*rewrite_messages(question, turns)])
    return accept_rewrite(reply.text, question, turns)
