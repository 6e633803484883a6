"""Plain JSON values read back, field by field: whatever is missing, unknown or of the wrong type is named by its place.

A reader takes a value and the place where it stands, such as ``answer.citations[0].span``, and returns what it read
or raises ``ValueError``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from rag.schema import Span

_T = TypeVar("_T")


class JsonFields:
    """The fields of a JSON object, read one by one; ``place`` is where the object stands, for messages.

    Raises ``ValueError`` where ``data`` is no object, or has a field that is not one of ``names``, if these are given.
    """

    def __init__(self, data: object, place: str, names: frozenset[str] | None = None) -> None:
        if not isinstance(data, dict):
            raise ValueError(f"{place} is {data!r:.40}: give an object")
        if names is not None and (unknown := sorted(str(name) for name in data.keys() - names)):
            raise ValueError(f"{place}.{unknown[0]} is unknown: the fields are {', '.join(sorted(names))}")
        self._data = data
        self._place = place

    def get(self, name: str, read: Callable[[object, str], _T]) -> _T:
        """The field of this name; ``ValueError`` where there is none."""
        place = f"{self._place}.{name}"
        if name not in self._data:
            raise ValueError(f"{place} is missing: write all fields")
        return read(self._data[name], place)

    def get_or(self, name: str, read: Callable[[object, str], _T], default: _T) -> _T:
        """The field of this name; ``default`` where there is none, or ``null``."""
        found = self._data.get(name)
        return default if found is None else read(found, f"{self._place}.{name}")


def wrong(data: object, place: str, wanted: str) -> ValueError:
    """The error that ``data`` is not what is ``wanted`` at ``place``."""
    return ValueError(f"{place} is {data!r:.40}: give {wanted}")


def text(data: object, place: str) -> str:
    """A string."""
    if not isinstance(data, str):
        raise wrong(data, place, "a text")
    return data


def flag(data: object, place: str) -> bool:
    """True or false."""
    if not isinstance(data, bool):
        raise wrong(data, place, "true or false")
    return data


def whole(data: object, place: str) -> int:
    """A whole number."""
    if not isinstance(data, int) or isinstance(data, bool):
        raise wrong(data, place, "a whole number")
    return data


def number(data: object, place: str) -> float:
    """A number, whole or not."""
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise wrong(data, place, "a number")
    return float(data)


def span(data: object, place: str) -> Span:
    """``[start, end]`` with ``0 <= start <= end``."""
    if not isinstance(data, list) or len(data) != 2:
        raise wrong(data, place, "[start, end]")
    start, end = (whole(item, place) for item in data)
    if not 0 <= start <= end:
        raise wrong(data, place, "0 <= start <= end")
    return Span(start, end)


def day(data: object, place: str) -> date | None:
    """A day as ``2026-05-01``, or null."""
    if data is None:
        return None
    try:
        return date.fromisoformat(text(data, place))
    except ValueError as error:
        raise wrong(data, place, "a day as 2026-05-01, or null") from error


def one_of(known: tuple[_T, ...]) -> Callable[[object, str], _T]:
    """A reader of one of the ``known`` words."""

    def word(data: object, place: str) -> _T:
        for each in known:
            if data == each:
                return each
        raise wrong(data, place, f"one of {', '.join(map(str, known))}")

    return word


def optional(read: Callable[[object, str], _T]) -> Callable[[object, str], _T | None]:
    """A reader of what ``read`` reads, or null."""
    return lambda data, place: None if data is None else read(data, place)


def tuple_of(read: Callable[[object, str], _T]) -> Callable[[object, str], tuple[_T, ...]]:
    """A reader of a list, each item read by ``read``."""

    def items(data: object, place: str) -> tuple[_T, ...]:
        if not isinstance(data, list):
            raise wrong(data, place, "a list")
        return tuple(read(item, f"{place}[{at}]") for at, item in enumerate(data))

    return items


def mapping_of(
    read: Callable[[object, str], _T], *, wanted: str
) -> Callable[[object, str], Mapping[str, _T]]:
    """A reader of an object whose fields are all read by ``read``; ``wanted`` names it in the message."""

    def items(data: object, place: str) -> Mapping[str, _T]:
        if not isinstance(data, dict):
            raise wrong(data, place, wanted)
        return {str(name): read(value, f"{place}.{name}") for name, value in data.items()}

    return items
