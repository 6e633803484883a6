"""An evaluation as pictures: SVG elements for a page, the same bytes for the same report. Pure.

Colours are those of Okabe and Ito (2008), told apart by colour-blind people; lines also differ in dash and marker.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING

from rag.evaluation.measures.trends import (
    LEVELS,
    calibration_bins,
    calibration_error,
    recall_at,
    risk_coverage_points,
)
from rag.evaluation.questions import KINDS
from ui.report.svg import fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rag.evaluation.results import QuestionResult
    from rag.evaluation.run import Report

_BLUE, _ORANGE, _GREEN, _PURPLE, _GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#595959"
_LINES = ((_BLUE, "-", "o"), (_ORANGE, "--", "s"), (_GREEN, "-.", "^"), (_PURPLE, ":", "D"))
_CUTOFFS = (1, 3, 5, 10, 20)
_STAGES = ("retrieve", "evidence", "write", "total")
_MOST_STAGES = 8
_LEAST_SECONDS = 1e-4  # what takes less is drawn here, as a logarithmic scale has no 0
_KIND_NAMES = {
    "answerable": "answerable",
    "adversarial": "near misses",
    "out_of_corpus": "foreign",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture under its title. ``about`` says how to read it, or why there is none where ``svg`` is empty."""

    name: str
    title: str
    about: str
    svg: str = ""


def plots(report: "Report") -> tuple[Plot, ...]:
    """Every picture of the report, in the order of the flow: what was found, what was said, how long it took."""
    return tuple(draw(report) for draw in PLOTS)


def recall_by_depth(report: "Report") -> Plot:
    """Recall at k of chunks, gold strings and gold articles."""
    name, title = "recall", "Recall by depth"
    curves = [
        (level, values)
        for level in LEVELS
        if (values := recall_at(report.rows, level=level, cutoffs=_CUTOFFS))
    ]
    if not curves:
        return Plot(
            name=name, title=title, about="Nothing to draw: no question has ranks of what was retrieved."
        )

    def draw(axes: "Axes") -> None:
        for (level, values), (colour, dash, marker) in zip(curves, _LINES, strict=False):
            axes.plot(range(len(_CUTOFFS)), values, color=colour, ls=dash, marker=marker, label=level)
        axes.set_xticks(range(len(_CUTOFFS)), labels=[str(k) for k in _CUTOFFS])
        _shares(axes, x="first k", y="found among them")

    said = "; ".join(
        f"{level} {', '.join(f'{v:.0%} of {k}' for k, v in zip(_CUTOFFS, values, strict=True))}"
        for level, values in curves
    )
    about = (
        "The share of questions with a relevant chunk, a gold string in a chunk, or a gold article among the first k; "
        "articles are counted once."
    )
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, f"{title}: {said}"))


def gold_by_passage(report: "Report") -> Plot:
    """How many questions have their first gold string in which passage of the evidence."""
    name, title = "passages", "First passage with a gold string"
    ranks = [row.passage_rank for row in report.rows if row.answerable]
    if not ranks:
        return Plot(name=name, title=title, about="Nothing to draw: no question is answerable.")
    found = [rank for rank in ranks if rank is not None]
    places = range(1, max(found, default=1) + 1)
    counts = [*(found.count(place) for place in places), len(ranks) - len(found)]
    names = [*map(str, places), "none"]

    def draw(axes: "Axes") -> None:
        bars = axes.bar(range(len(counts)), counts, color=[*[_BLUE] * len(places), _ORANGE])
        axes.bar_label(bars, labels=[str(count or "") for count in counts], fontsize=9)
        axes.set_xticks(range(len(names)), labels=names)
        axes.set(
            xlabel="passage of the evidence", ylabel="answerable questions", ylim=(0, max(counts) * 1.12)
        )

    said = ", ".join(f"{name}: {count}" for name, count in zip(names, counts, strict=True))
    about = "Passages are numbered in the order a reader or a model gets them. None: no passage holds a gold string."
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, f"{title}. {said}"))


def risk_by_coverage(report: "Report") -> Plot:
    """How much of what is answered is wrong as ever less sure questions are answered."""
    name, title = "risk", "Risk by coverage"
    answerable = [row for row in report.rows if row.answerable]
    mixes: list[tuple[str, Sequence[QuestionResult]]] = [("answerable alone", answerable)]
    for kind in KINDS[1:]:
        others = [row for row in report.rows if row.question.kind == kind]
        mixes += [(f"with {_KIND_NAMES[kind]}", [*answerable, *others])] if others else []
    if len(mixes) == len(KINDS):
        mixes.append(("all", report.rows))
    curves = [(mix, points) for mix, rows in mixes if (points := risk_coverage_points(rows))]
    if not curves:
        return Plot(name=name, title=title, about="Nothing to draw: no question was answered.")

    def draw(axes: "Axes") -> None:
        for (mix, points), (colour, dash, marker) in zip(curves, _LINES, strict=False):
            across, up = zip(*points, strict=True)
            axes.plot(across, up, color=colour, ls=dash, drawstyle="steps-post", label=mix)
            axes.plot(across[-1], up[-1], color=colour, marker=marker)
        _shares(axes, x="coverage: questions answered", y="risk: answers that are wrong")
        axes.set_xlim(0, 1.03)

    said = "; ".join(f"{mix}: {p[-1][1]:.0%} wrong of {p[-1][0]:.0%} answered" for mix, p in curves)
    about = (
        "The surest questions come first. Wrong is an answer without a gold string, or any answer where the articles "
        "do not say. The mark is the run as it was; to the left of it, as if more had been declined."
    )
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, f"{title}: {said}"))


def confidence_by_kind(report: "Report") -> Plot:
    """How confidences are spread over each kind of question, and from where on questions are answered."""
    name, title = "confidence", "Confidence by kind of question"
    spread = [
        (_KIND_NAMES[kind], found)
        for kind in KINDS
        if (found := [row.answer.confidence for row in report.rows if row.question.kind == kind])
    ]
    if not spread:
        return Plot(name=name, title=title, about="Nothing to draw: no question was asked.")
    least = min((row.answer.confidence for row in report.rows if not row.answer.abstained), default=None)

    def draw(axes: "Axes") -> None:
        for (kind, found), (colour, dash, _) in zip(spread, _LINES, strict=False):
            axes.ecdf(found, color=colour, ls=dash, label=kind)
        if least is not None:
            axes.axvline(least, color=_GREY, lw=1, label=f"lowest answered, {least:.2f}")
        _shares(axes, x="confidence", y="questions with no more")
        axes.set_xlim(-0.03, 1.03)

    said = "; ".join(f"{kind}: median {_quantile(found, 0.5):.2f}" for kind, found in spread)
    about = (
        "Foreign questions are about something else altogether. The further apart the lines, the better can be told "
        "whether the articles answer. The upright line is the lowest confidence of a question that was answered."
    )
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, f"{title}. {said}"))


def calibration_of_confidence(report: "Report") -> Plot:
    """Confidence against the share of questions that the articles do answer."""
    name, title = "calibration", "Calibration of the confidence"
    bins = calibration_bins(report.rows)
    if not bins:
        return Plot(name=name, title=title, about="Nothing to draw: no question was asked.")
    error = calibration_error(bins)

    def draw(axes: "Axes") -> None:
        axes.plot((0, 1), (0, 1), color=_GREY, lw=1, ls=":", label="calibrated")
        across, up = [one.confidence for one in bins], [one.answerable for one in bins]
        axes.plot(across, up, color=_BLUE, marker="o", label=f"this run, error {error:.3f}")
        _shares(axes, x="mean confidence", y="answerable questions")
        axes.set_xlim(-0.03, 1.03)

    about = (
        f"{len(bins)} groups of questions of like confidence and equal number. Expected calibration error {error:.3f}: "
        "the mean distance from the dotted line (Guo et al. 2017). A confidence that only ranks need not lie on it."
    )
    said = ", ".join(f"{one.confidence:.2f}: {one.answerable:.0%}" for one in bins)
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, f"{title}. {said}"))


def seconds_by_stage(report: "Report") -> Plot:
    """Median and 95th percentile of the seconds that each stage takes."""
    name, title = "seconds", "Seconds by stage"
    known = {stage for row in report.rows for stage in row.answer.timings}
    stages = [*(s for s in _STAGES if s in known), *sorted(known.difference(_STAGES))][:_MOST_STAGES]
    if not stages:
        return Plot(name=name, title=title, about="Nothing to draw: no stage was timed.")
    taken = [[t[stage] for row in report.rows if stage in (t := row.answer.timings)] for stage in stages]
    middles, lates = ([max(_LEAST_SECONDS, _quantile(each, q)) for each in taken] for q in (0.5, 0.95))
    names = [_plain(stage) for stage in stages]

    def draw(axes: "Axes") -> None:
        places = range(len(stages))
        axes.hlines(places, middles, lates, color=_GREY)
        axes.plot(middles, places, color=_BLUE, ls="", marker="o", label="median")
        axes.plot(lates, places, color=_ORANGE, ls="", marker="D", label="95th percentile")
        axes.set_xscale("log")
        axes.set_xlim(min(middles) / 2, max(lates) * 2)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(lambda value, _: "")
        axes.set_yticks(places, labels=names, parse_math=False)
        axes.set(xlabel="seconds", ylim=(len(stages) - 0.5, -0.5))

    said = "; ".join(
        f"{name} {middle:.2g} and {late:.2g}"
        for name, middle, late in zip(names, middles, lates, strict=True)
    )
    about = "On a logarithmic scale. Total is the time to a whole answer."
    label = f"{title}, median and 95th percentile: {said}"
    return Plot(name=name, title=title, about=about, svg=_drawn(draw, name, label))


PLOTS: Sequence[Callable[["Report"], Plot]] = (
    recall_by_depth,
    gold_by_passage,
    risk_by_coverage,
    confidence_by_kind,
    calibration_of_confidence,
    seconds_by_stage,
)


def _drawn(draw: Callable[["Axes"], None], name: str, label: str) -> str:
    """What ``draw`` puts on axes, on white so that it can be read on any page."""
    import matplotlib
    from matplotlib.figure import Figure

    # Ids come from a hash, whose salt is chance unless given. Text stays text, to be found and read out. matplotlib
    # knows no other place for these settings than its own, where they are put back afterwards.
    settings = matplotlib.rc_context({"svg.hashsalt": "pincite", "svg.fonttype": "none"})
    with settings, StringIO() as out:
        figure = Figure(figsize=(4.8, 3.3), layout="constrained", facecolor="white")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(visible=True, color="#e3e3e3", lw=0.7)
        axes.set_axisbelow(True)
        draw(axes)
        if axes.get_legend_handles_labels()[0]:
            figure.legend(loc="outside upper left", ncols=2, frameon=False)  # where no line can run
        figure.savefig(out, format="svg", metadata={"Date": None})
        return fitted(out.getvalue(), name=name, label=label)


def _shares(axes: "Axes", *, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y, ylim=(-0.03, 1.03))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")


def _quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that ``share`` of them do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share) - 1)]


def _plain(text: str) -> str:
    """A name from elsewhere, short and in letters that every font has."""
    return "".join(char if " " <= char <= "~" else "?" for char in text[:24])
