"""An index in step with a folder: only what changed is embedded, and nothing is lost by mistake."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rag.errors import IndexFault
from rag.index.changes import Changes
from rag.index.sync import SyncOptions, preview, sync
from rag.models.embedders import Embedder
from rag.settings import Settings
from tests.support.embedder import made
from tests.support.indexes import open_index
from tests.support.synced_folder import (
    CountingEmbeddings,
    make_synced_folder,
    stored_ids,
    sync_folder,
    write_article,
)


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path, index_folder: Path) -> Path:
    """A folder of four articles that the index is in step with."""
    make_synced_folder(tmp_path / "archive", index_folder)
    return tmp_path / "archive"


def test_what_came_changed_and_went_is_brought_in_step(folder: Path, index_folder: Path) -> None:
    write_article(folder, 1, version=1)
    write_article(folder, 7)
    (folder / "a0003.md").unlink()
    synced = sync_folder(folder, index_folder)
    assert synced.changes == Changes(
        added=("a0007",), updated=("a0001",), unchanged=("a0000", "a0002"), removed=("a0003",)
    )
    assert synced.read == 2
    assert stored_ids(index_folder) == ["a0000", "a0001", "a0002", "a0007"]


def test_where_nothing_changed_no_file_is_read_and_no_model_loaded(folder: Path, index_folder: Path) -> None:
    def never(_: object) -> Embedder:
        raise AssertionError("an embedder was asked for")

    files = {path: path.stat().st_mtime_ns for path in index_folder.iterdir()}
    synced = sync(folder, where=index_folder, embedder=never, settings=Settings())
    assert (synced.read, bool(synced.changes), len(synced.changes.unchanged)) == (0, False, 4)
    assert files.items() <= {path: path.stat().st_mtime_ns for path in index_folder.iterdir()}.items()


def test_a_renamed_file_is_not_embedded_again(folder: Path, index_folder: Path) -> None:
    (folder / "old").mkdir()
    (folder / "a0002.md").rename(folder / "old" / "report.md")
    model = CountingEmbeddings()
    synced = sync_folder(folder, index_folder, model)
    assert synced.changes.renamed == (("a0002", "old/report"),)
    assert (synced.changes.added, synced.changes.removed, model.texts) == ((), (), [])
    assert stored_ids(index_folder) == ["a0000", "a0001", "a0003", "old/report"]
    with open_index(index_folder) as index:
        (best, *_) = index.search("Where was w2x1v0 found?", limit=1)
        assert best.chunk.article_id == "old/report"
        assert best.chunk.text == best.chunk.span.of(index.article("old/report").text)


def test_of_two_files_that_change_names_each_keeps_its_words(folder: Path, index_folder: Path) -> None:
    one, two, third = folder / "a0001.md", folder / "a0002.md", folder / "third"
    one.rename(third)
    two.rename(one)
    third.rename(two)
    assert sync_folder(folder, index_folder).changes.updated == ("a0001", "a0002")
    with open_index(index_folder) as index:
        assert "w2x1v0" in index.article("a0001").text


def test_what_another_hand_did_to_the_index_is_made_good(folder: Path, index_folder: Path) -> None:
    with open_index(index_folder) as index:
        index.remove(["a0001"])
        index.add([replace(made(2), title="Another"), made(9)])
    synced = sync_folder(folder, index_folder)
    assert (synced.changes.added, synced.changes.removed) == (("a0001",), ("a0009",))
    assert stored_ids(index_folder) == ["a0000", "a0001", "a0002", "a0003"]
    assert not sync_folder(folder, index_folder).changes


def test_a_preview_says_all_and_writes_nothing(folder: Path, index_folder: Path, tmp_path: Path) -> None:
    write_article(folder, 1, version=1)
    write_article(folder, 7)
    (folder / "a0003.md").unlink()
    (folder / "a0002.md").rename(folder / "moved.md")
    before = {path: path.read_bytes() for path in index_folder.rglob("*") if path.is_file()}
    previewed = preview(folder, where=index_folder)
    assert previewed.changes == Changes(
        added=("a0007",),
        updated=("a0001",),
        unchanged=("a0000",),
        removed=("a0003",),
        renamed=(("a0002", "moved"),),
    )
    assert {path: path.read_bytes() for path in index_folder.rglob("*") if path.is_file()} == before
    assert len(preview(folder, where=tmp_path / "none").changes.added) == 4
    assert not (tmp_path / "none").exists()
    assert sync_folder(folder, index_folder).changes == previewed.changes


def test_an_empty_or_missing_folder_wipes_nothing(folder: Path, index_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexFault, match="mounted"):
        sync_folder(tmp_path / "unmounted", index_folder, allow_empty=True)
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(IndexFault, match="--allow-empty"):
        sync_folder(folder, index_folder)
    assert len(stored_ids(index_folder)) == 4
    assert len(sync_folder(folder, index_folder, allow_empty=True).changes.removed) == 4
    assert stored_ids(index_folder) == []


def test_an_empty_folder_never_followed_before_wipes_nothing_either(
    tmp_path: Path, index_folder: Path
) -> None:
    with open_index(index_folder) as index:
        index.add([made(1)])
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexFault, match="--allow-empty"):
        sync_folder(tmp_path / "empty", index_folder, take_over=True)
    assert stored_ids(index_folder) == ["a0001"]


def test_a_folder_with_other_articles_alone_needs_one_word_to_take_over(
    folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_article(other, 8)
    with pytest.raises(IndexFault, match="--take-over"):
        sync_folder(other, index_folder)
    assert len(sync_folder(other, index_folder, take_over=True).changes.removed) == 4
    assert stored_ids(index_folder) == ["a0008"]


def test_articles_from_elsewhere_go_only_where_it_is_said(
    folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_article(other, 0)
    with pytest.raises(IndexFault, match=r"3 articles .* lacks \('a0001', 'a0002', 'a0003'\).*--take-over"):
        sync_folder(other, index_folder)
    assert sync_folder(other, index_folder, take_over=True).changes.removed == ("a0001", "a0002", "a0003")
    (other / "a0000.md").rename(other / "b.md")
    assert sync_folder(other, index_folder).changes.renamed == (("a0000", "b"),)


def test_articles_from_another_folder_are_replaced_only_where_it_is_said(
    folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number in range(4):
        write_article(other, number, version=number % 2)
    write_article(other, 7)
    with pytest.raises(IndexFault) as caught:
        sync_folder(other, index_folder)
    (message,) = str(caught.value).splitlines()
    assert f"2 articles of which {str(other)!r} has other versions ('a0001', 'a0003')" in message
    assert f"kept in step with {str(folder)!r}: give --take-over" in message
    assert "lacks" not in message
    previewed = preview(other, where=index_folder)
    assert (previewed.refusal, previewed.changes.updated) == (message, ("a0001", "a0003"))
    assert stored_ids(index_folder) == ["a0000", "a0001", "a0002", "a0003"]
    with open_index(index_folder) as index:
        assert "w1x1v0" in index.article("a0001").text
        assert index.source == str(folder)
    assert preview(other, where=index_folder, options=SyncOptions(take_over=True)).refusal == ""
    assert sync_folder(other, index_folder, take_over=True).changes.updated == ("a0001", "a0003")
    write_article(other, 1, version=2)
    assert sync_folder(other, index_folder).changes.updated == ("a0001",)  # it follows that folder now


def test_articles_that_were_added_are_replaced_only_where_it_is_said(
    tmp_path: Path, index_folder: Path
) -> None:
    with open_index(index_folder) as index:
        index.add([made(number) for number in range(5)])
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(1, 5):
        write_article(folder, number, version=1)
    with pytest.raises(IndexFault) as caught:
        sync_folder(folder, index_folder)
    message = str(caught.value)
    assert f"1 article that {str(folder)!r} lacks ('a0000')" in message
    assert "4 of which it has other versions ('a0001', 'a0002', 'a0003', …)" in message
    assert "were added by themselves" in message
    assert sync_folder(folder, index_folder, take_over=True).changes.updated == (
        "a0001",
        "a0002",
        "a0003",
        "a0004",
    )


def test_the_same_words_from_elsewhere_need_no_word_to_be_followed(
    folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(folder, copied)
    write_article(copied, 7)
    assert sync_folder(copied, index_folder).changes.added == ("a0007",)
    write_article(copied, 1, version=1)
    assert sync_folder(copied, index_folder).changes.updated == ("a0001",)
    with pytest.raises(IndexFault, match="--take-over"):  # as a watch of the first folder would be told
        sync_folder(folder, index_folder)


def test_a_folder_that_is_followed_has_the_last_word_over_what_was_added(
    folder: Path, index_folder: Path
) -> None:
    """The index mirrors it: an article put in by hand goes at the next sync, or gives way to a file of its id."""
    with open_index(index_folder) as index:
        index.add([made(7), made(8)])
    write_article(folder, 7, version=1)
    previewed = preview(folder, where=index_folder)
    assert (previewed.refusal, previewed.changes.updated, previewed.changes.removed) == (
        "",
        ("a0007",),
        ("a0008",),
    )
    assert sync_folder(folder, index_folder).changes == previewed.changes


def test_near_copies_are_reported(folder: Path, index_folder: Path) -> None:
    text = (folder / "a0001.md").read_text(encoding="utf-8")
    (folder / "copy.md").write_text(text.upper().replace(" ", "  "), encoding="utf-8")
    (folder / "near.md").write_text(text + " And more.", encoding="utf-8")
    pairs = {(one.article_id, one.other): one.shared for one in sync_folder(folder, index_folder).repeats}
    assert pairs[("copy", "a0001")] == 1
    assert 0.9 < pairs[("near", "a0001")] < 1
    assert pairs.keys() == {("copy", "a0001"), ("near", "a0001"), ("near", "copy")}
    assert sync_folder(folder, index_folder).repeats == ()


def test_a_sync_killed_at_any_moment_goes_on_where_it_was(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    folder, index_folder = tmp_path / "archive", tmp_path / "index"
    folder.mkdir()
    for number in range(40):
        write_article(folder, number)
    for _ in range(2):
        command = [sys.executable, "-m", "tests.support.slow_sync", str(folder), str(index_folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(chance.randrange(3, 15)):
                child.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
    before = stored_ids(index_folder)
    assert 0 < len(before) < 40
    model = CountingEmbeddings()
    synced = sync_folder(folder, index_folder, model)
    assert (len(synced.changes.added), len(synced.changes.unchanged)) == (40 - len(before), len(before))
    with open_index(index_folder) as index:
        chunks = {item.id: item.chunks for item in index.listing()}
    assert len(model.texts) == sum(count for article_id, count in chunks.items() if article_id not in before)
    assert len(stored_ids(index_folder)) == 40


def test_an_address_is_no_folder_and_the_error_says_what_takes_it(index_folder: Path) -> None:
    with pytest.raises(IndexFault, match="is an address, not a folder: give `pincite sync` a feed"):
        sync_folder(Path("https://news.example/feed.xml"), index_folder)
    assert not index_folder.exists()
