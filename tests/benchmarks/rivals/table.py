"""What came of each system: one table for people, one JSON object for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.claims import claims
from rag.evaluate import Answerer, Report
from rag.gold import holds
from rag.measures import MEASURES, Counted, Measure, Metric, Row

_LOOKED_AT = 10  # chunks in which a gold string is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A system with its report, or with the reason why it has none."""

    name: str
    what: str
    report: Report | None = None
    reason: str = ""


def ranked(report: Report, bot: Answerer) -> Report:
    """The report with the rank of the first chunk that holds a gold string, and of the first gold article.

    Articles count once. What is searched is the question as the system itself made it stand alone.
    """
    return replace(report, rows=tuple(_ranked(row, bot) for row in report.rows))


def _ranked(row: Row, bot: Answerer) -> Row:
    if not row.answerable:
        return row
    hits = bot.retrieve(row.answer.standalone_question, limit=_LOOKED_AT)
    articles = list(dict.fromkeys(hit.chunk.article_id for hit in hits))
    wanted = row.question
    return replace(
        row,
        string_rank=next((n for n, hit in enumerate(hits, 1) if holds(hit.chunk.text, wanted.answers)), None),
        article_rank=next((n for n, one in enumerate(articles, 1) if one in wanted.articles), None),
    )


def _within(limit: int) -> Measure:
    def counted(row: Row) -> Counted | None:
        return (row.string_rank is not None and row.string_rank <= limit, 1) if row.answerable else None

    return Measure(
        f"gold in {limit}", "retrieval", "of answerable questions; a gold string in so many chunks", counted
    )


def _first_article(row: Row) -> Counted | None:
    return (row.article_rank == 1, 1) if row.answerable and row.question.articles else None


def _marked(row: Row) -> Counted | None:
    said = [] if row.answer.abstained else [one for one in claims(row.answer.text) if not one.heading]
    return sum(bool(one.labels) for one in said), len(said)


_OWN = {measure.name: measure for measure in MEASURES}
COLUMNS: Sequence[Measure] = (
    _within(1),
    _within(5),
    _within(10),
    Measure("gold article first", "retrieval", "of answerable questions that name one", _first_article),
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
    return f"{metric.hits:.0f}/{metric.total:.0f} = {metric.value:.2f}" if metric.total else "none"


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


def _answer(row: Row) -> dict[str, Any]:
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
