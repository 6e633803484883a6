"""Any model by name: what opens, what it is called, and what is said where it does not."""

import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from rag.errors import ModelError, QuestionError
from rag.models.catalogue import CATALOGUE
from rag.models.download import pull
from rag.models.embedders import EMBEDDERS, Embedder, open_embedder
from rag.models.minilm import MiniLM
from rag.models.providers import as_model_error, translated
from rag.models.static_embedder import StaticVectors
from rag.models.writers import installed, open_writer
from rag.system.paths import models_folder
from tests.models.llama.test_gguf import gguf
from tests.support.language_model import ScriptedChat

KEY = "a-key-of-the-test"


class Fixed(Embeddings):
    """Gives the rows it was made with."""

    model = "fixed-1"

    def __init__(self, rows: Sequence[Sequence[float]]) -> None:
        self.rows = [list(row) for row in rows]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.rows

    def embed_query(self, text: str) -> list[float]:
        return [-value for value in self.rows[0]]


@pytest.mark.usefixtures("private_home")
def test_without_a_model_installed_answers_are_quotes() -> None:
    assert open_writer() is None
    assert open_writer("quotes") is None


@pytest.mark.usefixtures("private_home")
@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("smollm2-135m", r"'smollm2-135m' is not installed: run `pincite models pull smollm2-135m`"),
        ("smolm2-135m", r"did you mean 'smollm2-135m'"),
        ("", "no model is called ''"),
        ("something", "use 'quotes', smollm2-135m, .*, a path to a .gguf file, or 'provider:name'"),
        ("./absent.gguf", "cannot read the model file 'absent.gguf': No such file"),
        ("nosuch:model", "'nosuch' is not a provider"),
        ("anthropic:claude", "run `pip install langchain-anthropic`"),
    ],
)
def test_a_name_that_opens_no_model_says_what_to_do(spec: str, words: str) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        open_writer(spec)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("private_home")
def test_a_damaged_default_model_is_not_opened() -> None:
    file = models_folder() / CATALOGUE[0].file
    file.parent.mkdir(parents=True)
    file.write_bytes(gguf())
    assert open_writer() is None
    with pytest.raises(ModelError, match="is damaged: run `pincite models pull"):
        open_writer(CATALOGUE[0].name)


def test_a_gguf_file_opens_by_its_path_and_by_its_name(private_home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(gguf())
    by_path = open_writer(str(tmp_path / "mine.gguf"))
    assert by_path is not None
    assert (by_path.name, by_path.small, by_path.context_tokens) == ("mine", True, 2048)
    pull(tmp_path / "mine.gguf")
    by_name = open_writer("mine", context_tokens=512)
    assert by_name is not None
    assert (by_name.name, by_name.context_tokens) == ("mine", 512)
    for tokens in (0, 4097):
        with pytest.raises(ModelError, match=f"context_tokens={tokens} is out of range"):
            open_writer("mine", context_tokens=tokens)


def test_a_langchain_model_is_taken_as_it_is() -> None:
    chat = ScriptedChat(replies=["Yes."])
    writer = open_writer(chat)
    assert writer is not None
    assert writer.model is chat
    assert (writer.name, writer.small) == ("ScriptedChat", False)
    assert writer.limited(9).invoke("Is it?").text == "Yes."
    assert chat.options == [{"max_tokens": 9}]


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(ModelError, match="'int' is no LangChain chat model"):
        open_writer(3)  # type: ignore[arg-type]


@pytest.mark.usefixtures("private_home")
def test_the_catalogue_and_other_files_are_listed() -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "zebra.gguf").write_bytes(gguf())
    (models_folder() / CATALOGUE[1].file).write_bytes(gguf())
    listed = installed()
    assert [model.name for model in listed] == [*(known.name for known in CATALOGUE), "zebra"]
    assert [model.present for model in listed] == [False, False, False, False, True]
    assert listed[-1].bytes == len(gguf())


def test_minilm_is_the_default_embedder() -> None:
    embedder = open_embedder()
    assert embedder.name == MiniLM.name
    vectors = embedder.embed(["one", "two three"])
    assert vectors.shape == (2, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.array_equal(embedder.embed_question("one"), embedder.embed(["one"])[0])
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("spec", "name", "dimensions"), [("minilm", MiniLM.name, 384), ("fast", StaticVectors.name, 256)]
)
def test_an_embedder_opens_by_its_short_name_and_by_the_one_an_index_is_marked_with(
    spec: str, name: str, dimensions: int
) -> None:
    assert EMBEDDERS[spec] == name
    for known in (spec, name):
        assert open_embedder(known).name == name
        assert open_embedder(known).embed(["one"]).shape == (1, dimensions)


def test_any_embedder_gives_vectors_of_length_one() -> None:
    embedder = open_embedder(Fixed([[3, 4], [0, 0]]))
    assert embedder.name == "Fixed:fixed-1"
    assert embedder.embed(["a", "b"]).tolist() == [[np.float32(0.6), np.float32(0.8)], [0, 0]]
    assert embedder.embed_question("a").tolist() == [-np.float32(0.6), -np.float32(0.8)]
    assert embedder.embed(["a", "b"]).dtype == np.float32


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[1.0, float("nan")], [1, 2]], "not finite"),
        ([[1.0, float("inf")], [1, 2]], "not finite"),
        ([[1.0, 2.0], [1]], "not all of one length"),
        ([[1.0, 2.0]], r"shape \(1, 2\) for 2 texts"),
        ([[], []], r"shape \(2, 0\) for 2 texts"),
    ],
)
def test_vectors_that_are_none_are_refused(rows: list[list[float]], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        open_embedder(Fixed(rows)).embed(["a", "b"])


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("bert", "use 'minilm', 'fast' or 'provider:name'"),
        ("nosuch:model", "'nosuch' is not a provider of embedders"),
        ("cohere:embed", "run `pip install langchain-cohere`"),
    ],
)
def test_a_name_that_opens_no_embedder_says_what_to_do(spec: str, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        open_embedder(spec)


class Failing(Embeddings):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise httpx.ConnectError("[Errno 111] Connection refused")

    def embed_query(self, text: str) -> list[float]:
        raise httpx.ReadTimeout("timed out")


def test_an_embedder_that_fails_is_a_model_error() -> None:
    embedder = Embedder(name="failing", model=Failing())
    with pytest.raises(ModelError, match="the model 'failing' failed: no connection"):
        embedder.embed(["a"])
    with pytest.raises(ModelError, match="no answer in time"):
        embedder.embed_question("a")


def refused(status: int, text: str) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", "https://example.org/v1")
    return httpx.HTTPStatusError(text, request=request, response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (refused(401, "Unauthorized"), "the key is refused"),
        (refused(404, "Not found"), "no such model or address"),
        (refused(429, "Slow down"), "too many requests"),
        (refused(503, "Overloaded"), "the provider is at fault"),
        (refused(400, "maximum context length is 8192 tokens"), "the prompt is too long"),
        (ValueError("Did not find anthropic_api_key"), "set the environment variable ANTHROPIC_API_KEY"),
        (ValueError("Missing key: set `GROQ_API_KEY`"), "set the environment variable GROQ_API_KEY"),
        (ConnectionRefusedError(111, "Connection refused"), "no connection"),
        (TimeoutError("timed out"), "no answer in time"),
        (KeyError("choices"), r"see its own words \(KeyError: 'choices'\)"),
        (RuntimeError(), r"see its own words \(RuntimeError\)"),
    ],
)
def test_whatever_a_model_raises_is_said_in_one_line(error: Exception, words: str) -> None:
    said = str(as_model_error(error, "some:model"))
    assert said.startswith("the model 'some:model' failed: ")
    with pytest.raises(ModelError, match=words), translated("some:model"):
        raise error


def test_the_root_cause_is_told_and_keys_are_not() -> None:
    error = RuntimeError("Connection\nerror.")
    error.__cause__ = OSError("Name or service not known for sk-abcdefghijklmnop123456")
    said = str(as_model_error(error, "m"))
    assert "Connection error. Name or service not known" in said
    assert "abcdefgh" not in said
    assert "\n" not in said


def test_own_errors_are_not_translated_twice() -> None:
    with pytest.raises(QuestionError, match=r"^too long$"), translated("m"):
        raise QuestionError("too long")
    assert str(as_model_error(ModelError("as it is"), "m")) == "as it is"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a server that speaks the OpenAI protocol, with the default model behind a key."""
    import xllamacpp  # type: ignore[import-untyped]

    params = xllamacpp.CommonParams()
    params.model.path = str(pull(CATALOGUE[0].name))
    params.n_ctx, params.n_parallel, params.cache_ram_mib = 1024, 1, 0
    params.verbosity, params.ui, params.port = -1, False, 0
    params.api_keys = [KEY]
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    address = server.listening_address
    while True:  # stopped before it listens, it never ends
        try:
            httpx.get(f"{address}/health")
        except httpx.ConnectError:
            time.sleep(0.01)
        else:
            break
    yield f"{address}/v1"
    del server


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
    assert (writer.name, writer.small, writer.context_tokens) == ("openai:smollm2", False, 8192)
    answer = writer.limited(12).invoke("Name three colours.")
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] == 12
    pieces = [piece.text for piece in writer.limited(12).stream("Name three colours.")]
    assert len([piece for piece in pieces if piece]) > 3


@pytest.mark.slow
@pytest.mark.usefixtures("hosted")
def test_a_prompt_too_long_for_a_hosted_model_is_said_so() -> None:
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with pytest.raises(ModelError, match="the prompt is too long"), translated(writer.name):
        list(writer.model.stream("word " * 2000))


@pytest.mark.slow
@pytest.mark.usefixtures("hosted")
def test_a_wrong_key_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with (
        pytest.raises(ModelError, match="the model 'openai:smollm2' failed: the key is refused"),
        translated(writer.name),
    ):
        list(writer.model.stream("Hi"))


@pytest.mark.slow
def test_a_server_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    writer = open_writer("openai:smollm2")
    assert writer is not None
    with pytest.raises(ModelError, match=r"no connection: .*Connection refused"), translated(writer.name):
        list(writer.model.stream("Hi"))


@pytest.mark.slow
def test_a_missing_key_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="no key is set: set the environment variable OPENAI_API_KEY"):
        open_writer("openai:gpt-4o")
    with pytest.raises(ModelError, match="no key is set: set the environment variable OPENAI_API_KEY"):
        open_embedder("openai:text-embedding-3-small")


@pytest.mark.slow
def test_the_default_model_opens_once_it_is_installed() -> None:
    pull(CATALOGUE[0].name)
    writer = open_writer()
    assert writer is not None
    assert (writer.name, writer.small, writer.context_tokens) == ("smollm2-135m", True, 2048)
    assert writer.limited(3).invoke("Name three colours.").text
