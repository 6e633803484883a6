"""The results of the contenders: a Markdown table for people, a JSON object for programs."""

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
    """A contender with its report, or with the reason why it has none."""

    name: str
    description: str
    report: Report | None = None
    reason: str = ""


def _marked_statements(row: QuestionResult) -> Counted | None:
    statements = [] if row.answer.abstained else [c for c in claims(row.answer.text) if not c.heading]
    return sum(bool(statement.labels) for statement in statements), len(statements)


_MEASURES = {measure.name: measure for measure in MEASURES}
COLUMNS: Sequence[Measure] = (
    _MEASURES["gold in chunks@1"],
    _MEASURES["gold in chunks@5"],
    _MEASURES["gold in chunks@10"],
    _MEASURES["article recall@1"],
    _MEASURES["answer holds gold"],
    _MEASURES["out of corpus declined"],
    _MEASURES["answerable declined"],
    _MEASURES["near misses declined"],
    _MEASURES["quote is the slice"],
    Measure("statement marked", "citations", "of statements that are no headings", _marked_statements),
    _MEASURES["statement supported"],
)


def markdown(outcomes: Sequence[Outcome]) -> str:
    """Return a table with a row for each contender; one that could not run has its reason."""
    heads = ["system", *(measure.name for measure in COLUMNS), "words", "seconds p50"]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for outcome in outcomes:
        cells = (
            [f"could not run: {outcome.reason}"] if outcome.report is None else list(_cells(outcome.report))
        )
        lines.append(_line([outcome.name, *cells, *[""] * (len(heads) - 1 - len(cells))]))
    return "\n".join(lines)


def _cells(report: Report) -> Iterator[str]:
    yield from (_ratio(measure.over(report.rows)) for measure in COLUMNS)
    yield f"{report.words:.0f}"
    yield f"{report.seconds[0]:.2f}"


def _ratio(metric: Metric) -> str:
    if metric.hits is None or not metric.total:
        return "none"
    return f"{metric.hits:.0f}/{metric.total:.0f} = {metric.value:.2f}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def as_json(outcomes: Sequence[Outcome], **setup: object) -> str:
    """Return all measures and every answer as JSON; ``setup`` says what was asked of what."""
    return json.dumps(
        {**setup, "systems": [_outcome(outcome) for outcome in outcomes]}, ensure_ascii=False, indent=1
    )


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if outcome.report is None:
        return {"name": outcome.name, "what": outcome.description, "reason": outcome.reason}
    metrics = (measure.over(outcome.report.rows) for measure in COLUMNS)
    return {
        "name": outcome.name,
        "what": outcome.description,
        "measures": {m.name: {"hits": m.hits, "total": m.total, "meaning": m.meaning} for m in metrics},
        "words": outcome.report.words,
        "seconds": dict(zip(("p50", "p95"), outcome.report.seconds, strict=True)),
        "answers": [_answer(row) for row in outcome.report.rows],
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
