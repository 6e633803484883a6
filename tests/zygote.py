"""Works on an index until it is killed. Run as ``python -m tests.zygote``, it forks a worker for each line it reads.

A line is ``FOLDER LOG FIRST SEED``. The modules are loaded once, so a worker is at work within milliseconds; its
process id is answered. Each operation is written to the log before it begins and after it is acknowledged.
"""

import os
import random
import sys
from pathlib import Path

import chromadb  # noqa: F401  (loaded before the forks)

from rag.index import Index
from rag.settings import Settings
from tests.bag import embedder, made


def work(folder: Path, log: int, first: int, seed: int) -> None:
    chance = random.Random(seed)

    def say(*words: object) -> None:
        os.write(log, (" ".join(map(str, words)) + "\n").encode())

    with Index.open(folder, embedder=embedder(), settings=Settings()) as index:
        for number in range(first, first + 10_000):
            known = [item.id for item in index.listing()]
            choice = chance.random()
            if choice < 0.15 and len(known) > 3:
                victim = chance.choice(known)
                say("begin", "remove", victim)
                index.remove([victim])
                say("done", "remove", victim)
            elif choice < 0.25 and known:
                old = chance.choice(known)
                say("begin", "change", old, number)
                index.add([made(int(old[1:]), version=number)])
                say("done", "change", old, number)
            elif choice < 0.32:
                say("begin", "rebuild")
                index.rebuild()
                say("done", "rebuild")
            else:
                say("begin", "add", made(number).id)
                index.add([made(number, sentences=chance.choice([3, 12, 60]))])
                say("done", "add", made(number).id)


def main() -> None:
    for line in sys.stdin:
        folder, log, first, seed = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            work(Path(folder), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT), int(first), int(seed))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
