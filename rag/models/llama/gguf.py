"""Reads the header of a GGUF file, so that a damaged or incomplete file is refused before llama.cpp opens it.

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

_STRING, _ARRAY = 8, 9  # value types
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

# No model comes near these; a damaged count would otherwise be followed for minutes.
_MAX_KEYS, _MAX_TENSORS, _MAX_DIMENSIONS = 10_000, 200_000, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The facts of a GGUF header. ``context_tokens`` is the length it was trained on, 0 if the header has none."""

    architecture: str
    parameters: int
    context_tokens: int
    bytes: int


def read_header(path: Path) -> Header:
    """Read the header of the file at ``path``; raise ``ModelError`` if there is no such file or it is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ModelError(
                    f"{str(path)!r} is not a GGUF file (it does not begin with GGUF): give another file"
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _Reader(data).header()
    except OSError as error:
        raise ModelError(f"cannot read the model file {str(path)!r}: {error.strerror or error}") from error
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        size = path.stat().st_size
        raise ModelError(
            f"the model file {str(path)!r} is damaged or cut short ({size:,} bytes): fetch it again"
        ) from error


@dataclass(slots=True)
class _Reader:
    """Reads values one after another; ``offset`` is where the next one begins, ``values`` the metadata so far."""

    data: mmap.mmap
    offset: int = 4
    values: dict[str, int | str] = field(default_factory=dict)

    def header(self) -> Header:
        """Read the whole header; raises ``ValueError`` or ``IndexError`` if a value of it is impossible."""
        version = self.scalar("I")
        if version not in (2, 3):
            raise ValueError(f"GGUF version {version}")
        tensors, keys = self.scalar("Q"), self.scalar("Q")
        if not 0 < tensors <= _MAX_TENSORS or not 0 < keys <= _MAX_KEYS:
            raise ValueError("counts out of range")
        for _ in range(keys):
            name = self.string()
            self.read_value(name, self.scalar("I"))
        parameters, last_tensor = self.tensors(tensors)
        alignment = _integer(self.values, "general.alignment") or 32
        tensor_data = -(-self.offset // alignment) * alignment
        if tensor_data + last_tensor >= len(self.data):
            raise ValueError("a tensor begins past the end of the file")
        architecture = str(self.values.get("general.architecture", ""))
        return Header(
            architecture=architecture,
            parameters=parameters,
            context_tokens=_integer(self.values, f"{architecture}.context_length"),
            bytes=len(self.data),
        )

    def scalar(self, code: str) -> int:
        """Read a number of this ``struct`` code; a float is skipped and returned as 0."""
        (value,) = struct.unpack_from(f"<{code}", self.data, self.offset)
        self.offset += struct.calcsize(f"<{code}")
        return int(value) if code not in "fd" else 0

    def string(self) -> str:
        size = self.scalar("Q")
        self.skip(size)
        return self.data[self.offset - size : self.offset].decode("utf-8", "replace")

    def skip(self, size: int) -> None:
        self.offset += size
        if self.offset > len(self.data):
            raise IndexError("past the end of the file")

    def read_value(self, name: str, value_type: int) -> None:
        if value_type == _STRING:
            self.values[name] = self.string()
        elif value_type == _ARRAY:
            self.skip_array()
        elif value_type in _SCALARS:
            self.values[name] = self.scalar(_SCALARS[value_type])
        else:
            raise ValueError(f"value type {value_type}")

    def skip_array(self) -> None:
        value_type, count = self.scalar("I"), self.scalar("Q")
        if value_type == _STRING:
            # A vocabulary has hundreds of thousands of strings: with local names the loop takes a tenth of the time.
            data, offset, unpack_from = self.data, self.offset, struct.Struct("<Q").unpack_from
            for _ in range(count):
                offset += 8 + unpack_from(data, offset)[0]
            self.offset = offset
            self.skip(0)
        elif value_type in _SCALARS:
            self.skip(count * struct.calcsize(f"<{_SCALARS[value_type]}"))
        else:
            raise ValueError(f"array of type {value_type}")

    def tensors(self, count: int) -> tuple[int, int]:
        """Read the tensor descriptions; return the number of weights and the offset of the last tensor's data."""
        parameters = last_tensor = 0
        for _ in range(count):
            self.string()
            dimensions = self.scalar("I")
            if not 0 < dimensions <= _MAX_DIMENSIONS:
                raise ValueError("tensor dimensions out of range")
            weights = 1
            for _ in range(dimensions):
                weights *= self.scalar("Q")
            parameters += weights
            self.scalar("I")
            last_tensor = max(last_tensor, self.scalar("Q"))
        return parameters, last_tensor


def _integer(values: Mapping[str, int | str], key: str) -> int:
    """Return the metadata value of this key; 0 if there is none or it is no integer."""
    value = values.get(key, 0)
    return value if isinstance(value, int) else 0
