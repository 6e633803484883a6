"""A GGUF file is refused before llama.cpp sees it, wherever its header is not whole."""

import contextlib
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models.llama.gguf import read_header


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def gguf() -> bytes:
    """A whole GGUF file of one tensor of 64 weights, as the specification lays it out."""
    keys = [
        string("general.architecture") + struct.pack("<I", 8) + string("llama"),
        string("llama.context_length") + struct.pack("<II", 4, 4096),
        string("llama.rope.freq_base") + struct.pack("<If", 6, 10_000.0),
        string("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, 3)
        + string("a")
        + string("bc")
        + string(""),
        string("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 2) + struct.pack("<ff", 0.0, 1.0),
        string("tokenizer.ggml.add_bos_token") + struct.pack("<I?", 7, True),
        string("tokenizer.chat_template") + struct.pack("<I", 8) + string("{{ messages }}"),
    ]
    tensor = string("token_embd.weight") + struct.pack("<IQQIQ", 2, 8, 8, 0, 0)
    header = b"GGUF" + struct.pack("<IQQ", 3, 1, len(keys)) + b"".join(keys) + tensor
    return header + b"\0" * (-len(header) % 32) + b"\0" * 256


def test_the_header_says_what_the_model_is(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(gguf())
    header = read_header(path)
    assert (header.architecture, header.parameters, header.context_tokens) == ("llama", 64, 4096)
    assert header.chat_template
    assert header.bytes == len(gguf())


def test_a_file_cut_anywhere_in_its_header_is_refused(tmp_path: Path) -> None:
    whole = gguf()
    path = tmp_path / "cut.gguf"
    for size in range(len(whole) - 256 + 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ModelError):
            read_header(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(at=st.integers(0, len(gguf()) - 1), value=st.binary(min_size=1, max_size=16))
def test_no_damage_makes_the_reader_fail_in_any_other_way(tmp_path: Path, at: int, value: bytes) -> None:
    data = bytearray(gguf())
    data[at : at + len(value)] = value
    path = tmp_path / "damaged.gguf"
    path.write_bytes(data)
    with contextlib.suppress(ModelError):
        assert read_header(path).bytes == len(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=4096))
def test_noise_behind_the_magic_is_refused(tmp_path: Path, noise: bytes) -> None:
    path = tmp_path / "noise.gguf"
    path.write_bytes(b"GGUF" + noise)
    with pytest.raises(ModelError, match="damaged or cut short"):
        read_header(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "not a GGUF file"), (b"PK\3\4" * 50, "not a GGUF file"), (b"GGUF", "cut short")],
)
def test_what_is_no_model_is_named_so(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=words):
        read_header(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No such file"):
        read_header(tmp_path / "absent.gguf")
    with pytest.raises(ModelError, match="cannot read"):
        read_header(tmp_path)
