"""Counts the tokens that chat models read and write for a question, and the memory of the process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import LLMResult
from langchain_core.tracers.context import register_configure_hook

from rag.text.tokens import count_tokens


class TokenMeter(BaseCallbackHandler):
    """Counts tokens as ``rag.text.tokens`` does: an estimate, as models count otherwise or not at all.

    ``tokens_in`` are in the text of the messages given to a model, ``tokens_out`` in the text it wrote, even if it was
    stopped or failed half way.
    """

    def __init__(self) -> None:
        self.tokens_in = 0
        self.tokens_out = 0

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],
        messages: list[list[BaseMessage]],
        *,
        run_id: UUID,
        **_: object,
    ) -> None:
        """Count the messages that a model is given."""
        self.tokens_in += sum(count_tokens(message.text) for batch in messages for message in batch)

    def on_llm_end(self, response: LLMResult, **_: object) -> None:
        """Count the reply of a model."""
        self.tokens_out += _tokens_written(response)

    def on_llm_error(self, error: BaseException, **options: object) -> None:
        """Count what a model had written before it failed or was stopped, which LangChain passes on."""
        response = options.get("response")
        if isinstance(response, LLMResult):
            self.tokens_out += _tokens_written(response)


# LangChain never forgets a hook, so there is one for all meters.
_current_meter: ContextVar[TokenMeter | None] = ContextVar("pincite_metering", default=None)


register_configure_hook(_current_meter, inheritable=True)


@contextmanager
def count_model_tokens() -> Iterator[TokenMeter]:
    """Yield a meter that counts every LangChain chat model invoked inside, in this thread or task."""
    meter = TokenMeter()
    token = _current_meter.set(meter)
    try:
        yield meter
    finally:
        _current_meter.reset(token)


def peak_mb() -> float:
    """Return the peak memory of this process so far, in MB of 10**6 bytes; 0 if the platform does not say (Windows).

    That is resident memory of all that the process has loaded, not of the last question alone.
    """
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, KiB on Linux and the BSDs.
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)


def _tokens_written(response: LLMResult) -> int:
    return sum(count_tokens(reply.text) for batch in response.generations for reply in batch)
