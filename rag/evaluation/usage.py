"""What a question costs: the tokens that chat models read and write for it, and the memory of the process."""

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
    """Counts tokens as ``rag.text.tokens`` does: an estimate, for models that count otherwise or not at all.

    ``tokens_in`` are in the text of the messages handed to a model, ``tokens_out`` in the text it wrote, also where it
    was stopped or failed half way.
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
        """A model is handed some messages."""
        self.tokens_in += sum(count_tokens(message.text) for batch in messages for message in batch)

    def on_llm_end(self, response: LLMResult, **_: object) -> None:
        """A model has written its reply."""
        self.tokens_out += _written(response)

    def on_llm_error(self, error: BaseException, **more: object) -> None:
        """A model has failed, or was stopped: LangChain hands over what it had written by then."""
        response = more.get("response")
        if isinstance(response, LLMResult):
            self.tokens_out += _written(response)


# LangChain keeps hooks for good, so that there must be one alone.
_metering: ContextVar[TokenMeter | None] = ContextVar("pincite_metering", default=None)


register_configure_hook(_metering, inheritable=True)


@contextmanager
def metered() -> Iterator[TokenMeter]:
    """A meter that every LangChain chat model asked inside, in this thread or task, is counted by."""
    meter = TokenMeter()
    token = _metering.set(meter)
    try:
        yield meter
    finally:
        _metering.reset(token)


def peak_mb() -> float:
    """The most memory this process has held so far, in MB of 10**6 bytes; 0 where the platform does not say (Windows).

    That is resident memory, of all that the process has loaded, not of the last question alone.
    """
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, KiB on Linux and the BSDs.
    return round(peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6, 1)


def _written(response: LLMResult) -> int:
    return sum(count_tokens(reply.text) for batch in response.generations for reply in batch)
