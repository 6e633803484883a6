"""The part of an index that needs no embedder: its articles are listed, read and removed."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from rag.errors import IndexBroken, IndexBusy, IndexFault
from rag.index.changes import Changes
from rag.schema import Article
from rag.storage.backend import Backend, open_backend, refuse_missing
from rag.storage.location import ServerAddress
from rag.storage.records import ArticleSummary, ChromaCollection


class IndexContents:
    """An open index without its embedder; its methods may be called from any thread.

    Close it, or use it in a ``with`` statement. Any method raises ``IndexBroken`` where the files are damaged beyond
    repair. Methods that write wait ``wait_s`` seconds for another writer; they raise ``IndexBusy`` where it does not
    end, and ``IndexFault`` where the folder cannot be written. All messages name the remedy.
    """

    def __init__(self, backend: Backend, *, wait_s: float) -> None:
        self._backend = backend
        self._store = backend.store
        self._wait_s = wait_s
        self._refresh_failed = False  # then it is not tried again on opening and searching

    def close(self) -> None:
        """Close the files or connections. A second call does nothing."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """What ``--index`` takes to open this index."""
        return self._backend.name

    @property
    def generation(self) -> int:
        """A number that rises with every change, whichever process made it."""
        return self._store.generation

    def article(self, article_id: str) -> Article:
        """Read an article; raises ``IndexFault`` where there is none, ``IndexBroken`` where its text is damaged."""
        with self._store.reading():
            article, fingerprint = self._store.article(article_id), self._store.fingerprint(article_id)
        if article is None:
            raise _unknown_article(article_id)
        # SQLite does not notice a changed byte within a text, and only what was stored may be quoted.
        if article.fingerprint != fingerprint:
            folder = shlex.quote(self.name)
            raise IndexBroken(
                f"the text of article {article_id!r} in the index {folder} is damaged: "
                f"run `pincite remove --index {folder} {shlex.quote(article_id)}` and add it again"
            )
        return article

    def listing(self) -> tuple[ArticleSummary, ...]:
        """Return a summary of each article, in the order of ids."""
        return self._store.listing()

    def remove(self, ids: Iterable[str]) -> Changes:
        """Remove articles with their chunks; raises ``IndexFault``, having removed none, for an unknown id."""
        wanted = tuple(dict.fromkeys(ids))
        with self._backend.lock(self._wait_s):
            stored = self._store.digests()
            for article_id in wanted:
                if article_id not in stored:
                    raise _unknown_article(article_id)
            for article_id in wanted:
                with self._store.writing():
                    self._store.remove(article_id)
        self._refresh()
        return Changes(removed=tuple(sorted(wanted)))

    def collection(self) -> ChromaCollection:
        """Bring the Chroma collection of the index in step with its articles and return where it is.

        Nothing is embedded. Where others write meanwhile, or a server keeps what was just removed a little longer, some
        chunks are ``outdated``. Raises ``IndexFault`` where the index has no articles or the collection cannot be made,
        ``IndexBusy`` where another process is making it.
        """
        self._backend.refresh(exactly=True)
        collection = self._backend.collection()
        if collection is None:
            reason, fix = (
                ("it has no articles", "add")
                if not self._store.count()
                else ("it is being written", "chroma")
            )
            command = f"pincite {fix} --index {shlex.quote(self.name)}" + " PATH" * (fix == "add")
            raise IndexFault(
                f"the index {self.name!r} has no Chroma collection, as {reason}: run `{command}`"
            )
        return collection

    def set_collection_texts(self, *, included: bool) -> None:
        """Record whether the Chroma collection has the texts of the chunks; the next refresh makes one accordingly."""
        if included != self._store.collection_texts:
            with self._backend.lock(self._wait_s), self._store.writing():
                self._store.set_collection_texts(included=included)

    def _refresh(self, *, only_if_idle: bool = False) -> None:
        """Rebuild the snapshots that lag behind the store; with ``only_if_idle``, unless another process is writing."""
        try:
            if only_if_idle:
                with self._backend.lock(0):
                    pass  # a writer rebuilds them at its end, with more in them
            self._backend.refresh()
        except IndexBusy:
            return  # another process rebuilds them, or will
        except IndexBroken:
            raise
        except IndexFault:
            # Without snapshots searches give the same hits, more slowly, and the change before is committed. The next
            # process that writes to the index or opens it tries again.
            self._refresh_failed = True


def open_contents(where: Path | ServerAddress, *, wait_s: float = 10.0) -> IndexContents:
    """Open the index at ``where`` without its embedder, which may be one that cannot be opened here.

    One that an older Pincite made is migrated to today's format first. Its snapshots are left as they are until
    something is removed. Writers wait ``wait_s`` seconds for one another. Raises ``IndexFault`` where there is none.
    """
    refuse_missing(where)
    return IndexContents(open_backend(where, wait_s=wait_s), wait_s=wait_s)


def _unknown_article(article_id: str) -> IndexFault:
    return IndexFault(f"no article {article_id!r} in the index: `pincite list` shows those there are")
