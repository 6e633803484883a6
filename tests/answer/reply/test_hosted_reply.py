"""Replies and failures of a provider, through LangChain's own client and over HTTP."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from rag.answer.reply.reader import ReplyReader
from rag.models.providers import raising_model_errors
from rag.models.writers import open_writer
from tests.support.provider_server import Failure, Provider, chunk, provider_server

A = "Colossus stands in Memphis [1]."


def failure(status: int, error: object) -> Failure:
    return Failure(status, json.dumps({"error": error}))


UNSUPPORTED = "Unsupported parameter: 'max_tokens' is not supported with this model."
REPLIES: dict[str, Failure | list[dict[str, Any]]] = {
    "whole": [chunk(A, role="assistant"), chunk(reason="stop")],
    "length": [chunk(A + " It to", role="assistant"), chunk(reason="length")],
    "dead line": [chunk(A + " It to", role="assistant")],
    "filtered": [chunk("Colossus", role="assistant"), chunk(reason="content_filter")],
    "refused": [chunk(refusal="I can't help.", role="assistant"), chunk(reason="content_filter")],
    "nothing": [chunk("", role="assistant"), chunk(reason="stop")],
    "reasons only": [chunk(None, role="assistant", reasoning_content="Hm [1]."), chunk(reason="length")],
    "rate": failure(429, {"message": "Rate limit reached for requests"}),
    "context": failure(400, {"message": "This model's maximum context length is 4096 tokens."}),
    "page": Failure(502, "<html><h1>502 Bad Gateway</h1><hr>nginx</html>", "text/html"),
    "login": Failure(200, "<html>Login</html>", "text/html"),
    "key": failure(401, {"message": "Incorrect API key provided: sk-abc***xyz."}),
    "plain": failure(500, "model 'x' not found, try pulling it first"),
    "detail": Failure(422, json.dumps({"detail": "temperature must be below 2"})),
    "option": failure(400, {"message": UNSUPPORTED, "param": "max_tokens"}),
    "midway": [chunk(A, role="assistant"), {"error": {"message": "Upstream overloaded", "code": 503}}],
}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provider_server(REPLIES) as server:
        yield server


@pytest.fixture(autouse=True)
def hosted(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", provider.address)
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-the-test")


def read(name: str) -> ReplyReader:
    writer = open_writer(f"openai:{name}")
    assert writer is not None
    reader = ReplyReader((1,))
    with raising_model_errors(writer.name):
        for piece in writer.with_token_limit(50).stream("Where?"):
            reader.feed(piece)
    reader.finish()
    return reader


@pytest.mark.parametrize(
    ("name", "text", "ending"),
    [
        ("whole", A, "complete"),
        ("length", f"{A} It to", "cut off"),
        ("dead line", f"{A} It to", "cut off"),
        ("filtered", "Colossus", "filtered"),
        ("refused", "", "filtered"),
        ("nothing", "", "complete"),
        ("reasons only", "", "cut off"),
    ],
)
def test_the_reply_of_a_provider_is_read(name: str, text: str, ending: str) -> None:
    reader = read(name)
    assert (reader.text, reader.ending, reader.empty) == (text, ending, not text)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rate", "too many requests.*Rate limit reached for requests"),
        ("context", "the prompt is too long.*maximum context length is 4096"),
        ("page", r"the provider is at fault.*502 Bad Gateway nginx"),
        ("login", "no model: check the base URL"),
        ("key", r"the key is refused.*Incorrect API key provided"),
        ("plain", "no such model.*model 'x' not found, try pulling it first"),
        ("detail", "temperature must be below 2"),
        ("option", "'max_tokens' is not supported"),
        ("midway", "the provider is at fault.*Upstream overloaded"),
    ],
)
def test_a_failure_is_told_in_the_words_of_the_provider(name: str, message: str) -> None:
    with pytest.raises(Exception, match=message) as raised:
        read(name)
    assert "\n" not in str(raised.value)
    assert "<" not in str(raised.value)
    assert "developer.mozilla" not in str(raised.value)


def test_the_limit_of_tokens_is_sent_by_the_name_that_new_models_take(provider: Provider) -> None:
    read("whole")
    assert provider.asked[-1]["max_completion_tokens"] == 50
    assert "max_tokens" not in provider.asked[-1]
