"""Opening an index: one that is damaged, may not be written, or cannot be made."""

import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from rag.errors import IndexBroken, IndexFault
from rag.text.words import terms
from tests.support.embedder import several
from tests.support.indexes import open_index, word


def test_a_truncated_index_is_broken_and_says_what_to_do(folder: Path) -> None:
    with open_index(folder) as index:
        index.add(several(range(8)))
    path = folder / "index.sqlite3"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexBroken, match="delete the folder"):
        open_index(folder)


def test_an_index_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexFault, match="cannot be made"):
        open_index(tmp_path / "file" / "index")


@pytest.mark.slow
def test_a_read_only_index_is_read_and_says_that_it_cannot_be_written() -> None:
    parent = Path(tempfile.mkdtemp())
    try:
        folder = parent / "index"
        with open_index(folder) as index:
            index.add(several(range(4)))
        parent.chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-m", "tests.support.index_process", "read-only", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "cannot be written" in done.stdout
    finally:
        for path in [parent, *parent.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IRWXU)
        shutil.rmtree(parent)


def test_the_terms_of_the_tests_are_single_ones() -> None:
    """The tests above count on it."""
    assert terms(word(12, 3, 4)) == (word(12, 3, 4),)
