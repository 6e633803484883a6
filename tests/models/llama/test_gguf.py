"""A GGUF file is refused before llama.cpp sees it, wherever its header is not whole."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ModelError
from rag.models.llama.gguf import read_header
from tests.support.gguf_file import gguf_file


def test_the_header_has_architecture_parameters_and_context_length(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(gguf_file())
    header = read_header(path)
    assert (header.architecture, header.parameters, header.context_tokens) == ("llama", 64, 4096)
    assert header.bytes == len(gguf_file())


def test_a_file_cut_anywhere_in_its_header_is_refused(tmp_path: Path) -> None:
    whole = gguf_file()
    path = tmp_path / "cut.gguf"
    for size in range(len(whole) - 256 + 1):
        path.write_bytes(whole[:size])
        with pytest.raises(ModelError):
            read_header(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(offset=st.integers(0, len(gguf_file()) - 1), value=st.binary(min_size=1, max_size=16))
def test_no_damage_makes_the_reader_fail_in_any_other_way(tmp_path: Path, offset: int, value: bytes) -> None:
    data = bytearray(gguf_file())
    data[offset : offset + len(value)] = value
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
def test_a_file_that_is_no_model_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "a.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=words):
        read_header(path)


def test_a_missing_file_and_a_folder_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"No such file"):
        read_header(tmp_path / "absent.gguf")
    with pytest.raises(ModelError, match="cannot read"):
        read_header(tmp_path)
