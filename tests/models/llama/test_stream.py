"""A stream of pieces from a callback: order, errors, and cancelling; no language model is needed."""

from collections.abc import Iterator
from itertools import count

import pytest

from rag.models.llama.stream import CallbackStream, Piece, Receive, running_streams

PATIENCE_S = 10.0


def count_until_stopped(receive: Receive) -> None:
    for number in count():
        if receive({"number": number}):
            return


def numbers(stream: Iterator[Piece]) -> list[int]:
    return [piece["number"] for piece in stream]


def test_pieces_come_in_order_and_end_with_the_work() -> None:
    stream = CallbackStream(lambda receive: [receive({"number": number}) for number in range(100)])
    assert numbers(iter(stream)) == [*range(100)]


def test_an_exception_of_the_work_is_raised_after_the_pieces_before_it() -> None:
    def fail_after_one(receive: Receive) -> None:
        receive({"number": 0})
        raise ValueError("no more")

    pieces = iter(CallbackStream(fail_after_one))
    assert next(pieces) == {"number": 0}
    with pytest.raises(ValueError, match="no more"):
        next(pieces)


def test_leaving_the_loop_stops_the_work() -> None:
    stream = CallbackStream(count_until_stopped)
    for _ in stream:
        break
    stream.thread.join(PATIENCE_S)
    assert not stream.thread.is_alive()
    assert stream not in running_streams()


def test_a_cancelled_stream_ends_after_the_pieces_it_has() -> None:
    stream = CallbackStream(count_until_stopped)
    assert stream in running_streams()
    pieces = iter(stream)
    next(pieces)
    stream.cancelled.set()
    rest = numbers(pieces)
    assert rest == [*range(1, len(rest) + 1)]
