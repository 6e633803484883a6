"""How much memory is free for this process: what the system has, or what the limit of its control group leaves.

Only Linux is asked. A container's limit is in a control group (cgroup), version 2 or 1; there the system as a whole may
have far more memory than the process may use.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class _Version:
    """Where one version of the control groups keeps its figures: ``cache`` names lines of ``memory.stat``."""

    controller: str
    folder: str
    limit: str
    usage: str
    cache: tuple[str, str]


_VERSIONS = (
    _Version("", ".", "memory.max", "memory.current", ("inactive_file", "active_file")),
    _Version(
        "memory",
        "memory",
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        ("total_inactive_file", "total_active_file"),
    ),
)


def available_memory(*, proc: Path = Path("/proc"), cgroups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Return the bytes of memory that this process can still get without swapping; ``None`` where that is unknown.

    ``proc`` and ``cgroups`` are where Linux shows its figures.
    """
    known = [*_system_bytes(proc), *_group_bytes(proc, cgroups)]
    return max(0, min(known)) if known else None


def _system_bytes(proc: Path) -> Iterator[int]:
    """Yield ``MemAvailable`` of the system: what is free, and the file cache that can be given up."""
    with suppress(OSError, ValueError, IndexError):
        text = (proc / "meminfo").read_text("ascii", "replace")
        yield int(text.partition("MemAvailable:")[2].split()[0]) * 1024


def _group_bytes(proc: Path, cgroups: Path) -> Iterator[int]:
    """Yield what each limit leaves: of the process's control group and of the groups that it is in."""
    with suppress(OSError):
        for line in (proc / "self" / "cgroup").read_text("utf-8", "replace").splitlines():
            _, controllers, path = (*line.split(":", 2), "", "")[:3]
            for version in _VERSIONS:
                if version.controller in controllers.split(","):
                    root = cgroups / version.folder
                    inner = root / path.lstrip("/")
                    # In a container the path may be that of the host, of which only the root is seen.
                    for folder in (inner, *inner.parents):
                        if folder.is_relative_to(root):
                            yield from _left_in(folder, version)


def _left_in(folder: Path, version: _Version) -> Iterator[int]:
    """Yield the limit of a group less its usage; nothing where it has no limit.

    The usage counts the cache of files, among them a model that was read before. It is given up when memory is short.
    """
    with suppress(OSError, ValueError):  # "max" is no number: there is no limit
        limit = int((folder / version.limit).read_text("ascii"))
        usage = int((folder / version.usage).read_text("ascii"))
        lines = (line.split() for line in (folder / "memory.stat").read_text("ascii").splitlines())
        cache = sum(int(count) for name, count in lines if name in version.cache)
        yield limit - usage + min(cache, usage)
