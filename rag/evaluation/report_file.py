"""Writes a report as JSON and reads it back: the files of ``pincite eval --json`` that ``--compare`` reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rag.errors import ReportError
from rag.evaluation.attribution import Attribution
from rag.evaluation.measures.metric import Metric
from rag.evaluation.questions import question_from_json
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.evaluation.setup import RunSetup
from rag.evaluation.verifier.agreement import EditKindVerdicts, Share
from rag.serialization import Json, answer_from_json, to_json
from rag.system.files import Durability, write_or_replace
from rag.system.json_fields import JsonFields, flag, mapping_of, number, optional, text, tuple_of, whole

FORMAT = 2  # increased when earlier versions can no longer read the file
_T = TypeVar("_T")


def report_to_json(report: Report) -> dict[str, Json]:
    """Return the report as plain JSON types.

    ``format`` is the number of this layout; then ``model``, ``setup``, ``unlabelled``, ``verifier``, ``metrics`` and
    ``curves``, which are counted anew when it is read, and ``rows``. NaN, as of a measure with nothing to count,
    becomes null.
    """
    return {
        "format": FORMAT,
        "model": report.model,
        "setup": to_json(report.setup),
        "unlabelled": report.unlabelled,
        "verifier": to_json(report.verifier),
        "metrics": [_metric_to_json(metric) for metric in report.metrics],
        "curves": [to_json(curve) for curve in report.curves],
        "rows": to_json(report.rows),
    }


def report_from_json(data: object) -> Report:
    """Return the report in JSON made by ``report_to_json``; its metrics are counted from the rows by this version.

    Raises ``ReportError`` naming the first field that is missing or of the wrong type, or the unknown format.
    """
    return _raising_report_errors(_report, data)


def row_from_json(data: object) -> QuestionResult:
    """Return the row in JSON made by ``to_json``. Raises ``ReportError`` as ``report_from_json`` does."""
    return _raising_report_errors(lambda value: _row(value, "row"), data)


def read_report(path: Path) -> Report:
    """Read the report in a file that ``pincite eval --json`` wrote. Raises ``ReportError``."""
    try:
        data: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            f"cannot read the report {str(path)!r} ({error.strerror}): check the path"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"the report {str(path)!r} is not JSON ({error}): give a file that `pincite eval --json` wrote"
        ) from error
    try:
        return report_from_json(data)
    except ReportError as error:
        raise ReportError(f"{str(path)!r}: {error}") from error


def write_report(path: Path, report: Report) -> None:
    """Write the report to ``path`` as JSON: whole or, if that fails, not at all. Raises ``ReportError``."""
    content = json.dumps(report_to_json(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    # A lone surrogate, which UTF-8 does not have, becomes its JSON escape and so is read back as it was.
    raw = content.encode("utf-8", "backslashreplace")
    try:
        write_or_replace(path, raw, durable=Durability.CONTENT)
    except OSError as error:
        raise ReportError(f"cannot write {str(path)!r} ({error.strerror}): give another path") from error


def _metric_to_json(metric: Metric) -> Json:
    return {
        "name": metric.name,
        "group": metric.group,
        "value": to_json(metric.value),
        "hits": metric.hits,
        "total": metric.total,
        "unit": metric.unit,
        "meaning": metric.meaning,
        "lower_is_better": metric.lower_is_better,
    }


def _raising_report_errors(read: Callable[[object], _T], data: object) -> _T:
    """Return what ``read`` reads from ``data``; its ``ValueError`` becomes a ``ReportError``."""
    try:
        return read(data)
    except ValueError as error:
        raise ReportError(f"{error}; give a file that `pincite eval --json` wrote") from error


def _report(data: object) -> Report:
    fields = JsonFields(data, "report")
    version = fields.get("format", whole)
    if version != FORMAT:
        raise ValueError(f"report.format is {version!r}: this version reads format {FORMAT}")
    return Report(
        model=fields.get("model", text),
        setup=fields.get("setup", _setup),
        rows=fields.get("rows", tuple_of(_row)),
        verifier=fields.get("verifier", tuple_of(_edit_kind)),
        unlabelled=fields.get_or("unlabelled", whole, 0),  # earlier reports have none
    )


def _edit_kind(data: object, json_path: str) -> EditKindVerdicts:
    fields = JsonFields(data, json_path)
    return EditKindVerdicts(
        fields.get("name", text), fields.get("supported", flag), fields.get("wrong", _share)
    )


def _share(data: object, json_path: str) -> Share:
    fields = JsonFields(data, json_path)
    return Share(fields.get("count", whole), fields.get("of", whole))


def _setup(data: object, json_path: str) -> RunSetup:
    fields = JsonFields(data, json_path)
    return RunSetup(
        pincite=fields.get("pincite", text),
        corpus=fields.get("corpus", text),
        articles=fields.get("articles", whole),
        chunks=fields.get("chunks", whole),
        questions=fields.get("questions", text),
        sample=fields.get("sample", optional(whole)),
        seed=fields.get("seed", whole),
        settings=fields.get("settings", mapping_of(whole, wanted="an object of whole numbers")),
        embedder=fields.get_or(
            "embedder", text, ""
        ),  # reports made before there were several embedders have none
    )


def _row(data: object, json_path: str) -> QuestionResult:
    fields = JsonFields(data, json_path)
    return QuestionResult(
        question=fields.get("question", question_from_json),
        answer=fields.get("answer", answer_from_json),
        contains_gold=fields.get("contains_gold", flag),
        passage_rank=fields.get("passage_rank", optional(whole)),
        exact_quotes=fields.get("exact_quotes", whole),
        chunk_ranks=fields.get("chunk_ranks", tuple_of(whole)),
        relevant_chunks=fields.get("relevant_chunks", whole),
        string_rank=fields.get("string_rank", optional(whole)),
        article_rank=fields.get("article_rank", optional(whole)),
        attribution=fields.get("attribution", _attribution),
        tokens_in=fields.get("tokens_in", whole),
        tokens_out=fields.get("tokens_out", whole),
        peak_mb=fields.get("peak_mb", number),
    )


def _attribution(data: object, json_path: str) -> Attribution:
    fields = JsonFields(data, json_path)
    return Attribution(
        statements=fields.get("statements", whole),
        carried=fields.get("carried", whole),
        citations=fields.get("citations", whole),
        needed=fields.get("needed", whole),
    )
