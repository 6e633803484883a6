"""A terminal: an answer as it streams, a conversation, tables, progress.

Written to a pipe, everything is plain text; ``NO_COLOR`` and ``TERM=dumb`` do the same for a terminal.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Never, TextIO

from rag.errors import PinciteError
from rag.filtering import EVERYTHING, Filter
from rag.schema import Answer, Cited, Delta, Event, Finished, Retrieved
from ui.render import PLAIN, Style, cells, one_line, passages, safe, searched, sources

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.schema import Turn

_MARKS = re.compile(r"\[[^\]]*\]?")
_LEAST_CELL = 12  # columns that a shortened cell of a table keeps

COMMANDS = {
    "/sources": "every passage considered for the last answer",
    "/help": "these commands",
    "/quit": "end the conversation; so do Ctrl-D and Ctrl-C",
}


@dataclass(frozen=True, slots=True)
class Screen:
    """Where text goes and how it is set. ``interactive``: a person reads it as it comes."""

    out: TextIO
    style: Style = PLAIN
    interactive: bool = False

    def write(self, text: str) -> None:
        """Write now: nothing waits in a buffer."""
        self.out.write(text)
        self.out.flush()


def screen(out: TextIO) -> Screen:
    """The screen that ``out`` is."""
    if not out.isatty():
        return Screen(out)
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Screen(out, Style(colour=not plain, width=shutil.get_terminal_size().columns), interactive=True)


def say(problem: str) -> None:
    """One line on standard error."""
    sys.stdout.flush()
    sys.stderr.write(f"{one_line(problem)}\n")
    sys.stderr.flush()


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
        own = any(char.isalnum() for char in _MARKS.sub("", part))
        if not own or not self._writer or not self._style.colour:
            return part
        space = part[: len(part) - len(part.lstrip())]
        return f"{space}{self._name()}{self._style.paint(part[len(space) :], 'italic')}"

    def _name(self) -> str:
        if self._named:
            return ""
        self._named = True
        return self._style.paint(f"{one_line(self._writer)} writes: ", "dim")


def show(events: Iterator[Event], *, question: str, writer: str, on: Screen) -> Answer:
    """Write an answer as it comes, then its sources. ``writer`` names the language model, if there is one."""
    voices = Voices(on.style, writer)
    for event in events:
        match event:
            case Retrieved():
                on.write(searched(question, event.standalone_question))
                if event.abstained:
                    voices = Voices(PLAIN, "")
            case Delta():
                on.write(voices.feed(event.text))
            case Cited():
                voices.settle()
            case Finished():
                on.write(f"\n{sources(event.answer, on.style)}")
                return event.answer
    raise TypeError("a stream ends with Finished")


def answered(
    bot: "Chatbot",
    question: str,
    history: Sequence["Turn | Answer"],
    *,
    on: Screen,
    within: Filter = EVERYTHING,
) -> Answer:
    """Ask, and ``show`` what comes. Stopping early, for any reason, stops the model."""
    events = bot.stream(question, history=history, within=within)
    try:
        return show(events, question=question, writer=bot.writer.name if bot.writer else "", on=on)
    finally:
        if isinstance(events, Generator):
            events.close()


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
    said: list[Turn | Answer] = [*history]
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
            on.write(_obeyed(line, said, on.style))
        elif line:
            said += _turn(bot, line, said, within=within, on=on)


def _turn(
    bot: "Chatbot", line: str, said: Sequence["Turn | Answer"], *, within: Filter, on: Screen
) -> Iterator[Answer]:
    try:
        yield answered(bot, line, said, within=within, on=on)
    except KeyboardInterrupt:
        on.write("\n(stopped)\n")
    except PinciteError as error:
        say(f"pincite: {error}")


def _obeyed(line: str, said: Sequence["Turn | Answer"], style: Style) -> str:
    if line == "/help":
        return "".join(f"{name:9} {meaning}\n" for name, meaning in COMMANDS.items())
    if line != "/sources":
        return f"There is no {one_line(line)}: /help lists the commands.\n"
    last = next((item for item in reversed(said) if isinstance(item, Answer)), None)
    if last is None or not last.evidence:
        return "There are no passages yet: ask something first.\n"
    return passages(last.evidence, "Passages considered", style)


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, style: Style, right: Sequence[int] = ()
) -> str:
    """Rows under their heads, columns in ``right`` set right. A narrow terminal shortens column 1."""
    lines = [[one_line(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(cells(line[at]) for line in lines) for at in range(len(heads))]
    if style.width is not None:
        over = sum(widths) + 2 * (len(widths) - 1) - style.width
        widths[1] = max(min(widths[1], _LEAST_CELL), widths[1] - max(over, 0))
    laid = [
        "  ".join(_padded(cell, widths[at], right=at in right) for at, cell in enumerate(line)).rstrip()
        for line in lines
    ]
    return "\n".join([style.paint(laid[0], "bold"), *laid[1:]]) + "\n"


def _padded(cell: str, width: int, *, right: bool) -> str:
    if cells(cell) > width:
        while cell and cells(cell) > width - 1:
            cell = cell[:-1]
        cell += "…"
    gap = " " * (width - cells(cell))
    return gap + cell if right else cell + gap


@contextmanager
def progress(what: str, *, unit: str = "it", then: str = "") -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, told how many are done of how many; ``None`` where nobody would see it.

    ``unit="B"`` counts bytes. ``then`` says what goes on when all are done. No bar is drawn before it is told anything.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    bars: list[tqdm[Never]] = []

    def tell(done: int, total: int) -> None:
        if not bars:
            # Left to itself tqdm draws nothing on a terminal that does not know its size, as some in containers.
            size = shutil.get_terminal_size()
            bar = tqdm(
                desc=what,
                total=total,
                unit=unit,
                unit_scale=unit == "B",
                leave=False,
                file=sys.stderr,
                ncols=size.columns - 1,
                nrows=size.lines,
            )
            bars.append(bar)
        bars[0].total = total
        bars[0].update(done - bars[0].n)
        if then and done == total:
            bars[0].set_description(then)

    try:
        yield tell
    finally:
        for bar in bars:
            bar.close()
