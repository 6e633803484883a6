"""The changes of two runs, counted as one."""

from rag.index.changes import Changes


def test_an_article_of_two_runs_counts_once() -> None:
    first = Changes(added=("a",), updated=("b",), unchanged=("c", "d"))
    second = Changes(added=("e",), updated=("a", "c", "b"), unchanged=("d",), removed=("f",))
    both = first + second
    assert both == Changes(added=("a", "e"), updated=("b", "c"), unchanged=("d",), removed=("f",))
    assert both.present == 5


def test_nothing_changes_what_is_added_to_it() -> None:
    some = Changes(added=("a",), unchanged=("b",), renamed=(("c", "d"),))
    assert Changes() + some == some + Changes() == some
