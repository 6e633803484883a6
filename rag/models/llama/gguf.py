"""Reads the header of a GGUF file, so that a file that is not whole is refused before llama.cpp sees it.

Format: the GGUF specification of ggml, versions 2 and 3, little-endian. llama.cpp maps the file into memory
and trusts much of its header; what is checked here is that the header can be read to its end and that every
tensor begins inside the file.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rag.errors import ModelError

_STRING, _ARRAY = 8, 9


_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}


# No model comes near these; a damaged count would otherwise be followed for minutes.
_MOST_KEYS, _MOST_TENSORS, _MOST_DIMENSIONS = 10_000, 200_000, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a GGUF file says of itself. ``context_tokens`` is what it was trained on, 0 where not said."""

    architecture: str
    parameters: int
    context_tokens: int
    bytes: int
    chat_template: bool


def read_header(path: Path) -> Header:
    """The header of the file at ``path``; ``ModelError`` where there is no such file or it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ModelError(
                    f"{str(path)!r} is not a GGUF file (it does not begin with GGUF): give another file"
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _Reader(data).header()
    except OSError as fault:
        raise ModelError(f"cannot read the model file {str(path)!r}: {fault.strerror or fault}") from fault
    except (struct.error, IndexError, ValueError, OverflowError) as fault:
        size = path.stat().st_size
        raise ModelError(
            f"the model file {str(path)!r} is damaged or cut short ({size:,} bytes): fetch it again"
        ) from fault


@dataclass(slots=True)
class _Reader:
    data: mmap.mmap
    at: int = 4
    said: dict[str, int | str] = field(default_factory=dict)

    def header(self) -> Header:
        version = self.scalar("I")
        if version not in (2, 3):
            raise ValueError(f"GGUF version {version}")
        tensors, keys = self.scalar("Q"), self.scalar("Q")
        if not 0 < tensors <= _MOST_TENSORS or not 0 < keys <= _MOST_KEYS:
            raise ValueError("counts out of range")
        for _ in range(keys):
            name = self.string()
            self.value(name, self.scalar("I"))
        parameters, furthest = self.tensors(tensors)
        alignment = _whole(self.said, "general.alignment") or 32
        begin = -(-self.at // alignment) * alignment
        if begin + furthest >= len(self.data):
            raise ValueError("a tensor begins past the end of the file")
        architecture = str(self.said.get("general.architecture", ""))
        return Header(
            architecture=architecture,
            parameters=parameters,
            context_tokens=_whole(self.said, f"{architecture}.context_length"),
            bytes=len(self.data),
            chat_template="tokenizer.chat_template" in self.said,
        )

    def scalar(self, code: str) -> int:
        (value,) = struct.unpack_from(f"<{code}", self.data, self.at)
        self.at += struct.calcsize(f"<{code}")
        return int(value) if code not in "fd" else 0

    def string(self) -> str:
        size = self.scalar("Q")
        self.skip(size)
        return self.data[self.at - size : self.at].decode("utf-8", "replace")

    def skip(self, size: int) -> None:
        self.at += size
        if self.at > len(self.data):
            raise IndexError("past the end of the file")

    def value(self, name: str, kind: int) -> None:
        if kind == _STRING:
            self.said[name] = self.string()
        elif kind == _ARRAY:
            self.array()
        elif kind in _SCALARS:
            self.said[name] = self.scalar(_SCALARS[kind])
        else:
            raise ValueError(f"value type {kind}")

    def array(self) -> None:
        kind, count = self.scalar("I"), self.scalar("Q")
        if kind == _STRING:
            # A vocabulary holds hundreds of thousands: the loop is spelt out, it is a tenth of the time.
            data, at, size_of = self.data, self.at, struct.Struct("<Q").unpack_from
            for _ in range(count):
                at += 8 + size_of(data, at)[0]
            self.at = at
            self.skip(0)
        elif kind in _SCALARS:
            self.skip(count * struct.calcsize(f"<{_SCALARS[kind]}"))
        else:
            raise ValueError(f"array of type {kind}")

    def tensors(self, count: int) -> tuple[int, int]:
        """The number of weights, and the offset at which the last tensor begins."""
        parameters = furthest = 0
        for _ in range(count):
            self.string()
            dimensions = self.scalar("I")
            if not 0 < dimensions <= _MOST_DIMENSIONS:
                raise ValueError("tensor dimensions out of range")
            weights = 1
            for _ in range(dimensions):
                weights *= self.scalar("Q")
            parameters += weights
            self.scalar("I")
            furthest = max(furthest, self.scalar("Q"))
        return parameters, furthest


def _whole(said: Mapping[str, int | str], key: str) -> int:
    value = said.get(key, 0)
    return value if isinstance(value, int) else 0
