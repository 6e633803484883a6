"""A conversation on a terminal or over a pipe."""

import io
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.outputs import ChatGenerationChunk

from rag.chatbot import Chatbot
from rag.errors import ModelError
from rag.filters import Filter
from tests.support.command_line import QUESTION
from tests.support.language_model import ScriptedChat
from ui.terminal.conversation import converse
from ui.terminal.screen import Screen

pytestmark = pytest.mark.usefixtures("private_home")


def lines(*given: str | type[BaseException]) -> "Reader":
    return Reader(iter(given))


class Reader:
    """Reads given lines; a class of exception among them is raised, and so is the end of input."""

    def __init__(self, given: Iterator[str | type[BaseException]]) -> None:
        self._given = given
        self.prompts: list[str] = []

    def __call__(self, prompt: str) -> str:
        self.prompts.append(prompt)
        line = next(self._given, EOFError)
        if isinstance(line, str):
            return line
        raise line


def conversed(bot: Chatbot, *given: str | type[BaseException], interactive: bool = False) -> str:
    out = io.StringIO()
    converse(bot, history=(), on=Screen(out, interactive=interactive), read=lines(*given))
    return out.getvalue()


@pytest.fixture
def bot(corpus: Path) -> Iterator[Chatbot]:
    with Chatbot.open(corpus=corpus, model="quotes") as opened:
        yield opened


def test_a_conversation_keeps_to_the_articles_chosen(bot: Chatbot) -> None:
    out = io.StringIO()
    on = Screen(out, interactive=True)
    within = Filter(after=date(2026, 5, 2))
    converse(bot, history=(), on=on, read=lines(QUESTION, "/quit"), within=within)
    assert out.getvalue().startswith("0 of 1 article. /help")
    assert "No article matches: none is dated 2026-05-02 or later." in out.getvalue()


def test_a_conversation_remembers_what_it_was_about(bot: Chatbot) -> None:
    said = conversed(bot, "Who built the lighthouse at Orrin?", "How tall is it?", "/quit", "never asked")
    assert re.search(r"Searched for: .*Orrin", said)
    assert "42 metres" in said.partition("Searched for")[2]


def test_sources_shows_every_passage_considered(bot: Chatbot) -> None:
    assert conversed(bot, "/sources").startswith("There are no passages yet")
    said = conversed(bot, "Who built the lighthouse at Orrin?", "/sources")
    assert "Passages considered\n[1] “" in said
    assert "[2] “It stands 42 metres tall.”" in said


def test_help_lists_the_commands_and_an_unknown_one_says_so(bot: Chatbot) -> None:
    said = conversed(bot, "/help", "/frob\x1b[2J", "", "  ")
    assert "/sources  every passage" in said
    assert "There is no /frob·[2J: /help" in said


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_a_conversation_ends_politely(bot: Chatbot, end: type[BaseException]) -> None:
    said = conversed(bot, end, "never asked", interactive=True)
    assert said == "1 article. /help lists the commands, /quit ends.\n\n"


def test_a_question_that_cannot_be_asked_does_not_end_the_conversation(
    bot: Chatbot, capsys: pytest.CaptureFixture[str]
) -> None:
    said = conversed(bot, "?!", QUESTION)
    assert "1871" in said
    assert capsys.readouterr().err.startswith("pincite: the question '?!' holds no words")


def test_a_model_that_fails_costs_one_line_and_one_answer(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = ScriptedChat(
        replies=[ModelError("the model is gone: pull it again"), "It was built in 1871 [1]."]
    )
    with Chatbot.open(corpus=corpus, model=model) as opened:
        said = conversed(opened, QUESTION, QUESTION)
    assert capsys.readouterr().err == "pincite: the model is gone: pull it again\n"
    assert "It was built in 1871 [1]." in said
    assert "✓ verified" in said


class StoppedChat(ScriptedChat):
    """Says its reply, and then Ctrl-C is pressed."""

    def _stream(self, *arguments: Any, **options: Any) -> Iterator[ChatGenerationChunk]:  # noqa: ANN401
        before = len(self.prompts)
        yield from super()._stream(*arguments, **options)
        if len(self.prompts) > before:  # it was no judgement
            raise KeyboardInterrupt


@pytest.mark.parametrize("said", ["", "It was built in 1871 [1].\n"])
def test_a_stopped_answer_keeps_what_was_written_and_its_sources(corpus: Path, said: str) -> None:
    with Chatbot.open(corpus=corpus, model=StoppedChat(replies=[said])) as opened:
        shown = conversed(opened, QUESTION, "/sources")
    written, _, after = shown.partition("(stopped)")
    assert said.strip() in written
    assert "Sources" in after
    assert "1871" in after
    assert "Passages considered" in after


def test_after_a_stopped_answer_a_follow_up_knows_what_it_was_about(corpus: Path) -> None:
    with Chatbot.open(corpus=corpus, model=StoppedChat(replies=["", ""])) as opened:
        shown = conversed(opened, "Who built the lighthouse at Orrin?", "How tall is it?")
    assert re.search(r"Searched for: .*Orrin", shown)
