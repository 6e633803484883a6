"""The nouns as plain JSON types, and an answer back from them: what ``--json`` prints and programs read.

A span is ``[start, end]``, a date ``"2026-05-01"``, a tuple a list; any other noun is an object with exactly
its fields. A citation also has the computed ``verified``, which is passed over when it is read back.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import TypeVar, get_args

from rag.schema import Answer, Citation, Evidence, Located, Span, Support

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None

_T = TypeVar("_T")


def to_json(value: object) -> Json:
    """``value``, and all that is in it, as plain types. NaN and infinity, which JSON lacks, become ``None``.

    Raises ``TypeError`` for what is neither a noun nor a plain type.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _object(value)
    raise TypeError(f"{value!r:.80} is a {type(value).__name__}: only nouns and plain types go into JSON")


def answer_from_json(data: object) -> Answer:
    """The answer that ``to_json`` made ``data`` of.

    Raises ``ValueError`` naming the first place that is missing, unknown or of the wrong type.
    """
    found = _Reader(data, "answer", _names(Answer))
    return Answer(
        question=found.get("question", _text),
        standalone_question=found.get("standalone_question", _text),
        text=found.get("text", _text),
        citations=found.get("citations", _tuple_of(_citation)),
        evidence=found.get("evidence", _tuple_of(_evidence)),
        abstained=found.get("abstained", _flag),
        confidence=found.get("confidence", _number),
        unmentioned=found.get("unmentioned", _tuple_of(_text)),
        model=found.get("model", _text),
        timings=found.get("timings", _seconds),
    )


def _object(value: object) -> dict[str, Json]:
    if not is_dataclass(value):
        raise TypeError(f"{value!r:.80} is no noun")
    plain = {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Citation):
        plain["verified"] = value.verified
    return plain


def _names(noun: type[Answer | Citation | Evidence]) -> frozenset[str]:
    return frozenset(item.name for item in fields(noun))


class _Reader:
    """A JSON object whose fields are read one by one; ``place`` is where it stands, for messages."""

    def __init__(self, data: object, place: str, names: frozenset[str]) -> None:
        if not isinstance(data, dict):
            raise ValueError(f"{place} is {data!r:.40}: give an object")
        if unknown := sorted(str(name) for name in data.keys() - names):
            raise ValueError(f"{place}.{unknown[0]} is unknown: the fields are {', '.join(sorted(names))}")
        self._data = data
        self._place = place

    def get(self, name: str, read: Callable[[object, str], _T]) -> _T:
        place = f"{self._place}.{name}"
        if name not in self._data:
            raise ValueError(f"{place} is missing: write all fields")
        return read(self._data[name], place)


def _citation(data: object, place: str) -> Citation:
    found = _Reader(data, place, _names(Citation) | {"verified"})
    return Citation(
        label=found.get("label", _whole),
        claim=found.get("claim", _span),
        article_id=found.get("article_id", _text),
        span=found.get("span", _span),
        quote=found.get("quote", _text),
        located=found.get("located", _located),
        support=found.get("support", _support),
        reason=found.get("reason", _text),
        verbatim=found.get("verbatim", _flag),
    )


def _evidence(data: object, place: str) -> Evidence:
    found = _Reader(data, place, _names(Evidence))
    return Evidence(
        label=found.get("label", _whole),
        article_id=found.get("article_id", _text),
        span=found.get("span", _span),
        text=found.get("text", _text),
        score=found.get("score", _number),
        title=found.get("title", _text),
        url=found.get("url", _text),
        publisher=found.get("publisher", _text),
        date=found.get("date", _day),
        credit=found.get("credit", _text),
        fingerprint=found.get("fingerprint", _text),
    )


def _wrong(data: object, place: str, wanted: str) -> ValueError:
    return ValueError(f"{place} is {data!r:.40}: give {wanted}")


def _text(data: object, place: str) -> str:
    if not isinstance(data, str):
        raise _wrong(data, place, "a text")
    return data


def _flag(data: object, place: str) -> bool:
    if not isinstance(data, bool):
        raise _wrong(data, place, "true or false")
    return data


def _whole(data: object, place: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool):
        raise _wrong(data, place, "a whole number")
    return data


def _number(data: object, place: str) -> float:
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise _wrong(data, place, "a number")
    return float(data)


def _span(data: object, place: str) -> Span:
    if not isinstance(data, list) or len(data) != 2:
        raise _wrong(data, place, "[start, end]")
    start, end = (_whole(item, place) for item in data)
    if not 0 <= start <= end:
        raise _wrong(data, place, "0 <= start <= end")
    return Span(start, end)


def _day(data: object, place: str) -> date | None:
    if data is None:
        return None
    try:
        return date.fromisoformat(_text(data, place))
    except ValueError as error:
        raise _wrong(data, place, "a day as 2026-05-01, or null") from error


def _located(data: object, place: str) -> Located:
    for known in get_args(Located):
        if data == known:
            word: Located = known
            return word
    raise _wrong(data, place, f"one of {', '.join(get_args(Located))}")


def _support(data: object, place: str) -> Support:
    for known in get_args(Support):
        if data == known:
            word: Support = known
            return word
    raise _wrong(data, place, f"one of {', '.join(get_args(Support))}")


def _seconds(data: object, place: str) -> Mapping[str, float]:
    if not isinstance(data, dict):
        raise _wrong(data, place, "an object of seconds")
    return {str(stage): _number(value, f"{place}.{stage}") for stage, value in data.items()}


def _tuple_of(read: Callable[[object, str], _T]) -> Callable[[object, str], tuple[_T, ...]]:
    def items(data: object, place: str) -> tuple[_T, ...]:
        if not isinstance(data, list):
            raise _wrong(data, place, "a list")
        return tuple(read(item, f"{place}[{at}]") for at, item in enumerate(data))

    return items
