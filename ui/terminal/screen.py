"""What is written to standard output and error: lines that fit a terminal, tables, progress bars.

Written to a pipe, everything is plain text; ``NO_COLOR`` and ``TERM=dumb`` do the same for a terminal.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Never, TextIO

from ui.terminal.answer_text import PLAIN, Style, cells
from ui.wording import one_line

_LEAST_CELL = 12  # columns that a shortened cell of a table keeps


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


def table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], *, style: Style, right: Sequence[int] = ()
) -> str:
    """Rows under their heads, columns in ``right`` set right. A narrow terminal shortens column 1."""
    lines = [[one_line(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(heads))]
    if style.width is not None:
        over = sum(widths) + 2 * (len(widths) - 1) - style.width
        widths[1] = max(min(widths[1], _LEAST_CELL), widths[1] - max(over, 0))
    laid = [
        "  ".join(
            _padded(cell, widths[column], right=column in right) for column, cell in enumerate(line)
        ).rstrip()
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
def progress(
    description: str, *, unit: str = "it", then: str = ""
) -> Iterator[Callable[[int, int], None] | None]:
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
                desc=description,
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
