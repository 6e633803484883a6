"""The protocol of an index that is read and searched: what a chatbot needs of ``Index`` or ``FederatedIndex``."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from rag.filters import EVERYTHING, Filter, FilterMatch
from rag.schema import Article, Hit
from rag.storage.records import ArticleSummary, DocumentFrequencies


class SearchableIndex(Protocol):
    """An index, or several as one, that articles are read from and chunks are searched in."""

    @property
    def generation(self) -> int:
        """A number that rises with every change."""

    @property
    def embedder(self) -> str:
        """The name of the embedder that it is made and searched with."""

    def article(self, article_id: str) -> Article:
        """Read an article; raises ``IndexFault`` where there is none of this id."""

    def listing(self) -> tuple[ArticleSummary, ...]:
        """Return a summary of each article, in the order of ids."""

    def frequencies(self, wanted: Iterable[str]) -> DocumentFrequencies:
        """Return the number of chunks that contain each of these terms."""

    def vocabulary(self) -> Mapping[str, int]:
        """Return every term with the number of chunks that contain it."""

    def surface(self, term: str) -> str:
        """Return a word of the articles with this term; ``term`` itself where there is none."""

    def admitted(self, within: Filter) -> FilterMatch:
        """Return the articles that match; raises ``SettingsError`` for a publisher or an id that no article has."""

    def search(self, question: str, *, limit: int, within: Filter = EVERYTHING) -> tuple[Hit, ...]:
        """Return the ``limit`` best chunks of the articles that match ``within``, best first."""

    def close(self) -> None:
        """Close the files or connections."""
