"""One edit of ``rag.evaluation.verifier`` applied to a sentence."""

from rag.evaluation.verifier.labelled_claims import Edit
from rag.evaluation.verifier.sentences import Sentence, SentencePool
from rag.schema import Article, Span


def edited(edit: Edit, text: str, *, seed: int = 0) -> str | None:
    """The claim that an edit makes of a sentence, which it cites alone; ``None`` where it does not fit."""
    pool = SentencePool([Article(id="a", title="t", text=text)], seed=seed, max_sentences=10)
    result = edit(Sentence("a", Span(0, len(text)), text, 0), pool)
    if result is None:
        return None
    claim, (cited,) = result
    assert cited.text == text
    return claim
