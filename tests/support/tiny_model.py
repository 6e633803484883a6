"""A catalogue entry for a file of one megabyte, and the wheel and the hub that it can come from.

Run with ``-m`` it downloads that model from the hub into the models folder, for tests that kill the process.
"""

import hashlib
import zipfile
from pathlib import Path

from rag.models.catalogue import HubSource, KnownModel, Source, WheelPartsSource, WheelSource
from rag.models.download import download_model

BLOCK_BYTES = 1 << 16  # the hub's client writes whole blocks; its own are too long for a test
CONTENT = bytes(range(256)) * 4096  # 16 blocks
HUB = HubSource(repo="someone/tiny-gguf", revision="main", file="tiny.gguf")
WHEEL = WheelSource(
    requirement="pincite-tiny-model==1.0", member="pincite_tiny_model/tiny.gguf", bytes=200_000
)
PART_BYTES = 300_000  # of the four parts; the last one is shorter
PARTS = WheelPartsSource(
    requirement="pincite-tiny-part{n}==1.0",
    member="pincite_tiny_part{n}/part{n:02d}.bin",
    part_bytes=PART_BYTES,
    sha256=tuple(
        hashlib.sha256(CONTENT[start : start + PART_BYTES]).hexdigest()
        for start in range(0, len(CONTENT), PART_BYTES)
    ),
)


def tiny_model(*sources: Source, content: bytes = CONTENT) -> KnownModel:
    """Return the catalogue entry of a model with this content."""
    return KnownModel(
        name="tiny",
        title="Tiny",
        parameters=64,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="Apache-2.0",
        file="tiny.gguf",
        sources=sources,
        answers=False,
        tried=False,
    )


def make_wheel(folder: Path, *, content: bytes = CONTENT, marker: Path | None = None) -> Path:
    """Make a wheel that contains the model and whose code would write ``marker`` if it was run."""
    return _make_wheel(folder, "pincite_tiny_model", WHEEL.member, content, marker)


def make_part(folder: Path, number: int, *, content: bytes | None = None, marker: Path | None = None) -> Path:
    """Make the wheel of one part of the model, with other ``content`` if given."""
    start = (number - 1) * PART_BYTES
    data = CONTENT[start : start + PART_BYTES] if content is None else content
    return _make_wheel(folder, f"pincite_tiny_part{number}", PARTS.member_of(number), data, marker)


def _make_wheel(folder: Path, package: str, member: str, content: bytes, marker: Path | None) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{package}-1.0-py3-none-any.whl"
    info = f"{package}-1.0.dist-info"
    name = package.replace("_", "-")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member, content)
        wheel.writestr(f"{package}/__init__.py", f"open({str(marker)!r}, 'w').close()")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


if __name__ == "__main__":
    import huggingface_hub.constants

    huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE = BLOCK_BYTES
    download_model(tiny_model(HUB))
