"""Turns errors of hosted models into ``ModelError``: one line with the cause, the remedy and the original message.

The providers' libraries are not imported: an exception is recognised by its HTTP status, its class name and its text.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import ModelError, PinciteError

_MESSAGE_CHARS = 300
_CHAIN_LENGTH = 8

_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*(?:API_KEY|ACCESS_KEY|TOKEN)\b")
# Some packages name their field, which is the environment variable in lower case.
_FIELD = re.compile(r"\b[a-z]+_api_key\b")
_SECRET = re.compile(r"\b(?:sk|gsk|xai|pplx|hf|AIza|Bearer)[-_ ]?[\w*.-]{12,}")
# What httpx adds to the status: a line on where to read about it.
_ADVICE = re.compile(r"\s*For more information check: \S+")
_TAG = re.compile(r"<[^<>]*>")
_PACKAGE = re.compile(r"pip install ([\w.-]+)")

# Cause and remedy by HTTP status; the provider's own message follows in the error.
_STATUS = {
    400: "the provider refuses the request: check the model's name and the length of the prompt",
    401: "the key is refused: set the provider's API key to a valid one",
    402: "the account has no credit: add some, or use another model",
    403: "the key may not use this model: ask for access, or use another model",
    404: "there is no such model or address: check the model's name and the base URL",
    408: "the provider did not answer in time: try again",
    413: "the prompt is too long: give less evidence or a shorter history",
    422: "the provider refuses the request: check the model's name and options",
    429: "too many requests, or the quota is used up: wait, or raise the limit",
}


def as_model_error(error: BaseException, name: str) -> ModelError:
    """Return the ``ModelError`` that explains ``error``, raised by the model called ``name``; keeps its message.

    Raise the result ``from error``.
    """
    if isinstance(error, ModelError):
        return ModelError(str(error))
    message = _message(error)
    return ModelError(f"the model {name!r} failed: {_explanation(error, message)} ({message})")


@contextmanager
def raising_model_errors(name: str) -> Iterator[None]:
    """Turn any exception of the model called ``name`` into a ``ModelError``; a ``PinciteError`` passes unchanged."""
    try:
        yield
    except PinciteError:
        raise
    except Exception as error:  # any provider's library may raise anything; nothing is swallowed
        raise as_model_error(error, name) from error


@contextmanager
def creating_model(spec: str, kind: str) -> Iterator[None]:
    """Turn what LangChain raises when it cannot create a ``kind`` from ``provider:name`` into a ``ModelError``."""
    provider = spec.partition(":")[0]
    try:
        yield
    except ImportError as error:
        package = _PACKAGE.search(str(error))
        fix = f"pip install {package[1]}" if package else f"pip install langchain-{provider}"
        raise ModelError(f"the {kind} {spec!r} needs a package that is not installed: run `{fix}`") from error
    except Exception as error:  # each provider's package has errors of its own
        if isinstance(error, ValueError) and ("provider" in str(error).lower() and "upported" in str(error)):
            raise ModelError(
                f"{provider!r} is not a provider of {kind}s that LangChain knows: use openai, anthropic, "
                "google_genai, mistralai, ollama or another one of its list, as in 'openai:NAME'"
            ) from error
        raise as_model_error(error, spec) from error


def object_name(model: object) -> str:
    """Return the class of a LangChain object, with its model's name if it has one: ``ChatOpenAI:gpt-4o``."""
    for attribute in ("model_name", "model", "model_id", "name"):
        value = getattr(model, attribute, None)
        if isinstance(value, str) and value:
            return f"{type(model).__name__}:{value}"
    return type(model).__name__


def _explanation(error: BaseException, message: str) -> str:
    """Return cause and remedy of an error, by its message, its HTTP status and the class names in its chain."""
    status = _http_status(error)
    class_names = {kind.__name__ for link in _cause_chain(error) for kind in type(link).__mro__}
    lower = message.lower()
    if "context" in lower and any(word in lower for word in ("length", "exceed", "maximum", "window")):
        return "the prompt is too long: give less evidence or a shorter history"
    if (
        status >= 400
        and "model" in lower
        and any(words in lower for words in ("not found", "does not exist"))
    ):
        return _STATUS[404]
    if status in _STATUS:
        return _STATUS[status]
    if status >= 500:
        return "the provider is at fault: try again later"
    if _is_missing_key(lower):
        return f"no key is set: set {_key_variable(message)}"
    if any("Timeout" in name for name in class_names):
        return "no answer in time: check the connection and try again"
    if any("Connect" in name for name in class_names):
        return "no connection: check that the server runs, its address and the network"
    if "no generation chunks" in lower or "validation error for chatcompletion" in lower:
        return "what answers there is no model: check the base URL, which often ends in /v1"
    return "see its own words"


def _is_missing_key(lower: str) -> bool:
    absence = ("missing", "did not find", "must be set", "not set", "no api key", "could not resolve")
    credential = ("key", "credential", "auth", "token")
    return any(word in lower for word in absence) and any(word in lower for word in credential)


def _key_variable(message: str) -> str:
    match = _VARIABLE.search(message) or _FIELD.search(message)
    if match is None:
        return "the provider's API key in the environment"
    return f"the environment variable {match[0].upper()}"


def _http_status(error: BaseException) -> int:
    """Return the HTTP status of the error or of one that caused it; 0 if there is none."""
    for link in _cause_chain(error):
        for holder in (link, getattr(link, "response", None)):
            for attribute in ("status_code", "status", "code"):
                value = getattr(holder, attribute, None)
                value = int(value) if isinstance(value, str) and value.isdecimal() else value
                if isinstance(value, int) and 400 <= value <= 599:
                    return value
    return 0


def _cause_chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and the errors that caused it, at most eight."""
    link: BaseException | None = error
    for _ in range(_CHAIN_LENGTH):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _body_message(error: BaseException) -> str:
    """Return the provider's words in the body of its reply, where its library left them out of the error's message."""
    for link in _cause_chain(error):
        body = getattr(link, "body", None)
        while isinstance(body, dict):
            body = next((body[key] for key in ("message", "error", "detail") if body.get(key)), None)
        if isinstance(body, str) and body.strip():
            return _TAG.sub(" ", body)
    return ""


def _message(error: BaseException) -> str:
    """Return the error's message on one line, with the root cause's if it adds something, without secrets."""
    text = " ".join(str(error).split())
    *_, root = _cause_chain(error)
    for addition in (_body_message(error), str(root)):
        more = " ".join(_ADVICE.sub("", addition).split())
        text = text if more in text else f"{text} {more}".strip()
    message = _SECRET.sub("…", f"{type(error).__name__}: {text}" if text else type(error).__name__)
    return message if len(message) <= _MESSAGE_CHARS else f"{message[: _MESSAGE_CHARS - 1]}…"
