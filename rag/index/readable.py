"""rag.index.index.readable."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from rag.filters import EVERYTHING, Filter, FilterMatch
from rag.schema import Article, Hit
from rag.storage.records import ArticleSummary, DocumentFrequencies


class SearchableIndex(Protocol):
    """What a chatbot needs of an index, or of several: to read it."""

    @property
    def generation(self) -> int:
        """Rises with every change."""

    @property
    def embedder(self) -> str:
        """The name of the embedder that it is made and searched with."""

    def article(self, article_id: str) -> Article:
        """The article of this id; raises ``IndexFault`` where there is none."""

    def listing(self) -> tuple[ArticleSummary, ...]:
        """All articles, by id."""

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """In how many chunks each of these terms stands."""

    def vocabulary(self) -> Mapping[str, int]:
        """Every term and in how many chunks it stands."""

    def surface(self, term: str) -> str:
        """A word of the articles that has this term; ``term`` itself where none has."""

    def admitted(self, within: Filter) -> FilterMatch:
        """The articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """The ``limit`` best chunks of the articles that match ``within``, best first."""

    def close(self) -> None:
        """Let go of the files."""
