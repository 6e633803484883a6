"""Works on an index until it is killed. Run as ``python -m tests.support.killed_writer``, it forks a worker
for each line it reads.

A line is a JSON object, the fields of ``Work``. The modules are loaded once, so a worker is at work within
milliseconds; its process id is answered, and ``gone`` when it has ended. Each operation is written to the log before
it begins, with what is to become of each article, and after it is acknowledged.
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
    """What a worker does: ``first``, and then one thing after the other as chance has it.

    Where ``source`` is given it does but one thing: it keeps the index in step with that folder.
    """

    folder: str
    log: str
    saved: str = ""  # the file for backups
    seed: int = 0
    turn: int = 0
    first: str = ""
    source: str = ""


def log_entry(article: Article) -> list[str]:
    """The title, URL, fingerprint and a word of its own: what the log says of an article."""
    return [article.title, article.url, article.fingerprint, article.text.split()[7]]


def work(task: Work) -> None:
    log = os.open(task.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Index.open(Path(task.folder), embedder=embedder(), settings=Settings()) as index:
        worker = _Worker(index, random.Random(task.seed), task, log)
        for kind in itertools.chain([task.first], worker.kinds()):
            worker.do(kind)


class _Worker:
    def __init__(self, index: Index, chance: random.Random, task: Work, log: int) -> None:
        self._index, self._chance, self._log = index, chance, log
        self._folder, self._saved = Path(task.folder), Path(task.saved)
        self._versions = itertools.count(task.turn * 100_000)
        self._full = 40 if task.first else 0

    def kinds(self) -> Iterable[str]:
        while True:
            yield from self._chance.choices(KINDS, _OFTEN)

    def do(self, kind: str) -> None:
        if kind in ("rebuild", "backup", "restore"):
            self._write_log(kind, {})
            self._do_whole(kind)
            self._write_log("done", {})
            return
        present = [item.id for item in self._index.listing()]
        size = self._full or self._chance.choice([1, 1, 5, 40])
        self._full = 0
        some = self._chance.sample(present, min(size, len(present)))
        if kind == "add":
            self._put("add", self._make_new(present, size))
        elif kind == "change":
            self._put("change", [self._change(one) for one in some])
        elif kind == "amend":
            articles = [self._index.article(article_id) for article_id in some]
            amended = [
                replace(article, url=f"https://example.org/{next(self._versions)}") for article in articles
            ]
            self._put("amend", amended)
        elif kind == "remove":
            self._write_log("remove", dict.fromkeys(some))
            self._index.remove(some)
            self._write_log("done", {})
        else:
            self._sync(present, some)

    def _put(self, kind: str, articles: list[Article]) -> None:
        self._write_log(kind, {one.id: log_entry(one) for one in articles})
        self._index.add(articles)
        self._write_log("done", {})

    def _do_whole(self, kind: str) -> None:
        if kind == "rebuild":
            self._index.rebuild()
        elif kind == "backup":
            backup(self._folder, file=self._saved)
        else:
            restore(self._folder, file=self._saved, replace=True)

    def _sync(self, present: list[str], some: list[str]) -> None:
        """Hand over all articles, some of them new, changed, renamed or left out."""
        changed, renamed_ids, removed = (some[offset::3] for offset in range(3))
        given = {one: self._index.article(one) for one in present if one not in some}
        new = [*self._make_new(present, len(changed)), *map(self._change, changed)]
        renamed = [(one, replace(self._index.article(one), id=_other_id(one))) for one in renamed_ids]
        after: dict[str, list[str] | None] = {one.id: log_entry(one) for one in new}
        after |= {two.id: log_entry(two) for _, two in renamed} | dict.fromkeys([*renamed_ids, *removed])
        self._write_log("sync", after, tuple((one, two.id) for one, two in renamed))
        self._index.sync([*given.values(), *new, *(two for _, two in renamed)])
        self._write_log("done", {})

    def _make_new(self, present: list[str], size: int) -> list[Article]:
        absent = sorted(set(range(POOL)) - {int(one[1:]) for one in present})
        numbers = self._chance.sample(absent, min(size, len(absent)))
        return [made(number, sentences=SENTENCES, version=next(self._versions)) for number in numbers]

    def _change(self, article_id: str) -> Article:
        new = made(int(article_id[1:]), sentences=SENTENCES, version=next(self._versions))
        return replace(new, id=article_id)

    def _write_log(
        self, kind: str, after: dict[str, list[str] | None], renamed: tuple[tuple[str, str], ...] = ()
    ) -> None:
        line = json.dumps({"kind": kind, "after": after, "renamed": renamed})
        os.write(self._log, line.encode() + b"\n")


def _other_id(article_id: str) -> str:
    return ("r" if article_id[0] == "a" else "a") + article_id[1:]


def follow(task: Work) -> None:
    def begun(read: Iterable[Article]) -> Embedder:
        Path(task.log).write_text("the folder is read\n", encoding="ascii")
        return embedder()

    sync(Path(task.source), where=Path(task.folder), embedder=begun, settings=Settings())


def main() -> None:
    count_tokens("a")  # loads its vocabulary
    for line in sys.stdin:
        task = Work(**json.loads(line))
        child = os.fork()
        if child == 0:
            follow(task) if task.source else work(task)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
