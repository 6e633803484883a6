"""Measures the verifier on statements that were labelled by reading: false ones accepted, true ones refused.

Run: ``python -m tests.benchmarks.verify_claims [-v] [--half H] FILE…``. Each line of a file is one statement in JSON:
``claim`` and ``true``, with either ``evidence`` (passages with ``label`` and ``text``), the ``label`` that it cites and
the ``question``, or ``words`` (a text, or several) that it is compared with. A statement counts as accepted where an
answer would show it: a mark on the wrong passage is put right. ``--half`` takes the statements whose ``id`` has an even
or odd CRC-32. ``--model`` has a language model give its second opinion. ``-v`` shows every miss. Nothing is asserted
here.
"""

import argparse
import json
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.answer.opinion import Opinion, opinion_of
from rag.answer.statement_gate import StatementGate
from rag.evaluation.verifier.agreement import Share
from rag.models.writers import open_writer
from rag.schema import Evidence, Span

Row = dict[str, Any]


def rows(paths: list[Path], half: str | None) -> Iterator[Row]:
    """The statements of the files; of those with an ``id``, the half that was asked for."""
    wanted = {"even": 0, "odd": 1}.get(half or "")
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            if wanted is None or zlib.crc32(str(row.get("id", "")).encode()) % 2 == wanted:
                yield row


def evidence_of(row: Row) -> list[Evidence]:
    """The passages of a statement, each at a place of its own in one article."""
    texts = row.get("evidence") or row["words"]
    texts = [texts] if isinstance(texts, str) else texts
    found: list[Evidence] = []
    start = 0
    for number, item in enumerate(texts, 1):
        label, text = (item["label"], item["text"]) if isinstance(item, dict) else (number, item)
        span = Span(start, start + len(text))
        title = item.get("title") if isinstance(item, dict) else None
        found.append(
            Evidence(label=label, article_id="a", span=span, text=text, score=1.0, title=title or "")
        )
        start = span.end + 100  # far enough that no passage continues another
    return found


def refusal(row: Row, opinion: Opinion | None = None) -> str:
    """Why a statement is not shown; empty where it is."""
    gate = StatementGate(evidence_of(row), row.get("question", ""), opinion)
    mark = f" [{row['label']}]" if row.get("label") else ""
    list(gate.feed(row["claim"].rstrip(".") + mark + "."))
    list(gate.finish())
    if gate.withheld is None:
        return ""
    return next((c.reason for c in gate.withheld.citations if c.reason), "refused")


def main() -> None:
    """Print the two shares, and with ``-v`` the misses."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.verify_claims")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("--half", choices=("even", "odd"))
    parser.add_argument("--model", help="the language model of the second opinion")
    options = parser.parse_args()
    writer = open_writer(options.model) if options.model else None
    opinion = opinion_of(writer) if writer else None
    wrong, total = {False: 0, True: 0}, {False: 0, True: 0}
    times: list[float] = []
    for row in rows(options.files, options.half):
        started = time.perf_counter()
        reason = refusal(row, opinion)
        times.append(time.perf_counter() - started)
        label = bool(row["true"])
        total[label] += 1
        if bool(reason) is label:
            wrong[label] += 1
            if options.v:
                print(
                    f"{'refused' if label else 'PASSED'}: {row['claim']} | {reason or row.get('words', '')}"
                )
    print(
        f"false accepted {Share(wrong[False], total[False])}\ntrue refused   {Share(wrong[True], total[True])}"
    )
    times.sort()
    print(
        f"milliseconds a statement: median {1000 * times[len(times) // 2]:.1f}, longest {1000 * times[-1]:.0f}"
    )


if __name__ == "__main__":
    main()
