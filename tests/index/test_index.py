"""The index: in step, found, whole, and plain about what it cannot do."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ArticleError, IndexBroken, IndexBusy, IndexFault, IndexStale
from rag.index.changes import Changes
from rag.index.index import Index
from rag.models.embedders import Embedder, open_embedder
from rag.schema import Article
from rag.settings import Settings
from rag.storage.local.keyword_snapshot import build
from rag.storage.local.lock import write_lock
from rag.storage.local.sqlite_store import SqliteStore
from rag.storage.location import ServerAddress
from rag.text.words import terms
from tests.support.embedder import embedder, made, several

SETTINGS = Settings()
SNAPSHOTS = "vectors"


def opened(where: Path | ServerAddress, **options: object) -> Index:
    return Index.open(where, **{"embedder": embedder(), "settings": SETTINGS, **options})  # type: ignore[arg-type]


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with opened(where) as index:
        yield index


def word(number: int, line: int = 1, version: int = 0) -> str:
    return f"w{number}x{line}v{version}"


def found(index: Index, question: str, *, limit: int = 5) -> list[str]:
    return [hit.chunk.article_id for hit in index.search(question, limit=limit)]


def snapshots(folder: Path) -> list[Path]:
    return sorted((folder / SNAPSHOTS).iterdir())


# Adding, changing, removing


def test_what_is_added_is_found_as_a_slice_of_its_article(index: Index) -> None:
    assert index.add(several(range(5))) == Changes(added=("a0000", "a0001", "a0002", "a0003", "a0004"))
    best = index.search(f"What of {word(3)}?", limit=3)[0]
    assert best.chunk.article_id == "a0003"
    assert word(3) in best.chunk.text
    assert best.chunk.text == best.chunk.span.of(index.article("a0003").text)
    assert best.ranks.keyword == 1
    assert -1 <= best.cosine <= 1
    assert index.article("a0003") == made(3)
    assert [item.id for item in index.listing()] == ["a0000", "a0001", "a0002", "a0003", "a0004"]
    assert index.check() == ()


def test_adding_the_same_again_changes_nothing(index: Index, folder: Path) -> None:
    index.add(several(range(3)))
    before, files = index.generation, snapshots(folder)
    assert index.add(several(range(3))) == Changes(unchanged=("a0000", "a0001", "a0002"))
    assert not index.add([])
    assert index.generation == before
    assert snapshots(folder) == files


def test_a_changed_article_replaces_its_old_chunks(index: Index) -> None:
    index.add(several(range(4)))
    assert index.add([made(2, version=1), made(3)]) == Changes(updated=("a0002",), unchanged=("a0003",))
    assert word(2, version=1) in index.search(word(2, version=1), limit=1)[0].chunk.text
    assert index.frequencies([word(2)]).counts == {word(2): 0}
    assert index.check() == ()


def test_a_changed_date_is_stored_without_embedding_anything(index: Index) -> None:
    index.add([made(1)])
    told: list[tuple[int, int]] = []
    dated = replace(made(1), date=date(2026, 5, 1), credit="Thanks")
    assert index.add([dated], on_progress=lambda *step: told.append(step)) == Changes(updated=("a0001",))
    assert index.article("a0001") == dated
    assert told == [(0, 0)]
    assert index.check() == ()


def test_a_changed_title_is_searched_for(index: Index) -> None:
    index.add(several(range(3)))
    index.add([replace(made(1), title="Zebras of Zanzibar")])
    assert found(index, "zebra", limit=1) == ["a0001"]
    assert index.check() == ()


def test_a_sync_gives_an_article_of_the_same_words_another_id_without_embedding(index: Index) -> None:
    index.add(several(range(3)))
    told: list[tuple[int, int]] = []
    moved = replace(made(1), id="moved", credit="Thanks")
    changes = index.sync([moved], keep=["a0002"], on_progress=lambda *step: told.append(step))
    assert changes == Changes(unchanged=("a0002",), removed=("a0000",), renamed=(("a0001", "moved"),))
    assert told == [(0, 0)]
    assert index.article("moved") == moved
    assert found(index, word(1), limit=1) == ["moved"]
    assert index.check() == ()


def test_a_removed_article_leaves_nothing_behind(index: Index) -> None:
    index.add(several(range(3)))
    assert index.remove(["a0001"]) == Changes(removed=("a0001",))
    assert "a0001" not in found(index, word(1), limit=50)
    with pytest.raises(IndexFault, match="'a0001'"):
        index.article("a0001")
    assert index.check() == ()
    index.remove(["a0000", "a0002"])
    assert index.search(word(1), limit=5) == ()
    assert index.listing() == ()
    assert index.check() == ()


def test_removing_an_unknown_id_removes_nothing(index: Index) -> None:
    index.add(several(range(2)))
    with pytest.raises(IndexFault, match="no article 'nope'"):
        index.remove(["a0000", "nope"])
    assert len(index.listing()) == 2


def test_sync_mirrors_what_it_is_given(index: Index) -> None:
    index.add(several(range(4)))
    changes = index.sync([made(1), made(2, version=1), made(9)])
    assert changes == Changes(
        added=("a0009",), updated=("a0002",), unchanged=("a0001",), removed=("a0000", "a0003")
    )
    assert [item.id for item in index.listing()] == ["a0001", "a0002", "a0009"]
    assert index.check() == ()


def test_progress_counts_chunks_up_to_all_of_them(index: Index) -> None:
    told: list[tuple[int, int]] = []
    index.add(several(range(40)), on_progress=lambda *step: told.append(step))
    total = sum(item.chunks for item in index.listing())
    assert told[0][0] == 0
    assert told[-1] == (total, total)
    assert told == sorted(told)


def test_the_same_article_twice_in_one_call_is_one(index: Index) -> None:
    assert index.add([made(1), made(1)]) == Changes(added=("a0001",))


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (replace(made(1), text="another text"), "two different articles"),
        (Article(id="blank", title="t", text=" \n\n "), "no words"),
        (Article(id=" ", title="t", text="words"), "no id"),
        (Article(id="half", title="t", text="a \udce9 b"), "half a character"),
    ],
)
def test_an_article_that_cannot_be_stored_is_named_and_nothing_is_stored(
    index: Index, bad: Article, reason: str
) -> None:
    with pytest.raises(ArticleError, match=reason):
        index.add([made(1), bad])
    assert index.listing() == ()


# Searching


def test_a_search_of_an_empty_index_finds_nothing(index: Index) -> None:
    assert index.search("Anything?", limit=5) == ()
    assert index.check() == ()


@pytest.mark.parametrize(
    "question", ["", "   ", "???", "the", "\ud800", '"', "NEAR(a b)", "a" * 2000, "中文"]
)
def test_any_question_may_be_asked(index: Index, question: str) -> None:
    index.add(several(range(3)))
    assert len(index.search(question, limit=2)) == 2


def test_function_words_are_looked_for_only_where_there_is_nothing_else(index: Index) -> None:
    index.add(
        [Article(id="x", title="", text="To be or not to be."), Article(id="y", title="", text="Hamlet.")]
    )
    assert found(index, "to be or not to be", limit=1) == ["x"]
    assert index.search("to be or not to be", limit=1)[0].ranks.keyword == 1
    hits = {hit.chunk.article_id: hit for hit in index.search("is it not Hamlet", limit=2)}
    assert hits["y"].ranks.keyword == 1
    assert hits["x"].ranks.keyword is None


def test_equal_chunks_come_in_order_of_article_and_place(index: Index) -> None:
    index.add([Article(id=name, title="Same", text="The very same words.") for name in "dbca"])
    assert found(index, "same words", limit=4) == ["a", "b", "c", "d"]
    assert found(index, "same words", limit=2) == ["a", "b"]


def test_more_may_be_asked_for_than_there_is_or_than_there_are_candidates(
    where: Path | ServerAddress,
) -> None:
    with opened(where, settings=Settings(candidates=2)) as index:
        index.add(several(range(6)))
        total = sum(item.chunks for item in index.listing())
        assert len(index.search(word(1), limit=total + 5)) == total
        assert len(index.search(word(1), limit=1)) == 1


def test_searching_threads_and_a_writing_one_do_not_disturb_each_other(index: Index) -> None:
    index.add(several(range(4)))
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(30):
            hits = index.search(word(2), limit=3)
            wrong.extend(h for h in hits if h.chunk.text not in made(int(h.chunk.article_id[1:])).text)
            if found(index, word(2), limit=1) != ["a0002"]:
                wrong.append("lost")

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(10, 22):
        index.add([made(number)])
    for thread in threads:
        thread.join()
    assert wrong == []
    assert index.check() == ()


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "remove", "change"]), st.integers(0, 7)), min_size=1, max_size=9
    )
)
def test_after_any_changes_the_index_is_as_if_made_afresh(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    held: dict[str, Article] = {}
    place = tmp_path_factory.mktemp("any")
    with opened(place / "changed") as index, opened(place / "fresh") as fresh:
        for turn, (action, number) in enumerate(steps):
            if action == "remove" and made(number).id in held:
                index.remove([made(number).id])
                del held[made(number).id]
            elif action != "remove":
                article = made(number, version=turn if action == "change" else 0)
                index.add([article])
                held[article.id] = article
        fresh.add(list(held.values()))
        assert index.check() == ()
        for number in range(8):
            question = f"What did team {number} find in line 3, {word(number, 3)}?"
            assert index.search(question, limit=6) == fresh.search(question, limit=6)


# The vector snapshot


def test_a_few_new_chunks_are_found_without_a_new_snapshot(index: Index, folder: Path) -> None:
    index.add(several(range(30)))
    before = snapshots(folder)
    index.add([made(50)])
    assert snapshots(folder) == before
    own = index.search(index.article("a0050").text[:200], limit=1)[0]
    assert (own.chunk.article_id, own.ranks.vector) == ("a0050", 1)
    index.remove(["a0007"])
    assert "a0007" not in found(index, index.article("a0008").text[:200].replace("8", "7"), limit=100)
    assert snapshots(folder) == before
    assert index.check() == ()


def test_many_new_chunks_get_a_new_snapshot_and_old_ones_are_swept(index: Index, folder: Path) -> None:
    for start in range(0, 60, 10):
        index.add(several(range(start, start + 10)))
    assert len(snapshots(folder)) <= 2
    assert all(path.suffix != ".part" for path in snapshots(folder))
    assert index.check() == ()


def lose(folder: Path) -> None:
    shutil.rmtree(folder / SNAPSHOTS)


def scribble(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("*.bin"):
        path.write_bytes(os.urandom(path.stat().st_size))


def scribble_database(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("chroma.sqlite3"):
        path.write_bytes(b"\x5a" * path.stat().st_size)


def cut_short(folder: Path) -> None:
    for path in (folder / SNAPSHOTS).rglob("manifest.json"):
        path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize("damage", [lose, scribble, scribble_database, cut_short])
def test_a_damaged_snapshot_is_made_anew_from_the_store(folder: Path, damage: object) -> None:
    with opened(folder) as index:
        index.add(several(range(8)))
        before = index.search(f"What of {word(5)}?", limit=5)
    assert callable(damage)
    damage(folder)
    with opened(folder) as index:
        assert index.search(f"What of {word(5)}?", limit=5) == before
        # What Chroma would read is looked at when it is first needed, which is not at the first question.
        for _ in range(200):
            assert index.search(f"What of {word(5)}?", limit=5) == before
            if index.check() == ():
                break
            time.sleep(0.05)
        assert index.check() == ()


def test_a_snapshot_lost_while_it_is_in_use_changes_no_answer(folder: Path) -> None:
    with opened(folder) as index:
        index.add(several(range(8)))
        before = index.search(word(5), limit=5)
        lose(folder)
        assert index.search(word(5), limit=5) == before
    with opened(folder) as index:
        assert index.search(word(5), limit=5) == before
        assert index.check() == ()


def test_check_tells_of_a_damaged_snapshot(folder: Path) -> None:
    with opened(folder) as index:
        index.add(several(range(8)))
    with opened(folder) as index:
        scribble(folder)
        (fault,) = index.check()
        assert "cannot be used" in fault


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE chunks SET end = 99999 WHERE id = 1", "reaches from"),
        ("UPDATE words SET body = 'other' WHERE rowid = 1", "other keywords"),
        ("UPDATE chunks SET vector = x'0000' WHERE id = 1", "vector of 2 bytes"),
        ("UPDATE chunks SET vector = (SELECT vector FROM chunks WHERE id = 9) WHERE id = 1", "other vectors"),
        ("UPDATE articles SET text = text || '!' WHERE id = 'a0001'", "not the one that was stored"),
        ("DELETE FROM words WHERE rowid = 1", "keywords"),
        ("INSERT INTO words (rowid, body) VALUES (999, 'stray')", "without a chunk"),
    ],
)
def test_check_finds_what_does_not_agree(index: Index, folder: Path, damage: str, told: str) -> None:
    index.add(several(range(8)))
    assert index.check() == ()
    assert isinstance(index._store, SqliteStore)
    index._store._base.run(damage)
    faults = index.check()
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize("word", ["x" * 40_000, "क" * 12_000, "x" * 70_000])
def test_a_title_of_one_word_without_end_is_no_fault(index: Index, folder: Path, word: str) -> None:
    index.add([*several(range(3)), replace(made(3, sentences=2), title=f"Of {word} and {word}a")])
    assert index.check() == ()
    index.rebuild()
    assert index.check() == ()
    assert isinstance(index._store, SqliteStore)
    with index._store.writing():
        index._store.set_postings(build(folder / "postings", blocks=[index._store.bodies_after(0, limit=99)]))
    assert index.check() == ()
    index.remove(["a0003"])
    assert index.check() == ()
    index._store._base.run("UPDATE terms SET chunks = 9 WHERE term = 'team'")
    assert any("miscounts" in fault for fault in index.check())


# Stale, busy, broken, read-only


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"embedder": embedder("other")},
            "embedder 'bag-of-words', and 'other'.*leave --embedder out, or run",
        ),
        ({"settings": Settings(chunk_tokens=80)}, "chunk tokens 160, and 80"),
        ({"settings": Settings(overlap_tokens=0)}, "overlap tokens 32, and 0"),
    ],
)
def test_another_recipe_makes_the_index_stale_until_it_is_rebuilt(
    where: Path | ServerAddress, change: dict[str, object], told: str
) -> None:
    with opened(where) as index:
        index.add(several(range(5)))
    with pytest.raises(IndexStale, match=f"{told}.*pincite doctor --repair --index"):
        opened(where, **change)
    with opened(where, stale=True, **change) as index:
        with pytest.raises(IndexStale):
            index.search("w1x1v0", limit=1)
        with pytest.raises(IndexStale):
            index.add([made(9)])
        index.rebuild()
        assert found(index, word(3), limit=1) == ["a0003"]
        assert index.check() == ()
    with pytest.raises(IndexStale):
        opened(where)


def test_other_dimensions_under_the_same_name_are_stale(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add(several(range(3)))
    other = {"embedder": embedder(dimensions=32)}
    with opened(where, **other) as index:
        with pytest.raises(IndexStale, match="dimensions 256, and 32"):
            index.search(word(1), limit=1)
        with pytest.raises(IndexStale, match="dimensions"):
            index.add([made(7)])
        index.rebuild()
        assert found(index, word(1), limit=1) == ["a0001"]
        assert index.check() == ()


def test_an_open_reader_sees_that_the_index_was_rebuilt_with_something_else(
    where: Path | ServerAddress,
) -> None:
    with opened(where) as reader:
        reader.add(several(range(3)))
        assert found(reader, word(1), limit=1) == ["a0001"]
        with opened(where, embedder=embedder("other", 32), stale=True) as writer:
            writer.rebuild()
        with pytest.raises(IndexStale):
            reader.search(word(1), limit=1)


def test_an_open_index_goes_on_with_the_embedder_it_was_made_anew_with(where: Path | ServerAddress) -> None:
    other = embedder("other", 32)
    with opened(where, open_named={"other": other}.__getitem__) as reader:
        reader.add(several(range(3)))
        assert found(reader, word(1), limit=1) == ["a0001"]
        with opened(where, embedder=other, stale=True) as writer:
            writer.rebuild()
        assert found(reader, word(1), limit=1) == ["a0001"]
        assert (reader.embedder, reader.model) == ("other", other)
        reader.add([made(7)])
        assert found(reader, word(7), limit=1) == ["a0007"]
        assert reader.check() == ()


def test_an_emptied_index_is_not_bound_to_the_embedder_it_had(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add([made(1)])
        index.remove(["a0001"])
    other = embedder("other", 32)
    with opened(where, embedder=other, open_named={}.__getitem__) as index:
        index.add([made(2)])
        assert index.embedder == "other"


def test_another_embedder_is_taken_up_by_making_the_index_anew(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add(several(range(3)))
        index.replace_embedder(embedder("other", 32))
        with pytest.raises(IndexStale):
            index.search(word(1), limit=1)
        index.rebuild()
        assert found(index, word(1), limit=1) == ["a0001"]
        assert index.check() == ()


def test_an_empty_index_takes_any_recipe(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add([made(1)])
        index.remove(["a0001"])
    with opened(where, embedder=embedder("other", 32), settings=Settings(chunk_tokens=80)) as index:
        index.add([made(2)])
        assert set(found(index, word(2))) == {"a0002"}
        assert index.check() == ()


def test_rebuilding_keeps_every_article(index: Index) -> None:
    index.add(several(range(6)))
    before = index.search(f"What of {word(4)}?", limit=6)
    told: list[tuple[int, int]] = []
    index.rebuild(on_progress=lambda *step: told.append(step))
    assert index.search(f"What of {word(4)}?", limit=6) == before
    assert index.check() == ()
    assert told[-1][0] == told[-1][1] > 0


def test_a_second_writer_in_time_is_told_who_holds_the_lock(where: Path | ServerAddress) -> None:
    with opened(where, wait_s=0.1) as index:
        index.add([made(1)])
        code = (
            "import sys\n"
            "from rag.storage.location import index_location\n"
            "from rag.storage.backend import open_backend\n"
            "with open_backend(index_location(sys.argv[1]), wait_s=9).lock(0):\n"
            "    print('held', flush=True); sys.stdin.readline()"
        )
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(where)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy, match=rf"process {child.pid}.*, .* 0\.1 s: try again"):
            index.add([made(2)])
        assert index.add([made(1)]) == Changes(unchanged=("a0001",))  # nothing to write needs no lock
        assert found(index, word(1), limit=1) == ["a0001"]
        child.communicate("\n")
        assert index.add([made(2)]) == Changes(added=("a0002",))


def test_the_lock_is_free_again_after_a_fault(folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(ZeroDivisionError), write_lock(folder, wait_s=0):
        raise ZeroDivisionError
    with write_lock(folder, wait_s=0):
        pass


def test_threads_of_one_process_take_turns_too(where: Path | ServerAddress) -> None:
    with opened(where, wait_s=30) as first, opened(where, wait_s=30) as second:
        threads = [
            threading.Thread(target=index.add, args=([made(number)],))
            for number, index in enumerate([first, second, first, second])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(first.listing()) == 4
        assert first.check() == ()


def test_a_truncated_index_is_broken_and_says_what_to_do(folder: Path) -> None:
    with opened(folder) as index:
        index.add(several(range(8)))
    path = folder / "index.sqlite3"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexBroken, match="delete the folder"):
        opened(folder)


def test_an_index_cannot_be_made_where_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexFault, match="cannot be made"):
        opened(tmp_path / "file" / "index")


READ_ONLY = """
import os, sys
from pathlib import Path
import chromadb, chromadb.api.client, chromadb.api.rust
from rag.errors import IndexFault
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.local.sqlite_store import SqliteStore
from tests.support.embedder import embedder, made
if os.geteuid() == 0:
    os.seteuid(65534)
with Index.open(Path(sys.argv[1]), embedder=embedder(), settings=Settings()) as index:
    hits = index.search("w2x1v0", limit=2)
    assert hits[0].chunk.article_id == "a0002", hits
    assert not index.add([made(2)])
    try:
        index.add([made(77)])
    except IndexFault as fault:
        print(fault)
"""


@pytest.mark.slow
def test_a_read_only_index_is_read_and_says_that_it_cannot_be_written() -> None:
    place = Path(tempfile.mkdtemp())
    try:
        folder = place / "index"
        with opened(folder) as index:
            index.add(several(range(4)))
        place.chmod(0o755)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(folder)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "cannot be written" in done.stdout
    finally:
        for path in [place, *place.rglob("*")]:
            path.chmod(path.stat().st_mode | stat.S_IRWXU)
        shutil.rmtree(place)


# Other processes

READER = """
import sys
from rag.storage.location import index_location
from rag.index.index import Index
from rag.settings import Settings
from tests.support.embedder import embedder
with Index.open(index_location(sys.argv[1]), embedder=embedder(), settings=Settings()) as index:
    for line in sys.stdin:
        print(*[hit.chunk.article_id for hit in index.search(line.strip(), limit=1)], index.generation, flush=True)
"""


@pytest.mark.slow
def test_a_reader_in_another_process_sees_each_change_at_once(where: Path | ServerAddress) -> None:
    with opened(where) as index:
        index.add(several(range(3)))
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(where)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert reader.stdin is not None
        assert reader.stdout is not None

        def ask(question: str) -> list[str]:
            assert reader.stdin is not None
            assert reader.stdout is not None
            reader.stdin.write(question + "\n")
            reader.stdin.flush()
            return reader.stdout.readline().split()

        assert ask(word(1)) == ["a0001", str(index.generation)]
        for number in range(10, 40):
            index.add([made(number)])
            assert ask(word(number)) == [f"a{number:04d}", str(index.generation)]
        index.remove(["a0020"])
        assert ask(word(20))[0] != "a0020"
        index.add([made(21, version=3)])
        assert ask(word(21, version=3)) == ["a0021", str(index.generation)]
        reader.stdin.close()
        assert reader.wait() == 0
        reader.stdout.close()


WRITER = """
import sys
from rag.storage.location import index_location
from rag.index.index import Index
from rag.settings import Settings
from tests.support.embedder import embedder, made
first = int(sys.argv[2])
with Index.open(index_location(sys.argv[1]), embedder=embedder(), settings=Settings(), wait_s=60) as index:
    for number in range(first, first + 10):
        index.add([made(number)])
"""


@pytest.mark.slow
def test_processes_that_write_at_the_same_time_lose_nothing(where: Path | ServerAddress) -> None:
    children = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(where), str(first)]) for first in (0, 100, 200)
    ]
    assert [child.wait() for child in children] == [0, 0, 0]
    with opened(where) as index:
        assert len(index.listing()) == 30
        for number in (0, 9, 105, 209):
            assert found(index, word(number), limit=1) == [f"a{number:04d}"]
        assert index.check() == ()


# The real embedder


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return open_embedder("minilm")


def test_a_paraphrase_is_found_by_meaning(folder: Path, minilm: Embedder) -> None:
    with opened(folder, embedder=minilm) as index:
        index.add(
            [
                Article(id="build", title="A cluster", text="It was assembled in just 122 days in Memphis."),
                Article(id="food", title="A recipe", text="Stir the onions in butter until they are golden."),
            ]
        )
        (best, other) = index.search("How quickly did they construct the supercomputer?", limit=2)
        assert best.chunk.article_id == "build"
        assert best.cosine > other.cosine
        assert best.ranks.vector == 1
        assert index.check() == ()


def test_the_terms_of_the_tests_are_single_ones() -> None:
    """The tests above count on it."""
    assert terms(word(12, 3, 4)) == (word(12, 3, 4),)
