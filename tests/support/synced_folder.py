"""A folder of articles and the index that is synced with it."""

from dataclasses import replace
from pathlib import Path

from langchain_core.embeddings import Embeddings

from rag.index.folder_scan import load, save
from rag.index.sync import Synced, SyncOptions, sync
from rag.models.embedders import Embedder
from rag.settings import Settings
from tests.support.embedder import BagOfWords, embedder, made
from tests.support.indexes import open_index

MEMORY_FILE = "files.json"


class CountingEmbeddings(BagOfWords):
    """Notes every text it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return super().embed_documents(texts)


def write_article(folder: Path, number: int, *, name: str = "", version: int = 0) -> Path:
    article = made(number, version=version)
    file = folder / f"{name or article.id}.md"
    file.write_text(f"# {article.title}\n\n{article.text}\n", encoding="utf-8")
    return file


def trust_memory(index: Path) -> None:
    """Have the memory trust all files that were read whole, as if two seconds had passed before they were."""
    memory = load(index / MEMORY_FILE)
    files = {name: replace(known, trusted=bool(known.sha256)) for name, known in memory.files.items()}
    save(replace(memory, files=files), file=index / MEMORY_FILE)


def sync_folder(
    folder: Path,
    index: Path,
    model: Embeddings | None = None,
    *,
    allow_empty: bool = False,
    take_over: bool = False,
) -> Synced:
    index_embedder = Embedder(name="bag-of-words", model=model) if model else embedder()
    return sync(
        folder,
        where=index,
        embedder=lambda _: index_embedder,
        settings=Settings(),
        options=SyncOptions(allow_empty=allow_empty, take_over=take_over),
    )


def stored_ids(index: Path) -> list[str]:
    """The ids of the articles in the index, which must be sound."""
    with open_index(index) as opened:
        assert opened.check() == ()
        return [item.id for item in opened.listing()]


def make_synced_folder(folder: Path, index: Path) -> None:
    """Make a folder of four articles, and the index of it."""
    folder.mkdir()
    for number in range(4):
        write_article(folder, number)
    assert sync_folder(folder, index).changes.added == ("a0000", "a0001", "a0002", "a0003")
    trust_memory(index)
