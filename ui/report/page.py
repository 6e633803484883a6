"""An evaluation as one HTML page that needs nothing else, and its numbers as words. Pure.

Every value goes through ``el``, which escapes all that is not itself made by ``el``; pictures come from ``plots``.
"""

import html
import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rag.evaluation.measures.metric import GROUPS, Measure
from rag.evaluation.verifier.agreement import Agreement
from ui.elements import Html, el, link, listed
from ui.report.question import outcome

if TYPE_CHECKING:
    from rag.evaluation.measures.metric import Metric, Unit
    from rag.evaluation.results import QuestionResult
    from rag.evaluation.run import Report
    from ui.report.plots import Plot

_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #fff; --quiet: #595959; --line: #ddd; --link: #0b57a4;
        --good: #2a7d46; --bad: #b3261e; --panel: #f5f5f5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --quiet: #a8a8a8; --line: #3a3a3a;
        --link: #8ab8f0; --good: #57b377; --bad: #f2867e; --panel: #222; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem;
       color: var(--ink); background: var(--paper); overflow-wrap: anywhere; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; }
h3, h4 { margin-bottom: 0; }
h4, summary { font-size: .875rem; font-weight: bold; margin-top: .8rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
tbody th { padding-top: 1rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; background: #fff; border-radius: .3rem; margin: .3rem 0; }
article { border-left: 4px solid var(--good); margin: 2rem 0; padding: 0 1rem; }
article.bad { border-color: var(--bad); }
article:target { background: var(--panel); }
p, blockquote { white-space: pre-wrap; margin: .4rem 0; }
blockquote { background: var(--panel); padding: .5rem .8rem; border-radius: .3rem; }
dl { margin: .6rem 0; }
dl div { display: flex; gap: .6rem; }
dt { color: var(--quiet); flex: 0 0 7rem; }
dd { margin: 0; min-width: 0; }
ul { padding-left: 1.2rem; margin: .3rem 0; }
.passages p { margin: 0; }
.passages li { margin-bottom: .4rem; }
.quiet { color: var(--quiet); font-size: .875rem; }
@media (max-width: 40rem) {
  thead { display: none; }
  tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line); padding: .3rem 0; }
  td, th { border: 0; padding: 0 .2rem; }
  td:last-child, tbody th { grid-column: 1 / -1; }
  td:nth-child(3) { text-align: left; }
  dt { flex-basis: 5.5rem; font-size: .875rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --quiet: #444; --line: #bbb; --link: #000;
          --panel: #f5f5f5; font-size: 10pt; }
  body { font-size: 1rem; margin: 0; max-width: none; }
  .plots { grid-template-columns: 1fr 1fr; }
  figure, tr, blockquote, li { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
}
"""
# The page may run nothing and fetch nothing, whatever an article or a model says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

# Each metric with the places of the rows that fall short of it.
Missed = Sequence[tuple["Metric", Sequence[int]]]
_UNITS: Mapping["Unit", str] = {
    "score": "{:.3f}",
    "words": "{:.1f}",
    "tokens": "{:.1f}",
    "seconds": "{:.2f} s",
    "MB": "{:.0f} MB",
}


def page(report: "Report") -> str:
    """The report as an HTML document: measures, pictures, then every question and why it went so, misses first."""
    from ui.report.plots import plots

    title = f"Pincite: {len(report.rows)} questions, {report.model}"
    head = el(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">'),
        el("title", title),
        Html(f"<style>{_STYLE}</style>"),
    )
    missed = [(metric, _missed(metric, report)) for metric in report.metrics]
    median, late = report.seconds
    body = el(
        "body",
        el("h1", title),
        el("p", _summary(report)),
        el("p", f"Time to a whole answer: median {median:.2f} s, 95th percentile {late:.2f} s."),
        el("p", f"Words in an answer, on average: {report.words:.0f}."),
        *([el("p", left_out(report))] if report.unlabelled else []),
        el("h2", "Measures"),
        _measures(missed),
        *_verifier(report),
        el("h2", "Pictures"),
        el("div", *(_figure(plot) for plot in plots(report)), class_="plots"),
        _short(missed, report),
        *_questions(report),
    )
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'


def left_out(report: "Report") -> str:
    """A sentence on the questions of the set that no figure counts."""
    return (
        f"Unlabelled questions of the set, not asked and in no figure: {report.unlabelled}. Give each a kind, and "
        "answers where it is answerable."
    )


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


def verdicts(report: "Report") -> list[tuple[str, str, str, str]]:
    """How the verifier did on claims with a label, as lines of a table: what, of what, the share and the count."""
    agreement = Agreement(report.verifier, ())
    lines = (
        ("false claims passed", "of claims made false by an edit; lower is better", agreement.false_accepts),
        (
            "true claims refused",
            "of claims that an edit leaves true; lower is better",
            agreement.false_rejects,
        ),
        (f"as labelled (kappa {agreement.kappa:.2f})", "of all of these", agreement.accuracy),
    )
    return [
        (name, meaning, f"{share.value:.1%}", f"{share.count}/{share.of}") for name, meaning, share in lines
    ]


def kinds(report: "Report") -> list[tuple[str, str, str, str]]:
    """How the verifier did on the claims of each kind of edit, as lines of the same table."""
    return [
        (
            kind.name,
            "true claims, refused" if kind.supported else "false claims, passed",
            f"{kind.wrong.value:.1%}",
            f"{kind.wrong.count}/{kind.wrong.of}",
        )
        for kind in report.verifier
    ]


def good(row: "QuestionResult") -> bool:
    """Whether the outcome is the one wanted: a gold string, or none where the articles do not say."""
    return row.contains_gold if row.question.kind == "answerable" else row.answer.abstained


def _anchor(number: int) -> str:
    """The id of the question at this place: a number, as a question's own id may hold anything."""
    return f"q{number + 1}"


def _summary(report: "Report") -> Html:
    bad = sum(not good(row) for row in report.rows)
    misses = link("misses", f"misses: {bad}") if bad else "no misses"
    return Html("".join((el("span", f"{len(report.rows) - bad} of {len(report.rows)} as wanted; "), misses)))


# --- measures ----------------------------------------------------------------------------------------------


def _measures(missed: Missed) -> Html:
    columns = (
        ("Measure", ""),
        ("Value", "number"),
        ("Count", "number"),
        ("Misses", "number"),
        ("Of what", ""),
    )
    heads = el("tr", *(el("th", name, scope="col", class_=kind) for name, kind in columns))
    metrics = sorted(enumerate(missed), key=lambda numbered: GROUPS.index(numbered[1][0].group))
    grouped = groupby(metrics, key=lambda numbered: numbered[1][0].group)
    bodies = (
        el(
            "tbody",
            el("tr", el("th", group.capitalize(), scope="rowgroup", colspan="5")),
            *(_metric(metric, number, len(places)) for number, (metric, places) in counted),
        )
        for group, counted in grouped
    )
    return el("table", el("thead", heads), *bodies)


def _metric(metric: "Metric", number: int, misses: int) -> Html:
    return el(
        "tr",
        el("td", metric.name),
        el("td", amount(metric), class_="number"),
        el("td", count(metric), class_="number"),
        el("td", link(f"m{number + 1}", f"misses: {misses}") if misses else "", class_="number"),
        el("td", metric.meaning, class_="quiet"),
    )


def _missed(metric: "Metric", report: "Report") -> Sequence[int]:
    """The places of the rows that take part and fall short; none for what is no share of them, as a cost."""
    measure = metric.measure
    if not isinstance(measure, Measure) or measure.unit != "share":
        return ()
    counted = ((number, measure.count(row)) for number, row in enumerate(report.rows))
    return [
        number
        for number, pair in counted
        if pair and (pair[0] > 0 if measure.lower_is_better else pair[0] < pair[1])
    ]


def _short(missed: Missed, report: "Report") -> Html:
    """For each measure, links to the questions that fall short of it."""
    sections = [
        el(
            "section",
            el("h3", f"{metric.name}, misses: {len(places)}"),
            listed([link(_anchor(place), report.rows[place].question.question) for place in places]),
            id=f"m{number + 1}",
        )
        for number, (metric, places) in enumerate(missed)
        if places
    ]
    return Html(el("h2", "Misses by measure") + "".join(sections)) if sections else Html()


def _verifier(report: "Report") -> Sequence[Html]:
    """The verifier on claims made from these articles by mechanical edits: the rates, then each kind of edit."""
    if not report.verifier:
        return ()
    lines = [*verdicts(report), *kinds(report)]
    rows = (
        el(
            "tr",
            el("td", name),
            el("td", value, class_="number"),
            el("td", out_of, class_="number"),
            el("td", what),
        )
        for name, what, value, out_of in lines
    )
    return (el("h2", "Verifier"), el("table", el("tbody", *rows)))


# --- pictures and questions --------------------------------------------------------------------------------


def _figure(plot: "Plot") -> Html:
    # A picture is made of escaped text and numbers by ``ui.report.svg``.
    return el("figure", el("h3", plot.title), Html(plot.svg), el("figcaption", plot.about, class_="quiet"))


def _questions(report: "Report") -> Sequence[Html]:
    bad = [number for number, row in enumerate(report.rows) if not good(row)]
    well = [number for number, row in enumerate(report.rows) if good(row)]
    return [
        *([el("h2", f"Misses: {len(bad)}", id="misses")] if bad else []),
        *(outcome(report.rows[number], anchor=_anchor(number), well=False) for number in bad),
        *([el("h2", f"As wanted: {len(well)}")] if well else []),
        *(outcome(report.rows[number], anchor=_anchor(number), well=True) for number in well),
    ]
