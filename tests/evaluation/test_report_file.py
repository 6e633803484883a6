"""Reports as JSON and back: the same rows, and a bad file is refused by the place that is wrong."""

import json
from dataclasses import replace
from typing import Any

import pytest

from rag.errors import ReportError
from rag.evaluation.report_file import record, report_from_json
from rag.evaluation.verifier.agreement import Judged, Share
from rag.schema import Span
from tests.support.results import report, row

FULL = row("1", gold=True, passage=2, chunks=(1, 4), relevant=3, string=1, article=1)
REPORT = report(
    replace(
        FULL,
        question=replace(FULL.question, spans=(Span(3, 7),), history=({"role": "user", "content": "Hello"},)),
    ),
    row("2", "adversarial", abstained=True),
)
REPORT = replace(REPORT, verifier=(Judged("number changed", supported=False, wrong=Share(1, 40)),))


def written() -> Any:  # noqa: ANN401 - as JSON has it
    return json.loads(json.dumps(record(REPORT)))


def test_a_report_comes_back_as_it_was() -> None:
    assert report_from_json(written()) == REPORT


@pytest.mark.parametrize(
    ("place", "value", "said"),
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
def test_what_is_wrong_is_named_by_its_place(place: tuple[str | int, ...], value: object, said: str) -> None:
    data = written()
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(ReportError, match=said):
        report_from_json(data)


def test_what_is_missing_is_named() -> None:
    data = written()
    del data["rows"][0]["string_rank"]
    with pytest.raises(ReportError, match=r"report\.rows\[0\]\.string_rank is missing"):
        report_from_json(data)
