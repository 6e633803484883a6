"""A conversation on a terminal or over a pipe: turn after turn, and the commands that begin with a slash."""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from rag.errors import PinciteError
from rag.events import AnswerSoFar, Cited, Delta, Event, Finished, Retrieved
from rag.filters import EVERYTHING, Filter
from rag.schema import Answer
from ui.terminal.answer_text import PLAIN, Style, passages, sources
from ui.terminal.screen import Screen, say
from ui.wording import one_line, safe, searched

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.schema import Turn

_MARKS = re.compile(r"\[[^\]]*\]?")
_READING = "reading…"

COMMANDS = {
    "/sources": "every passage considered for the last answer",
    "/help": "these commands",
    "/quit": "end the conversation; so do Ctrl-D and Ctrl-C",
}


class Voices:
    """Sets quoted words and a model's own apart, piece by piece as an answer streams.

    What stands between “ and ” is the articles'. Where the screen has colours the rest is the model's, under
    its name; marks and bullets are nobody's.
    """

    def __init__(self, style: Style, writer: str) -> None:
        self._style = style
        self._writer = writer
        self._depth = 0
        self._named = not writer

    def feed(self, text: str) -> str:
        """The next piece, as it is to be shown."""
        return "".join(self._voiced(part) for part in re.split("([“”])", safe(text)) if part)

    def settle(self) -> None:
        """A statement has ended, and with it any quotation that was left open."""
        self._depth = 0

    def _voiced(self, part: str) -> str:
        if part == "“":
            self._depth += 1
            return self._style.paint(part, "bold")
        if part == "”":
            self._depth = max(0, self._depth - 1)
            return self._style.paint(part, "bold")
        if self._depth:
            return self._style.paint(part, "bold")
        has_words = any(char.isalnum() for char in _MARKS.sub("", part))
        if not has_words or not self._writer or not self._style.colour:
            return part
        space = part[: len(part) - len(part.lstrip())]
        return f"{space}{self._name()}{self._style.paint(part[len(space) :], 'italic')}"

    def _name(self) -> str:
        if self._named:
            return ""
        self._named = True
        return self._style.paint(f"{one_line(self._writer)} writes: ", "dim")


class _Waiting:
    """The word that stands on a terminal while a model reads, and goes before anything else is written."""

    def __init__(self, on: Screen) -> None:
        self._on = on
        self._shown = False

    def begin(self) -> None:
        if self._on.interactive:
            self._shown = True
            self._on.write(self._on.style.paint(_READING, "dim"))

    def end(self) -> None:
        if self._shown:
            self._shown = False
            # Written over with spaces: not every terminal knows a sequence that clears a line.
            self._on.write(f"\r{' ' * len(_READING)}\r")


def show(events: Iterator[Event], *, question: str, writer: str, on: Screen) -> Answer:
    """Write an answer as it comes, then its sources. ``writer`` names the language model, if there is one.

    A person at a terminal sees ``reading…`` until the first piece of text.
    """
    waiting = _Waiting(on)
    try:
        return _show(events, question=question, writer=writer, on=on, waiting=waiting)
    finally:
        waiting.end()


def _show(events: Iterator[Event], *, question: str, writer: str, on: Screen, waiting: _Waiting) -> Answer:
    voices = Voices(on.style, "")
    held = ""  # the last piece of text: what comes after it tells whose words it is
    for event in events:
        match event:
            case Retrieved():
                on.write(searched(question, event.standalone_question))
                if event.reading:
                    voices = Voices(on.style, writer)
                    waiting.begin()
            case Delta():
                waiting.end()
                if held:
                    on.write(voices.feed(held))
                held = event.text
            case Cited():
                if held:
                    on.write(voices.feed(held))
                held = ""
                voices.settle()
            case Finished():
                waiting.end()
                if event.answer.outcome != "answered":  # no model wrote this, and it quotes nothing
                    voices = Voices(PLAIN, "")
                on.write(f"{voices.feed(held)}\n{sources(event.answer, on.style)}")
                return event.answer
    raise TypeError("a stream ends with Finished")


def answered(
    bot: "Chatbot",
    question: str,
    history: Sequence["Turn | Answer"],
    *,
    on: Screen,
    within: Filter = EVERYTHING,
    so_far: AnswerSoFar,
) -> Answer:
    """Ask, and ``show`` what comes; ``so_far`` takes it too. Stopping early, for any reason, stops the model.

    Where Ctrl-C stops it, the sources of what came until then are written, and ``KeyboardInterrupt`` goes on.
    """
    events = bot.stream(question, history=history, within=within)
    writer = bot.writer.name if bot.writer else ""
    try:
        return show(_noting(events, so_far), question=question, writer=writer, on=on)
    except KeyboardInterrupt:
        on.write("\n(stopped)\n")
        if so_far.answer.evidence:
            on.write(sources(so_far.answer, on.style))
        raise
    finally:
        if isinstance(events, Generator):
            events.close()


def _noting(events: Iterator[Event], so_far: AnswerSoFar) -> Iterator[Event]:
    for event in events:
        so_far.take(event)
        yield event


def converse(
    bot: "Chatbot",
    *,
    history: Sequence["Turn | Answer"],
    on: Screen,
    read: Callable[[str], str],
    within: Filter = EVERYTHING,
) -> None:
    """A conversation until ``/quit``, the end of input, or Ctrl-C at the prompt; Ctrl-C stops an answer.

    ``read`` takes the prompt and returns a line, as ``input`` does. Only articles that match ``within`` are asked;
    raises ``SettingsError``, before the first line is read, where it names a publisher or an id that none has.
    """
    kept = len(bot.index.admitted(within).articles)
    turns: list[Turn | Answer] = [*history]
    if on.interactive:
        count = len(bot.index.listing())
        few = f"{kept} of " if within else ""
        on.write(f"{few}{count} article{'s' if count != 1 else ''}. /help lists the commands, /quit ends.\n")
    while True:
        try:
            line = read("\n> " if on.interactive else "").strip()
        except (EOFError, KeyboardInterrupt):
            on.write("\n" if on.interactive else "")
            return
        if line in ("/quit", "/exit"):
            return
        if line.startswith("/"):
            on.write(_run_command(line, turns, on.style))
        elif line:
            turns += _turn(bot, line, turns, within=within, on=on)


def _turn(
    bot: "Chatbot", line: str, turns: Sequence["Turn | Answer"], *, within: Filter, on: Screen
) -> Iterator[Answer]:
    """The answer to one line; as far as it came, where Ctrl-C stopped it. Nothing where it failed."""
    so_far = AnswerSoFar(line, model=bot.name, within=within)
    try:
        yield answered(bot, line, turns, within=within, on=on, so_far=so_far)
    except KeyboardInterrupt:
        if so_far.answer.evidence:
            yield so_far.answer
    except PinciteError as error:
        say(f"pincite: {error}")


def _run_command(line: str, turns: Sequence["Turn | Answer"], style: Style) -> str:
    if line == "/help":
        return "".join(f"{name:9} {meaning}\n" for name, meaning in COMMANDS.items())
    if line != "/sources":
        return f"There is no {one_line(line)}: /help lists the commands.\n"
    last = next((item for item in reversed(turns) if isinstance(item, Answer)), None)
    if last is None or not last.evidence:
        return "There are no passages yet: ask something first.\n"
    return passages(last.evidence, "Passages considered", style)
