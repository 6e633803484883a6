"""A real server under /v1: who waits, who is sent away, what stops when a client goes, and who needs a key."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import APIError, AuthenticationError, InternalServerError, OpenAI, RateLimitError
from openai.types.chat import ChatCompletionMessageParam

from tests.support.browser_chat import site
from tests.support.openapi import Document
from tests.support.waiting import wait_until
from tests.test_chatbot import HaltingChat
from ui.web.access.keys import Keys
from ui.web.v1 import reply

QUESTION = "How long did Colossus take to build?"
ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
BODY = {"model": "pincite", "messages": ASKED}
STREAM = {**BODY, "stream": True}
SOON_S = 0.5  # seconds within which a place must be free once its client has gone


def halting(*replies: str) -> HaltingChat:
    return HaltingChat(replies=list(replies), go=threading.Event(), ended=threading.Event())


@contextmanager
def serving(folder: Path, model: Any, **options: Any) -> Iterator[str]:  # noqa: ANN401
    with (
        pytest.MonkeyPatch.context() as patch,
        site(folder / "home", patch, model, page=False, **options) as at,
    ):
        yield f"{at}/v1"


@asynccontextmanager
async def asking(v1: str, body: dict[str, Any]) -> AsyncIterator[httpx.Response]:
    """A stream under way; leaving the block closes the connection."""
    async with (
        httpx.AsyncClient(timeout=30) as client,
        client.stream("POST", f"{v1}/chat/completions", json=body) as found,
    ):
        yield found


def seconds_until_answered(v1: str, begun: float) -> float:
    quotes = httpx.post(f"{v1}/chat/completions", json={**BODY, "model": "quotes"}, timeout=30)
    assert quotes.status_code == 200
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize("stream", [True, False])
def test_a_client_that_goes_stops_the_model_and_frees_its_place(tmp_path: Path, stream: bool) -> None:
    chat = halting("xAI built Colossus in Memphis, Tennessee [1].\n")
    with serving(tmp_path, chat, at_once=1) as v1:

        async def leaves() -> float:
            async with httpx.AsyncClient(timeout=30) as client:
                call = asyncio.ensure_future(
                    client.post(f"{v1}/chat/completions", json={**BODY, "stream": stream})
                )
                while not chat.prompts:
                    await asyncio.sleep(0.01)
                begun = time.monotonic()
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
            return begun

        begun = asyncio.run(leaves())
        assert seconds_until_answered(v1, begun) < SOON_S + 1  # the answer itself takes a part of a second
        assert chat.ended.wait(1)
        assert not chat.go.is_set()
        wait_until(lambda: not [one for one in threading.enumerate() if one.name.startswith("pincite-async")])


def test_who_waits_hears_that_the_stream_is_alive_and_then_gets_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reply, "_QUIET_S", 0.1)
    chat = halting("xAI built Colossus [1].\n")
    with serving(tmp_path, chat, at_once=1) as v1:

        async def main() -> tuple[str, list[str]]:
            async with asking(v1, STREAM) as first:
                while not chat.prompts:
                    await asyncio.sleep(0.01)
                async with asking(v1, {**STREAM, "model": "quotes"}) as second:
                    heard = []
                    async for line in second.aiter_lines():
                        heard.append(line)
                        if heard.count(": waiting") == 2:
                            chat.go.set()
                    return (await first.aread()).decode(), heard

        first, heard = asyncio.run(main())
    assert ": waiting" in first
    assert heard[0] == ": waiting"
    assert heard[-2] == "data: [DONE]"
    assert any("122 days" in line for line in heard)


def test_one_too_many_is_sent_away_and_may_come_again(tmp_path: Path) -> None:
    chat = halting("xAI built Colossus [1].\n")
    with serving(tmp_path, chat, at_once=1, waiting=1) as v1:

        async def main() -> None:
            async with httpx.AsyncClient(timeout=30) as client:
                first = asyncio.ensure_future(client.post(f"{v1}/chat/completions", json=STREAM))
                while not chat.prompts:
                    await asyncio.sleep(0.01)
                second = asyncio.ensure_future(
                    client.post(f"{v1}/chat/completions", json={**BODY, "model": "quotes"})
                )
                await asyncio.sleep(0.3)
                third = await client.post(f"{v1}/chat/completions", json=BODY)
                assert (third.status_code, third.headers["retry-after"]) == (503, "5")
                assert third.json()["error"]["code"] == "overloaded"
                Document(v1).check("ErrorReply", third.json())
                second.cancel()  # who leaves the queue makes room in it
                await asyncio.sleep(0.1)
                fourth = asyncio.ensure_future(
                    client.post(f"{v1}/chat/completions", json={**BODY, "model": "quotes"})
                )
                await asyncio.sleep(0.1)
                chat.go.set()
                assert (await first).text.endswith("data: [DONE]\n\n")
                assert (await fourth).status_code == 200

        asyncio.run(main())


@pytest.mark.slow
def test_the_page_and_the_programs_share_the_places(tmp_path: Path) -> None:
    chat = halting("xAI built Colossus [1].\n")
    with pytest.MonkeyPatch.context() as patch, site(tmp_path, patch, chat, at_once=1) as address:
        v1 = f"{address}/v1"

        async def main() -> None:
            async with httpx.AsyncClient(timeout=30) as client:
                held = asyncio.ensure_future(client.post(f"{v1}/chat/completions", json=STREAM))
                while not chat.prompts:
                    await asyncio.sleep(0.01)
                call = await client.post(
                    f"{address}/gradio_api/call/ask", json={"data": [QUESTION, [], [], "", "", []]}
                )
                event = call.json()["event_id"]
                page = asyncio.ensure_future(client.get(f"{address}/gradio_api/call/ask/{event}"))
                await asyncio.sleep(0.7)
                assert not page.done()
                assert len(chat.prompts) == 1  # the other question waits for the place
                held.cancel()
                while len(chat.prompts) < 2:
                    await asyncio.sleep(0.01)
                chat.go.set()
                assert "Colossus" in (await page).text

        chat.replies.append("xAI built Colossus [1].\n")
        asyncio.run(main())


def test_a_rate_is_for_each_key_and_says_when_to_try_again(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")
    reader, robot = keys.add("reader"), keys.add("robot")
    with serving(tmp_path, "quotes", keys=tmp_path / "keys", rate="1/minute") as v1:
        with OpenAI(base_url=v1, api_key=reader, max_retries=0) as client:
            client.chat.completions.create(model="pincite", messages=ASKED)
            with pytest.raises(RateLimitError, match="You have asked 1 questions within 60 seconds") as many:
                client.chat.completions.create(model="pincite", messages=ASKED)
            assert 50 <= int(many.value.response.headers["retry-after"]) <= 60
            with OpenAI(base_url=v1, api_key=robot) as other:
                other.chat.completions.create(model="pincite", messages=ASKED)
        with (
            OpenAI(base_url=v1, api_key="sk-wrong", max_retries=0) as stranger,
            pytest.raises(AuthenticationError, match="this key is not known here"),
        ):
            stranger.models.list()
        keys.remove("robot")
        with OpenAI(base_url=v1, api_key=robot, max_retries=0) as gone, pytest.raises(AuthenticationError):
            gone.models.list()
        Document(v1, authorization=f"Bearer {reader}")


def test_a_model_that_fails_is_told_with_a_status_or_in_a_stream_that_has_begun(tmp_path: Path) -> None:
    chat = halting()
    chat.judgement = ConnectionError("no route to it")
    with serving(tmp_path, chat) as v1, OpenAI(base_url=v1, api_key="none", max_retries=0) as client:
        with pytest.raises(InternalServerError, match="no route to it") as broken:
            client.chat.completions.create(model="pincite", messages=ASKED)
        assert broken.value.status_code == 503
        stream = client.chat.completions.create(model="pincite", messages=ASKED, stream=True)
        with pytest.raises(APIError, match="no route to it"):
            list(stream)


@pytest.mark.slow
def test_a_real_model_streams_and_stops_when_its_client_goes(tmp_path: Path, test_model: Path) -> None:
    with serving(tmp_path, str(test_model), at_once=1) as v1, OpenAI(base_url=v1, api_key="none") as client:
        chunks = list(client.chat.completions.create(model="pincite", messages=ASKED, stream=True))
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert chunks[-1].model == test_model.stem
        for _ in range(3):
            stream = client.chat.completions.create(model="pincite", messages=ASKED, stream=True)
            next(iter(stream))
            stream.close()
            assert seconds_until_answered(v1, time.monotonic()) < SOON_S + 1


_BARE = """
import json, sys
from ui.commands.serve import application, opened
from ui.commands.source import Source
from ui.web.options import Serving
with opened(Source((), "quotes", None), Serving(page=False)) as served:
    application(served)
    print(json.dumps([name for name in ("gradio", "pandas", "mcp", "matplotlib") if name in sys.modules]))
"""


@pytest.mark.slow
def test_without_the_page_nothing_of_gradio_is_loaded(private_home: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _BARE], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(ran.stdout.splitlines()[-1]) == []
