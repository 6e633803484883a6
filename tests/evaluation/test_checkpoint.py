"""Reports and journals: what is written reads back equal, and what cannot be read is said."""

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
from rag.evaluation.attribution import Attribution
from rag.evaluation.checkpoint import Checkpoint
from rag.evaluation.questions import Question
from rag.evaluation.report_file import FORMAT, read_report, record, report_from_json, write_report
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.evaluation.setup import RunSetup, described
from rag.schema import Span
from rag.settings import Settings
from rag.storage.records import ArticleSummary
from tests.support.quoted_passage import ANSWER

ROW = QuestionResult(
    question=Question(
        id="q",
        question="When\u2028was it \udc80 built?",
        kind="answerable",
        answers=("1871",),
        articles=("orrin",),
        spans=(Span(28, 32),),
        history=({"role": "user", "content": "Where?"},),
    ),
    answer=replace(ANSWER, confidence=0.1 + 0.2, timings={"total": 0.25}),
    contains_gold=True,
    passage_rank=1,
    exact_quotes=1,
    chunk_ranks=(1, 4),
    relevant_chunks=2,
    string_rank=1,
    article_rank=None,
    attribution=Attribution(statements=1, carried=1, citations=1, needed=1),
    tokens_in=300,
    tokens_out=9,
    peak_mb=250.5,
)
SETUP = RunSetup(
    corpus="c" * 64, articles=1, chunks=3, questions="d" * 64, sample=2, seed=7, settings={"top": 1}
)
REPORT = Report(
    model="quotes",
    rows=(ROW, replace(ROW, question=replace(ROW.question, id="r"), passage_rank=None)),
    setup=SETUP,
)


def numbered(at: int) -> QuestionResult:
    return replace(ROW, question=replace(ROW.question, id=str(at)))


# --- reports -----------------------------------------------------------------------------------------------


def test_a_report_reads_back_equal(tmp_path: Path) -> None:
    assert report_from_json(json.loads(json.dumps(record(REPORT), allow_nan=False))) == REPORT
    write_report(tmp_path / "report.json", REPORT)
    assert read_report(tmp_path / "report.json") == REPORT
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_the_record_has_what_it_was_of_the_numbers_and_the_rows() -> None:
    found: Any = json.loads(json.dumps(record(REPORT), allow_nan=False))
    assert list(found) == ["format", "model", "setup", "verifier", "metrics", "curves", "rows"]
    assert found["format"] == FORMAT
    assert found["setup"]["articles"] == 1
    assert found["setup"]["pincite"]
    assert found["metrics"][0] == {
        "name": "answer holds gold",
        "group": "answers",
        "value": 1.0,
        "hits": 2,
        "total": 2,
        "unit": "share",
        "meaning": "of answerable questions",
        "lower_is_better": False,
    }
    nothing = next(metric for metric in found["metrics"] if metric["name"] == "near misses declined")
    assert (nothing["value"], nothing["total"]) == (None, 0)
    assert found["curves"][0]["points"] == []
    assert found["rows"][0]["question"]["spans"] == [[28, 32]]
    assert found["rows"][0]["answer"]["citations"][0]["verified"] is True


def test_an_empty_report_reads_back_too() -> None:
    empty = report_from_json(record(Report(model="quotes", rows=())))
    assert all(math.isnan(metric.value) for metric in empty.metrics)


def changed(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(data: Any) -> None:  # noqa: ANN401
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (changed("format", to=99), "report.format is 99: this version reads format 1"),
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
def test_what_is_wrong_with_a_report_is_named_by_its_place(change: Callable[[Any], None], words: str) -> None:
    data = copy.deepcopy(record(REPORT))
    change(data)
    with pytest.raises(ReportError) as caught:
        report_from_json(data)
    assert words in str(caught.value)
    assert str(caught.value).endswith("give a file that `pincite eval --json` wrote")


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


# --- journals ----------------------------------------------------------------------------------------------


def test_rows_outlive_the_run_that_wrote_them(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        assert journal.rows == ()
        journal.add(numbered(1))
        journal.add(numbered(2))
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        assert journal.rows == (numbered(1), numbered(2))
        journal.add(numbered(3))
        assert len(path.read_bytes().splitlines()) == 4  # on disk before it is closed
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        assert journal.rows == (numbered(1), numbered(2), numbered(3))


@pytest.mark.parametrize(
    ("model", "setup"),
    [
        ("llama", SETUP),
        ("quotes", replace(SETUP, corpus="e" * 64)),
        ("quotes", replace(SETUP, questions="e" * 64)),
        ("quotes", replace(SETUP, seed=8)),
        ("quotes", replace(SETUP, settings={"top": 2})),
        ("quotes", replace(SETUP, pincite="0.0.1")),
    ],
)
def test_another_run_begins_anew(tmp_path: Path, model: str, setup: RunSetup) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        journal.add(numbered(1))
    with Checkpoint.open(path, model=model, setup=setup) as journal:
        assert journal.rows == ()
    with Checkpoint.open(path, model=model, setup=setup) as journal:
        assert journal.rows == ()
        assert path.read_bytes().count(b"\n") == 1


def test_wherever_the_file_was_cut_whole_rows_are_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        journal.add(numbered(1))
        journal.add(numbered(2))
    whole = path.read_bytes()
    ends = [at + 1 for at, byte in enumerate(whole) if byte == ord("\n")]
    for cut in {0, 1, *(end + by for end in ends for by in (-1, 0, 1, 7)), len(whole) - 40}:
        path.write_bytes(whole[:cut])
        kept = max(sum(end <= cut for end in ends) - 1, 0)
        with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
            assert journal.rows == tuple(numbered(at) for at in range(1, kept + 1))
            journal.add(numbered(9))
        with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
            assert journal.rows[kept:] == (numbered(9),)


def test_what_follows_a_row_that_cannot_be_read_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "report.json.part"
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        for at in (1, 2, 3):
            journal.add(numbered(at))
    lines = path.read_bytes().split(b"\n")
    lines[2] = b'{"question": 7}'
    path.write_bytes(b"\n".join(lines))
    with Checkpoint.open(path, model="quotes", setup=SETUP) as journal:
        assert journal.rows == (numbered(1),)


def test_a_journal_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="give another path"):
        Checkpoint.open(tmp_path / "nowhere" / "r.part", model="quotes", setup=SETUP)


# --- what a run is of --------------------------------------------------------------------------------------


def listed(**more: str) -> ArticleSummary:
    bare = ArticleSummary(
        id="orrin", title="Orrin", url="", publisher="", date=None, characters=84, chunks=3, fingerprint="f"
    )
    return replace(bare, **more)  # type: ignore[arg-type]


def test_a_setup_changes_with_whatever_changes_answers() -> None:
    plain = described([listed()], [ROW.question], settings=Settings())
    assert plain == described([listed(url="https://e.org")], [ROW.question], settings=Settings())
    assert (plain.articles, plain.chunks, plain.sample) == (1, 3, None)
    assert plain.settings["chunk_tokens"] == 160
    others = [
        described([listed(fingerprint="g")], [ROW.question], settings=Settings()),
        described([listed(title="Vell")], [ROW.question], settings=Settings()),
        described([listed(), listed(id="vell")], [ROW.question], settings=Settings()),
        described([listed()], [replace(ROW.question, answers=("1872",))], settings=Settings()),
        described([listed()], [ROW.question, ROW.question], settings=Settings()),
        described([listed()], [ROW.question], settings=Settings(top_chunks=9)),
        described([listed()], [ROW.question], settings=Settings(), embedder="another"),
    ]
    assert all(plain != other for other in others)
