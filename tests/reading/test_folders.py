"""Which files of a folder are read: real folders and real links, those that lead back up, away, and in circles."""

import sys
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.reading.articles import read_articles
from rag.reading.folders import article_files


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with one article, beside others in its parent that nobody means."""
    write(tmp_path / "private.txt")
    write(tmp_path / "home" / "diary.txt")
    write(tmp_path / "home" / "notes" / "one.txt")
    return tmp_path / "home" / "notes"


def write(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"What {path.name} says of lamps.", encoding="utf-8")


def link(path: Path, target: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
    return path


def names(root: Path) -> list[str]:
    return [entry.relative_to(root).as_posix() for entry in article_files(root) if isinstance(entry, Path)]


def lines(root: Path) -> list[str]:
    return [entry for entry in article_files(root) if isinstance(entry, str)]


def faults(root: Path) -> list[ArticleError]:
    return [entry for entry in article_files(root) if isinstance(entry, ArticleError)]


@pytest.mark.parametrize("up", [".", "..", "../..", "/"])
@pytest.mark.parametrize("name", ["up", "deep/er/up"])
def test_a_link_to_what_holds_the_folder_is_passed_over_and_said(notes: Path, up: str, name: str) -> None:
    target = (notes / up).resolve()
    link(notes / name, target)
    assert names(notes) == ["one.txt"]
    assert lines(notes) == [f"{str(notes / name)!r} is passed over: it leads back up to {str(target)!r}"]
    assert faults(notes) == []
    reading = read_articles(notes)
    assert ([article.id for article in reading.articles], reading.errors) == (["one"], ())
    assert reading.warnings == tuple(lines(notes))


def test_a_relative_link_and_a_linked_folder_lead_no_further_up(
    notes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(notes / "up", Path(".."))
    short = link(tmp_path / "short", notes)
    assert names(short) == ["one.txt"]
    monkeypatch.chdir(notes)
    assert names(Path()) == ["one.txt"]
    assert len(lines(Path())) == 1


def test_a_folder_that_lies_elsewhere_is_followed(notes: Path, tmp_path: Path) -> None:
    write(tmp_path / "archive" / "1999" / "old.txt")
    link(notes / "archive", tmp_path / "archive")
    assert names(notes) == ["archive/1999/old.txt", "one.txt"]
    assert lines(notes) == []


def test_out_of_a_linked_folder_no_link_leads_back_up(notes: Path, tmp_path: Path) -> None:
    write(tmp_path / "data" / "arch" / "old.txt")
    write(tmp_path / "data" / "other.txt")
    link(notes / "arch", tmp_path / "data" / "arch")
    link(tmp_path / "data" / "arch" / "up", tmp_path / "data")
    link(tmp_path / "data" / "arch" / "notes", notes)
    assert names(notes) == ["arch/old.txt", "one.txt"]
    assert ["leads back up" in line for line in lines(notes)] == [True, True]


def test_of_two_links_to_one_folder_the_first_is_followed(notes: Path, tmp_path: Path) -> None:
    write(tmp_path / "archive" / "old.txt")
    for name in ("b", "a", "c"):
        link(notes / name, tmp_path / "archive")
    assert names(notes) == ["a/old.txt", "one.txt"]
    assert lines(notes) == [
        f"{str(notes / name)!r} is passed over: it is the folder {str(notes / 'a')!r}, and each is read once"
        for name in ("b", "c")
    ]


def test_a_folder_within_keeps_its_own_name_though_a_link_to_it_comes_first(notes: Path) -> None:
    write(notes / "years" / "1999" / "old.txt")
    link(notes / "a-link", notes / "years" / "1999")
    link(notes / "years" / "1998", notes / "years" / "1999")
    assert names(notes) == ["one.txt", "years/1999/old.txt"]
    assert all(f"it is the folder {str(notes / 'years' / '1999')!r}" in line for line in lines(notes))
    assert len(lines(notes)) == 2


def test_a_hidden_folder_within_is_read_by_a_link_to_it(notes: Path) -> None:
    write(notes / ".store" / "old.txt")
    link(notes / "store", notes / ".store")
    assert names(notes) == ["one.txt", "store/old.txt"]
    assert lines(notes) == []


def test_a_linked_folder_is_not_read_again_where_a_later_link_leads_to_what_holds_it(
    notes: Path, tmp_path: Path
) -> None:
    write(tmp_path / "data" / "arch" / "old.txt")
    write(tmp_path / "data" / "other.txt")
    link(notes / "arch", tmp_path / "data" / "arch")
    link(notes / "data", tmp_path / "data")
    assert names(notes) == ["arch/old.txt", "data/other.txt", "one.txt"]
    assert len(lines(notes)) == 1


def test_links_that_go_round_in_circles_end(notes: Path, tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        write(notes / name / f"{name}.txt")
        link(notes / name / "round", notes / other)
        write(tmp_path / f"far-{name}" / f"{name}.txt")
        link(tmp_path / f"far-{name}" / "round", tmp_path / f"far-{other}")
    link(notes / "far", tmp_path / "far-a")
    assert names(notes) == ["a/a.txt", "b/b.txt", "far/a.txt", "far/round/b.txt", "one.txt"]
    assert len(lines(notes)) == 3
    assert faults(notes) == []


def test_links_that_lead_to_themselves_are_passed_over(notes: Path) -> None:
    link(notes / "x", notes / "y")
    link(notes / "y", notes / "x")
    link(notes / "self.txt", notes / "self.txt")
    assert names(notes) == ["one.txt", "self.txt"]  # reading it says what is wrong
    assert [line.partition(": ")[2] for line in lines(notes)] == ["it is a link that leads to itself"] * 2
    assert [Path(error.source).name for error in read_articles(notes).errors] == ["self.txt"]


def test_a_broken_link_may_be_a_folder_that_is_away(notes: Path, tmp_path: Path) -> None:
    link(notes / "away", tmp_path / "disk")
    (fault,) = faults(notes)
    assert "mount its disk" in fault.reason
    assert names(notes) == ["one.txt"]


def test_a_link_named_articles_that_leads_up_is_not_read_instead(notes: Path) -> None:
    link(notes / "articles", notes.parent)
    reading = read_articles(notes)
    assert [article.id for article in reading.articles] == ["one"]
    assert "leads back up" in reading.warnings[0]


def test_a_folder_of_nothing_but_links_up_has_no_articles(tmp_path: Path) -> None:
    write(tmp_path / "one.txt")
    link(tmp_path / "empty" / "up", tmp_path)
    (error,) = read_articles(tmp_path / "empty").errors
    assert "no articles in this folder" in error.reason


@pytest.mark.skipif(sys.platform == "win32", reason="paths are short there")
def test_folders_may_lie_as_deep_as_paths_go(tmp_path: Path) -> None:
    folders = [tmp_path / Path(*["d"] * depth) for depth in range(1, 1200)]
    for folder in folders:
        folder.mkdir()
    write(folders[-1] / "one.txt")
    try:
        assert [Path(name).name for name in names(tmp_path)] == ["one.txt"]
    finally:  # what clears away after tests goes no deeper than calls can
        (folders[-1] / "one.txt").unlink()
        for folder in reversed(folders):
            folder.rmdir()
