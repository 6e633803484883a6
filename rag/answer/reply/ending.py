"""Reads how the stream of a chat model ended, from the metadata of its chunks, whoever the provider is."""

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Ending = Literal["complete", "cut off", "filtered"]

# The names that providers give to the reason, in the metadata of one of the last chunks.
_REASON_KEYS = ("finish_reason", "stop_reason", "done_reason", "finishReason", "stopReason")

_CUT_OFF = frozenset(
    "length max_tokens max_output_tokens max_completion_tokens max_length max_new_tokens model_length token_limit "
    "model_context_window_exceeded context_length_exceeded error network_error insufficient_system_resource abort "
    "aborted cancelled canceled timeout interrupted incomplete failed pause_turn".split()
)

_FILTERED = frozenset(
    "content_filter content_filtered content_filter_error safety recitation refusal blocklist blocked sensitive "
    "prohibited_content spii image_safety guardrail_intervened guardrails moderation error_toxic language".split()
)

# Packages whose every whole stream gives a reason, and which name themselves in their chunks. Where the line goes dead
# some of them raise nothing: the stream just stops, without a reason. Models that are no provider's give none.
_ALWAYS_GIVE_A_REASON = frozenset(
    "openai azure azure_openai anthropic google_genai google_vertexai mistralai mistral groq deepseek xai ollama "
    "fireworks together openrouter cohere bedrock bedrock_converse".split()
)


class StreamEnding:
    """Takes the chunks of a stream; ``ending`` is how the reply ended, once the stream is over.

    The worst reason counts: filtered, then cut off. A reason that is not known here is a normal end. A stream without
    any reason was cut off if a chunk of it is from a provider that always gives one, and is complete otherwise.
    """

    def __init__(self) -> None:
        self._reasons: set[str] = set()
        self._must_have_reason = False

    def note(self, message: "BaseMessage") -> None:
        """Take the next chunk."""
        metadata: dict[str, Any] = message.response_metadata
        self._must_have_reason |= metadata.get("model_provider") in _ALWAYS_GIVE_A_REASON
        values = [metadata.get(key) for key in _REASON_KEYS]
        values.append(_nested(metadata, "incomplete_details", "reason") or metadata.get("status"))
        self._reasons |= {_plain(value) for value in values if value}
        blocks = message.content if isinstance(message.content, list) else []
        refusals = [block for block in blocks if isinstance(block, dict) and block.get("type") == "refusal"]
        if (
            message.additional_kwargs.get("refusal")
            or _nested(metadata, "prompt_feedback", "block_reason")
            or refusals
        ):
            self._reasons.add("refusal")

    @property
    def ending(self) -> Ending:
        """How the reply ended, as far as the chunks say."""
        if self._reasons & _FILTERED:
            return "filtered"
        if self._reasons & _CUT_OFF or (self._must_have_reason and not self._reasons):
            return "cut off"
        return "complete"


def _nested(metadata: dict[str, Any], outer: str, inner: str) -> object:
    """``metadata[outer][inner]``, or ``None`` where there is no such thing."""
    holder = metadata.get(outer)
    return holder.get(inner) if isinstance(holder, dict) else None


def _plain(reason: object) -> str:
    """A reason in small letters: ``FinishReason.MAX_TOKENS`` and ``max-tokens`` are ``max_tokens``."""
    name = getattr(reason, "name", None)
    text = name if isinstance(name, str) else str(reason)
    return text.rpartition(".")[2].strip().lower().replace("-", "_").replace(" ", "_")
