"""Scored sentences made by hand, for tests of what happens after scoring."""

from rag.evidence.sentences import ScoredSentence
from rag.schema import Article


def scored_sentence(article: Article, index: int, rank: float, *, headed: float = 0.0) -> ScoredSentence:
    """A sentence whose measures are all ``rank``."""
    return ScoredSentence(
        article=article, index=index, match=rank, headed=headed, alike=rank, near=rank, rank=rank
    )
