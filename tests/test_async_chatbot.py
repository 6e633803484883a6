"""The chatbot for code that awaits: the same answers, and a model that stops with its task."""

import asyncio
import threading
import time
from contextlib import aclosing
from pathlib import Path

import pytest

import rag
from rag.chatbot import QUOTES, Chatbot
from rag.errors import IndexFault, QuestionError
from rag.events import Delta, Finished, Retrieved, Waiting
from rag.langchain import as_runnable
from rag.models.writers import Writer
from rag.schema import Answer, Turn
from rag.system.paths import shipped_corpus
from tests.support.waiting import wait_until
from tests.test_chatbot import HaltingChat

QUESTION = "How long did Colossus take to build?"


def same(one: Answer, other: Answer) -> bool:
    return (one.text, one.citations, one.evidence) == (other.text, other.citations, other.evidence)


def test_an_awaited_answer_is_that_of_ask(shipped: Chatbot) -> None:
    awaited = asyncio.run(shipped.aask(QUESTION))
    assert "122 days" in awaited.text
    assert same(awaited, shipped.ask(QUESTION))


def test_the_awaited_events_are_those_of_stream_and_know_the_history(shipped: Chatbot) -> None:
    history = [Turn(question="What is Colossus?")]

    async def read() -> list[object]:
        return [event async for event in shipped.astream("Where was it built?", history=history)]

    events = asyncio.run(read())
    assert [type(event) for event in events] == [
        type(event) for event in shipped.stream("Where was it built?", history=history)
    ]
    assert isinstance(events[0], Retrieved)
    assert "Colossus" in events[0].standalone_question
    assert isinstance(events[-1], Finished)
    assert "".join(event.text for event in events if isinstance(event, Delta)) == events[-1].answer.text


def test_many_questions_are_awaited_at_once(shipped: Chatbot) -> None:
    questions = [QUESTION, "Who founded Anthropic?", "What is the capital of France?"] * 7

    async def ask_all() -> list[Answer]:
        return await asyncio.gather(*(shipped.aask(question) for question in questions))

    answers = asyncio.run(ask_all())
    assert [answer.question for answer in answers] == questions
    assert all(same(one, other) for one, other in zip(answers, answers[3:], strict=False))


def test_a_wrong_question_is_raised_to_whoever_awaits(shipped: Chatbot) -> None:
    with pytest.raises(QuestionError, match="holds no words"):
        asyncio.run(shipped.aask("  "))


def test_cancelling_the_task_stops_the_model_and_leaves_no_thread(shipped: Chatbot) -> None:
    chat = HaltingChat(replies=["xAI built Colossus [1].\n"], go=threading.Event(), ended=threading.Event())
    bot = Chatbot(shipped.index, writer=Writer(name="halting", model=chat, context_tokens=4096))

    async def main() -> float:
        task = asyncio.ensure_future(bot.aask(QUESTION))
        while not chat.prompts:
            await asyncio.sleep(0.01)
        begun = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - begun

    assert asyncio.run(main()) < 5  # a model that is not stopped would never end
    assert chat.ended.wait(10)
    assert not chat.go.is_set()
    wait_until(lambda: not [one for one in threading.enumerate() if one.name.startswith("pincite-")])


def test_leaving_the_loop_early_stops_the_model(shipped: Chatbot) -> None:
    chat = HaltingChat(replies=[""], go=threading.Event(), ended=threading.Event())
    bot = Chatbot(shipped.index, writer=Writer(name="halting", model=chat, context_tokens=4096))

    async def main() -> None:
        async with aclosing(bot.astream(QUESTION)) as events:
            async for event in events:
                if isinstance(event, Waiting) and chat.prompts:
                    break

    asyncio.run(main())
    assert chat.ended.wait(10)


def test_a_chatbot_is_closed_at_the_end_of_async_with(tmp_path: Path) -> None:
    async def main() -> Chatbot:
        async with Chatbot.open(corpus=shipped_corpus(), model=QUOTES, index=tmp_path / "index") as bot:
            assert "122 days" in (await bot.aask(QUESTION)).text
            checked = await bot.acheck("xAI built Colossus in Memphis. OpenAI built Colossus in Paris.")
            assert [one.verdict for one in checked.statements] == ["supported", "unsupported"]
            assert checked == bot.check(checked.text)
        return bot

    bot = asyncio.run(main())
    with pytest.raises(IndexFault):
        bot.ask(QUESTION)


def test_the_module_s_question_can_be_awaited(tmp_path: Path) -> None:
    given = {"corpus": shipped_corpus(), "model": QUOTES, "index": tmp_path / "index"}
    assert "122 days" in asyncio.run(rag.aask(QUESTION, **given)).text  # type: ignore[arg-type]


def test_a_runnable_is_awaited_and_its_model_stops_with_the_task(shipped: Chatbot) -> None:
    chain = as_runnable(shipped) | (lambda answer: answer.text)

    async def main() -> list[str]:
        given: list[object] = [
            QUESTION,
            {"question": "Where was it built?", "history": [Turn(question=QUESTION)]},
        ]
        return await chain.abatch(given)

    texts = asyncio.run(main())
    assert "122 days" in texts[0]
    assert "Memphis" in texts[1]
    chat = HaltingChat(replies=[""], go=threading.Event(), ended=threading.Event())
    bot = Chatbot(shipped.index, writer=Writer(name="halting", model=chat, context_tokens=4096))

    async def given_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(as_runnable(bot).ainvoke(QUESTION), timeout=1)

    asyncio.run(given_up())
    assert chat.ended.wait(10)
