"""The doctor: what is well, what is a note, what is a fault, and that the fix it names mends it."""

import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rag import doctor
from rag.doctor import Finding, examine, repair
from rag.errors import IndexFault
from rag.index.index import Index
from rag.models import default_model
from rag.models.embedders import open_embedder
from rag.schema import Article
from rag.settings import Settings

ARTICLE = Article(
    id="orrin", title="Orrin", text="The lighthouse at Orrin was built in 1871. It is 42 metres tall."
)

ENOUGH = 8_000_000_000  # bytes of free memory


def finding_of(findings: tuple[Finding, ...], name: str) -> Finding:
    (wanted,) = (finding for finding in findings if finding.name == name)
    return wanted


def make_index(folder: Path, *, settings: Settings | None = None) -> None:
    with Index.open(folder, embedder=open_embedder(), settings=settings or Settings()) as index:
        index.add([ARTICLE])


@pytest.fixture(autouse=True)
def _own_home(private_home: Path) -> None:
    """No test looks at the models and indexes of whoever runs it."""


def test_a_whole_installation_is_well_and_a_missing_model_is_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: ENOUGH)
    make_index(tmp_path / "index")
    findings = examine(tmp_path / "index")
    assert [finding for finding in findings if not finding.ok] == []
    assert finding_of(findings, "Python").detail == ".".join(map(str, sys.version_info[:3]))
    assert finding_of(findings, "chromadb").detail[0].isdigit()
    assert finding_of(findings, "index").detail.startswith("1 article in ")
    model = finding_of(findings, "language model")
    assert "answers are quotes alone; qwen2.5-coder-1.5b is the best one tried that fits" in model.detail
    assert model.fix == "`pincite models pull`"
    assert [finding.name for finding in findings if finding.fix] == ["language model"]


def test_no_default_index_yet_is_no_fault(private_home: Path) -> None:
    assert doctor.check_index(None).ok
    assert not private_home.exists()  # looking leaves nothing behind


def test_an_index_that_was_named_and_is_not_there_is_a_fault(tmp_path: Path) -> None:
    finding = doctor.check_index(tmp_path / "no such")
    assert not finding.ok
    assert finding.fix == f"`pincite add --index '{tmp_path / 'no such'}' PATH`"
    with pytest.raises(IndexFault, match="pincite add"):
        repair(tmp_path / "no such")


def test_a_stale_index_is_found_and_repaired(tmp_path: Path) -> None:
    make_index(tmp_path, settings=Settings(chunk_tokens=64))
    finding = doctor.check_index(tmp_path)
    assert not finding.ok
    assert "chunk tokens" in finding.detail
    assert finding.fix == f"`pincite doctor --repair --index {tmp_path}`"
    repair(tmp_path)
    assert doctor.check_index(tmp_path).ok


def test_a_fault_inside_an_index_is_found_and_repaired(tmp_path: Path) -> None:
    make_index(tmp_path)
    with sqlite3.connect(tmp_path / "index.sqlite3") as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert "chunks" in tables
        database.execute("UPDATE chunks SET start = start + 1")
    database.close()
    finding = doctor.check_index(tmp_path)
    assert not finding.ok
    assert "orrin" in finding.detail
    repair(tmp_path)
    assert doctor.check_index(tmp_path) == Finding(
        "index", True, f"1 article in {str(tmp_path)!r}, minilm-l6-v2-int8"
    )


def test_a_database_that_is_none_is_a_fault_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite3").write_bytes(b"not a database, and long enough to be looked at" * 50)
    finding = doctor.check_index(tmp_path)
    assert not finding.ok
    assert "\n" not in finding.detail


def test_the_packages_checked_are_those_required() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    required = [line.partition(">")[0] for line in project["project"]["dependencies"]]
    assert sorted(doctor.PACKAGES) == sorted(required)
    low, high = doctor.PYTHONS
    assert project["project"]["requires-python"] == f">={low[0]}.{low[1]},<{high[0]}.{high[1]}"


@pytest.mark.slow
def test_a_package_that_is_missing_is_named_and_nothing_crashes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.support.doctor_without_package", "chromadb"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    name, detail, fix = done.stdout.split("|")
    assert name == "chromadb"
    assert detail.startswith("ModuleNotFoundError")
    assert fix == "`python -m pip install --force-reinstall chromadb`"


def test_a_missing_system_library_is_not_mended_by_pip() -> None:
    error = ImportError("libgomp.so.1: cannot open shared object file: No such file or directory")
    assert "apt-get install libgomp1" in doctor.import_fix("xllamacpp", error)


def test_a_home_that_cannot_be_written_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("PINCITE_HOME", str(tmp_path / "file" / "home"))
    finding = doctor.check_home()
    assert not finding.ok
    assert "PINCITE_HOME" in finding.fix


def test_too_little_memory_for_a_model_is_no_fault_and_there_is_nothing_to_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: 1_900_000_000)
    reason = "quotes alone, as 1.9 GB of memory are free and the 1.5B model wants 3.0 GB"
    assert doctor.check_writer() == Finding("language model", True, f"none: {reason}")


def test_a_damaged_default_model_is_a_fault(private_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_model, "available_memory", lambda: ENOUGH)
    model = default_model.default_model().model
    assert model is not None
    path = private_home / "models" / model.file
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF, but cut off")
    finding = doctor.check_writer()
    assert not finding.ok
    assert "damaged" in finding.detail
    assert "models pull" in finding.fix


def test_both_embedders_are_named_with_the_sums_of_their_files() -> None:
    for finding, name in (
        (doctor.check_embedder(), "minilm-l6-v2-int8"),
        (doctor.check_fast_embedder(), "wordllama-l2-supercat"),
    ):
        assert finding.ok
        assert finding.detail.startswith(name)
        assert "SHA-256" in finding.detail


def test_a_fast_embedder_that_is_missing_is_a_note_and_a_damaged_one_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rag.models import static_embedder as static

    with monkeypatch.context() as here:
        here.setattr(static, "PACKAGE", "no_such_package")
        finding = doctor.check_fast_embedder()
    assert finding.ok
    assert "pip install" in finding.fix
    static._vocabulary.cache_clear()
    with monkeypatch.context() as here:
        here.setattr(static, "package_folder", lambda: tmp_path)
        finding = doctor.check_fast_embedder()
    assert not finding.ok
    assert str(tmp_path) in finding.detail
    assert "pip install" in finding.fix
