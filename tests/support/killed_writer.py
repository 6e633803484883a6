"""Change an index until killed: ``python -m tests.support.killed_writer`` forks a worker for each line it reads.

A line is a JSON object, the fields of ``Work``. The modules are loaded once, so a worker is at work within
milliseconds; its process id is written, and ``gone`` when it has ended. Each operation is logged before it
begins, with the state of each article after it, and once more when it is acknowledged.
"""

import itertools
import json
import os
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import chromadb  # noqa: F401  (loaded before the forks)

from rag.index.index import Index
from rag.index.sync import sync
from rag.models.embedders import Embedder
from rag.schema import Article
from rag.settings import Settings
from rag.storage.local.backup import backup, restore
from rag.text.tokens import count_tokens
from tests.support.embedder import embedder, made

POOL = 2000  # different articles that come and go
SENTENCES = 3
KINDS = ("add", "change", "amend", "remove", "sync", "rebuild", "backup", "restore")
_OFTEN = (12, 8, 3, 5, 2, 1, 1, 1)

State = dict[str, list[str]]  # title, url, fingerprint and a word of its own, of each article by id


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The task of a worker: the operation ``first``, and then random ones.

    Where ``source`` is given, it only synchronises the index with that folder.
    """

    folder: str
    log: str
    saved: str = ""  # the file for backups
    seed: int = 0
    turn: int = 0
    first: str = ""
    source: str = ""


def said(article: Article) -> list[str]:
    """The state of an article in the log."""
    return [article.title, article.url, article.fingerprint, article.text.split()[7]]


def work(wanted: Work) -> None:
    log = os.open(wanted.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Index.open(Path(wanted.folder), embedder=embedder(), settings=Settings()) as index:
        worker = _Worker(index, random.Random(wanted.seed), wanted, log)
        for kind in itertools.chain([wanted.first], worker.kinds()):
            worker.do(kind)


class _Worker:
    def __init__(self, index: Index, chance: random.Random, wanted: Work, log: int) -> None:
        self._index, self._chance, self._log = index, chance, log
        self._folder, self._saved = Path(wanted.folder), Path(wanted.saved)
        self._versions = itertools.count(wanted.turn * 100_000)
        self._first_size = 40 if wanted.first else 0

    def kinds(self) -> Iterable[str]:
        while True:
            yield from self._chance.choices(KINDS, _OFTEN)

    def do(self, kind: str) -> None:
        if kind in ("rebuild", "backup", "restore"):
            self._log_operation(kind, {})
            self._do_to_all(kind)
            self._log_operation("done", {})
            return
        present = [item.id for item in self._index.listing()]
        size = self._first_size or self._chance.choice([1, 1, 5, 40])
        self._first_size = 0
        some = self._chance.sample(present, min(size, len(present)))
        if kind == "add":
            self._put("add", self._new_articles(present, size))
        elif kind == "change":
            self._put("change", [self._change(one) for one in some])
        elif kind == "amend":
            there = [self._index.article(one) for one in some]
            self._put(
                "amend", [replace(one, url=f"https://example.org/{next(self._versions)}") for one in there]
            )
        elif kind == "remove":
            self._log_operation("remove", dict.fromkeys(some))
            self._index.remove(some)
            self._log_operation("done", {})
        else:
            self._sync(present, some)

    def _put(self, kind: str, articles: list[Article]) -> None:
        self._log_operation(kind, {one.id: said(one) for one in articles})
        self._index.add(articles)
        self._log_operation("done", {})

    def _do_to_all(self, kind: str) -> None:
        if kind == "rebuild":
            self._index.rebuild()
        elif kind == "backup":
            backup(self._folder, file=self._saved)
        else:
            restore(self._folder, file=self._saved, replace=True)

    def _sync(self, present: list[str], some: list[str]) -> None:
        """Synchronise with all articles, some of them new, changed, renamed or missing."""
        parts = [some[at::3] for at in range(3)]
        given = {one: self._index.article(one) for one in present if one not in some}
        new = [*self._new_articles(present, len(parts[0])), *map(self._change, parts[0])]
        renamed = [(one, replace(self._index.article(one), id=_other_id(one))) for one in parts[1]]
        after: dict[str, list[str] | None] = {one.id: said(one) for one in new}
        after |= {two.id: said(two) for _, two in renamed} | dict.fromkeys([*parts[1], *parts[2]])
        self._log_operation("sync", after, tuple((one, two.id) for one, two in renamed))
        self._index.sync([*given.values(), *new, *(two for _, two in renamed)])
        self._log_operation("done", {})

    def _new_articles(self, present: list[str], size: int) -> list[Article]:
        absent = sorted(set(range(POOL)) - {int(one[1:]) for one in present})
        numbers = self._chance.sample(absent, min(size, len(absent)))
        return [made(number, sentences=SENTENCES, version=next(self._versions)) for number in numbers]

    def _change(self, article_id: str) -> Article:
        new = made(int(article_id[1:]), sentences=SENTENCES, version=next(self._versions))
        return replace(new, id=article_id)

    def _log_operation(
        self, kind: str, after: dict[str, list[str] | None], renamed: tuple[tuple[str, str], ...] = ()
    ) -> None:
        line = json.dumps({"kind": kind, "after": after, "renamed": renamed})
        os.write(self._log, line.encode() + b"\n")


def _other_id(article_id: str) -> str:
    return ("r" if article_id[0] == "a" else "a") + article_id[1:]


def follow(wanted: Work) -> None:
    def begun(read: Iterable[Article]) -> Embedder:
        Path(wanted.log).write_text("the folder is read\n", encoding="ascii")
        return embedder()

    sync(Path(wanted.source), place=Path(wanted.folder), embedder=begun, settings=Settings())


def main() -> None:
    count_tokens("a")  # loads its vocabulary
    for line in sys.stdin:
        wanted = Work(**json.loads(line))
        child = os.fork()
        if child == 0:
            follow(wanted) if wanted.source else work(wanted)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
