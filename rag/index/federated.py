"""Several indexes searched as one: a caller that reads an index need not know how many there are."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from threading import Lock

from rag.filters import EVERYTHING, Filter, FilterMatch, match_articles
from rag.index.hybrid_search import hybrid_search, sum_frequencies
from rag.index.index import Index
from rag.schema import Article, Hit
from rag.settings import Settings
from rag.storage.records import ArticleSummary, DocumentFrequencies


class FederatedIndex:
    """Indexes made with one embedder and one ``settings``, read as one; safe in many threads.

    Where several have an article of the same id, that of the last index counts and shadows the others. Hits are those
    that one index with all the articles would give, except that BM25 takes the mean chunk length of each index alone.
    """

    def __init__(self, first: Index, *others: Index, settings: Settings) -> None:
        self._indexes = (first, *others)
        self._settings = settings
        self._lock = Lock()
        # By number of the index: the ids of its articles, with the generation they were read at.
        self._ids: dict[int, tuple[int, frozenset[str]]] = {}

    @property
    def generation(self) -> int:
        """A number that rises with every change of any of them."""
        return sum(index.generation for index in self._indexes)

    @property
    def embedder(self) -> str:
        """The name of the embedder that all are made and searched with."""
        return self._indexes[0].embedder

    def close(self) -> None:
        """Close all of them."""
        for index in self._indexes:
            index.close()

    def article(self, article_id: str) -> Article:
        """Read an article; raises ``IndexFault`` where none of them has it."""
        for number in range(len(self._indexes) - 1, 0, -1):
            if article_id in self._article_ids(number):
                return self._indexes[number].article(article_id)
        return self._indexes[0].article(article_id)

    def listing(self) -> tuple[ArticleSummary, ...]:
        """Return a summary of each article, in the order of ids."""
        summaries = {summary.id: summary for index in self._indexes for summary in index.listing()}
        return tuple(summaries[article_id] for article_id in sorted(summaries))

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """Return the number of chunks, in all of them together, that contain each of these terms."""
        terms = tuple(wanted)
        return sum_frequencies(index.frequencies(terms) for index in self._indexes)

    def vocabulary(self) -> Mapping[str, int]:
        """Return every term of any of them with the number of chunks that contain it."""
        return _SummedCounts(tuple(index.vocabulary() for index in self._indexes))

    def surface(self, term: str) -> str:
        """Return a word with this term from the first index that has one; ``term`` itself where none has."""
        for index in self._indexes:
            if term in index.vocabulary():
                return index.surface(term)
        return term

    def admitted(self, within: Filter) -> FilterMatch:
        """Return the articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""
        facts = {
            article_id: article_facts
            for index in self._indexes
            for article_id, article_facts in index.article_facts().items()
        }
        return match_articles(within, facts)

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """Return the ``limit`` best chunks of all of them, as ``Index.search`` does for one.

        Only chunks of articles that match ``within`` are candidates.
        """
        filled = [number for number, index in enumerate(self._indexes) if index.frequencies(()).chunks]
        if len(filled) < 2:  # then there are no frequencies to sum up
            return self._indexes[filled[0] if filled else 0].search(question, limit=limit, within=within)
        articles = self.admitted(within).articles if within else None
        prepared = self._indexes[0].prepare_question(question)
        with ExitStack() as views:
            for number in filled:
                views.enter_context(self._indexes[number].reading())
            scopes = []
            for number in filled:
                shadowed = frozenset[str]().union(
                    *(self._article_ids(later) for later in filled if later > number)
                )
                own_articles = None if articles is None else articles - shadowed
                scopes.append(self._indexes[number].scope(prepared, own_articles, shadowed=shadowed))
            size = max(self._settings.candidates, limit)
            hits = hybrid_search(scopes, prepared, size=size, limit=limit)
        for number in filled:
            self._indexes[number].refresh_if_degraded()
        return hits

    def _article_ids(self, number: int) -> frozenset[str]:
        """Return the ids of the articles of one index; read again only when it changed."""
        index = self._indexes[number]
        generation = index.generation
        with self._lock:
            cached = self._ids.get(number)
            if cached is None or cached[0] != generation:
                cached = self._ids[number] = (generation, frozenset(item.id for item in index.listing()))
            return cached[1]


class _SummedCounts(Mapping[str, int]):
    """Counts of several mappings, summed on access: a copy of a large vocabulary per visitor takes too much memory."""

    def __init__(self, parts: tuple[Mapping[str, int], ...]) -> None:
        self._parts = parts

    def __getitem__(self, term: str) -> int:
        if term not in self:
            raise KeyError(term)
        return sum(part.get(term, 0) for part in self._parts)

    def __contains__(self, term: object) -> bool:
        return any(term in part for part in self._parts)

    def __iter__(self) -> Iterator[str]:
        for number, part in enumerate(self._parts):
            earlier = self._parts[:number]
            yield from (term for term in part if not any(term in counts for counts in earlier))

    def __len__(self) -> int:
        return sum(1 for _ in self)
