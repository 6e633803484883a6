"""An index in step with a folder: only what changed is read or embedded, and nothing goes by mistake."""

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
from langchain_core.embeddings import Embeddings

from rag.errors import IndexFault
from rag.index.changes import Changes
from rag.index.folder_scan import KnownFile, load, save
from rag.index.index import Index
from rag.index.sync import Synced, SyncOptions, preview, sync
from rag.models.embedders import Embedder
from rag.settings import Settings
from tests.support.embedder import BagOfWords, embedder, made

SYNCS = """
import sys, time
from pathlib import Path
import chromadb
from rag.models.embedders import Embedder
from rag.settings import Settings
from rag.index.sync import sync
from tests.support.embedder import BagOfWords

class Slow(BagOfWords):
    def embed_documents(self, texts):
        print("embeds", flush=True)
        time.sleep(0.03)
        return super().embed_documents(texts)

sync(Path(sys.argv[1]), where=Path(sys.argv[2]), settings=Settings(),
     embedder=lambda _: Embedder(name="bag-of-words", model=Slow()))
"""


class Counted(BagOfWords):
    """Notes every text it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return super().embed_documents(texts)


def write(folder: Path, number: int, *, name: str = "", version: int = 0) -> Path:
    article = made(number, version=version)
    file = folder / f"{name or article.id}.md"
    file.write_text(f"# {article.title}\n\n{article.text}\n", encoding="utf-8")
    return file


def aged(place: Path) -> None:
    """Have the memory trust all it read whole, as if two seconds had passed before it did."""
    memory = load(place / "files.json")
    files = {name: replace(one, trusted=bool(one.sha256)) for name, one in memory.files.items()}
    save(replace(memory, files=files), file=place / "files.json")


def synced(
    folder: Path,
    place: Path,
    model: Embeddings | None = None,
    *,
    allow_empty: bool = False,
    take_over: bool = False,
) -> Synced:
    index_embedder = Embedder(name="bag-of-words", model=model) if model else embedder()
    return sync(
        folder,
        where=place,
        embedder=lambda _: index_embedder,
        settings=Settings(),
        options=SyncOptions(allow_empty=allow_empty, take_over=take_over),
    )


def ids(place: Path) -> list[str]:
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        assert index.check() == ()
        return [item.id for item in index.listing()]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def folder(tmp_path: Path, place: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(4):
        write(folder, number)
    assert synced(folder, place).changes.added == ("a0000", "a0001", "a0002", "a0003")
    aged(place)
    return folder


def test_what_came_changed_and_went_is_brought_in_step(folder: Path, place: Path) -> None:
    write(folder, 1, version=1)
    write(folder, 7)
    (folder / "a0003.md").unlink()
    done = synced(folder, place)
    assert done.changes == Changes(
        added=("a0007",), updated=("a0001",), unchanged=("a0000", "a0002"), removed=("a0003",)
    )
    assert done.read == 2
    assert ids(place) == ["a0000", "a0001", "a0002", "a0007"]


def test_where_nothing_changed_no_file_is_read_and_no_model_loaded(folder: Path, place: Path) -> None:
    def never(_: object) -> Embedder:
        raise AssertionError("an embedder was asked for")

    files = {path: path.stat().st_mtime_ns for path in place.iterdir()}
    done = sync(folder, where=place, embedder=never, settings=Settings())
    assert (done.read, bool(done.changes), len(done.changes.unchanged)) == (0, False, 4)
    assert files.items() <= {path: path.stat().st_mtime_ns for path in place.iterdir()}.items()


def test_a_renamed_file_is_not_embedded_again(folder: Path, place: Path) -> None:
    (folder / "old").mkdir()
    (folder / "a0002.md").rename(folder / "old" / "report.md")
    model = Counted()
    done = synced(folder, place, model)
    assert done.changes.renamed == (("a0002", "old/report"),)
    assert (done.changes.added, done.changes.removed, model.texts) == ((), (), [])
    assert ids(place) == ["a0000", "a0001", "a0003", "old/report"]
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        (best, *_) = index.search("Where was w2x1v0 found?", limit=1)
        assert best.chunk.article_id == "old/report"
        assert best.chunk.text == best.chunk.span.of(index.article("old/report").text)


def test_of_two_files_that_change_names_each_keeps_its_words(folder: Path, place: Path) -> None:
    one, two, third = folder / "a0001.md", folder / "a0002.md", folder / "third"
    one.rename(third)
    two.rename(one)
    third.rename(two)
    assert synced(folder, place).changes.updated == ("a0001", "a0002")
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        assert "w2x1v0" in index.article("a0001").text


@pytest.mark.parametrize("back", [True, False])
def test_a_change_that_keeps_size_and_time_is_seen(folder: Path, place: Path, back: bool) -> None:
    file = folder / "a0001.md"
    before = file.stat()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("w1x1v0", "w1x1v9"), encoding="utf-8")
    if back:  # as `touch -r` does
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert synced(folder, place).changes.updated == ("a0001",)


def test_a_file_younger_than_two_seconds_is_read_again_by_its_words(folder: Path, place: Path) -> None:
    """Its times may not tell a change that comes right after, as the same instant is all they can say."""
    file = write(folder, 1, version=1)
    assert synced(folder, place).changes.updated == ("a0001",)
    memory = load(place / "files.json")
    assert not memory.files["a0001.md"].trusted
    assert memory.files["a0002.md"].trusted
    write(folder, 1, version=2)
    status = file.stat()
    # Have the memory hold the times of the second version: as if both had come within one step of the clock.
    stamped = replace(memory.files["a0001.md"], modified=status.st_mtime_ns, changed=status.st_ctime_ns)
    save(replace(memory, files={**memory.files, "a0001.md": stamped}), file=place / "files.json")
    assert synced(folder, place).changes.updated == ("a0001",)


def test_where_the_clock_was_moved_back_no_time_is_trusted(folder: Path, place: Path) -> None:
    file = write(folder, 1, version=1)
    status = file.stat()
    memory = load(place / "files.json")
    wrong = replace(memory.files["a0001.md"], modified=status.st_mtime_ns, changed=status.st_ctime_ns)
    files = {**memory.files, "a0001.md": replace(wrong, size=status.st_size)}
    save(replace(memory, files=files, at=time.time_ns() + 10**12), file=place / "files.json")
    assert synced(folder, place).changes.updated == ("a0001",)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"reading": 2, "files": 3}', b"\xff\xfe"])
def test_a_lost_or_damaged_memory_costs_reading_alone(folder: Path, place: Path, damage: bytes) -> None:
    (place / "files.json").write_bytes(damage)
    done = synced(folder, place, model := Counted())
    assert (done.read, bool(done.changes), model.texts) == (4, False, [])


def test_what_another_hand_did_to_the_index_is_made_good(folder: Path, place: Path) -> None:
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        index.remove(["a0001"])
        index.add([replace(made(2), title="Another"), made(9)])
    done = synced(folder, place)
    assert (done.changes.added, done.changes.removed) == (("a0001",), ("a0009",))
    assert ids(place) == ["a0000", "a0001", "a0002", "a0003"]
    assert not synced(folder, place).changes


def test_a_preview_says_all_and_writes_nothing(folder: Path, place: Path, tmp_path: Path) -> None:
    write(folder, 1, version=1)
    write(folder, 7)
    (folder / "a0003.md").unlink()
    (folder / "a0002.md").rename(folder / "moved.md")
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    seen = preview(folder, where=place)
    assert seen.changes == Changes(
        added=("a0007",),
        updated=("a0001",),
        unchanged=("a0000",),
        removed=("a0003",),
        renamed=(("a0002", "moved"),),
    )
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before
    assert len(preview(folder, where=tmp_path / "none").changes.added) == 4
    assert not (tmp_path / "none").exists()
    assert synced(folder, place).changes == seen.changes


def test_an_empty_or_missing_folder_wipes_nothing(folder: Path, place: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexFault, match="mounted"):
        synced(tmp_path / "unmounted", place, allow_empty=True)
    for file in folder.iterdir():
        file.unlink()
    with pytest.raises(IndexFault, match="--allow-empty"):
        synced(folder, place)
    assert len(ids(place)) == 4
    assert len(synced(folder, place, allow_empty=True).changes.removed) == 4
    assert ids(place) == []


def test_an_empty_folder_never_followed_before_wipes_nothing_either(tmp_path: Path, place: Path) -> None:
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        index.add([made(1)])
    (tmp_path / "empty").mkdir()
    with pytest.raises(IndexFault, match="--allow-empty"):
        synced(tmp_path / "empty", place, take_over=True)
    assert ids(place) == ["a0001"]


def test_a_folder_with_other_articles_alone_needs_one_word_to_take_over(
    folder: Path, place: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, 8)
    with pytest.raises(IndexFault, match="--take-over"):
        synced(other, place)
    assert len(synced(other, place, take_over=True).changes.removed) == 4
    assert ids(place) == ["a0008"]


def test_articles_from_elsewhere_go_only_where_it_is_said(folder: Path, place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, 0)
    with pytest.raises(IndexFault, match=r"3 articles .* lacks \('a0001', 'a0002', 'a0003'\).*--take-over"):
        synced(other, place)
    assert synced(other, place, take_over=True).changes.removed == ("a0001", "a0002", "a0003")
    (other / "a0000.md").rename(other / "b.md")
    assert synced(other, place).changes.renamed == (("a0000", "b"),)


def test_articles_from_another_folder_are_replaced_only_where_it_is_said(
    folder: Path, place: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for number in range(4):
        write(other, number, version=number % 2)
    write(other, 7)
    with pytest.raises(IndexFault) as refused:
        synced(other, place)
    (said,) = str(refused.value).splitlines()
    assert f"2 articles of which {str(other)!r} has other versions ('a0001', 'a0003')" in said
    assert f"kept in step with {str(folder)!r}: give --take-over" in said
    assert "lacks" not in said
    seen = preview(other, where=place)
    assert (seen.refusal, seen.changes.updated) == (said, ("a0001", "a0003"))
    assert ids(place) == ["a0000", "a0001", "a0002", "a0003"]
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        assert "w1x1v0" in index.article("a0001").text
        assert index.source == str(folder)
    assert preview(other, where=place, options=SyncOptions(take_over=True)).refusal == ""
    assert synced(other, place, take_over=True).changes.updated == ("a0001", "a0003")
    write(other, 1, version=2)
    assert synced(other, place).changes.updated == ("a0001",)  # it follows that folder now


def test_articles_that_were_added_are_replaced_only_where_it_is_said(tmp_path: Path, place: Path) -> None:
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        index.add([made(number) for number in range(5)])
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(1, 5):
        write(folder, number, version=1)
    with pytest.raises(IndexFault) as refused:
        synced(folder, place)
    said = str(refused.value)
    assert f"1 article that {str(folder)!r} lacks ('a0000')" in said
    assert "4 of which it has other versions ('a0001', 'a0002', 'a0003', …)" in said
    assert "were added by themselves" in said
    assert synced(folder, place, take_over=True).changes.updated == ("a0001", "a0002", "a0003", "a0004")


def test_the_same_words_from_elsewhere_need_no_word_to_be_followed(
    folder: Path, place: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(folder, copied)
    write(copied, 7)
    assert synced(copied, place).changes.added == ("a0007",)
    write(copied, 1, version=1)
    assert synced(copied, place).changes.updated == ("a0001",)
    with pytest.raises(IndexFault, match="--take-over"):  # as a watch of the first folder would be told
        synced(folder, place)


def test_a_folder_that_is_followed_has_the_last_word_over_what_was_added(folder: Path, place: Path) -> None:
    """The index mirrors it: an article put in by hand goes at the next sync, or gives way to a file of its id."""
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        index.add([made(7), made(8)])
    write(folder, 7, version=1)
    seen = preview(folder, where=place)
    assert (seen.refusal, seen.changes.updated, seen.changes.removed) == ("", ("a0007",), ("a0008",))
    assert synced(folder, place).changes == seen.changes


def test_a_file_that_cannot_be_read_keeps_its_articles(folder: Path, place: Path) -> None:
    (folder / "a0001.md").write_bytes(b"")
    done = synced(folder, place)
    assert done.changes.removed == ()
    assert [line.count("a0001.md") for line in done.problems] == [1]
    assert synced(folder, place).problems == done.problems  # said each time
    assert len(ids(place)) == 4
    write(folder, 1)
    assert synced(folder, place).problems == ()


def test_a_link_to_a_folder_that_is_away_holds_removals_back(
    folder: Path, place: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    write(disk, 5)
    (folder / "linked").symlink_to(disk)
    assert synced(folder, place).changes.added == ("linked/a0005",)
    (folder / "a0003.md").unlink()
    disk.rename(tmp_path / "away")
    done = synced(folder, place)
    assert done.changes.removed == ()
    assert any("mount its disk" in line for line in done.problems)
    (tmp_path / "away").rename(disk)
    assert synced(folder, place).changes.removed == ("a0003",)


def test_a_link_that_leads_back_up_is_said_and_holds_nothing_back(folder: Path, place: Path) -> None:
    write(folder.parent, 9)
    (folder / "up").symlink_to(folder.parent)
    (folder / "a0003.md").unlink()
    done = synced(folder, place)
    assert (done.changes.added, done.changes.removed) == ((), ("a0003",))
    assert done.problems == (
        f"{str(folder / 'up')!r} is passed over: it leads back up to {str(folder.parent)!r}",
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_cannot_be_read_holds_removals_back(folder: Path, place: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    write(inner, 5)
    synced(folder, place)
    (folder / "a0003.md").unlink()
    inner.chmod(0)
    done = synced(folder, place)
    inner.chmod(0o700)
    assert done.changes.removed == ()
    assert "nothing was removed: not all could be read" in done.problems
    assert synced(folder, place).changes.removed == ("a0003",)


def test_the_first_of_two_files_with_one_id_has_it_and_the_other_takes_over_when_it_goes(
    folder: Path, place: Path
) -> None:
    for name, words in (("x.txt", "Nothing but pears."), ("x.md", "Nothing but apples.")):
        (folder / name).write_text(words, encoding="utf-8")
    assert any("taken" in line for line in synced(folder, place).problems)
    aged(place)
    assert any("taken" in line for line in synced(folder, place).problems)
    (folder / "x.md").unlink()
    assert synced(folder, place).changes.updated == ("x",)
    assert ids(place).count("x") == 1


def test_near_copies_are_reported(folder: Path, place: Path) -> None:
    text = (folder / "a0001.md").read_text(encoding="utf-8")
    (folder / "copy.md").write_text(text.upper().replace(" ", "  "), encoding="utf-8")
    (folder / "near.md").write_text(text + " And more.", encoding="utf-8")
    pairs = {(one.article_id, one.other): one.shared for one in synced(folder, place).repeats}
    assert pairs[("copy", "a0001")] == 1
    assert 0.9 < pairs[("near", "a0001")] < 1
    assert pairs.keys() == {("copy", "a0001"), ("near", "a0001"), ("near", "copy")}
    assert synced(folder, place).repeats == ()


def test_a_memory_comes_back_as_it_was_written(tmp_path: Path, folder: Path, place: Path) -> None:
    memory = load(place / "files.json")
    assert len(memory.files) == 4
    assert all(isinstance(one, KnownFile) for one in memory.files.values())
    save(memory, file=tmp_path / "again")
    assert load(tmp_path / "again") == memory


def test_a_sync_killed_at_any_moment_goes_on_where_it_was(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    folder, place = tmp_path / "archive", tmp_path / "index"
    folder.mkdir()
    for number in range(40):
        write(folder, number)
    for _ in range(2):
        command = [sys.executable, "-c", SYNCS, str(folder), str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            for _ in range(chance.randrange(3, 15)):
                child.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
    before = ids(place)
    assert 0 < len(before) < 40
    model = Counted()
    done = synced(folder, place, model)
    assert (len(done.changes.added), len(done.changes.unchanged)) == (40 - len(before), len(before))
    with Index.open(place, embedder=embedder(), settings=Settings()) as index:
        chunks = {item.id: item.chunks for item in index.listing()}
    assert len(model.texts) == sum(count for article_id, count in chunks.items() if article_id not in before)
    assert len(ids(place)) == 40
