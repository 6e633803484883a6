"""Work in a thread as an iterator: order, errors, waiting, and stopping; no language model is needed."""

import threading
from itertools import count

import pytest

from rag.system.callback_stream import (
    CallbackStream,
    Cancelled,
    Receive,
    raise_if_cancelled,
    running_streams,
)

PATIENCE_S = 10.0


def count_until_stopped(receive: Receive[int]) -> None:
    for number in count():
        if receive(number):
            return


def test_pieces_come_in_order_and_end_with_the_work() -> None:
    stream: CallbackStream[int] = CallbackStream(lambda receive: [*map(receive, range(100))])
    assert [*stream] == [*range(100)]


def test_an_exception_of_the_work_is_raised_after_the_pieces_before_it() -> None:
    def fail_after_one(receive: Receive[int]) -> None:
        receive(0)
        raise ValueError("no more")

    pieces = iter(CallbackStream(fail_after_one))
    assert next(pieces) == 0
    with pytest.raises(ValueError, match="no more"):
        next(pieces)


def test_leaving_the_loop_stops_the_work() -> None:
    stream = CallbackStream(count_until_stopped, native=True)
    for _ in stream:
        break
    stream.thread.join(PATIENCE_S)
    assert not stream.thread.is_alive()
    assert stream not in running_streams()


def test_a_cancelled_stream_ends_after_the_pieces_it_has() -> None:
    stream = CallbackStream(count_until_stopped, native=True)
    assert stream in running_streams()
    pieces = iter(stream)
    next(pieces)
    stream.cancelled.set()
    rest = [*pieces]
    assert rest == [*range(1, len(rest) + 1)]


def test_while_nothing_comes_the_caller_gets_none_and_can_stop() -> None:
    go = threading.Event()

    def wait_then_count(receive: Receive[int]) -> None:
        go.wait(PATIENCE_S)
        receive(7)

    beats = CallbackStream(wait_then_count).beats(0.01)
    assert [next(beats), next(beats)] == [None, None]
    go.set()
    assert next(piece for piece in beats if piece is not None) == 7
    assert [piece for piece in beats if piece is not None] == []


def test_closing_the_beats_stops_the_work_and_the_streams_that_it_opened() -> None:
    inner: list[CallbackStream[int]] = []
    raised: list[BaseException] = []

    def read_another(receive: Receive[int]) -> None:
        inner.append(CallbackStream(count_until_stopped))
        try:
            for number in inner[0]:
                if number == 3:
                    receive(number)
        except Cancelled as error:
            raised.append(error)

    outer = CallbackStream(read_another)
    beats = outer.beats(PATIENCE_S)
    assert next(beats) == 3
    beats.close()  # type: ignore[attr-defined]
    for stream in (outer, inner[0]):
        stream.thread.join(PATIENCE_S)
        assert not stream.thread.is_alive()
    assert raised


def test_work_can_ask_whether_it_is_still_wanted() -> None:
    raise_if_cancelled()  # outside any stream it always is
    asked: list[str] = []

    def ask(receive: Receive[int]) -> None:
        receive(0)
        stopped.wait(PATIENCE_S)
        try:
            raise_if_cancelled()
        except Cancelled:
            asked.append("unwanted")

    stopped = threading.Event()
    stream = CallbackStream(ask)
    pieces = iter(stream)
    next(pieces)
    stream.cancelled.set()
    stopped.set()
    stream.thread.join(PATIENCE_S)
    assert asked == ["unwanted"]
