"""Says in one line what went wrong with a provider's model, and what mends it.

The libraries of providers are not imported: an exception is known by its status, its class and its words.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.errors import ModelError, PinciteError

if TYPE_CHECKING:
    pass


_MOST_CHARS = 300


_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*(?:API_KEY|ACCESS_KEY|TOKEN)\b")


_FIELD = re.compile(
    r"\b[a-z]+_api_key\b"
)  # some packages name their field, which is the variable in lower case


_SECRET = re.compile(r"\b(?:sk|gsk|xai|pplx|hf|AIza|Bearer)[-_ ]?[\w*.-]{12,}")


# What is said where the status alone tells; the provider's own words follow.
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
    """What ``error``, raised by the model called ``name``, means to a user; its own words are kept.

    Raise what is returned ``from error``.
    """
    if isinstance(error, ModelError):
        return ModelError(str(error))
    said = _words(error)
    return ModelError(f"the model {name!r} failed: {_meaning(error, said)} ({said})")


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Whatever the model called ``name`` raises inside leaves as a ``ModelError``."""
    try:
        yield
    except PinciteError:
        raise
    except Exception as error:  # any provider's library may raise anything; nothing is swallowed
        raise as_model_error(error, name) from error


def _meaning(error: BaseException, said: str) -> str:
    status = _status(error)
    kinds = {kind.__name__ for link in _chain(error) for kind in type(link).__mro__}
    lower = said.lower()
    if "context" in lower and any(word in lower for word in ("length", "exceed", "maximum", "window")):
        return "the prompt is too long: give less evidence or a shorter history"
    if status in _STATUS:
        return _STATUS[status]
    if status >= 500:
        return "the provider is at fault: try again later"
    if _is_missing_key(lower):
        return f"no key is set: set {_variable(said)}"
    if any("Timeout" in kind for kind in kinds):
        return "no answer in time: check the connection and try again"
    if any("Connect" in kind for kind in kinds):
        return "no connection: check that the server runs, its address and the network"
    return "see its own words"


def _is_missing_key(lower: str) -> bool:
    wanting = ("missing", "did not find", "must be set", "not set", "no api key", "could not resolve")
    named = ("key", "credential", "auth", "token")
    return any(word in lower for word in wanting) and any(word in lower for word in named)


def _variable(said: str) -> str:
    found = _VARIABLE.search(said) or _FIELD.search(said)
    if found is None:
        return "the provider's API key in the environment"
    return f"the environment variable {found[0].upper()}"


def _status(error: BaseException) -> int:
    """The HTTP status, 0 where there is none."""
    for link in _chain(error):
        for holder in (link, getattr(link, "response", None)):
            for attribute in ("status_code", "status", "code"):
                value = getattr(holder, attribute, None)
                if isinstance(value, int) and 400 <= value <= 599:
                    return value
    return 0


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, at most eight deep."""
    link: BaseException | None = error
    for _ in range(8):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


def _words(error: BaseException) -> str:
    """The exception's own words on one line, with the root cause's where they add something, without keys."""
    own = " ".join(str(error).split())
    *_, root = _chain(error)
    deeper = " ".join(str(root).split())
    both = f"{own} {deeper}" if deeper and deeper not in own else own
    said = _SECRET.sub("…", f"{type(error).__name__}: {both}" if both else type(error).__name__)
    return said if len(said) <= _MOST_CHARS else f"{said[: _MOST_CHARS - 1]}…"


_PACKAGE = re.compile(r"pip install ([\w.-]+)")


@contextmanager
def _opening(spec: str, kind: str) -> Iterator[None]:
    """What LangChain says when it cannot make a model of ``provider:name``, said in one line."""
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


def _object_name(model: object) -> str:
    """The class, and the model's name where the object has one: ``ChatOpenAI:gpt-4o``."""
    for attribute in ("model_name", "model", "model_id", "name"):
        value = getattr(model, attribute, None)
        if isinstance(value, str) and value:
            return f"{type(model).__name__}:{value}"
    return type(model).__name__
