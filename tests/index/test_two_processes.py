"""Several processes or threads at one index: one writes at a time, and readers see each change whole."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import IndexBusy
from rag.index.changes import Changes
from rag.index.index import Index
from rag.storage.local.lock import write_lock
from rag.storage.location import ServerAddress
from tests.support.embedder import made, several
from tests.support.indexes import hit_ids, index_process, open_index, word


@pytest.fixture
def index(where: Path | ServerAddress) -> Iterator[Index]:
    with open_index(where) as index:
        yield index


def test_searching_threads_and_a_writing_one_do_not_disturb_each_other(index: Index) -> None:
    index.add(several(range(4)))
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(30):
            hits = index.search(word(2), limit=3)
            wrong.extend(h for h in hits if h.chunk.text not in made(int(h.chunk.article_id[1:])).text)
            if hit_ids(index, word(2), limit=1) != ["a0002"]:
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


def test_a_second_writer_in_time_is_told_who_holds_the_lock(where: Path | ServerAddress) -> None:
    with open_index(where, wait_s=0.1) as index:
        index.add([made(1)])
        child = index_process("lock", where)
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy, match=rf"process {child.pid}.*, .* 0\.1 s: try again"):
            index.add([made(2)])
        assert index.add([made(1)]) == Changes(unchanged=("a0001",))  # nothing to write needs no lock
        assert hit_ids(index, word(1), limit=1) == ["a0001"]
        child.communicate("\n")
        assert index.add([made(2)]) == Changes(added=("a0002",))


def test_the_lock_is_free_again_after_a_fault(folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(ZeroDivisionError), write_lock(folder, wait_s=0):
        raise ZeroDivisionError
    with write_lock(folder, wait_s=0):
        pass


def test_threads_of_one_process_take_turns_too(where: Path | ServerAddress) -> None:
    with open_index(where, wait_s=30) as first, open_index(where, wait_s=30) as second:
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


@pytest.mark.slow
def test_a_reader_in_another_process_sees_each_change_at_once(where: Path | ServerAddress) -> None:
    with open_index(where) as index:
        index.add(several(range(3)))
        reader = index_process("read", where)
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


@pytest.mark.slow
def test_processes_that_write_at_the_same_time_lose_nothing(where: Path | ServerAddress) -> None:
    children = [index_process("write", where, str(first)) for first in (0, 100, 200)]
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0, 0]
    with open_index(where) as index:
        assert len(index.listing()) == 30
        for number in (0, 9, 105, 209):
            assert hit_ids(index, word(number), limit=1) == [f"a{number:04d}"]
        assert index.check() == ()
