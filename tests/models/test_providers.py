"""Errors of hosted models, said in one line: from exceptions, and from a server that speaks the OpenAI protocol."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from rag.errors import ModelError, QuestionError
from rag.models.download import install_model
from rag.models.embedders import open_embedder
from rag.models.providers import as_model_error, raising_model_errors
from rag.models.writers import open_writer
from tests.support.language_model import TEST_MODEL
from tests.support.served_model import served_model

KEY = "a-key-of-the-test"


def status_error(status: int, text: str) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "https://example.org/v1")
    return httpx.HTTPStatusError(text, request=request, response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (status_error(401, "Unauthorized"), "the key is refused"),
        (status_error(404, "Not found"), "no such model or address"),
        (status_error(429, "Slow down"), "too many requests"),
        (status_error(503, "Overloaded"), "the provider is at fault"),
        (status_error(400, "maximum context length is 8192 tokens"), "the prompt is too long"),
        (ValueError("Did not find anthropic_api_key"), "set the environment variable ANTHROPIC_API_KEY"),
        (ValueError("Missing key: set `GROQ_API_KEY`"), "set the environment variable GROQ_API_KEY"),
        (ConnectionRefusedError(111, "Connection refused"), "no connection"),
        (TimeoutError("timed out"), "no answer in time"),
        (KeyError("choices"), r"see its own words \(KeyError: 'choices'\)"),
        (RuntimeError(), r"see its own words \(RuntimeError\)"),
    ],
)
def test_any_exception_becomes_a_model_error_that_explains_it(error: Exception, message: str) -> None:
    assert str(as_model_error(error, "some:model")).startswith("the model 'some:model' failed: ")
    with pytest.raises(ModelError, match=message), raising_model_errors("some:model"):
        raise error


def test_the_message_has_the_root_cause_and_no_key() -> None:
    error = RuntimeError("Connection\nerror.")
    error.__cause__ = OSError("Name or service not known for sk-abcdefghijklmnop123456")
    message = str(as_model_error(error, "m"))
    assert "Connection error. Name or service not known" in message
    assert "abcdefgh" not in message
    assert "\n" not in message


def test_errors_of_pincite_pass_unchanged() -> None:
    with pytest.raises(QuestionError, match=r"^too long$"), raising_model_errors("m"):
        raise QuestionError("too long")
    assert str(as_model_error(ModelError("as it is"), "m")) == "as it is"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a server that speaks the OpenAI protocol, with a small model behind a key."""
    with served_model(install_model(TEST_MODEL), key=KEY, context_tokens=1024) as address:
        yield address


@pytest.fixture
def hosted(provider: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("OPENAI_BASE_URL", provider)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    return provider


@pytest.mark.slow
@pytest.mark.usefixtures("hosted")
def test_a_hosted_model_answers_and_streams() -> None:
    writer = open_writer("openai:smollm2")
    assert writer is not None
    assert (writer.name, writer.context_tokens) == ("openai:smollm2", 8192)
    answer = writer.with_token_limit(12).invoke("Name three colours.")
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] == 12
    pieces = [piece.text for piece in writer.with_token_limit(12).stream("Name three colours.")]
    assert len([piece for piece in pieces if piece]) > 3


@pytest.mark.slow
@pytest.mark.usefixtures("hosted")
def test_a_prompt_too_long_for_a_hosted_model_is_explained() -> None:
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with pytest.raises(ModelError, match="the prompt is too long"), raising_model_errors(writer.name):
        list(writer.model.stream("word " * 2000))


@pytest.mark.slow
@pytest.mark.usefixtures("hosted")
def test_a_wrong_key_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with (
        pytest.raises(ModelError, match="the model 'openai:smollm2' failed: the key is refused"),
        raising_model_errors(writer.name),
    ):
        list(writer.model.stream("Hi"))


@pytest.mark.slow
def test_a_server_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with (
        pytest.raises(ModelError, match=r"no connection: .*Connection refused"),
        raising_model_errors(writer.name),
    ):
        list(writer.model.stream("Hi"))


@pytest.mark.slow
def test_a_missing_key_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="no key is set: set the environment variable OPENAI_API_KEY"):
        open_writer("openai:gpt-4o")
    with pytest.raises(ModelError, match="no key is set: set the environment variable OPENAI_API_KEY"):
        open_embedder("openai:text-embedding-3-small")
