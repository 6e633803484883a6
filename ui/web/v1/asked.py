"""A request, read: the question, the conversation before it, which articles are asked, by which model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from rag.errors import PinciteError
from rag.filters import Filter, read_filter
from rag.question.input import check_question, parse_history
from rag.schema import Turn
from ui.web.refusal import Refusal
from ui.web.v1.wire import ChatRequest, CheckRequest, Message, Options, Within

DEFAULT = "pincite"  # the name that stands for the model the server was started with
# What else a parameter may be than absent, and what to do about it. Ignoring one of these would break a promise.
_ONLY: Mapping[str, tuple[tuple[object, ...], str]] = {
    "n": ((1,), "there is one answer to a question"),
    "tools": (([],), "no tool can be called"),
    "functions": (([],), "no function can be called"),
    "response_format": (({"type": "text"},), "answers are text"),
    "modalities": ((["text"],), "answers are text"),
    "logprobs": ((False,), "there are no probabilities of tokens"),
}
# Where nothing but the fields of a type may be.
_TAKES: Mapping[str, type[BaseModel]] = {"pincite": Options, "pincite.within": Within, "within": Within}
_PLAIN = re.compile(r"[a-z_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``prompt`` is the text of all messages. ``most`` is the tokens after which the answer is cut; 0: it is not."""

    question: str
    history: tuple[Turn, ...]
    within: Filter
    model: str
    most: int
    prompt: str


def read_request(request: ChatRequest, *, models: Sequence[str], question_chars: int) -> Asked:
    """Read a request; ``models`` are the names on offer, the default first. Raises ``Refusal``."""
    for name, (allowed, why) in _ONLY.items():
        value = getattr(request, name)
        if value is not None and value not in allowed:
            raise Refusal(f"{name} is {value!r:.60}: {why}; leave it out", status=400, param=name)
    model = known_model(request.model, models)
    texts = [_text(message, at) for at, message in enumerate(request.messages)]
    if request.messages[-1].role != "user":
        raise Refusal(
            f"the last message is of the role {request.messages[-1].role!r}: it must be the user's question",
            status=400,
            param="messages",
        )
    said = [
        {"role": message.role, "content": text}
        for message, text in zip(request.messages[:-1], texts, strict=False)
        if message.role in ("user", "assistant")
    ]
    try:
        question = check_question(texts[-1], limit=question_chars)
    except PinciteError as error:
        raise Refusal(str(error), status=400, param=f"messages[{len(texts) - 1}].content") from error
    return Asked(
        question=question,
        history=parse_history(said),
        within=read_within(request.pincite.within, param="pincite.within"),
        model=model,
        most=min(filter(None, (request.max_tokens, request.max_completion_tokens)), default=0),
        prompt="\n".join(texts),
    )


def known_model(name: str, models: Sequence[str]) -> str:
    """The model on offer that a name stands for; ``models`` are those, the default first. Raises ``Refusal``."""
    model = models[0] if name == DEFAULT else name
    if model not in models:
        raise Refusal(
            f"there is no model {model!r:.60} here: choose one of {', '.join((DEFAULT, *models))}",
            status=404,
            param="model",
            code="model_not_found",
        )
    return model


def read_within(within: Within, *, param: str) -> Filter:
    """The filter that a request asks for. Raises ``Refusal`` for one that makes no sense."""
    try:
        return read_filter(**within.model_dump())
    except PinciteError as error:
        raise Refusal(str(error), status=400, param=param) from error


def malformed(errors: Sequence[Mapping[str, Any]]) -> Refusal:
    """The refusal of a body that is no request, by the first thing that is wrong with it."""
    first = errors[0]
    place = [part for part in first["loc"][1:] if isinstance(part, int) or _PLAIN.fullmatch(part)]
    if first["type"] == "extra_forbidden":
        return _unknown(first["loc"][1:], ".".join(map(str, place)))
    if first["type"] == "json_invalid" or not place:
        why = first.get("ctx", {}).get("error")
        return Refusal(
            f"the body cannot be read{f' ({why})' if why else ''}: send one JSON object, "
            "and with it the header `Content-Type: application/json`",
            status=400,
        )
    while place[-1] == "str":  # of a union of types the type is no part of the place
        place.pop()
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    given = "is missing" if first["type"] == "missing" else f"is {first['input']!r:.60}"
    return Refusal(f"{param} {given}: {first['msg'][:1].lower()}{first['msg'][1:]}", status=400, param=param)


def _unknown(place: Sequence[str], param: str) -> Refusal:
    """The refusal of a field that is not known at ``place``, with those that are."""
    *above, name = place
    where = ".".join(above)
    known = ", ".join(_TAKES.get(where, CheckRequest).model_fields)
    return Refusal(
        f"{where or 'the body'} takes no {name!r:.60}: it takes {known}", status=400, param=param or None
    )


def _text(message: Message, at: int) -> str:
    if isinstance(message.content, str):
        return whole_characters(message.content)
    for number, part in enumerate(message.content):
        if part.type != "text":
            place = f"messages[{at}].content[{number}]"
            raise Refusal(
                f"{place} is of the type {part.type!r:.40}: only text can be read", status=400, param=place
            )
    return "\n".join(whole_characters(part.text) for part in message.content)


def whole_characters(text: str) -> str:
    """``text`` with a question mark for each half character, which JSON can hold and no UTF-8 can."""
    return text.encode("utf-8", "replace").decode()
