"""What an evaluation run was of: everything that has to be equal for two runs to give the same answers."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

from rag.evaluation.questions import Question
from rag.settings import Settings
from rag.storage.records import ArticleSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSetup:
    """The corpus, questions and settings of a run. Digests are SHA-256, hexadecimal; equal setups ask the same.

    ``corpus`` is the digest of the ``articles`` by id, title and text, ``chunks`` the number of their chunks.
    ``embedder`` is the name of the embedder of the index; empty in reports that did not record it. ``questions`` is the
    digest of the questions asked, in order. ``sample`` is the number drawn with ``seed``; ``None`` for the whole set.
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


def describe_run(
    listing: Sequence[ArticleSummary],
    questions: Sequence[Question],
    *,
    settings: Settings,
    embedder: str = "",
    sample: int | None = None,
    seed: int = 0,
) -> RunSetup:
    """Return the setup of asking ``questions`` over the articles of ``listing``."""
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
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(repr(part).encode("utf-8", "backslashreplace")).digest())
    return digest.hexdigest()
