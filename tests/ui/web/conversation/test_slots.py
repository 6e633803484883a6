"""Places for answers: no more than there are, in the order of coming, and none lost however one leaves."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from rag.chatbot import QUOTES, Chatbot
from tests.support.waiting import wait_until
from ui.commands.serve import opened
from ui.commands.source import Source
from ui.protocol.access import Steps
from ui.web.access.visitors import browser
from ui.web.conversation.slots import Slots
from ui.web.mcp_visits import Visits
from ui.web.options import Serving
from ui.web.refusal import Refusal


def free(slots: Slots) -> int:
    """How many places can be had at once."""
    places = [slots.place() for _ in range(100)]
    given = 0
    for place in places:
        if not place.__enter__().done():
            place.__exit__(None, None, None)
            break
        given += 1
    for place in places[:given]:
        place.__exit__(None, None, None)
    return given


def test_no_more_threads_than_places_are_at_it_and_all_come_to_it() -> None:
    slots = Slots(at_once=3, waiting=100)
    now, most, lock = 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal now, most
        with slots.place() as place:
            place.result(20)
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.005)
            with lock:
                now -= 1

    with ThreadPoolExecutor(30) as pool:
        list(pool.map(work, range(60)))
    assert most == 3
    assert free(slots) == 3


def test_who_came_first_has_the_place_first_whether_a_thread_or_a_task() -> None:
    slots = Slots(at_once=1, waiting=10)
    order: list[str] = []

    async def task(name: str) -> None:
        with slots.place() as place:
            await asyncio.wrap_future(place)
            order.append(name)

    def thread(name: str) -> None:
        with slots.place() as place:
            place.result(20)
            order.append(name)

    async def main() -> None:
        with slots.place():
            tasks = []
            for number in range(4):
                tasks.append(
                    asyncio.ensure_future(
                        task(f"{number}") if number % 2 else asyncio.to_thread(thread, f"{number}")
                    )
                )
                await asyncio.sleep(0.05)
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert order == ["0", "1", "2", "3"]
    assert free(slots) == 1


def test_one_too_many_is_sent_away_with_the_seconds_after_which_to_come_again() -> None:
    slots = Slots(at_once=1, waiting=1)
    with slots.place(), slots.place():
        with pytest.raises(
            Refusal, match="1 questions wait already, which is the limit: try again in 5 s"
        ) as no:
            slots.place().__enter__()
        assert (no.value.status, no.value.retry_s) == (503, 5)
        with slots.place(bounded=False) as place:  # who has waited elsewhere waits on
            assert not place.done()
    assert free(slots) == 1


def test_a_task_that_is_cancelled_while_it_waits_leaves_the_queue() -> None:
    slots = Slots(at_once=1, waiting=1)

    async def waits() -> None:
        with slots.place() as place:
            await asyncio.wrap_future(place)

    async def main() -> None:
        with slots.place():
            waiting = asyncio.ensure_future(waits())
            await asyncio.sleep(0.01)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            with slots.place() as place:  # there is room to wait again
                assert not place.done()

    asyncio.run(main())
    assert free(slots) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["come", "leave first", "leave last"]), max_size=40), st.integers(1, 3))
def test_whatever_comes_and_goes_no_place_is_lost_or_made(steps: list[str], at_once: int) -> None:
    slots = Slots(at_once=at_once, waiting=100)
    there = []
    for step in steps:
        if step == "come":
            entered = slots.place()
            there.append((entered, entered.__enter__()))
        elif there:
            there.pop(0 if step == "leave first" else -1)[0].__exit__(None, None, None)
        having = sum(place.done() for _, place in there)
        assert having == min(at_once, len(there))
    for entered, _ in there:
        entered.__exit__(None, None, None)
    wait_until(lambda: free(slots) == at_once, within_s=1)


def test_an_assistant_s_question_waits_for_its_place_and_a_search_does_not(private_home: Path) -> None:
    def work(_: Chatbot) -> Steps[str]:
        yield "at it"
        return "done"

    scope = {"type": "http", "headers": [], "state": {"visitor": browser("anna"), "address": "127.0.0.1"}}
    with opened(Source((), QUOTES, None), Serving(page=False, at_once=1)) as served:
        visits = Visits(served)
        with served.desk.slots.place():
            waiting = visits.worked(work, use="ask", request=Request(scope))
            assert [next(waiting), next(waiting)] == ["Waiting for other questions"] * 2
            assert next(visits.worked(work, use="search", request=Request(scope))) == "at it"
        assert list(waiting) == ["at it"]
        assert free(served.desk.slots) == 1
