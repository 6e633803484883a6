"""Two evaluations compared, as lines of text."""

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rag.serialization import to_json
from ui.json_text import write_file
from ui.terminal.answer_text import Style
from ui.terminal.screen import screen, table
from ui.wording import one_line

if TYPE_CHECKING:
    from rag.evaluation.comparison import Comparison, Difference

_HEADS = ("measure", "A", "B", "B - A", "95% interval", "McNemar p", "only A", "only B")
_SHOWN_IDS = 5
_NOTES = """
*  the interval excludes 0; of many measures, a few do so by chance
↓  lower is better
Shares are in percent, their differences in percentage points; all else is in its own unit.
Interval: paired bootstrap over questions, {resamples} resamples, seed {seed}.
Only A, only B: questions for which the measure is yes in that run alone; p: how likely so uneven a split is by chance.
"""


def compare(a: str, b: str, *, json_file: str | None) -> None:
    """Print how two files of ``pincite eval --json`` differ, and write that as JSON where asked.

    Raises ``ReportError`` where one is no report or the file cannot be written, ``QuestionError`` where the two do not
    pair.
    """
    from rag.evaluation.comparison import compare as compared
    from rag.evaluation.report_file import read_report

    comparison = compared(read_report(Path(a).expanduser()), read_report(Path(b).expanduser()))
    if json_file is not None:
        written = json.dumps(to_json(comparison), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        write_file(json_file, written)
    on = screen(sys.stdout)
    on.write(shown(comparison, names=(a, b), style=on.style))


def shown(comparison: "Comparison", *, names: tuple[str, str], style: Style) -> str:
    """Which files were compared, over how many questions, and a line for each measure. ``names`` are the files'."""
    sides = zip("AB", names, (comparison.a, comparison.b), strict=True)
    rows = [_row_of(difference) for difference in comparison.differences]
    return "".join(
        (
            *(f"{side}: {one_line(name)}, {one_line(model)}\n" for side, name, model in sides),
            f"{comparison.paired} questions in both\n",
            _alone("A", comparison.only_a),
            _alone("B", comparison.only_b),
            "\n",
            table(_HEADS, rows, style=style, right=range(1, len(_HEADS))),
            _NOTES.format(resamples=comparison.resamples, seed=comparison.seed),
        )
    )


def _alone(side: str, ids: tuple[str, ...]) -> str:
    if not ids:
        return ""
    listed = ", ".join(one_line(id) for id in ids[:_SHOWN_IDS])
    return f"{len(ids)} in {side} alone: {listed}{', …' if len(ids) > _SHOWN_IDS else ''}\n"


def _row_of(difference: "Difference") -> tuple[str, ...]:
    test = difference.mcnemar
    interval = (
        "–"
        if math.isnan(difference.low)
        else f"[{_value(difference, difference.low, sign=True)}, {_value(difference, difference.high, sign=True)}]"
    )
    return (
        difference.name + (" ↓" if difference.lower_is_better else ""),
        _value(difference, difference.a),
        _value(difference, difference.b),
        _value(difference, difference.difference, sign=True) + ("*" if difference.clear else " "),
        interval,
        *((f"{test.p:.3f}", str(test.only_a), str(test.only_b)) if test else ("", "", "")),
    )


def _value(difference: "Difference", value: float, *, sign: bool = False) -> str:
    """Shares times 100; all else in its own unit. Nothing is shown as minus zero."""
    share = difference.unit == "share"
    shown = round(100 * value, 1) if share else round(value, 4)
    plus = "+" if sign and shown > 0 else ""
    return f"{plus}{shown or 0.0:{'.1f' if share else '.4g'}}"
