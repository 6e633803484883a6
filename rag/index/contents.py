"""What an index holds: its articles are listed, read and taken away, for which no embedder is needed."""

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
from rag.storage.records import ArticleSummary


class IndexContents:
    """An open index as far as nothing is embedded; its methods may be called from any thread.

    Close it, or use it in a ``with`` statement. Any method raises ``IndexBroken`` where the files are damaged beyond
    what can be made again; those that write raise ``IndexBusy`` where another process is writing and does not end, and
    ``IndexFault`` where the folder cannot be written. All say what mends it.
    """

    def __init__(self, place: Backend, *, wait_s: float) -> None:
        self._backend = place
        self._store = place.store
        self._wait_s = wait_s
        self._given_up = False  # what makes searches slow could not be mended

    def close(self) -> None:
        """Let go of the files. A second call does nothing."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """What is given with ``--index`` to get here."""
        return self._backend.name

    @property
    def generation(self) -> int:
        """Rises with every change, whichever process made it."""
        return self._store.generation

    def article(self, article_id: str) -> Article:
        """The article of this id; ``IndexFault`` where there is none, ``IndexBroken`` where its text is damaged."""
        with self._store.reading():
            found, fingerprint = self._store.article(article_id), self._store.fingerprint(article_id)
        if found is None:
            raise _unknown(article_id)
        # SQLite does not notice a byte that was changed within a text, and what is shown is what was stored.
        if found.fingerprint != fingerprint:
            folder = shlex.quote(self.name)
            raise IndexBroken(
                f"the text of article {article_id!r} in the index {folder} is damaged: "
                f"run `pincite remove --index {folder} {shlex.quote(article_id)}` and add it again"
            )
        return found

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""
        return self._store.listing()

    def remove(self, ids: Iterable[str]) -> Changes:
        """Take articles away with all that is theirs; ``IndexFault``, and nothing, for an unknown id."""
        wanted = tuple(dict.fromkeys(ids))
        with self._backend.lock(self._wait_s):
            known = self._store.digests()
            for article_id in wanted:
                if article_id not in known:
                    raise _unknown(article_id)
            for article_id in wanted:
                self._remove(article_id)
        self._settle()
        return Changes(removed=tuple(sorted(wanted)))

    def _remove(self, article_id: str) -> None:
        with self._store.writing():
            self._store.remove(article_id)

    def _settle(self, *, only_idle: bool = False) -> None:
        """Have searches made fast again; with ``only_idle``, unless another process is writing."""
        try:
            if only_idle:
                with self._backend.lock(0):
                    pass  # whoever is writing would make it anew at the end, with more in it
            self._backend.refresh()
        except IndexBusy:
            return  # another process is at it, or will be
        except IndexBroken:
            raise
        except IndexFault:
            # Searches are as right without it, and slower, and the change before it is whole. The next one who writes
            # or opens the index tries again.
            self._given_up = True


def open_contents(where: Path | ServerAddress, *, wait_s: float = 10.0) -> IndexContents:
    """Open the index at ``where`` without its embedder, which may be one that cannot be opened here.

    One that an older Pincite made is brought to today's format first. What makes searches fast is left as it is until
    something is removed. Writers wait ``wait_s`` seconds for one another. Raises ``IndexFault`` where there is none.
    """
    refuse_missing(where)
    return IndexContents(open_backend(where, wait_s=wait_s), wait_s=wait_s)


def _unknown(article_id: str) -> IndexFault:
    return IndexFault(f"no article {article_id!r} in the index: `pincite list` shows those there are")
