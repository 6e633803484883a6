"""What an evaluation was of: everything that has to be the same for its answers to be the same."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from rag.evaluation.questions import Question
from rag.settings import Settings
from rag.storage.records import ArticleSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSetup:
    """What was asked of what. Digests are SHA-256, hexadecimal; two setups that are equal ask the same.

    ``corpus`` is the digest of the ``articles`` by id, title and text, ``chunks`` the number they are cut into.
    ``embedder`` is the name of the one that the index was made with; empty where it was not yet noted.
    ``questions`` is the digest of those asked, in order. ``sample`` is the number drawn with ``seed``; ``None`` for
    the whole set.
    """

    pincite: str = field(default_factory=lambda: version("pincite"))
    corpus: str = ""
    articles: int = 0
    chunks: int = 0
    questions: str = ""
    sample: int | None = None
    seed: int = 0
    settings: Mapping[str, int] = field(default_factory=dict)
    embedder: str = ""


def described(
    listing: Sequence[ArticleSummary],
    questions: Sequence[Question],
    *,
    settings: Settings,
    embedder: str = "",
    sample: int | None = None,
    seed: int = 0,
) -> RunSetup:
    """The setup of asking ``questions`` over the articles of ``listing``."""
    return RunSetup(
        corpus=_digest((item.id, item.title, item.fingerprint) for item in listing),
        articles=len(listing),
        chunks=sum(item.chunks for item in listing),
        questions=_digest(questions),
        sample=sample,
        seed=seed,
        settings=asdict(settings),
        embedder=embedder,
    )


def _digest(parts: Iterable[object]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(hashlib.sha256(repr(part).encode("utf-8", "backslashreplace")).digest())
    return total.hexdigest()
