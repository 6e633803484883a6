"""The embedded model: the real library with the default model, and with files that are no models."""

import asyncio
import contextlib
import os
import random
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.messages import AIMessage, AIMessageChunk, HumanMessage, SystemMessage
from pydantic import BaseModel

from rag.errors import ModelError
from rag.models.llama import chat_model
from rag.models.llama.chat_model import Llama, generation_threads, prompt_threads
from rag.system.callback_stream import CallbackStream, Receive, Work, running_streams
from tests.support.gguf_file import gguf_file
from tests.support.llama_process import private_sockets, tcp_listeners

STORY = [HumanMessage("Write a very long story about a lighthouse.")]
Piece = dict[str, Any]


class CountingStream(CallbackStream[Piece]):
    """Counts the pieces that llama.cpp called back with."""

    def __init__(self, work: Work[Piece], *, native: bool) -> None:
        self.pieces = 0
        self.second = threading.Event()

        def counting(receive: Receive[Piece]) -> object:
            def count(piece: Piece) -> bool:
                self.pieces += 1
                if self.pieces == 2:
                    self.second.set()
                return receive(piece)

            return work(count)

        super().__init__(counting, native=native)


@pytest.fixture
def counting_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_model, "CallbackStream", CountingStream)


@pytest.fixture(scope="session")
def llama(test_model: Path) -> Llama:
    return Llama(path=test_model)


def test_one_core_is_left_free_to_generate_and_all_read_the_prompt() -> None:
    cores = len(os.sched_getaffinity(0))
    assert generation_threads() == max(1, min(cores - 1, 8))
    assert prompt_threads() == min(cores, 16)


@pytest.mark.slow
def test_the_pieces_make_the_answer_and_the_last_one_has_its_tokens_and_speed(llama: Llama) -> None:
    pieces = list(llama.stream("Name three colours.", max_tokens=20))
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = whole + piece
    assert isinstance(whole, AIMessageChunk)
    assert len([piece for piece in pieces if piece.text]) > 5
    assert whole.text == llama.invoke("Name three colours.", max_tokens=20).text
    assert whole.usage_metadata is not None
    assert whole.usage_metadata["output_tokens"] == 20
    assert whole.usage_metadata["input_tokens"] == llama.get_num_tokens_from_messages(
        [HumanMessage("Name three colours.")]
    )
    metadata = whole.response_metadata
    assert metadata["finish_reason"] == "length"
    assert metadata["tokens_per_second"] > 0
    assert metadata["prompt_tokens_per_second"] > 0


@pytest.mark.slow
def test_the_same_question_gets_the_same_answer(llama: Llama) -> None:
    messages = [SystemMessage("Answer in one sentence."), HumanMessage("What is a lighthouse for?")]
    first = llama.invoke(messages, max_tokens=40)
    assert first.text
    assert llama.invoke(messages, max_tokens=40).text == first.text


@pytest.mark.slow
def test_the_start_of_a_prompt_is_read_once(llama: Llama) -> None:
    rules = SystemMessage("Answer from the passages alone, and say so where they do not answer. " * 10)
    llama.invoke([rules, HumanMessage("Who?")], max_tokens=1)
    second = llama.invoke([rules, HumanMessage("When?")], max_tokens=1)
    assert second.response_metadata["cached_tokens"] > 100


@pytest.mark.slow
def test_a_stop_word_ends_the_answer_before_it(llama: Llama) -> None:
    free = llama.invoke("Name three colours.", max_tokens=20).text
    word = free.split()[4]
    answer = llama.invoke("Name three colours.", max_tokens=20, stop=[word])
    assert answer.text == free[: free.index(word)]
    assert answer.response_metadata["finish_reason"] == "stop"


@pytest.mark.slow
@pytest.mark.usefixtures("counting_streams")
def test_closing_the_stream_stops_the_work(llama: Llama) -> None:
    stream = llama.stream(STORY, max_tokens=1000)
    assert isinstance(stream, Generator)
    for _ in range(3):
        next(stream)
    (running,) = running_streams()
    assert isinstance(running, CountingStream)
    stream.close()
    running.thread.join(60)
    assert not running.thread.is_alive()
    assert running.pieces < 100


@pytest.mark.slow
@pytest.mark.usefixtures("counting_streams")
def test_a_long_prompt_can_be_cancelled_before_it_is_read_to_the_end(test_model: Path) -> None:
    llama = Llama(path=test_model, context_tokens=4096, parallel=1)
    llama.load()

    def read() -> None:
        with contextlib.suppress(ValueError):  # LangChain's word for an answer without one
            list(llama.stream("lighthouse " * 3500, max_tokens=200))

    reader = threading.Thread(target=read)
    reader.start()
    deadline = time.monotonic() + 60
    while not running_streams():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (running,) = running_streams()
    assert isinstance(running, CountingStream)
    assert running.second.wait(60)
    running.cancelled.set()
    reader.join(120)
    assert not reader.is_alive()
    assert running.pieces < 10  # of over 200 batches, before a word is written


@pytest.mark.slow
@pytest.mark.usefixtures("counting_streams")
def test_who_stops_while_a_long_prompt_is_read_stops_the_reading(test_model: Path) -> None:
    llama = Llama(path=test_model, context_tokens=4096, parallel=1)
    llama.load()

    def read(receive: Receive[str]) -> None:
        for piece in llama.stream("lighthouse " * 3500, max_tokens=200):
            receive(piece.text)

    answering = CallbackStream(read)
    reading: CountingStream | None = None
    for piece in answering.beats(0.01):
        assert piece is None  # not a word is written yet
        reading = reading or next((s for s in running_streams() if isinstance(s, CountingStream)), None)
        if reading and reading.second.is_set():
            break
    answering.cancelled.set()
    answering.thread.join(60)
    assert not answering.thread.is_alive()
    assert reading is not None
    assert reading.pieces < 10  # of over 200 batches


@pytest.mark.slow
def test_answers_are_given_side_by_side(llama: Llama) -> None:
    questions: list[Any] = ["Name three colours.", "What is a lighthouse for?", "Say hello."]  # of two slots
    alone = [llama.invoke(question, max_tokens=8).text for question in questions]
    assert [answer.text for answer in llama.batch(questions, max_tokens=8)] == alone


async def async_text(llama: Llama) -> str:
    return "".join([piece.text async for piece in llama.astream("Name three colours.", max_tokens=10)])


@pytest.mark.slow
def test_it_streams_to_asynchronous_callers(llama: Llama) -> None:
    assert asyncio.run(async_text(llama)) == llama.invoke("Name three colours.", max_tokens=10).text


class Colour(BaseModel):
    colour: str
    warm: bool


@pytest.mark.slow
def test_an_answer_can_be_constrained_to_a_schema(llama: Llama) -> None:
    colour = llama.with_structured_output(Colour).invoke("What colour is the sun?")
    assert isinstance(colour, Colour)
    raw = llama.with_structured_output(Colour, include_raw=True).invoke("What colour is the sun?")
    assert raw["parsed"] == colour
    assert isinstance(raw["raw"], AIMessage)
    cut = llama.with_structured_output(Colour, include_raw=True, max_tokens=3).invoke("What colour is it?")
    assert cut["parsed"] is None
    assert cut["parsing_error"] is not None
    plain = llama.with_structured_output(Colour.model_json_schema()).invoke("What colour is the sun?")
    assert plain == colour.model_dump()


@pytest.mark.slow
def test_an_answer_can_be_constrained_to_a_grammar(llama: Llama) -> None:
    assert llama.invoke("Is water wet?", grammar='root ::= "yes" | "no"').text in ("yes", "no")


@pytest.mark.slow
def test_tokens_are_the_models_own(llama: Llama) -> None:
    assert llama.get_num_tokens("") == 0
    assert llama.get_num_tokens("Hello there world") == len(llama.get_token_ids("Hello there world")) == 3
    assert llama.get_num_tokens("İß – 漢字 \u202e <|im_end|>") > 3


@pytest.mark.slow
def test_a_prompt_over_the_context_says_how_long_it_is_and_what_to_do(llama: Llama) -> None:
    with pytest.raises(ModelError, match=r"the prompt has \d{4} tokens and the limit is 2048: give less"):
        llama.invoke("word " * 3000)
    assert llama.invoke("Say hello.", max_tokens=3).text  # and it goes on working


@pytest.mark.slow
def test_an_option_that_llama_does_not_understand_is_refused(
    llama: Llama, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError, match="no option 'top_n'"):
        llama.invoke("Hi", top_n=3)
    with pytest.raises(ModelError, match="grammar"):
        llama.invoke("Hi", grammar="root ::= (((")
    with pytest.raises(ModelError, match="refuses the request"):
        llama.invoke("Hi", response_format={"type": "nosuch"})
    capfd.readouterr()  # the library complains about the grammar on standard error whatever it is told


@pytest.mark.slow
def test_it_prints_nothing_and_listens_on_no_port(
    test_model: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = tcp_listeners()
    llama = Llama(path=test_model, context_tokens=512, parallel=1)
    llama.invoke("Say hello.", max_tokens=5)
    assert tcp_listeners() == before
    assert capfd.readouterr() == ("", "")
    llama.close()


@pytest.mark.slow
def test_its_socket_is_private_and_removed_when_it_is_closed(test_model: Path) -> None:
    before = private_sockets()
    llama = Llama(path=test_model, context_tokens=768, parallel=1)
    llama.load()
    (socket,) = private_sockets() - before
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    llama.close()
    assert not socket.parent.exists()
    assert private_sockets() == before
    assert llama.invoke("Say hello.", max_tokens=3).text  # used again, it is loaded again
    llama.close()


@pytest.mark.slow
def test_the_socket_asks_for_a_key(test_model: Path) -> None:
    before = private_sockets()
    llama = Llama(path=test_model, context_tokens=1024, parallel=1)
    llama.load()
    (socket,) = private_sockets() - before
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket))) as client:
        answer = client.post(
            "http://localhost/tokenize",
            json={"content": "Hello"},
            headers={"Authorization": "Bearer guessed"},
        )
    assert answer.status_code == 401
    assert "API Key" in answer.json()["error"]["message"]
    llama.close()


@pytest.mark.slow
def test_two_instances_with_the_same_settings_share_one_loaded_model(test_model: Path, llama: Llama) -> None:
    llama.load()
    before = private_sockets()
    twin = Llama(path=test_model, temperature=0.5, max_tokens=3)
    assert twin.invoke("Say hello.").text
    assert private_sockets() == before
    twin.close()
    assert llama.invoke("Say hello.", max_tokens=3).text


@pytest.mark.slow
def test_an_answer_under_way_is_finished_although_the_model_is_closed(test_model: Path) -> None:
    llama = Llama(path=test_model, context_tokens=640, parallel=1)
    stream = llama.stream(STORY, max_tokens=30)
    first = next(stream)
    llama.close()
    assert len([first, *stream]) > 20


@pytest.mark.slow
def test_many_threads_load_it_once(test_model: Path) -> None:
    before = private_sockets()
    llama = Llama(path=test_model, context_tokens=896, parallel=1)
    threads = [threading.Thread(target=llama.load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(private_sockets() - before) == 1
    llama.close()


@pytest.mark.slow
def test_a_process_that_ends_in_mid_answer_ends_cleanly(test_model: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.llama_process", str(test_model)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert not Path(done.stdout.strip()).exists()


@pytest.mark.slow
def test_a_context_beyond_the_models_own_is_refused(test_model: Path) -> None:
    with pytest.raises(ModelError, match="context_tokens=100000 is over the 8192"):
        Llama(path=test_model, context_tokens=100_000).load()


def test_a_missing_file_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        Llama(path=tmp_path / "absent.gguf").invoke("Hi")


@pytest.mark.usefixtures("private_home")
@pytest.mark.parametrize("content", [b"", b"GGUF", b"junk" * 99, b"GGUF" + random.Random(7).randbytes(9999)])
def test_a_file_that_is_no_model_is_refused_before_it_is_loaded(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(content)
    with pytest.raises(ModelError):
        Llama(path=file).invoke("Hi")


@pytest.mark.slow
@pytest.mark.usefixtures("private_home")
def test_a_whole_file_that_is_no_model_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(gguf_file())
    with pytest.raises(ModelError, match="error loading model"):
        Llama(path=file).invoke("Hi")


@pytest.mark.slow
@pytest.mark.usefixtures("private_home")
@pytest.mark.parametrize("size", [1_000_000, 1_785_000, 5_000_000, 98_362_431])
def test_a_model_that_is_cut_short_is_refused(test_model: Path, tmp_path: Path, size: int) -> None:
    file = tmp_path / "cut.gguf"
    file.write_bytes(test_model.read_bytes()[:size])
    with pytest.raises(ModelError):
        Llama(path=file, context_tokens=256).invoke("Hi")


@pytest.mark.slow
@pytest.mark.usefixtures("private_home")
def test_a_file_that_crashes_the_library_does_not_take_the_process_with_it(
    test_model: Path, tmp_path: Path
) -> None:
    data = bytearray(test_model.read_bytes())
    data[data.index(b"<issue_closed>") + 1] = 0
    file = tmp_path / "crashing.gguf"
    file.write_bytes(data)
    with pytest.raises(ModelError, match=r"crashes on it \(SIGABRT\)"):
        Llama(path=file, context_tokens=256).invoke("Hi")
