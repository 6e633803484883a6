"""Keyword snapshots: they rank as the store does, and damage is told."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.storage.bm25 import Bm25
from rag.storage.local.keyword_snapshot import KeywordSnapshot, build_keyword_snapshot
from rag.storage.local.snapshots import SnapshotBroken
from rag.storage.records import DocumentFrequencies


def bodies(count: int, *, seed: int = 1) -> list[tuple[int, str]]:
    """Texts in which low numbers are common and high ones rare, as words are."""
    chance = random.Random(seed)
    words = [f"w{number}" for number in range(400)]
    weights = [1 / (number + 1) for number in range(400)]
    return [
        (2 * number + 1, " ".join(chance.choices(words, weights, k=chance.randint(5, 60))))
        for number in range(count)
    ]


def asked(rows: list[tuple[int, str]], wanted: tuple[str, ...]) -> Bm25:
    counts = {term: sum(term in body.split() for _, body in rows) for term in wanted}
    mean = sum(len(body.split()) for _, body in rows) / len(rows)
    return Bm25.of(
        [term for term in wanted if counts[term]], seen=DocumentFrequencies(len(rows), counts), mean=mean
    )


ROWS = bodies(700)


@pytest.fixture(scope="module")
def postings(tmp_path_factory: pytest.TempPathFactory) -> KeywordSnapshot:
    folder = tmp_path_factory.mktemp("postings")
    return KeywordSnapshot(
        folder, build_keyword_snapshot(folder, blocks=[tuple(ROWS[:300]), tuple(ROWS[300:])])
    )


@settings(max_examples=60, deadline=None)
@given(wanted=st.lists(st.integers(0, 399).map(lambda n: f"w{n}"), min_size=1, max_size=6, unique=True))
def test_the_best_by_bm25_are_among_twice_as_many_of_the_snapshot(
    postings: KeywordSnapshot, wanted: list[str]
) -> None:
    question = asked(ROWS, tuple(wanted))
    exact = sorted(((-question.score(body), number) for number, body in ROWS))[:20]
    worst = -exact[-1][0]
    found = set(postings.best(question, limit=40))
    assert {number for score, number in exact if -score > worst} <= found


def test_weights_are_those_given_and_not_the_snapshots_own(postings: KeywordSnapshot) -> None:
    common = postings.best(Bm25({"w0": 10.0, "w350": 1e-6}, 30.0), limit=1)[0]
    rare = postings.best(Bm25({"w0": 1e-6, "w350": 10.0}, 30.0), limit=1)[0]
    texts = dict(ROWS)
    assert "w0" in texts[common].split()
    assert "w350" in texts[rare].split()


def test_a_term_that_no_chunk_has_finds_nothing(postings: KeywordSnapshot) -> None:
    assert postings.best(Bm25({"nowhere": 1.0}, 30.0), limit=5) == ()


@pytest.mark.parametrize("term", ["c++", "a'b", 'x"y', "a:b", "-", "*", "or", "AND", "é", "中文", "x" * 5000])
def test_a_term_with_odd_characters_is_found(tmp_path: Path, term: str) -> None:
    name = build_keyword_snapshot(tmp_path, blocks=[((4, f"before {term} after"), (5, "other words"))])
    assert KeywordSnapshot(tmp_path, name).best(Bm25({term: 1.0}, 3.0), limit=5) == (4,)


def test_a_snapshot_may_be_asked_for_more_than_memory_holds(tmp_path: Path) -> None:
    name = build_keyword_snapshot(tmp_path, blocks=[((4, "some words"), (5, "other words"))])
    assert KeywordSnapshot(tmp_path, name).best(Bm25({"words": 1.0}, 2.0), limit=10**15) == (4, 5)


def test_equal_scores_come_in_the_order_of_ids(tmp_path: Path) -> None:
    name = build_keyword_snapshot(tmp_path, blocks=[tuple((number, "same words") for number in range(1, 30))])
    assert KeywordSnapshot(tmp_path, name).best(Bm25({"same": 1.0}, 2.0), limit=9) == tuple(range(1, 10))


def test_any_changed_file_is_refused(tmp_path: Path) -> None:
    name = build_keyword_snapshot(tmp_path, blocks=[tuple(ROWS)])
    for file in sorted((tmp_path / name).glob("[!.]*")):
        kept = file.read_bytes()
        file.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
        with pytest.raises(SnapshotBroken, match="doctor --repair"):
            KeywordSnapshot(tmp_path, name)
        file.write_bytes(kept)
    KeywordSnapshot(tmp_path, name)
