from rag.errors import IndexFault
from rag.storage.snapshot_follower import SnapshotFollower


class Source:
    """A store that names snapshots, and the snapshots, each a text."""

    def __init__(self) -> None:
        self.name = ""
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.follower = SnapshotFollower(lambda: self.name, self.open, self.closed.append)

    def open(self, name: str) -> str:
        self.opened.append(name)
        if name.startswith("bad"):
            raise IndexFault(f"{name} is damaged")
        return name.upper()


def test_it_opens_the_snapshot_that_is_named_once_and_closes_the_one_before() -> None:
    source = Source()
    assert source.follower.current() is None
    source.name = "a"
    assert source.follower.current() == source.follower.current() == "A"
    source.name = "b"
    assert source.follower.current() == "B"
    assert (source.opened, source.closed) == (["a", "b"], ["A"])


def test_one_that_cannot_be_opened_is_not_tried_twice_and_its_fault_is_kept() -> None:
    source = Source()
    source.name = "bad"
    assert source.follower.current() is None
    assert source.follower.current() is None
    assert source.opened == ["bad"]
    assert str(source.follower.fault) == "bad is damaged"
    assert source.follower.is_broken("bad")
    assert not source.follower.is_broken("a")
    source.name = "a"
    assert source.follower.current() == "A"
    assert source.follower.fault is None


def test_one_that_was_given_up_is_closed_and_stays_so_until_another_is_named() -> None:
    source = Source()
    source.name = "a"
    source.follower.current()
    source.follower.give_up(IndexFault("its graph is damaged"))
    assert source.follower.current() is None
    assert source.follower.is_broken("a")
    assert (source.opened, source.closed) == (["a"], ["A"])


def test_a_closed_one_is_opened_by_the_next_use() -> None:
    source = Source()
    source.name = "a"
    source.follower.current()
    source.follower.close()
    source.follower.close()
    assert source.closed == ["A"]
    assert source.follower.current() == "A"
