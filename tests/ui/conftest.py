"""What tests of the command line share."""

from pathlib import Path

import pytest

from tests.support.command_line import ORRIN


@pytest.fixture
def home(private_home: Path) -> Path:
    """A home of the test's own."""
    return private_home


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with one article."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "orrin.md").write_text(ORRIN, encoding="utf-8")
    return folder
