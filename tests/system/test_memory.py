"""Free memory: of the system, or what the limit of a control group leaves, in the files that Linux shows."""

from pathlib import Path

import pytest

from rag.system.memory import available_memory

GIB = 1 << 30
STAT = {"v2": "anon 5\ninactive_file {cache}\nactive_file 0\n", "v1": "total_inactive_file {cache}\n"}
NAMES = {"v2": ("memory.max", "memory.current"), "v1": ("memory.limit_in_bytes", "memory.usage_in_bytes")}


def write_system(root: Path, *, available: int, groups: str) -> None:
    (root / "proc" / "self").mkdir(parents=True)
    (root / "proc" / "meminfo").write_text(f"MemTotal: 99 kB\nMemAvailable:  {available // 1024} kB\n")
    (root / "proc" / "self" / "cgroup").write_text(groups)


def write_group(folder: Path, version: str, *, limit: object, usage: int, cache: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in zip(NAMES[version], (limit, usage), strict=True):
        (folder / name).write_text(f"{value}\n")
    (folder / "memory.stat").write_text(STAT[version].format(cache=cache))


def available(root: Path) -> int | None:
    return available_memory(proc=root / "proc", cgroups=root / "cgroup")


def test_a_system_that_shows_nothing_is_unknown(tmp_path: Path) -> None:
    assert available(tmp_path) is None


def test_without_a_limit_it_is_what_the_system_has(tmp_path: Path) -> None:
    write_system(tmp_path, available=8 * GIB, groups="0::/\n")
    write_group(tmp_path / "cgroup", "v2", limit="max", usage=GIB)
    assert available(tmp_path) == 8 * GIB


@pytest.mark.parametrize(
    ("version", "groups", "folder"),
    [
        ("v2", "0::/\n", "."),
        ("v2", "0::/user/job\n", "user/job"),
        ("v2", "0::/user/job\n", "user"),  # the limit of a group that contains this one
        ("v2", "0::/../../of/the/host\n", "."),
        ("v1", "5:cpu,cpuacct:/\n4:memory:/docker/abc\n", "memory"),
        ("v1", "4:memory:/docker/abc\n", "memory/docker/abc"),
    ],
)
def test_the_limit_of_a_group_less_its_usage_counts_and_cached_files_are_free(
    tmp_path: Path, version: str, groups: str, folder: str
) -> None:
    write_system(tmp_path, available=8 * GIB, groups=groups)
    write_group(tmp_path / "cgroup" / folder, version, limit=4 * GIB, usage=3 * GIB, cache=GIB)
    assert available(tmp_path) == 2 * GIB


def test_a_limit_that_is_exceeded_leaves_nothing(tmp_path: Path) -> None:
    write_system(tmp_path, available=8 * GIB, groups="0::/\n")
    write_group(tmp_path / "cgroup", "v2", limit=GIB, usage=2 * GIB)
    assert available(tmp_path) == 0


def test_a_limit_above_what_the_system_has_changes_nothing(tmp_path: Path) -> None:
    write_system(tmp_path, available=GIB, groups="4:memory:/\n")
    write_group(tmp_path / "cgroup" / "memory", "v1", limit=9223372036854771712, usage=0)
    assert available(tmp_path) == GIB
