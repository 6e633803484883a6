"""Archives: read as folders are, and refused where they are traps."""

import zipfile
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.reading.articles import read_articles
from rag.reading.documents import FileLimits
from rag.reading.formats.zip_archive import ARCHIVE_LIMITS, ArchiveLimits, open_archive
from tests.support.files import (
    FILES,
    docx_file,
    docx_paragraph,
    reason,
    write,
    zip_file,
)


def test_each_file_of_an_archive_is_read_as_if_it_lay_in_a_folder(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "b/two.md": "---\ntitle: Second\n---\nTwo.",
        "a.txt": "One.",
        "lamp.pdf": (FILES / "lamp.pdf").read_bytes(),
        "deep/er/c.docx": docx_file(docx_paragraph("Three.")),
        "rows.jsonl": '{"id": "r", "text": "Four."}',
        "README.md": "About.",
        "__MACOSX/._a.txt": b"\0\1",
        ".hidden.txt": "No.",
        "picture.png": b"\x89PNG",
    }
    result = read_articles(write(tmp_path / "All.zip", zip_file(members)))
    assert result.errors == ()
    assert [a.id for a in result.articles] == ["all/a", "all/b/two", "all/deep/er/c", "all/lamp", "r"]
    assert any("1 file(s) of other kinds not read, 'picture.png' first" in line for line in result.warnings)


def test_names_that_lead_out_and_archives_in_archives_are_refused_one_by_one(tmp_path: Path) -> None:
    names = ("../up.txt", "/root.txt", "a/../../b.txt", "C:/c.txt", "..\\d.txt", "inner.zip")
    result = read_articles(
        write(tmp_path / "in" / "a.zip", zip_file({**dict.fromkeys(names, "x"), "ok.txt": "One."}))
    )
    assert [a.id for a in result.articles] == ["a/ok"]
    assert sorted(error.reason.partition(",")[0] for error in result.errors) == [
        "an archive in an archive is not opened: unpack it",
        *["its name leads out of the archive"] * 5,
    ]
    assert [entry.name for entry in tmp_path.rglob("*")] == ["in", "a.zip"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not a zip", "no whole archive"),
        (zip_file({}), "no articles in it"),
        (zip_file({"a.png": b"x"}), "no articles in it"),
        (zip_file({"a.txt": b"x" * 1_500_000}), "expands over 200 times"),
        (zip_file({"a.txt": "One."}, method=zipfile.ZIP_BZIP2), "packed in another way"),
        (zip_file({"a.txt": "One. " * 9}).replace(b"a.txt", b"b.txt", 1), "is damaged"),
        (
            zip_file({f"{number}.txt": "" for number in range(ARCHIVE_LIMITS.members + 1)}),
            "holds over 5,000 files",
        ),
    ],
)
def test_a_bad_archive_says_what_is_wrong(tmp_path: Path, content: bytes, why: str) -> None:
    assert why in reason(read_articles(write(tmp_path / "a.zip", content)))


def test_an_archive_that_expands_too_far_is_refused_before_it_does(tmp_path: Path) -> None:
    two_files = zip_file({"a.txt": "a b " * 150_000, "b.txt": "c d " * 150_000})
    limits = ArchiveLimits(expanded_bytes=1_000_000)
    with pytest.raises(ArticleError, match="expands to more than 1 MB"), open_archive(two_files, "a", limits):
        pass
    large_file = write(tmp_path / "b.zip", zip_file({"a.txt": "x" * 1001}))
    assert "file over 0 MB" in reason(read_articles(large_file, FileLimits(file_bytes=1000)))
