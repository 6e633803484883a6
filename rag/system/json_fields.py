"""Read plain JSON values field by field; an error names the path of what is missing, unknown or of the wrong type.

A reader is a function of a value and its path, such as ``answer.citations[0].span``. It returns the typed value or
raises ``ValueError``.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from rag.schema import Span

_T = TypeVar("_T")


class JsonFields:
    """The fields of a JSON object, read one by one; ``path`` is that of the object, for messages.

    Raises ``ValueError`` where ``data`` is no object, or has a field that is not one of ``names``, if these are given.
    """

    def __init__(self, data: object, path: str, names: frozenset[str] | None = None) -> None:
        if not isinstance(data, dict):
            raise ValueError(f"{path} is {data!r:.40}: give an object")
        if names is not None and (unknown := sorted(str(name) for name in data.keys() - names)):
            raise ValueError(f"{path}.{unknown[0]} is unknown: the fields are {', '.join(sorted(names))}")
        self._data = data
        self._path = path

    def get(self, name: str, read: Callable[[object, str], _T]) -> _T:
        """The field of this name; ``ValueError`` where there is none."""
        path = f"{self._path}.{name}"
        if name not in self._data:
            raise ValueError(f"{path} is missing: write all fields")
        return read(self._data[name], path)

    def get_or(self, name: str, read: Callable[[object, str], _T], default: _T) -> _T:
        """The field of this name; ``default`` where there is none, or ``null``."""
        value = self._data.get(name)
        return default if value is None else read(value, f"{self._path}.{name}")


def wrong(data: object, path: str, wanted: str) -> ValueError:
    """The error that ``data`` at ``path`` is not what is ``wanted``."""
    return ValueError(f"{path} is {data!r:.40}: give {wanted}")


def text(data: object, path: str) -> str:
    """A string."""
    if not isinstance(data, str):
        raise wrong(data, path, "a text")
    return data


def flag(data: object, path: str) -> bool:
    """True or false."""
    if not isinstance(data, bool):
        raise wrong(data, path, "true or false")
    return data


def whole(data: object, path: str) -> int:
    """A whole number."""
    if not isinstance(data, int) or isinstance(data, bool):
        raise wrong(data, path, "a whole number")
    return data


def number(data: object, path: str) -> float:
    """A number, whole or not."""
    if not isinstance(data, int | float) or isinstance(data, bool):
        raise wrong(data, path, "a number")
    return float(data)


def span(data: object, path: str) -> Span:
    """``[start, end]`` with ``0 <= start <= end``."""
    if not isinstance(data, list) or len(data) != 2:
        raise wrong(data, path, "[start, end]")
    start, end = (whole(item, path) for item in data)
    if not 0 <= start <= end:
        raise wrong(data, path, "0 <= start <= end")
    return Span(start, end)


def day(data: object, path: str) -> date | None:
    """A day as ``2026-05-01``, or null."""
    if data is None:
        return None
    try:
        return date.fromisoformat(text(data, path))
    except ValueError as error:
        raise wrong(data, path, "a day as 2026-05-01, or null") from error


def one_of(choices: tuple[_T, ...]) -> Callable[[object, str], _T]:
    """A reader of one of the ``choices``."""

    def read_choice(data: object, path: str) -> _T:
        for choice in choices:
            if data == choice:
                return choice
        raise wrong(data, path, f"one of {', '.join(map(str, choices))}")

    return read_choice


def optional(read: Callable[[object, str], _T]) -> Callable[[object, str], _T | None]:
    """A reader of what ``read`` reads, or null."""
    return lambda data, path: None if data is None else read(data, path)


def tuple_of(read: Callable[[object, str], _T]) -> Callable[[object, str], tuple[_T, ...]]:
    """A reader of a list, each item read by ``read``."""

    def read_items(data: object, path: str) -> tuple[_T, ...]:
        if not isinstance(data, list):
            raise wrong(data, path, "a list")
        return tuple(read(item, f"{path}[{index}]") for index, item in enumerate(data))

    return read_items


def mapping_of(
    read: Callable[[object, str], _T], *, wanted: str
) -> Callable[[object, str], Mapping[str, _T]]:
    """A reader of an object whose fields are all read by ``read``; ``wanted`` names it in the message."""

    def read_fields(data: object, path: str) -> Mapping[str, _T]:
        if not isinstance(data, dict):
            raise wrong(data, path, wanted)
        return {str(name): read(value, f"{path}.{name}") for name, value in data.items()}

    return read_fields
