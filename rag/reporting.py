"""A report read back from the JSON that was written of it."""

from collections.abc import Mapping
from typing import TypeVar

from rag.evaluate import Report
from rag.jsonable import answer_from_json
from rag.measures import Row
from rag.questions import KINDS, Kind, Question
from rag.schema import Span

_T = TypeVar("_T")


def report_from_json(data: object) -> Report:
    """The report whose ``model`` and ``rows`` are in ``data``; the measures are counted anew.

    Raises ``ValueError`` naming the first place that is missing or of the wrong type.
    """
    model = _get(data, "model", str, "report")
    rows = _get(data, "rows", list, "report")
    return Report(model=model, rows=tuple(_row(row, f"report.rows[{at}]") for at, row in enumerate(rows)))


def _row(data: object, place: str) -> Row:
    return Row(
        question=_question(_get(data, "question", dict, place), f"{place}.question"),
        answer=answer_from_json(_get(data, "answer", dict, place)),
        contains_gold=_get(data, "contains_gold", bool, place),
        passage_rank=_rank(data, "passage_rank", place),
        exact_quotes=_get(data, "exact_quotes", int, place),
        chunk_ranks=_all(data, "chunk_ranks", int, place),
        relevant_chunks=_get(data, "relevant_chunks", int, place),
        string_rank=_rank(data, "string_rank", place),
        article_rank=_rank(data, "article_rank", place),
    )


def _question(data: object, place: str) -> Question:
    return Question(
        id=_get(data, "id", str, place),
        question=_get(data, "question", str, place),
        kind=_kind(_get(data, "kind", str, place), place),
        answers=_all(data, "answers", str, place),
        articles=_all(data, "articles", str, place),
        spans=tuple(_span(span, f"{place}.spans") for span in _get(data, "spans", list, place)),
        history=tuple(
            {str(key): str(value) for key, value in turn.items()}
            for turn in _all(data, "history", dict, place)
        ),
    )


def _kind(found: str, place: str) -> Kind:
    for kind in KINDS:
        if found == kind:
            return kind
    raise ValueError(f"{place}.kind is {found!r:.40}: give one of {', '.join(KINDS)}")


def _span(data: object, place: str) -> Span:
    match data:
        case [int(start), int(end)] if 0 <= start <= end:
            return Span(start, end)
    raise ValueError(f"{place} has {data!r:.40}: give [start, end], 0 <= start <= end")


def _field(data: object, name: str, place: str) -> object:
    if not isinstance(data, Mapping) or name not in data:
        raise ValueError(f"{place}.{name} is missing")
    return data[name]


def _get(data: object, name: str, kind: type[_T], place: str) -> _T:
    return _checked(_field(data, name, place), kind, f"{place}.{name}")


def _all(data: object, name: str, kind: type[_T], place: str) -> tuple[_T, ...]:
    items = _get(data, name, list, place)
    return tuple(_checked(item, kind, f"{place}.{name}[{at}]") for at, item in enumerate(items))


def _rank(data: object, name: str, place: str) -> int | None:
    return None if _field(data, name, place) is None else _get(data, name, int, place)


def _checked(value: object, kind: type[_T], place: str) -> _T:
    if isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
        return value
    raise ValueError(f"{place} is {value!r:.40}: give a value of type {kind.__name__}")
