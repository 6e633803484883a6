"""What came of each system: one table for people, one JSON object for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.evaluation.measures.metric import Counted, Measure, Metric
from rag.evaluation.measures.registry import MEASURES
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.verify.claims import claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A system with its report, or with the reason why it has none."""

    name: str
    what: str
    report: Report | None = None
    reason: str = ""


def _marked(row: QuestionResult) -> Counted | None:
    said = [] if row.answer.abstained else [one for one in claims(row.answer.text) if not one.heading]
    return sum(bool(one.labels) for one in said), len(said)


_OWN = {measure.name: measure for measure in MEASURES}
COLUMNS: Sequence[Measure] = (
    _OWN["gold in chunks@1"],
    _OWN["gold in chunks@5"],
    _OWN["gold in chunks@10"],
    _OWN["article recall@1"],
    _OWN["answer holds gold"],
    _OWN["out of corpus declined"],
    _OWN["answerable declined"],
    _OWN["near misses declined"],
    _OWN["quote is the slice"],
    Measure("statement marked", "citations", "of statements that are no headings", _marked),
    _OWN["statement supported"],
)


def markdown(outcomes: Sequence[Outcome]) -> str:
    """A row for each system; where it could not run, its reason."""
    heads = ["system", *(measure.name for measure in COLUMNS), "words", "seconds p50"]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for one in outcomes:
        cells = [f"could not run: {one.reason}"] if one.report is None else list(_cells(one.report))
        lines.append(_line([one.name, *cells, *[""] * (len(heads) - 1 - len(cells))]))
    return "\n".join(lines)


def _cells(report: Report) -> Iterator[str]:
    yield from (_counted(measure.over(report.rows)) for measure in COLUMNS)
    yield f"{report.words:.0f}"
    yield f"{report.seconds[0]:.2f}"


def _counted(metric: Metric) -> str:
    if metric.hits is None or not metric.total:
        return "none"
    return f"{metric.hits:.0f}/{metric.total:.0f} = {metric.value:.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def as_json(outcomes: Sequence[Outcome], **asked: object) -> str:
    """Everything counted, and every answer; ``asked`` says of what."""
    return json.dumps({**asked, "systems": [_system(one) for one in outcomes]}, ensure_ascii=False, indent=1)


def _system(one: Outcome) -> dict[str, Any]:
    if one.report is None:
        return {"name": one.name, "what": one.what, "reason": one.reason}
    metrics = (measure.over(one.report.rows) for measure in COLUMNS)
    return {
        "name": one.name,
        "what": one.what,
        "measures": {m.name: {"hits": m.hits, "total": m.total, "meaning": m.meaning} for m in metrics},
        "words": one.report.words,
        "seconds": dict(zip(("p50", "p95"), one.report.seconds, strict=True)),
        "answers": [_answer(row) for row in one.report.rows],
    }


def _answer(row: QuestionResult) -> dict[str, Any]:
    return {
        "id": row.question.id,
        "kind": row.question.kind,
        "text": row.answer.text,
        "declined": row.answer.abstained,
        "confidence": row.answer.confidence,
        "contains_gold": row.contains_gold,
        "string_rank": row.string_rank,
        "support": [citation.support for citation in row.answer.citations],
        "seconds": row.answer.timings.get("total", 0.0),
    }
