"""What is sent and received under ``/v1``: the names and shapes of OpenAI's chat completions."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt

_LEFT_OUT = Field(exclude_if=lambda value: value is None)
_IGNORED = "accepted, and changes nothing: answers are not drawn at random"


class Within(BaseModel):
    """Which articles are asked; what is left out limits nothing."""

    model_config = ConfigDict(extra="forbid")
    publishers: Annotated[list[str], Field(description="only articles of these publishers")] = []
    after: Annotated[str, Field(description="only articles of this day, as 2026-05-01, or later")] = ""
    before: Annotated[str, Field(description="only articles of this day or earlier")] = ""
    articles: Annotated[list[str], Field(description="only the articles of these ids")] = []


class Options(BaseModel):
    """What Pincite takes beyond OpenAI's parameters."""

    model_config = ConfigDict(extra="forbid")
    within: Within = Within()


class Part(BaseModel):
    """A part of a message; only parts of the type ``text`` can be read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation. Those of ``system`` and ``developer`` are accepted and not obeyed."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]


class StreamOptions(BaseModel):
    """What a stream has beside the answer."""

    include_usage: bool | None = False


class ChatRequest(BaseModel):
    """A question with the conversation before it. Parameters that are not listed here are ignored."""

    model: Annotated[str, Field(description="a name of /v1/models, or `pincite` for the first of them")]
    messages: Annotated[
        list[Message], Field(min_length=1, description="oldest first; the last is the question")
    ]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[
        PositiveInt | None, Field(description="the answer is cut after so many tokens of cl100k_base")
    ] = None
    max_completion_tokens: Annotated[PositiveInt | None, Field(description="the same by its newer name")] = (
        None
    )
    temperature: Annotated[float | None, Field(description=_IGNORED)] = None
    top_p: Annotated[float | None, Field(description=_IGNORED)] = None
    seed: Annotated[int | None, Field(description=_IGNORED)] = None
    n: Annotated[Any, Field(description="1, if given")] = None
    tools: Annotated[Any, Field(description="none can be called: empty, if given")] = None
    functions: Annotated[Any, Field(description="none can be called: empty, if given")] = None
    response_format: Annotated[Any, Field(description='{"type": "text"}, if given')] = None
    modalities: Annotated[Any, Field(description='["text"], if given')] = None
    logprobs: Annotated[Any, Field(description="false, if given")] = None
    pincite: Options = Options()


class CheckRequest(BaseModel):
    """A text to be checked against the articles, statement by statement."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(description="the text, up to 10,000 characters")]
    within: Within = Within()


class Sent(BaseModel):
    """What is sent: these fields and no other."""

    model_config = ConfigDict(extra="forbid")


class CheckedReply(Sent):
    """A text, and the verdict on each of its statements."""

    text: str
    all_supported: Annotated[
        bool, Field(description="whether each statement that can be checked is supported, and there is one")
    ]
    statements: list[dict[str, Any]]


class Model(Sent):
    """A model on offer."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["pincite"] = "pincite"


class Models(Sent):
    """The models on offer, the default one first."""

    object: Literal["list"] = "list"
    data: list[Model]


class UrlCitation(Sent):
    """A statement of the answer, as a half-open range of its code points, and the address of the words it rests on."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(Sent):
    """A citation of an article that has an address."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class StreamedAnnotation(Annotation):
    """One of a stream. ``index`` is its place among those of the answer, by which clients put them together."""

    index: int


class ReplyMessage(Sent):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: Annotated[str, Field(description="the text, with [n] marks")]
    refusal: None = None
    annotations: list[Annotation]


FinishReason = Literal["stop", "length"]


class Choice(Sent):
    """The one answer."""

    index: Literal[0] = 0
    message: ReplyMessage
    finish_reason: Annotated[FinishReason, Field(description="`length`: cut at the limit that was asked for")]
    logprobs: None = None


class Usage(Sent):
    """Tokens of cl100k_base: those of the messages that were sent, and those of the answer's text."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Completion(Sent):
    """A whole answer. ``pincite`` has all that ``Answer`` has."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    pincite: dict[str, Any]


class Delta(Sent):
    """What is new of the answer."""

    role: Annotated[Literal["assistant"] | None, _LEFT_OUT] = None
    content: Annotated[str | None, _LEFT_OUT] = None
    annotations: Annotated[list[StreamedAnnotation] | None, _LEFT_OUT] = None


class ChunkChoice(Sent):
    """What is new of the one answer; the last has the reason why it ended."""

    index: Literal[0] = 0
    delta: Delta
    finish_reason: FinishReason | None = None
    logprobs: None = None


class Chunk(Sent):
    """An event of a stream. ``pincite`` has the citation that was verified just now, and at last the whole answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Annotated[Usage | None, _LEFT_OUT] = None
    pincite: Annotated[dict[str, Any] | None, _LEFT_OUT] = None


class Error(Sent):
    """What went wrong, and which parameter was at fault."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(Sent):
    """A refusal; with 429 and 503 the header ``Retry-After`` says when to try again."""

    error: Error
