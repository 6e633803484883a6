"""What given articles would change in a store: found by digest, reading no text but that of likely renames."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from rag.schema import Article
from rag.storage.store import Store, digest


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the articles: their ids, in the order given; ``removed`` in the order of ids.

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

    @property
    def held(self) -> int:
        """How many of the articles that were given, or kept, are in the index after it."""
        return len(self.added) + len(self.updated) + len(self.renamed) + len(self.unchanged)

    def counts(self, *, mirrored: bool) -> str:
        """``added 1, updated 0, unchanged 2``; where ``mirrored``, renamed and removed ones are counted too."""
        gone = {"renamed": self.renamed, "removed": self.removed} if mirrored else {}
        kinds = {"added": self.added, "updated": self.updated, **gone, "unchanged": self.unchanged}
        return ", ".join(f"{what} {len(ids)}" for what, ids in kinds.items())

    def as_far_as(self, done: Set[str]) -> "Changes":
        """Those of the articles in ``done``, by their ids, a renamed one by its new one; all that are unchanged."""
        return Changes(
            added=tuple(one for one in self.added if one in done),
            updated=tuple(one for one in self.updated if one in done),
            unchanged=self.unchanged,
            removed=tuple(one for one in self.removed if one in done),
            renamed=tuple(pair for pair in self.renamed if pair[1] in done),
        )


def diff(store: Store, given: Mapping[str, Article], *, keep: frozenset[str] | None) -> Changes:
    """What storing the ``given`` articles, by id, would change.

    Articles that are not given go, but for those whose ids are in ``keep``; ``None`` keeps them all.
    """
    with store.reading():
        stored = store.digests()
        digests = {article_id: digest(article) for article_id, article in given.items()}
        added = tuple(article_id for article_id in given if article_id not in stored)
        same = tuple(article_id for article_id in given if stored.get(article_id) == digests[article_id])
        fresh = {*added, *same}
        updated = tuple(article_id for article_id in given if article_id not in fresh)
        gone = () if keep is None else tuple(one for one in stored if one not in given and one not in keep)
        renamed = _renamed(store, [given[article_id] for article_id in added], gone)
    olds, news = {old for old, _ in renamed}, {new for _, new in renamed}
    kept = () if keep is None else tuple(one for one in stored if one in keep and one not in given)
    return Changes(
        added=tuple(article_id for article_id in added if article_id not in news),
        updated=updated,
        unchanged=(*same, *kept),
        removed=tuple(article_id for article_id in gone if article_id not in olds),
        renamed=renamed,
    )


def _renamed(store: Store, added: list[Article], gone: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of one that goes and one that comes with the same title and text, each in one pair at most."""
    if not added or not gone:
        return ()
    by_words: dict[str, list[str]] = {}
    for article_id in gone:
        by_words.setdefault(store.fingerprint(article_id), []).append(article_id)
    pairs = []
    for article in added:
        for old in by_words.get(article.fingerprint, ()):
            before = store.article(old)
            if before is not None and (before.title, before.text) == (article.title, article.text):
                pairs.append((old, article.id))
                by_words[article.fingerprint].remove(old)
                break
    return tuple(pairs)
