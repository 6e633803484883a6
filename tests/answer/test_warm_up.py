from pathlib import Path

import pytest

from rag.answer.prompts import judge_messages
from rag.answer.warm_up import start_warm_up, warm_up
from rag.models.llama.chat_model import Llama
from rag.models.writers import Writer
from tests.support.language_model import ScriptedChat


def test_a_hosted_model_is_not_asked_before_there_is_a_question() -> None:
    chat = ScriptedChat()
    warm_up(Writer(name="scripted", model=chat, context_tokens=4096))
    assert chat.prompts == []


def test_without_a_model_there_is_nothing_to_warm() -> None:
    assert start_warm_up(None) is None


def test_a_model_that_cannot_be_loaded_is_no_fault_yet(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF and nothing else")
    thread = start_warm_up(Writer(name="broken", model=Llama(path=broken), context_tokens=4096))
    assert thread is not None
    thread.join(30)
    assert not thread.is_alive()


@pytest.mark.slow
def test_the_head_of_a_prompt_is_not_read_a_second_time(test_model: Path) -> None:
    model = Llama(path=test_model)
    writer = Writer(name="small", model=model, context_tokens=2048)
    warm_up(writer)
    reply = writer.with_token_limit(1).invoke([*judge_messages((), "Who?")])
    assert reply.usage_metadata is not None
    assert reply.response_metadata["cached_tokens"] > reply.usage_metadata["input_tokens"] * 0.8
