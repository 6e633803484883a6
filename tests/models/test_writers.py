"""Language models opened by name, path or object: what opens, under which name, and the message where nothing does."""

from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models import default_model
from rag.models.catalogue import CATALOGUE
from rag.models.download import install_model
from rag.models.writers import local_models, open_writer
from rag.system.paths import models_folder
from tests.support.gguf_file import gguf_file
from tests.support.language_model import TEST_MODEL, ScriptedChat


@pytest.mark.usefixtures("private_home")
def test_without_a_model_installed_answers_are_quotes() -> None:
    assert open_writer() is None
    assert open_writer("quotes") is None


@pytest.mark.usefixtures("private_home")
@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("smollm2-135m", r"'smollm2-135m' is not installed: run `pincite models pull smollm2-135m`"),
        ("smolm2-135m", r"did you mean 'smollm2-135m'"),
        ("", "no model is called ''"),
        ("something", "use 'quotes', qwen2.5-coder-1.5b, .*, a path to a .gguf file, or 'provider:name'"),
        ("./absent.gguf", "cannot read the model file 'absent.gguf': No such file"),
        ("nosuch:model", "'nosuch' is not a provider"),
        ("anthropic:claude", "run `pip install langchain-anthropic`"),
    ],
)
def test_a_name_that_opens_no_model_is_refused_with_the_remedy(spec: str, message: str) -> None:
    with pytest.raises(ModelError, match=message) as error:
        open_writer(spec)
    assert "\n" not in str(error.value)


@pytest.mark.usefixtures("private_home")
def test_a_damaged_default_model_is_not_opened() -> None:
    file = models_folder() / CATALOGUE[0].file
    file.parent.mkdir(parents=True)
    file.write_bytes(gguf_file())
    assert open_writer() is None
    with pytest.raises(ModelError, match="is damaged: run `pincite models pull"):
        open_writer(CATALOGUE[0].name)


def test_a_gguf_file_opens_by_its_path_and_by_its_name(private_home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.gguf").write_bytes(gguf_file())
    by_path = open_writer(str(tmp_path / "mine.gguf"))
    assert by_path is not None
    assert (by_path.name, by_path.context_tokens) == ("mine", 4096)
    install_model(tmp_path / "mine.gguf")
    by_name = open_writer("mine", context_tokens=512)
    assert by_name is not None
    assert (by_name.name, by_name.context_tokens) == ("mine", 512)
    for tokens in (0, 4097):
        with pytest.raises(ModelError, match=f"context_tokens={tokens} is out of range"):
            open_writer("mine", context_tokens=tokens)


def test_a_langchain_chat_model_is_used_as_it_is() -> None:
    chat = ScriptedChat(replies=["Yes."])
    writer = open_writer(chat)
    assert writer is not None
    assert writer.model is chat
    assert writer.name == "ScriptedChat"
    assert writer.with_token_limit(9).invoke("Is it?").text == "Yes."
    assert chat.options == [{"max_tokens": 9}]


def test_an_object_that_is_no_chat_model_is_refused() -> None:
    with pytest.raises(ModelError, match="'int' is no LangChain chat model"):
        open_writer(3)  # type: ignore[arg-type]


@pytest.mark.usefixtures("private_home")
def test_the_catalogue_and_other_files_are_listed() -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "zebra.gguf").write_bytes(gguf_file())
    (models_folder() / CATALOGUE[1].file).write_bytes(gguf_file())
    listed = local_models()
    assert [model.name for model in listed] == [*(model.name for model in CATALOGUE), "zebra"]
    assert [model.is_installed for model in listed] == [*(False for _ in CATALOGUE), True]
    assert listed[-1].bytes == len(gguf_file())


@pytest.mark.slow
def test_a_model_opens_by_its_name_and_writes() -> None:
    install_model(TEST_MODEL)
    writer = open_writer(TEST_MODEL)
    assert writer is not None
    assert (writer.name, writer.context_tokens) == ("smollm2-135m", 4096)
    assert writer.with_token_limit(3).invoke("Name three colours.").text


@pytest.mark.slow
def test_the_default_model_opens_where_memory_is_free_and_not_elsewhere(
    reading_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: 3_000_000_000)
    writer = open_writer()
    assert writer is not None
    assert (writer.name, writer.context_tokens) == ("qwen2.5-coder-1.5b", 4096)
    assert reading_model.is_file()
    monkeypatch.setattr(default_model, "available_memory", lambda: 2_999_999_999)
    assert open_writer() is None
