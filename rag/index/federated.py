"""Several indexes asked as one: those who read an index need not know how many there are."""

from collections.abc import Iterable, Iterator, Mapping
from threading import Lock

from rag.filters import EVERYTHING, Filter, FilterMatch, match_articles
from rag.index.hybrid_search import Candidate, best
from rag.index.index import Index
from rag.schema import Article, Hit
from rag.settings import Settings
from rag.storage.records import ArticleSummary, DocumentFrequencies


class FederatedIndex:
    """Indexes made with one embedder and one ``settings``, read as one; safe in many threads.

    Where two hold an article of one id, the later one's counts and the earlier one's is passed over. Hits are those
    that one index with all the articles would give, except that BM25 takes the mean length of a chunk from each
    index alone.
    """

    def __init__(self, first: Index, *others: Index, settings: Settings) -> None:
        self._indexes = (first, *others)
        self._settings = settings
        self._lock = Lock()
        self._ids: dict[
            int, tuple[int, frozenset[str]]
        ] = {}  # by place, with the generation they were read at

    @property
    def generation(self) -> int:
        """Rises with every change of any of them."""
        return sum(index.generation for index in self._indexes)

    @property
    def embedder(self) -> str:
        """The name of the embedder that all are made and searched with."""
        return self._indexes[0].embedder

    def close(self) -> None:
        """Let go of all of them."""
        for index in self._indexes:
            index.close()

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where none has it."""
        for at in range(len(self._indexes) - 1, 0, -1):
            if article_id in self._held(at):
                return self._indexes[at].article(article_id)
        return self._indexes[0].article(article_id)

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""
        found = {item.id: item for index in self._indexes for item in index.listing()}
        return tuple(found[article_id] for article_id in sorted(found))

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of these terms stands, in all of them together."""
        terms = tuple(wanted)
        return _sum(index.frequencies(terms) for index in self._indexes)

    def vocabulary(self) -> Mapping[str, int]:
        """Every term of any of them, and in how many chunks it stands."""
        return _Sums(tuple(index.vocabulary() for index in self._indexes))

    def surface(self, term: str) -> str:
        """A word that has this term, from the first index whose articles have one."""
        for index in self._indexes:
            if term in index.vocabulary():
                return index.surface(term)
        return term

    def admitted(self, within: Filter) -> FilterMatch:
        """The articles of all of them that match; raises ``SettingsError`` for a publisher or an id that none has."""
        return match_articles(
            within, {key: one for index in self._indexes for key, one in index.particulars().items()}
        )

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``limit`` best chunks of all of them for ``question``, best first; ties by article and place.

        Only chunks of articles that match ``within`` are candidates.
        """
        filled = [at for at, index in enumerate(self._indexes) if index.frequencies(()).chunks]
        if len(filled) < 2:  # then nothing needs weighing, and the answer is that index's own
            return self._indexes[filled[0] if filled else 0].search(question, limit=limit, within=within)
        kept = self.admitted(within).articles if within else None
        asked = self._indexes[0].asked(question)
        seen = self.frequencies(asked.wanted)
        size = max(self._settings.candidates, limit)
        found: list[Candidate] = []
        for at in filled:
            later = frozenset[str]().union(*(self._held(after) for after in filled if after > at))
            candidates = self._indexes[at].candidates(
                asked, size=size, seen=seen, articles=None if kept is None else kept - later
            )
            found.extend(one for one in candidates if one.chunk.article_id not in later)
        return best(found, size=size, limit=limit)

    def _held(self, at: int) -> frozenset[str]:
        """The ids of the articles of one index; read again only where it changed."""
        index = self._indexes[at]
        generation = index.generation
        with self._lock:
            known = self._ids.get(at)
            if known is None or known[0] != generation:
                known = self._ids[at] = (generation, frozenset(item.id for item in index.listing()))
            return known[1]


def _sum(counted: Iterable[DocumentFrequencies]) -> DocumentFrequencies:
    chunks, counts = 0, dict[str, int]()
    for one in counted:
        chunks += one.chunks
        for term, count in one.counts.items():
            counts[term] = counts.get(term, 0) + count
    return DocumentFrequencies(chunks, counts)


class _Sums(Mapping[str, int]):
    """Counts added up when they are asked for: a copy of a large vocabulary for each visitor would not fit."""

    def __init__(self, parts: tuple[Mapping[str, int], ...]) -> None:
        self._parts = parts

    def __getitem__(self, term: str) -> int:
        if term not in self:
            raise KeyError(term)
        return sum(part.get(term, 0) for part in self._parts)

    def __contains__(self, term: object) -> bool:
        return any(term in part for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        for at, part in enumerate(self._parts):
            yield from (term for term in part if not any(term in before for before in self._parts[:at]))

    def __len__(self) -> int:
        return sum(1 for _ in self)
