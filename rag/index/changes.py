"""What given articles would change in a store: found by digest, reading no text but that of likely renames."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from rag.schema import Article
from rag.storage.store import Store, digest


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of an index by article id, in the order given; ``removed`` in the order of ids.

    ``renamed`` are pairs of an old id and a new one, of articles whose title and text stayed.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether the index changed."""
        return bool(self.added or self.updated or self.removed or self.renamed)

    def __add__(self, other: "Changes") -> "Changes":
        """Return the changes of two runs, one after the other, that removed and renamed nothing of one another's."""
        changed = {*self.added, *self.updated, *other.added, *other.updated}
        unchanged = dict.fromkeys((*self.unchanged, *other.unchanged))
        return Changes(
            added=(*self.added, *other.added),
            updated=_except(dict.fromkeys((*self.updated, *other.updated)), set(self.added)),
            unchanged=tuple(id for id in unchanged if id not in changed),
            removed=(*self.removed, *other.removed),
            renamed=(*self.renamed, *other.renamed),
        )

    @property
    def present(self) -> int:
        """The number of articles, of those that were given or kept, that are in the index after the changes."""
        return len(self.added) + len(self.updated) + len(self.renamed) + len(self.unchanged)

    def counts(self, *, mirrored: bool) -> str:
        """Return ``added 1, updated 0, unchanged 2``; ``mirrored`` counts the renamed and removed ones too."""
        gone = {"renamed": self.renamed, "removed": self.removed} if mirrored else {}
        kinds = {"added": self.added, "updated": self.updated, **gone, "unchanged": self.unchanged}
        return ", ".join(f"{kind} {len(ids)}" for kind, ids in kinds.items())

    def restrict_to(self, ids: Set[str]) -> "Changes":
        """Return the changes of the articles ``ids``, a renamed one by its new id, and all that are unchanged."""
        return Changes(
            added=_only(self.added, ids),
            updated=_only(self.updated, ids),
            unchanged=self.unchanged,
            removed=_only(self.removed, ids),
            renamed=tuple(pair for pair in self.renamed if pair[1] in ids),
        )


def _only(article_ids: Iterable[str], wanted: Set[str]) -> tuple[str, ...]:
    return tuple(article_id for article_id in article_ids if article_id in wanted)


def _except(article_ids: Iterable[str], unwanted: Set[str]) -> tuple[str, ...]:
    return tuple(article_id for article_id in article_ids if article_id not in unwanted)


def diff(store: Store, given: Mapping[str, Article], *, keep: frozenset[str] | None) -> Changes:
    """Return what storing the ``given`` articles, by id, would change.

    Articles that are not given are removed, except those whose ids are in ``keep``; ``None`` keeps them all.
    """
    with store.reading():
        stored = store.digests()
        new = _except(given, stored.keys())
        unchanged = tuple(
            article_id for article_id, article in given.items() if stored.get(article_id) == digest(article)
        )
        absent = _except(stored, given.keys())
        kept = () if keep is None else _only(absent, keep)
        gone = () if keep is None else _except(absent, keep)
        renamed = _renames(store, [given[article_id] for article_id in new], gone)
    return Changes(
        added=_except(new, {new_id for _, new_id in renamed}),
        updated=_except(given, {*new, *unchanged}),
        unchanged=(*unchanged, *kept),
        removed=_except(gone, {old_id for old_id, _ in renamed}),
        renamed=renamed,
    )


def _renames(store: Store, added: list[Article], gone: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pair articles that go with new ones of the same title and text, each in one pair at most, as (old, new) ids."""
    if not added or not gone:
        return ()
    by_fingerprint: dict[str, list[str]] = {}
    for article_id in gone:
        by_fingerprint.setdefault(store.fingerprint(article_id), []).append(article_id)
    pairs = []
    for article in added:
        for old_id in by_fingerprint.get(article.fingerprint, ()):
            old = store.article(old_id)
            if old is not None and (old.title, old.text) == (article.title, article.text):
                pairs.append((old_id, article.id))
                by_fingerprint[article.fingerprint].remove(old_id)
                break
    return tuple(pairs)
