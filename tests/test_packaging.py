import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TEST_TOOLS = PROJECT["optional-dependencies"]["test"]


def pinned(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", (ROOT / "requirements" / lock).read_text("utf-8"), re.M
    ):
        found.setdefault(name.lower().replace("_", "-"), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("run.lock", PROJECT["dependencies"]), ("test.lock", [*PROJECT["dependencies"], *TEST_TOOLS])],
)
def test_the_lock_pins_what_the_project_asks_for(lock: str, wanted: list[str]) -> None:
    pins = pinned(lock)
    for text in wanted:
        requirement = Requirement(text)
        versions = pins.get(requirement.name.lower().replace("_", "-"), set())
        assert versions, f"{lock} lacks {text}: run `make lock`"
        assert any(requirement.specifier.contains(version) for version in versions), (
            f"{lock}: {text} is {versions}"
        )


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *TEST_TOOLS])
def test_every_range_ends(text: str) -> None:
    assert any(one.operator in ("<", "<=", "==") for one in Requirement(text).specifier), text


def test_the_two_locks_agree() -> None:
    run, test = pinned("run.lock"), pinned("test.lock")
    assert {name: test.get(name) for name in run} == run


@pytest.mark.parametrize("lock", ["installer.lock", "run.lock", "test.lock"])
def test_every_pin_has_a_hash_and_no_lock_names_an_address(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"--(?:extra-)?index|--find.links", text)
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_version_is_said_alike_everywhere() -> None:
    import rag

    assert rag.__version__ == PROJECT["version"]
    assert f"## {rag.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("file", ["minilm/tokenizer.json", "wordnet/nouns.tsv"])
def test_what_others_made_is_kept_as_its_checksum_says(file: str) -> None:
    path = ROOT / "rag/data" / file
    assert sha256(path.read_bytes()).hexdigest() in (path.parent / "README.md").read_text("utf-8")
    assert (path.parent / "LICENSE").stat().st_size > 0
