"""The nouns as plain JSON types, and an answer back from them: what ``--json`` prints and programs read.

A span is ``[start, end]``, a date ``"2026-05-01"``, a tuple a list; any other noun is an object with exactly
its fields. A citation also has the computed ``verified``, and what differs has ``newest`` and ``described``; they are
passed over when it is read back.
"""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import PurePath
from typing import get_args

from rag.errors import SettingsError
from rag.filters import EVERYTHING, Filter
from rag.schema import (
    Answer,
    Article,
    Citation,
    Disagreement,
    Evidence,
    Located,
    ReportedValue,
    Span,
    Support,
)
from rag.system.json_fields import (
    JsonFields,
    day,
    flag,
    mapping_of,
    number,
    one_of,
    span,
    text,
    tuple_of,
    whole,
)

Json = bool | int | float | str | list["Json"] | dict[str, "Json"] | None


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


def answer_from_json(data: object, place: str = "answer") -> Answer:
    """The answer that ``to_json`` made ``data`` of; ``place`` is what messages call it.

    Raises ``ValueError`` naming the first place that is missing, unknown or of the wrong type.
    """
    found = JsonFields(data, place, _names(Answer))
    return Answer(
        question=found.get("question", text),
        standalone_question=found.get("standalone_question", text),
        text=found.get("text", text),
        citations=found.get("citations", tuple_of(_citation)),
        evidence=found.get("evidence", tuple_of(_evidence)),
        abstained=found.get("abstained", flag),
        confidence=found.get("confidence", number),
        unmentioned=found.get("unmentioned", tuple_of(text)),
        differing=found.get_or(
            "differing", tuple_of(_differing), ()
        ),  # nor have those kept before it was looked for
        model=found.get("model", text),
        timings=found.get("timings", mapping_of(number, wanted="an object of seconds")),
        # Answers kept before a question could be asked of some articles have neither.
        within=found.get_or("within", _filter, EVERYTHING),
        limited=found.get_or("limited", text, ""),
    )


def article_from_json(data: object, place: str = "article") -> Article:
    """The article that ``to_json`` made ``data`` of; ``place`` is what messages call it.

    Raises ``ValueError`` naming the first place that is missing, unknown or of the wrong type.
    """
    found = JsonFields(data, place, _names(Article))
    return Article(
        id=found.get("id", text),
        title=found.get("title", text),
        text=found.get("text", text),
        url=found.get("url", text),
        publisher=found.get("publisher", text),
        date=found.get("date", day),
        credit=found.get("credit", text),
    )


def _object(value: object) -> dict[str, Json]:
    if not is_dataclass(value):
        raise TypeError(f"{value!r:.80} is no noun")
    plain = {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Citation):
        plain["verified"] = value.verified
    if isinstance(value, Disagreement):
        plain |= {"newest": value.newest, "described": value.described}
    return plain


def _differing(data: object, place: str) -> Disagreement:
    found = JsonFields(data, place, _names(Disagreement) | {"newest", "described"})
    return Disagreement(said=found.get("said", tuple_of(_said)))


def _said(data: object, place: str) -> ReportedValue:
    found = JsonFields(data, place, _names(ReportedValue))
    return ReportedValue(
        label=found.get("label", whole),
        text=found.get("text", text),
        title=found.get("title", text),
        publisher=found.get("publisher", text),
        date=found.get("date", day),
    )


def _names(
    noun: type[Answer | Article | Citation | Disagreement | Evidence | Filter | ReportedValue],
) -> frozenset[str]:
    return frozenset(item.name for item in fields(noun))


def _filter(data: object, place: str) -> Filter:
    found = JsonFields(data, place, _names(Filter))
    try:
        return Filter(
            publishers=found.get("publishers", tuple_of(text)),
            after=found.get("after", day),
            before=found.get("before", day),
            articles=found.get("articles", tuple_of(text)),
        )
    except SettingsError as error:
        raise ValueError(f"{place}: {error}") from error


def _citation(data: object, place: str) -> Citation:
    found = JsonFields(data, place, _names(Citation) | {"verified"})
    return Citation(
        label=found.get("label", whole),
        claim=found.get("claim", span),
        article_id=found.get("article_id", text),
        span=found.get("span", span),
        quote=found.get("quote", text),
        located=found.get("located", one_of(get_args(Located))),
        support=found.get("support", one_of(get_args(Support))),
        reason=found.get("reason", text),
        verbatim=found.get("verbatim", flag),
    )


def _evidence(data: object, place: str) -> Evidence:
    found = JsonFields(data, place, _names(Evidence))
    return Evidence(
        label=found.get("label", whole),
        article_id=found.get("article_id", text),
        span=found.get("span", span),
        text=found.get("text", text),
        score=found.get("score", number),
        title=found.get("title", text),
        url=found.get("url", text),
        publisher=found.get("publisher", text),
        date=found.get("date", day),
        credit=found.get("credit", text),
        fingerprint=found.get("fingerprint", text),
        page=found.get_or("page", whole, None),  # answers kept before there were pages have none
    )
