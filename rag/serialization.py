"""Data types to plain JSON types, and an answer back from them: what ``--json`` prints and programs read.

A span is ``[start, end]``, a date ``"2026-05-01"``, a tuple a list. Any other type of ``rag.schema`` is an object with
exactly its fields. A citation also has the computed ``verified``, a disagreement ``newest`` and ``described``; these
are ignored when an answer is read back.
"""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import get_args

from rag.errors import SettingsError
from rag.filters import EVERYTHING, Filter
from rag.schema import (
    Answer,
    Article,
    Citation,
    Contrary,
    Disagreement,
    Evidence,
    Located,
    Outcome,
    ReportedValue,
    Span,
    Support,
    Withheld,
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
    """Convert ``value``, and all that is in it, to plain types. NaN and infinity, which JSON lacks, become ``None``.

    Raises ``TypeError`` for what is neither a dataclass nor a plain type.
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
    """Read back an answer from what ``to_json`` made of it; ``place`` is what messages call it.

    Raises ``ValueError`` naming the first field that is missing, unknown or of the wrong type.
    """
    values = JsonFields(data, place, _field_names(Answer) | {"abstained"})
    outcome = values.get_or("outcome", one_of(get_args(Outcome)), None)
    citations = values.get("citations", tuple_of(_citation))
    if outcome is None:
        # Answers saved before there were outcomes only say whether they abstained, and call quotes supported.
        outcome = "not_in_articles" if values.get_or("abstained", flag, False) else "answered"
        citations = tuple(replace(item, support="quoted") if item.verbatim else item for item in citations)
    return Answer(
        question=values.get("question", text),
        standalone_question=values.get("standalone_question", text),
        text=values.get("text", text),
        citations=citations,
        evidence=values.get("evidence", tuple_of(_evidence)),
        outcome=outcome,
        quotes=values.get_or("quotes", tuple_of(whole), ()),
        withheld=values.get_or("withheld", _withheld, None),
        note=values.get_or("note", text, ""),
        confidence=values.get("confidence", number),
        unmentioned=values.get("unmentioned", tuple_of(text)),
        # Answers saved before disagreements were looked for have none.
        differing=values.get_or("differing", tuple_of(_disagreement), ()),
        model=values.get("model", text),
        timings=values.get("timings", mapping_of(number, wanted="an object of seconds")),
        # Answers saved before there were filters have neither of these.
        within=values.get_or("within", _filter, EVERYTHING),
        limited=values.get_or("limited", text, ""),
    )


def article_from_json(data: object, place: str = "article") -> Article:
    """The article that ``to_json`` made ``data`` of; ``place`` is what messages call it.

    Raises ``ValueError`` naming the first place that is missing, unknown or of the wrong type.
    """
    found = JsonFields(data, place, _field_names(Article))
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
        raise TypeError(f"{value!r:.80} is no dataclass")
    plain = {item.name: to_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Answer):
        plain["abstained"] = value.abstained
    if isinstance(value, Citation):
        plain["verified"] = value.verified
    if isinstance(value, Disagreement):
        plain |= {"newest": value.newest, "described": value.described}
    return plain


def _withheld(data: object, place: str) -> Withheld | None:
    if data is None:
        return None
    values = JsonFields(data, place, _field_names(Withheld))
    return Withheld(text=values.get("text", text), citations=values.get("citations", tuple_of(_citation)))


def _disagreement(data: object, place: str) -> Disagreement:
    values = JsonFields(data, place, _field_names(Disagreement) | {"newest", "described"})
    return Disagreement(said=values.get("said", tuple_of(_reported_value)))


def _reported_value(data: object, place: str) -> ReportedValue:
    values = JsonFields(data, place, _field_names(ReportedValue))
    return ReportedValue(
        label=values.get("label", whole),
        text=values.get("text", text),
        title=values.get("title", text),
        publisher=values.get("publisher", text),
        date=values.get("date", day),
    )


def _field_names(
    noun: type[
        Answer | Article | Citation | Contrary | Disagreement | Evidence | Filter | ReportedValue | Withheld
    ],
) -> frozenset[str]:
    return frozenset(item.name for item in fields(noun))


def _filter(data: object, place: str) -> Filter:
    values = JsonFields(data, place, _field_names(Filter))
    try:
        return Filter(
            publishers=values.get("publishers", tuple_of(text)),
            after=values.get("after", day),
            before=values.get("before", day),
            articles=values.get("articles", tuple_of(text)),
        )
    except SettingsError as error:
        raise ValueError(f"{place}: {error}") from error


def _citation(data: object, place: str) -> Citation:
    values = JsonFields(data, place, _field_names(Citation) | {"verified"})
    return Citation(
        label=values.get("label", whole),
        claim=values.get("claim", span),
        article_id=values.get("article_id", text),
        span=values.get("span", span),
        quote=values.get("quote", text),
        located=values.get("located", one_of(get_args(Located))),
        support=values.get("support", one_of(get_args(Support))),
        reason=values.get("reason", text),
        verbatim=values.get("verbatim", flag),
        # Answers saved before verification read syntax have none of these.
        speaker=values.get_or("speaker", text, ""),
        mood=values.get_or("mood", text, ""),
        condition=values.get_or("condition", text, ""),
        contrary=values.get_or("contrary", _contrary, None),
        # Nor have those before a language model gave a second opinion these.
        other_words=values.get_or("other_words", flag, False),
        opinion=values.get_or("opinion", _opinion, None),
    )


def _opinion(data: object, place: str) -> float | None:
    return None if data is None else number(data, place)


def _contrary(data: object, place: str) -> Contrary | None:
    if data is None:
        return None
    values = JsonFields(data, place, _field_names(Contrary))
    return Contrary(claim=values.get("claim", span), words=values.get("words", span))


def _evidence(data: object, place: str) -> Evidence:
    values = JsonFields(data, place, _field_names(Evidence))
    return Evidence(
        label=values.get("label", whole),
        article_id=values.get("article_id", text),
        span=values.get("span", span),
        text=values.get("text", text),
        score=values.get("score", number),
        title=values.get("title", text),
        url=values.get("url", text),
        publisher=values.get("publisher", text),
        date=values.get("date", day),
        credit=values.get("credit", text),
        fingerprint=values.get("fingerprint", text),
        page=values.get_or("page", whole, None),  # answers saved before there were pages have none
    )
