"""Work for a client stops when the client has gone, and only then."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.types import Message

from ui.web.v1.connection import ClientGone, EventStream, while_connected


async def never() -> Message:
    await asyncio.Event().wait()
    return {}


async def gone() -> Message:
    await asyncio.sleep(0.01)
    return {"type": "http.disconnect"}


def test_the_result_and_the_error_of_the_work_are_those_of_the_call() -> None:
    async def works() -> int:
        return 7

    async def fails() -> None:
        raise ValueError("seven")

    assert asyncio.run(while_connected(never, works())) == 7
    with pytest.raises(ValueError, match="seven"):
        asyncio.run(while_connected(never, fails()))


def test_work_has_ended_when_it_is_known_that_the_client_has_gone() -> None:
    steps = []

    async def works() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            steps.append("ended")

    with pytest.raises(ClientGone):
        asyncio.run(while_connected(gone, works()))
    assert steps == ["ended"]


def test_a_call_that_is_cancelled_leaves_no_work_behind() -> None:
    steps = []

    async def works() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            steps.append("ended")

    async def main() -> None:
        call = asyncio.ensure_future(while_connected(never, works()))
        await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(main())
    assert steps == ["ended"]


def test_a_stream_that_fails_at_once_has_sent_nothing_and_frames_are_closed() -> None:
    sent: list[Message] = []
    closed = []

    async def frames() -> AsyncGenerator[str, None]:
        try:
            for number in [0]:
                yield f"{1 // number}"
        finally:
            closed.append(True)

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(EventStream(frames())({}, never, send))
    assert (sent, closed) == ([], [True])


def test_frames_of_a_stream_are_closed_when_its_client_has_gone_while_it_sends() -> None:
    closed = []

    async def frames() -> AsyncGenerator[str, None]:
        try:
            while True:
                yield ": x\n\n"
        finally:
            closed.append(True)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)  # the network takes no more

    with pytest.raises(ClientGone):
        asyncio.run(EventStream(frames())({}, gone, send))
    assert closed == [True]
