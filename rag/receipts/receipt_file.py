"""Writes an answer as a receipt, a JSON file of a documented format, and reads it back: ``docs/receipts.md``.

A receipt is not signed. Whoever has the file can change it; verifying it compares its words with the articles, and does
not tell who wrote them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import ReceiptError
from rag.schema import Answer, Span
from rag.serialization import answer_from_json, to_json
from rag.system.files import Durability, write_or_replace
from rag.system.json_fields import JsonFields, text, whole

FORMAT = "pincite-receipt"

VERSION = 1  # increased when earlier versions can no longer read the file

_MOST_BYTES = 20_000_000  # an answer takes some 10,000

_FIELDS = frozenset(("format", "version", "written", "answer"))

_FIX = "give a file that `pincite ask --receipt` wrote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An answer as it was given; ``written`` is the moment at which it was kept, with its time zone."""

    answer: Answer
    written: datetime


def write_receipt(path: str | Path, answer: Answer, *, written: datetime | None = None) -> Receipt:
    """Write the receipt of an answer to ``path``, whole or not at all; ``written`` is now if left out.

    Raises ``ReceiptError``.
    """
    receipt = Receipt(answer=answer, written=written or datetime.now(UTC))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "written": receipt.written.isoformat(timespec="seconds"),
        "answer": to_json(answer),
    }
    data = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    try:
        write_or_replace(
            Path(path).expanduser(), data.encode("utf-8", "backslashreplace"), durable=Durability.CONTENT
        )
    except OSError as error:
        raise ReceiptError(f"cannot write {str(path)!r} ({error.strerror}): give another path") from error
    return receipt


def read_receipt(path: str | Path) -> Receipt:
    """Read the receipt in a file. Raises ``ReceiptError`` where it cannot be read, is damaged or of a newer version."""
    try:
        with Path(path).expanduser().open("rb") as file:
            raw = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise ReceiptError(f"cannot read the receipt {str(path)!r} ({reason}): check the path") from error
    if len(raw) > _MOST_BYTES:
        raise ReceiptError(f"{str(path)!r} has over {_MOST_BYTES:,} bytes, the limit of a receipt: {_FIX}")
    try:
        return _receipt(json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant))
    except RecursionError as error:
        raise ReceiptError(f"{str(path)!r} is nested too deep for a receipt: {_FIX}") from error
    except ValueError as error:
        raise ReceiptError(f"{str(path)!r} is no receipt ({error}): {_FIX}") from error


def _receipt(data: object) -> Receipt:
    """The receipt in JSON. Raises ``ValueError`` naming what is wrong with it."""
    outer = JsonFields(data, "receipt")
    if (name := outer.get("format", text)) != FORMAT:
        raise ValueError(f"receipt.format is {name!r:.40}, not {FORMAT!r}")
    if (version := outer.get("version", whole)) != VERSION:
        raise ValueError(f"receipt.version is {version!r:.40}: this Pincite reads version {VERSION}")
    fields = JsonFields(data, "receipt", _FIELDS)
    answer = fields.get("answer", answer_from_json)
    for place, span in enumerate(citation.claim for citation in answer.citations):
        if not Span(0, len(answer.text)).holds(span):
            raise ValueError(f"receipt.answer.citations[{place}].claim reaches past the end of the answer")
    return Receipt(answer=answer, written=fields.get("written", _moment))


def _moment(data: object, path: str) -> datetime:
    """A moment with its time zone."""
    try:
        moment = datetime.fromisoformat(text(data, path))
    except ValueError as error:
        raise ValueError(f"{path} is {data!r:.40}: give a moment as 2026-05-01T12:00:00+00:00") from error
    if moment.tzinfo is None:
        raise ValueError(f"{path} is {data!r:.40}: give its time zone, as +00:00")
    return moment


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
