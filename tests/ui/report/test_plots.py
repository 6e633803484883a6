"""The pictures of an evaluation: well-formed, harmless, the same each time, and none where there is nothing."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from rag.evaluation.run import Report
from tests.support.results import report, row
from ui.report.plots import PLOTS, Plot, plots
from ui.report.svg import fitted

HOSTILE = "</svg><script>alert(1)</script>$\\frac{'\" &amp; \x1b\x00\ud800\uffff東京"
REPORT = report(
    *(
        row(
            str(at),
            gold=at % 3 > 0,
            confidence=at / 12,
            passage=at % 4 or None,
            chunks=(at + 1,),
            relevant=2,
            string=at + 1,
            article=1,
            seconds=0.1 * (at + 1),
        )
        for at in range(12)
    ),
    *(row(f"n{at}", "adversarial", confidence=at / 5, abstained=at < 2) for at in range(5)),
    *(row(f"f{at}", "out_of_corpus", confidence=at / 9, abstained=True) for at in range(5)),
)
draws = pytest.mark.parametrize("draw", PLOTS, ids=lambda draw: draw.__name__)


def parsed(plot: Plot) -> ElementTree.Element:
    return ElementTree.fromstring(plot.svg)  # noqa: S314 - our own


@draws
def test_a_picture_is_well_formed_and_says_what_it_shows(draw: Callable[[Report], Plot]) -> None:
    plot = draw(REPORT)
    root = parsed(plot)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"].startswith(plot.title)
    assert any(char.isdigit() for char in root.attrib["aria-label"])
    assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) > 4


@draws
def test_a_picture_runs_nothing_and_refers_to_nothing_but_itself(draw: Callable[[Report], Plot]) -> None:
    plot = draw(REPORT)
    nodes = list(parsed(plot).iter())
    assert {node.tag.partition("}")[2] for node in nodes} <= {
        "svg",
        "g",
        "path",
        "text",
        "tspan",
        "use",
        "defs",
    }
    ids = [node.attrib["id"] for node in nodes if "id" in node.attrib]
    assert all(id.startswith(f"{plot.name}-") for id in ids)
    assert len(set(ids)) == len(ids)
    for node in nodes:
        assert not [name for name in node.attrib if name.startswith("on")]
        assert node.attrib.get("href", "#").startswith("#")
        assert node.attrib.get("href", "").removeprefix("#") in {"", *ids}
    assert "url(" not in plot.svg
    assert "font-family" not in plot.svg
    assert "DejaVu" not in plot.svg


def test_a_picture_has_the_same_bytes_each_time() -> None:
    assert plots(REPORT) == plots(REPORT)


@pytest.mark.slow
def test_a_picture_has_the_same_bytes_in_each_process() -> None:
    program = (
        "import hashlib; from tests.ui.report.test_plots import REPORT; from ui.report.plots import plots; "
        "print(hashlib.sha256(''.join(p.svg for p in plots(REPORT)).encode()).hexdigest())"
    )
    once, again = (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert once == again


def test_names_from_elsewhere_stay_text() -> None:
    answer = replace(row("1").answer, timings={HOSTILE: 1.0, "total": 2.0}, model=HOSTILE)
    hostile = replace(
        row("1"), answer=answer, question=replace(row("1").question, id=HOSTILE, question=HOSTILE)
    )
    for plot in plots(report(hostile, model=HOSTILE)):
        assert "<script" not in plot.svg
        if plot.svg:
            parsed(plot)
    seconds = plots(report(hostile))[-1].svg
    assert "&lt;/svg&gt;&lt;script&gt;" in seconds
    assert "&lt;/svg&gt;" in seconds.partition(">")[0]  # in the label as well


def test_where_there_is_nothing_to_draw_a_sentence_says_so() -> None:
    found = plots(report())
    assert [plot.svg for plot in found] == [""] * len(PLOTS)
    assert all(plot.about.startswith("Nothing to draw: ") for plot in found)
    assert plots(report(row("1")))[0].svg == ""  # nothing was retrieved


def test_all_declined_has_no_risk() -> None:
    declined = report(row("1", abstained=True), row("2", "adversarial", abstained=True))
    assert [plot.name for plot in plots(declined) if not plot.svg] == ["recall", "risk"]


def test_the_labels_carry_the_numbers() -> None:
    labels = {plot.name: parsed(plot).attrib["aria-label"] for plot in plots(REPORT)}
    assert "1: 3, 2: 3, 3: 3, none: 3" in labels["passages"]
    assert "string 8% of 1, 25% of 3, 42% of 5, 83% of 10, 100% of 20" in labels["recall"]
    assert "answerable alone: 33% wrong of 100% answered" in labels["risk"]
    assert "with near misses: 47% wrong of 88% answered" in labels["risk"]
    assert "retrieve 0.1 and 0.22; total 0.5 and 1.1" in labels["seconds"]


def test_what_takes_no_time_can_be_drawn() -> None:
    assert plots(report(row("1", seconds=0.0)))[-1].svg


def test_a_document_that_is_not_well_formed_is_refused() -> None:
    with pytest.raises(ElementTree.ParseError):
        fitted("<svg><g></svg>", name="x", label="")
