"""A report as plain JSON types, and back: what ``pincite eval --json`` writes and ``--compare`` reads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rag.errors import ReportError
from rag.evaluation.attribution import Attribution
from rag.evaluation.measures.curves import Curve
from rag.evaluation.measures.metric import Metric
from rag.evaluation.questions import question_from_json
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.evaluation.setup import RunSetup
from rag.evaluation.verifier.agreement import Judged, Share
from rag.serialization import Json, answer_from_json, to_json
from rag.system.files import Durability, write_whole
from rag.system.json_fields import JsonFields, flag, mapping_of, number, optional, text, tuple_of, whole

FORMAT = 1  # rises when what is written can no longer be read by what came before


_T = TypeVar("_T")


def record(report: Report) -> dict[str, Json]:
    """The report as plain JSON types.

    ``format`` is the number of this layout; then ``model``, ``setup``, ``verifier``, ``metrics`` and ``curves``, which
    are counted anew when it is read, and ``rows``. What is NaN, as there was nothing to count, is null.
    """
    return {
        "format": FORMAT,
        "model": report.model,
        "setup": to_json(report.setup),
        "verifier": to_json(report.verifier),
        "metrics": [_metric(metric) for metric in report.metrics],
        "curves": [_curve(curve) for curve in report.curves],
        "rows": to_json(report.rows),
    }


def report_from_json(data: object) -> Report:
    """The report that ``record`` made ``data`` of; its metrics are counted from the rows, by today's definitions.

    Raises ``ReportError`` naming the first place that is missing or of the wrong type, or the format not known.
    """
    return _read(_report, data)


def setup_from_json(data: object) -> RunSetup:
    """The setup that ``to_json`` made ``data`` of. Raises ``ReportError`` as ``report_from_json`` does."""
    return _read(lambda found: _setup(found, "setup"), data)


def row_from_json(data: object) -> QuestionResult:
    """The row that ``to_json`` made ``data`` of. Raises ``ReportError`` as ``report_from_json`` does."""
    return _read(lambda found: _row(found, "row"), data)


def read_report(path: Path) -> Report:
    """The report in a file that ``pincite eval --json`` wrote. Raises ``ReportError``."""
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
    """Write the report to ``path`` as JSON: whole or, where that fails, not at all. Raises ``ReportError``."""
    written = json.dumps(record(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    # A half character, which no UTF-8 has, becomes its JSON escape and so comes back as it was.
    raw = written.encode("utf-8", "backslashreplace")
    try:
        if path.is_file() or not path.exists():
            write_whole(path.resolve(), raw, durable=Durability.CONTENT)
        else:
            path.write_bytes(raw)  # what is no file, such as /dev/stdout, cannot be replaced
    except OSError as error:
        raise ReportError(f"cannot write {str(path)!r} ({error.strerror}): give another path") from error


def _metric(metric: Metric) -> Json:
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


def _curve(curve: Curve) -> Json:
    return to_json(curve)


def _read(read: Callable[[object], _T], data: object) -> _T:
    try:
        return read(data)
    except ValueError as error:
        raise ReportError(f"{error}; give a file that `pincite eval --json` wrote") from error


def _report(data: object) -> Report:
    found = JsonFields(data, "report")
    made = found.get("format", whole)
    if made != FORMAT:
        raise ValueError(f"report.format is {made!r}: this version reads format {FORMAT}")
    return Report(
        model=found.get("model", text),
        setup=found.get("setup", _setup),
        rows=found.get("rows", tuple_of(_row)),
        verifier=found.get("verifier", tuple_of(_kind)),
    )


def _kind(data: object, place: str) -> Judged:
    found = JsonFields(data, place)
    return Judged(found.get("name", text), found.get("supported", flag), found.get("wrong", _counted))


def _counted(data: object, place: str) -> Share:
    found = JsonFields(data, place)
    return Share(found.get("count", whole), found.get("of", whole))


def _setup(data: object, place: str) -> RunSetup:
    found = JsonFields(data, place)
    return RunSetup(
        pincite=found.get("pincite", text),
        corpus=found.get("corpus", text),
        articles=found.get("articles", whole),
        chunks=found.get("chunks", whole),
        questions=found.get("questions", text),
        sample=found.get("sample", optional(whole)),
        seed=found.get("seed", whole),
        settings=found.get("settings", mapping_of(whole, wanted="an object of whole numbers")),
        embedder=found.get_or("embedder", text, ""),  # reports made before there were two have none
    )


def _row(data: object, place: str) -> QuestionResult:
    found = JsonFields(data, place)
    return QuestionResult(
        question=found.get("question", question_from_json),
        answer=found.get("answer", answer_from_json),
        contains_gold=found.get("contains_gold", flag),
        passage_rank=found.get("passage_rank", optional(whole)),
        exact_quotes=found.get("exact_quotes", whole),
        chunk_ranks=found.get("chunk_ranks", tuple_of(whole)),
        relevant_chunks=found.get("relevant_chunks", whole),
        string_rank=found.get("string_rank", optional(whole)),
        article_rank=found.get("article_rank", optional(whole)),
        attribution=found.get("attribution", _attribution),
        tokens_in=found.get("tokens_in", whole),
        tokens_out=found.get("tokens_out", whole),
        peak_mb=found.get("peak_mb", number),
    )


def _attribution(data: object, place: str) -> Attribution:
    found = JsonFields(data, place)
    return Attribution(
        statements=found.get("statements", whole),
        carried=found.get("carried", whole),
        citations=found.get("citations", whole),
        needed=found.get("needed", whole),
    )
