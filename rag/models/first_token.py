"""The log-probabilities of the first token that a chat model would write."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_ALTERNATIVES = 20  # of the likeliest tokens; no provider gives more


def first_token_logprobs(
    model: "BaseChatModel", messages: Sequence[tuple[str, str]]
) -> tuple[tuple[str, float], ...] | None:
    """The likeliest first tokens of the reply to ``messages`` with their log-probabilities, natural logarithm.

    ``None`` where the model gives none: it has no such option, or its provider refuses it. A provider's other faults
    give ``None`` too, as they come again with the next request, whose caller words them.
    """
    from rag.models.llama.chat_model import Llama

    is_embedded = isinstance(model, Llama)
    if not is_embedded and "top_logprobs" not in type(model).model_fields:
        return None
    asking = model.bind(max_tokens=1, logprobs=True, top_logprobs=_ALTERNATIVES)
    try:
        reply = asking.invoke([*messages])
    except Exception:  # provider libraries share no base class
        if is_embedded:
            raise
        return None
    return _likeliest(reply.response_metadata)


def _likeliest(metadata: dict[str, Any]) -> tuple[tuple[str, float], ...] | None:
    tokens = (metadata.get("logprobs") or {}).get("content") or []
    if not tokens:
        return None
    return tuple((item["token"], float(item["logprob"])) for item in tokens[0].get("top_logprobs") or ())
