"""Reports as JSON: what is written reads back equal, and what cannot be read is named by its place."""

import copy
import errno
import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ReportError
from rag.evaluation.report_file import FORMAT, read_report, report_from_json, report_to_json, write_report
from rag.evaluation.run import Report
from rag.evaluation.verifier.agreement import EditKindVerdicts, Share
from rag.schema import Span
from tests.support.full_result import REPORT
from tests.support.results import report, row

FULL = row("1", gold=True, passage=2, chunks=(1, 4), relevant=3, string=1, article=1)
TWO_ROWS = report(
    replace(
        FULL,
        question=replace(FULL.question, spans=(Span(3, 7),), history=({"role": "user", "content": "Hello"},)),
    ),
    row("2", "adversarial", abstained=True),
)
WITH_VERIFIER = replace(
    TWO_ROWS, verifier=(EditKindVerdicts("number changed", supported=False, wrong=Share(1, 40)),)
)


def written() -> Any:  # noqa: ANN401 - as JSON has it
    return json.loads(json.dumps(report_to_json(WITH_VERIFIER)))


def test_a_report_with_verdicts_reads_back_equal() -> None:
    assert report_from_json(written()) == WITH_VERIFIER


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (("model",), 3, r"report\.model is 3"),
        (("rows",), {}, r"report\.rows is \{\}"),
        (("rows", 0, "contains_gold"), 1, r"report\.rows\[0\]\.contains_gold is 1"),
        (("rows", 1, "exact_quotes"), True, r"report\.rows\[1\]\.exact_quotes is True"),
        (("rows", 0, "chunk_ranks"), ["1"], r"report\.rows\[0\]\.chunk_ranks\[0\] is '1'"),
        (("verifier", 0, "wrong", "of"), "40", r"report\.verifier\[0\]\.wrong\.of is '40'"),
        (("rows", 0, "question", "kind"), "easy", r"kind is 'easy': give one of answerable"),
        (("rows", 0, "question", "spans"), [[2, 1]], r"spans\[0\] is \[2, 1\]"),
        (("rows", 0, "answer", "text"), None, r"answer\.text is None"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(
    place: tuple[str | int, ...], value: object, message: str
) -> None:
    data = written()
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(ReportError, match=message):
        report_from_json(data)


def test_a_missing_field_is_named() -> None:
    data = written()
    del data["rows"][0]["string_rank"]
    with pytest.raises(ReportError, match=r"report\.rows\[0\]\.string_rank is missing"):
        report_from_json(data)


def test_a_report_reads_back_equal(tmp_path: Path) -> None:
    assert report_from_json(json.loads(json.dumps(report_to_json(REPORT), allow_nan=False))) == REPORT
    write_report(tmp_path / "report.json", REPORT)
    assert read_report(tmp_path / "report.json") == REPORT
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_file_has_the_setup_the_metrics_and_the_rows() -> None:
    data: Any = json.loads(json.dumps(report_to_json(REPORT), allow_nan=False))
    assert list(data) == ["format", "model", "setup", "unlabelled", "verifier", "metrics", "curves", "rows"]
    assert data["format"] == FORMAT
    assert data["setup"]["articles"] == 1
    assert data["setup"]["pincite"]
    assert data["metrics"][0] == {
        "name": "answer holds gold",
        "group": "answers",
        "value": 1.0,
        "hits": 2,
        "total": 2,
        "unit": "share",
        "meaning": "of answerable questions",
        "lower_is_better": False,
    }
    uncounted = next(metric for metric in data["metrics"] if metric["name"] == "near misses declined")
    assert (uncounted["value"], uncounted["total"]) == (None, 0)
    assert data["curves"][0]["points"] == []
    assert data["rows"][0]["question"]["spans"] == [[28, 32]]
    assert data["rows"][0]["answer"]["citations"][0]["verified"] is True


def test_an_empty_report_reads_back_too() -> None:
    empty = report_from_json(report_to_json(Report(model="quotes", rows=())))
    assert all(math.isnan(metric.value) for metric in empty.metrics)


def changed(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(data: Any) -> None:  # noqa: ANN401
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed("format", to=99), "report.format is 99: this version reads format 2"),
        (changed("model", to=None), "report.model is None: give a text"),
        (changed("rows", 1, "contains_gold", to=1), "report.rows[1].contains_gold is 1: give true or false"),
        (changed("rows", 0, "answer", "text", to=[]), "report.rows[0].answer.text is []: give a text"),
        (changed("rows", 0, "question", "kind", to="x"), "report.rows[0].question.kind is 'x': give one of"),
        (changed("rows", 0, "chunk_ranks", to=[1, "2"]), "report.rows[0].chunk_ranks[1] is '2'"),
        (changed("rows", 0, "attribution", to={}), "report.rows[0].attribution.statements is missing"),
        (changed("setup", "settings", to={"top": "1"}), "report.setup.settings.top is '1'"),
        (changed("setup", "sample", to="all"), "report.setup.sample is 'all'"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(change: Callable[[Any], None], message: str) -> None:
    data = copy.deepcopy(report_to_json(REPORT))
    change(data)
    with pytest.raises(ReportError) as error:
        report_from_json(data)
    assert message in str(error.value)
    assert str(error.value).endswith("give a file that `pincite eval --json` wrote")


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"[" * 100_000, b'{"model": "quotes"}'])
def test_a_file_that_is_no_report_is_refused_by_name(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(raw)
    with pytest.raises(ReportError, match=r"report\.json'.*`pincite eval --json` wrote"):
        read_report(path)
    with pytest.raises(ReportError, match="cannot read the report"):
        read_report(tmp_path / "nowhere.json")


def test_a_report_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / "report.json"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ReportError, match="give another path"):
        write_report(path, REPORT)
    assert path.read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [path]
