import asyncio
import gc
import threading
import time
from collections.abc import Callable, Generator
from contextlib import aclosing
from contextvars import ContextVar

import anyio
import pytest

from rag.system.async_stream import in_thread


def threads() -> list[threading.Thread]:
    """The threads of streams that do not end by themselves within a second: one may be at its last step."""
    found = [one for one in threading.enumerate() if one.name == "pincite-async"]
    for one in found:
        one.join(timeout=1)
    return [one for one in found if one.is_alive()]


def counting(seen: list[object], pause_s: float = 0.01) -> Callable[[], Generator[int, None, None]]:
    """A generator without an end, which notes in ``seen`` the threads it runs in, and that it was closed."""

    def numbers() -> Generator[int, None, None]:
        try:
            number = 0
            while True:
                seen.append(threading.current_thread())
                time.sleep(pause_s)
                yield number
                number += 1
        finally:
            seen.append("closed")

    return numbers


def test_all_items_come_in_order_and_no_thread_is_left() -> None:
    async def read() -> list[int]:
        return [item async for item in in_thread(lambda: (n for n in range(1000)))]

    assert asyncio.run(read()) == list(range(1000))
    assert threads() == []


def test_an_error_is_raised_where_the_items_are_read_after_those_before_it() -> None:
    def broken() -> Generator[int, None, None]:
        yield 1
        raise ValueError("no second")

    async def read() -> None:
        async for item in in_thread(broken):
            found.append(item)  # noqa: PERF401  # what came before the error counts

    found: list[int] = []
    with pytest.raises(ValueError, match="no second"):
        asyncio.run(read())
    assert found == [1]


def test_one_thread_runs_the_generator_from_its_first_step_to_its_close_in_the_caller_s_context() -> None:
    name = ContextVar("name", default="")
    seen: list[object] = []
    names: list[str] = []

    def named() -> Generator[int, None, None]:
        names.append(name.get())
        yield from counting(seen)()

    async def read() -> None:
        name.set("reader")
        async with aclosing(in_thread(named)) as numbers:
            async for number in numbers:
                if number == 3:
                    break

    asyncio.run(read())
    assert names == ["reader"]
    assert seen[-1] == "closed"
    assert len(set(seen)) == 2
    assert threads() == []


def test_cancelling_the_task_closes_the_generator_before_the_task_is_over() -> None:
    seen: list[object] = []

    async def read() -> None:
        async for _ in in_thread(counting(seen)):
            pass

    async def main() -> None:
        task = asyncio.ensure_future(read())
        await asyncio.sleep(0.1)
        for _ in range(3):  # an impatient caller
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        assert seen[-1] == "closed"
        assert threads() == []

    asyncio.run(main())


def test_an_iterator_that_nobody_holds_any_more_ends_its_thread() -> None:
    seen: list[object] = []

    async def main() -> None:
        async for _ in in_thread(counting(seen)):
            break
        gc.collect()
        for _ in range(500):
            if not threads():
                return
            await asyncio.sleep(0.01)
        pytest.fail("the thread runs on")

    asyncio.run(main())
    assert seen[-1] == "closed"


def test_the_loop_runs_on_while_the_generator_works() -> None:
    async def main() -> int:
        steps = 0

        async def count() -> None:
            nonlocal steps
            while True:
                steps += 1
                await asyncio.sleep(0.001)

        counter = asyncio.ensure_future(count())
        async with aclosing(in_thread(counting([], pause_s=0.2))) as numbers:
            await anext(numbers)
        counter.cancel()
        return steps

    assert asyncio.run(main()) > 5


def test_the_loop_rests_while_a_cancelled_scope_of_anyio_waits_for_the_generator() -> None:
    seen: list[object] = []

    async def main() -> float:
        async def read() -> None:
            async with aclosing(in_thread(counting(seen, pause_s=1.0))) as numbers:
                async for _ in numbers:
                    pass

        async with anyio.create_task_group() as group:
            group.start_soon(read)
            await anyio.sleep(0.2)
            before = time.thread_time()
            group.cancel_scope.cancel()
        return time.thread_time() - before

    assert asyncio.run(main()) < 0.05  # of some 0.8 s
    assert seen[-1] == "closed"
    assert threads() == []
