"""The shape of the code: few files in a folder, short files, packages that list them, documents that are true."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = sorted({path.parent for top in ("rag", "ui") for path in (ROOT / top).rglob("*.py")})
MOST_MODULES = 15  # in one folder: more, and a reader looks for a file by its list instead of by its name
MOST_LINES = 350  # in one file


def modules(package: Path) -> list[str]:
    return sorted(path.name for path in package.glob("*.py") if path.name != "__init__.py")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", PACKAGES, ids=name)
def test_a_folder_holds_few_modules(package: Path) -> None:
    assert len(modules(package)) <= MOST_MODULES


@pytest.mark.parametrize("package", PACKAGES, ids=name)
def test_no_file_is_long(package: Path) -> None:
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in package.glob("*.py")}
    assert {file: lines for file, lines in lengths.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES, ids=name)
def test_a_package_lists_its_files(package: Path) -> None:
    tree = ast.parse((package / "__init__.py").read_text("utf-8"))
    listed = re.findall(r"^- ``(\w+/?)``: ", ast.get_docstring(tree) or "", flags=re.MULTILINE)
    folders = {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").exists()}
    assert sorted(listed) == sorted({*(file.removesuffix(".py") for file in modules(package)), *folders})


def test_every_path_that_a_document_names_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for page in pages:
        for path in re.findall(
            r"(?<![\w./-])((?:rag|ui|tests|corpus|deploy|docs)/[\w./-]*\w/?)", page.read_text("utf-8")
        ):
            made_by_its_reader = Path(path).name.startswith(".") or "NAME" in path
            assert made_by_its_reader or (ROOT / path).exists(), f"{page.name}: {path}"


def test_the_tree_of_the_architecture_is_that_on_disk() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    tree = text.split("```")[1]
    rag, ui = tree.split("\nui/\n")
    for top, drawn in (("rag", rag), ("ui", ui)):
        folders = set(re.findall(r"\b(\w+)/", drawn)) - {"rag"}
        files = set(re.findall(r"\b\w+\.py\b", drawn))
        on_disk = {path.name for path in PACKAGES if (ROOT / top) in path.parents}
        assert folders == on_disk
        assert files == set(modules(ROOT / top)), top
