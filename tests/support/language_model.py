"""Language models for tests: the name of a small real one, and one that says what it is told to."""

import re
from collections.abc import Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from rag.answer.prompts import IS_ANSWERED

TEST_MODEL = "smollm2-135m"  # loads in a second and writes; what it writes means little


class ScriptedChat(BaseChatModel):
    """Gives its ``replies`` in order, word by word. A reply that is an exception is raised in its place.

    ``prompts`` holds the text of each prompt it got, oldest first; ``options`` what was bound to each call.
    Asked once more than it has replies, it fails: a test that asks too often should notice. Asked whether a text
    answers a question, it gives its ``judgement`` and counts neither the reply nor the prompt.
    """

    judgement: str | Exception = "yes"
    replies: list[str | Exception] = Field(default_factory=list)
    prompts: list[str] = Field(default_factory=list)
    options: list[dict[str, Any]] = Field(default_factory=list)
    max_tokens: int = 512

    model_config = ConfigDict(arbitrary_types_allowed=True)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def enqueue(self, *replies: str | Exception) -> None:
        """Adds replies after those that are left."""
        self.replies.extend(replies)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,  # noqa: ANN401
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, **options))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Iterator[ChatGenerationChunk]:
        if str(messages[-1].text).endswith(IS_ANSWERED):
            if isinstance(self.judgement, Exception):
                raise self.judgement
            yield ChatGenerationChunk(message=AIMessageChunk(content=self.judgement))
            return
        self.prompts.append("\n\n".join(f"{message.type}: {message.text}" for message in messages))
        self.options.append(options)
        if not self.replies:
            raise AssertionError(f"ScriptedChat has no reply left for: {self.prompts[-1]}")
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        for word in re.findall(r"\S+\s*|\s+", reply) or [""]:
            yield ChatGenerationChunk(message=AIMessageChunk(content=word))
