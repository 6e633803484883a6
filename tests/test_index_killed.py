"""Whenever a writer is killed, the index opens, is consistent, and has all that was acknowledged."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.index import Index
from rag.settings import Settings
from tests.bag import embedder

ROUNDS = 30


def expected(log: Path) -> tuple[dict[str, str], set[str]]:
    """The version word of each article that must be there, and the ids of which the log leaves it open."""
    versions: dict[str, str] = {}
    begun: list[str] = []
    for line in log.read_text().splitlines():
        state, *words = line.split()
        if state == "begin":
            begun = words
            continue
        begun = []
        if words[0] == "remove":
            del versions[words[1]]
        elif words[0] == "change":
            versions[words[1]] = f"v{words[2]}"
        elif words[0] == "add":
            versions[words[1]] = "v0"
    return versions, set(begun[1:2])


def settled(log: Path, index: Index) -> None:
    """Write down how the operation ended that the kill interrupted, so that the log is complete again."""
    lines = log.read_text().splitlines()
    if not lines:
        return  # killed before it began anything
    state, *words = lines[-1].split()
    if state != "begin" or words[0] == "rebuild":
        return
    present = {item.id for item in index.listing()}
    if words[0] == "add" and words[1] in present:
        happened = True
    elif words[0] == "remove":
        happened = words[1] not in present
    else:
        happened = words[0] == "change" and f"v{words[2]} " in index.article(words[1]).text
    if happened:
        with log.open("a") as file:
            file.write(f"done {' '.join(words)}\n")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_any_moment_the_index_keeps_all_that_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(20240607)
    folder, log = tmp_path / "index", tmp_path / "log"
    log.touch()
    interrupted = 0
    # Which chunks the approximate vector search does not bring up; the keywords still find them. Each counts once,
    # as one that a graph hides stays hidden for as long as that graph is in use.
    hidden: dict[str, bool] = {}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as zygote:
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        for turn in range(ROUNDS):
            zygote.stdin.write(f"{folder}\t{log}\t{turn * 1000}\t{chance.random() * 1e9:.0f}\n")
            zygote.stdin.flush()
            child = int(zygote.stdout.readline())
            time.sleep(chance.choice([0.002, 0.02, 0.1, 0.5, 1.0]) * chance.uniform(0.5, 1.5))
            os.kill(child, signal.SIGKILL)
            assert zygote.stdout.readline() == "gone\n"
            versions, uncertain = expected(log)
            interrupted += bool(uncertain)
            with Index.open(folder, embedder=embedder(), settings=Settings()) as index:
                assert index.check() == ()
                present = {item.id for item in index.listing()}
                assert versions.keys() - uncertain <= present <= versions.keys() | uncertain
                for article_id in sorted(versions.keys() - uncertain)[-12:]:
                    word = f"w{int(article_id[1:])}x1{versions[article_id]}"
                    best = index.search(f"Where was {word} found?", limit=1)[0].chunk
                    assert best.article_id == article_id
                    assert word in best.text
                    assert best.text == best.span.of(index.article(article_id).text)
                    (own, *_) = index.search(best.text, limit=1)
                    assert own.chunk.article_id == article_id
                    assert own.chunk.text == best.text
                    hidden[own.chunk.text] = hidden.get(own.chunk.text, False) or own.ranks.vector is None
                settled(log, index)
    assert sum(hidden.values()) <= len(hidden) * 0.03
    assert interrupted > ROUNDS // 4  # most kills came in the middle of something
