"""An evaluation as one HTML page that needs nothing else, and its numbers as words. Pure.

Every value goes through ``_el``, which escapes all that is not itself made by ``_el``.
"""

import html
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.schema import Answer, Citation
from ui.render import credit_lines, safe, verdict

if TYPE_CHECKING:
    from rag.evaluate import Report
    from rag.measures import Metric, Row, Unit

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem;
       color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
article { border-left: 4px solid #2a7d46; margin: 1.5rem 0; padding: 0 1rem; overflow-wrap: anywhere; }
article.bad { border-color: #b3261e; }
h3 { margin-bottom: 0; }
p { white-space: pre-wrap; margin: .4rem 0; }
.quiet { color: #595959; font-size: .875rem; }
"""
# The page may run nothing and fetch nothing, whatever an article or a model says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_UNITS: Mapping["Unit", str] = {
    "score": "{:.3f}",
    "words": "{:.1f}",
    "tokens": "{:.1f}",
    "seconds": "{:.2f} s",
    "MB": "{:.0f} MB",
}


class _Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def page(report: "Report") -> str:
    """The report as an HTML document: the shares, then every question, its answer and what that rests on."""
    median, late = report.seconds
    title = f"Pincite: {len(report.rows)} questions, {report.model}"
    timing = f"Time to a whole answer: median {median:.2f} s, 95th percentile {late:.2f} s."
    length = f"Words in an answer, on average: {report.words:.0f}."
    heads = _el("tr", *(_el("th", head) for head in ("Measure", "Value", "Count", "Of what")))
    head = _el(
        "head",
        _Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        _Html(f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">'),
        _el("title", title),
        _Html(f"<style>{_STYLE}</style>"),
    )
    body = _el(
        "body",
        _el("h1", title),
        _el("table", heads, *(_metric(metric) for metric in report.metrics)),
        _el("p", f"{timing}\n{length}"),
        _el("h2", "Questions"),
        *(_row(row) for row in report.rows),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def percent(metric: "Metric") -> str:
    """``93.8%``, or a dash where there was nothing to count."""
    return f"{metric.value:.1%}" if metric.total else "–"


def amount(metric: "Metric") -> str:
    """The value in its unit: ``93.8%``, ``0.532``, ``1.25 s``; a dash where there was nothing to count."""
    if metric.unit == "share" or math.isnan(metric.value):
        return percent(metric) if metric.unit == "share" else "–"
    return _UNITS[metric.unit].format(metric.value)


def count(metric: "Metric") -> str:
    """``59/64`` for a share; for anything else what it is of, ``64``."""
    total = round(metric.total)
    return (
        f"{round(metric.hits)}/{total}" if metric.unit == "share" and metric.hits is not None else f"{total}"
    )


def good(row: "Row") -> bool:
    """Whether the outcome is the one wanted: a gold string, or none where the articles do not say."""
    return row.contains_gold if row.question.kind == "answerable" else row.answer.abstained


def _el(tag: str, *parts: str, kind: str = "") -> _Html:
    inner = "".join(part if isinstance(part, _Html) else html.escape(safe(part)) for part in parts)
    opened = f'{tag} class="{html.escape(kind)}"' if kind else tag
    return _Html(f"<{opened}>{inner}</{tag}>")


def _metric(metric: "Metric") -> _Html:
    value = _el("td", amount(metric), kind="number")
    out_of = _el("td", count(metric), kind="number")
    return _el("tr", _el("td", metric.name), value, out_of, _el("td", metric.meaning))


def _row(row: "Row") -> _Html:
    question, answer = row.question, row.answer
    done = "declined" if answer.abstained else "answered"
    facts = [question.id, question.kind, done, f"{answer.timings.get('total', 0.0):.2f} s"]
    wanted = f"Wanted: {' | '.join(question.answers)}" if question.answers else "Wanted: that it is declined"
    searched = answer.standalone_question
    return _el(
        "article",
        _el("h3", f"{'✓' if good(row) else '✗'} {question.question}"),
        _el("p", ", ".join(facts), kind="quiet"),
        _el("p", f"Searched for: {searched}", kind="quiet") if searched != answer.question else _Html(),
        _el("p", wanted, kind="quiet"),
        _el("p", answer.text),
        _sources(answer),
        kind="" if good(row) else "bad",
    )


def _sources(answer: Answer) -> _Html:
    cited = {citation.label for citation in answer.citations}
    shown = [item for item in answer.evidence if answer.abstained or item.label in cited]
    passages = [_el("li", f"[{item.label}] “{item.text}” {item.source}") for item in shown]
    verdicts = [
        _el(
            "li",
            f"[{citation.label}] {verdict(citation)}, in: {_claim(answer, citation)}",
        )
        for citation in answer.citations
    ]
    return _list([*verdicts, *passages, *(_el("li", credit) for credit in credit_lines(shown))])


def _claim(answer: Answer, citation: Citation) -> str:
    return answer.text[citation.claim.start : citation.claim.end]


def _list(items: Sequence[_Html]) -> _Html:
    return _el("ul", *items, kind="quiet") if items else _Html()
