"""The embedded language model: llama.cpp, by xllamacpp, as a LangChain chat model.

The model runs in this process. The library always starts an HTTP server as well; here it listens on a Unix socket in
a private folder, which is removed with the model, asks for a random key, and never listens on a TCP port. Tokens are
counted over it.
"""

import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import xllamacpp  # type: ignore[import-untyped]
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableMap, RunnablePassthrough
from langchain_core.utils.function_calling import convert_to_json_schema
from pydantic import BaseModel, Field, PrivateAttr

from rag.errors import ModelError
from rag.models.llama.probe import check_model
from rag.models.llama.unix_socket import PrivateSocket
from rag.system.callback_stream import CallbackStream

# MiB of memory for the state of earlier prompts. The library's own limit is 8192: about 14 MB a prompt of 600 tokens
# with 135 million parameters, so a long chat would fill the machine.
_CACHE_MIB = 64

# Tokens of a prompt read between two checks of whether the answer is still wanted. With 1.5 billion parameters on one
# core a batch of 16 takes 0.55 s, of 32 1.1 s and of 256 8 s. Reading takes 34 ms of processor time a token in batches
# of 16 and 32 ms in those of 256; a smaller ``n_ubatch`` than ``n_batch`` lets nobody stop sooner.
_BATCH_TOKENS = 16

# Options that a caller may give beside the messages; llama.cpp would silently ignore any other.
_OPTIONS = frozenset({
    "max_tokens", "temperature", "seed", "top_p", "top_k", "min_p", "repeat_penalty", "presence_penalty",
    "frequency_penalty", "response_format", "grammar", "json_schema", "logit_bias", "cache_prompt",
    "chat_template_kwargs", "logprobs", "top_logprobs",
})  # fmt: skip


def generation_threads() -> int:
    """Return the number of threads for generating tokens: all cores but one, at most eight.

    More than eight do not help, as memory, not arithmetic, is the limit. One core is left free because the library's
    threads spin while they wait for each other: if another program holds one of their cores, all of them wait, and two
    threads on two cores become fifty times slower.
    """
    return max(1, min(_cores() - 1, 8))


def prompt_threads() -> int:
    """Return the number of threads for reading a prompt: all cores up to 16, as it is arithmetic in large batches."""
    return min(_cores(), 16)


class Llama(BaseChatModel):
    """A GGUF file as a LangChain chat model, loaded at first use. Safe in many threads.

    Two instances with the same file and settings share one loaded model. Deterministic unless ``temperature`` is
    raised. ``response_metadata`` of the last message has ``finish_reason``, ``prompt_tokens_per_second``,
    ``tokens_per_second`` and ``cached_tokens``. Raises ``ModelError``.
    """

    path: Path
    context_tokens: int = Field(default=2048, ge=256)  # prompt and answer together, of each request
    threads: int = Field(default_factory=generation_threads, ge=1)
    batch_threads: int = Field(default_factory=prompt_threads, ge=1)
    parallel: int = Field(default=2, ge=1)  # requests answered at once; each keeps its last prompt
    max_tokens: int = Field(default=512, ge=1)
    temperature: float = Field(default=0.0, ge=0.0)
    seed: int = 7

    _engine: "_Engine | None" = PrivateAttr(default=None)

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model_name": self.path.name, "context_tokens": self.context_tokens}

    def load(self) -> None:
        """Load the model now instead of at first use."""
        self._load_engine()

    def close(self) -> None:
        """Release the model. It is unloaded when nothing else uses it, and loaded again at the next use."""
        self._engine = None

    def get_token_ids(self, text: str) -> list[int]:
        """Return the model's own tokens of ``text``."""
        return [int(token) for token in self._load_engine().post("/tokenize", {"content": text})["tokens"]]

    def get_num_tokens(self, text: str) -> int:
        """Return the number of the model's own tokens in ``text``."""
        return len(self.get_token_ids(text))

    def get_num_tokens_from_messages(self, messages: list[BaseMessage], tools: object = None) -> int:
        """Return the number of tokens of the whole prompt, with what the chat template puts around the messages."""
        body = {"messages": convert_to_openai_messages(messages)}
        return int(self._load_engine().post("/v1/chat/completions/input_tokens", body)["input_tokens"])

    def with_structured_output(
        self,
        schema: dict[str, Any] | type,
        *,
        include_raw: bool = False,
        **options: Any,  # noqa: ANN401
    ) -> Runnable[LanguageModelInput, Any]:
        """Return the model constrained to ``schema`` by a grammar, and a parser: valid unless it is cut short."""
        json_schema = {"name": "answer", "schema": convert_to_json_schema(schema)}
        options["response_format"] = {"type": "json_schema", "json_schema": json_schema}
        parser: Runnable[Any, Any] = JsonOutputParser()
        if isinstance(schema, type) and issubclass(schema, BaseModel):
            parser = PydanticOutputParser(pydantic_object=schema)
        if not include_raw:
            return self.bind(**options) | parser
        parsed = RunnablePassthrough.assign(parsed=itemgetter("raw") | parser, parsing_error=lambda _: None)
        failed = RunnablePassthrough.assign(parsed=lambda _: None)
        return RunnableMap(raw=self.bind(**options)) | parsed.with_fallbacks(
            [failed], exception_key="parsing_error"
        )

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
        # The caller reports each piece to the callbacks; run_manager must not do it a second time.
        finish = ""
        for piece in self._load_engine().stream(self._request(messages, stop, options)):
            for choice in piece["choices"]:
                finish = choice.get("finish_reason") or finish
                if text := choice["delta"].get("content"):
                    likely = {"logprobs": choice["logprobs"]} if choice.get("logprobs") else {}
                    yield ChatGenerationChunk(message=AIMessageChunk(content=text, response_metadata=likely))
            if usage := piece.get("usage"):
                yield ChatGenerationChunk(
                    message=_final_chunk(self.path.name, finish, usage, piece.get("timings", {}))
                )

    def _request(
        self, messages: list[BaseMessage], stop: list[str] | None, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        if unknown := sorted(options.keys() - _OPTIONS):
            raise ModelError(
                f"the embedded model has no option {unknown[0]!r}: use one of {', '.join(sorted(_OPTIONS))}"
            )
        settings = {"max_tokens": self.max_tokens, "temperature": self.temperature, "seed": self.seed}
        request = {"messages": convert_to_openai_messages(messages), "stop": stop or []}
        return settings | dict(options) | request

    def _load_engine(self) -> "_Engine":
        engine = self._engine
        if engine is None:
            engine = self._engine = _open_engine(self)
        return engine


def _final_chunk(
    name: str, finish: str, usage: Mapping[str, Any], timings: Mapping[str, Any]
) -> AIMessageChunk:
    """Return the chunk without text that ends an answer, with its tokens and speed."""
    cached = int(usage.get("prompt_tokens_details", {}).get("cached_tokens", 0))
    return AIMessageChunk(
        content="",
        chunk_position="last",
        usage_metadata=UsageMetadata(
            input_tokens=usage["prompt_tokens"],
            output_tokens=usage["completion_tokens"],
            total_tokens=usage["total_tokens"],
            input_token_details=InputTokenDetails(cache_read=cached),
        ),
        response_metadata={
            "model_name": name,
            "finish_reason": finish,
            "cached_tokens": cached,
            "prompt_tokens_per_second": float(timings.get("prompt_per_second", 0.0)),
            "tokens_per_second": float(timings.get("predicted_per_second", 0.0)),
        },
    )


class _Engine:
    """A loaded model. It is unloaded when the last ``Llama`` and the last running request release it."""

    def __init__(self, model: Llama, path: Path) -> None:
        self._socket = PrivateSocket()
        trained = check_model(path, private_folder=self._socket.folder).context_tokens
        if trained and model.context_tokens > trained:
            raise ModelError(
                f"context_tokens={model.context_tokens!r} is over the {trained} the model knows: lower it"
            )
        try:
            self._server = xllamacpp.Server(_parameters(model, path, self._socket))
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"llama.cpp cannot load {str(path)!r} with context_tokens={model.context_tokens!r}: "
                "it needs more memory than there is, or the file is damaged"
            ) from error
        # The library hangs forever if it is told to stop before its listener has started.
        self._socket.wait_until_listening()

    def stream(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the chunks of one answer. Closing the iterator stops the work at the next token or prompt batch."""
        body = dict(request) | {
            "stream": True,
            "return_progress": True,  # otherwise no callback, and so no way to stop, while a prompt is read
            "stream_options": {"include_usage": True},
        }
        # The work holds a reference to the server, so closing the model while it runs does not unload it.
        work = partial(self._server.handle_chat_completions, body)
        stream: CallbackStream[dict[str, Any]] = CallbackStream(work, native=True)
        try:
            for piece in stream:
                if "error" in piece:
                    raise _request_error(piece["error"])
                yield piece
        except (RuntimeError, ValueError, TypeError) as error:
            raise ModelError(f"llama.cpp refuses the request: {' '.join(str(error).split())}") from error
        finally:
            stream.cancelled.set()

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post a request over the private socket and return the answer; raise ``ModelError`` if it is an error."""
        answer = self._socket.post(path, body)
        if "error" in answer:
            raise _request_error(answer["error"])
        return answer


_ENGINES: "weakref.WeakValueDictionary[tuple[object, ...], _Engine]" = weakref.WeakValueDictionary()
_LOADING = threading.Lock()


def _open_engine(model: Llama) -> _Engine:
    """Return the engine for the file as it is now, loaded if need be; one at a time, as loading takes all cores."""
    path = model.path.expanduser().resolve()
    try:
        stat = path.stat()
    except OSError as error:
        raise ModelError(
            f"cannot read the model file {str(model.path)!r}: {error.strerror or error}"
        ) from error
    file = (path, stat.st_size, stat.st_mtime_ns)
    key = (*file, model.context_tokens, model.threads, model.batch_threads, model.parallel)
    with _LOADING:
        engine = _ENGINES.get(key)
        if engine is None:
            engine = _ENGINES[key] = _Engine(model, path)
        return engine


def _parameters(model: Llama, path: Path, private_socket: PrivateSocket) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel = model.parallel
    params.n_ctx = model.context_tokens * model.parallel  # the library divides it among the requests
    params.n_batch = params.n_ubatch = _BATCH_TOKENS
    # Most weights are repacked at loading. A mapped file would stay in memory beside the repacked copy: 0.6 GB more.
    params.load_mode = xllamacpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    params.cpuparams.n_threads = model.threads
    params.cpuparams_batch.n_threads = model.batch_threads
    params.cache_ram_mib = _CACHE_MIB
    params.fit_params = False  # it would reduce the context to fit a graphics card
    params.enable_reasoning = 0  # reasoning would use up the tokens of the answer
    params.verbosity = -1
    params.ui = params.endpoint_slots = False
    params.hostnames = [str(private_socket.path)]
    params.api_keys = [private_socket.key]
    return params


def _request_error(error: Mapping[str, Any]) -> ModelError:
    """Return the ``ModelError`` for an error object in an answer of llama.cpp."""
    if error.get("type") == "exceed_context_size_error":
        return ModelError(
            f"the prompt has {error['n_prompt_tokens']} tokens and the limit is {error['n_ctx']}: "
            "give less evidence or a shorter history, or open the model with more context_tokens"
        )
    return ModelError(f"llama.cpp refuses the request: {' '.join(str(error.get('message', error)).split())}")


def _cores() -> int:
    """Return the number of cores that this process may use; in a container they are fewer than the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
