"""The programs of ``docs/chroma.md`` do what the page says, on an index in a folder and on one on servers."""

import re
from pathlib import Path
from typing import Any

import pytest

from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.reading.articles import read_articles
from rag.settings import Settings
from rag.storage.location import ServerAddress
from rag.system.paths import shipped_corpus

PAGE = (Path(__file__).parent.parent / "docs" / "chroma.md").read_text("utf-8")
OPENING, CHROMADB, LANGCHAIN, ON_SERVERS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ANSWER = "122 days"

pytestmark = pytest.mark.filterwarnings("ignore:legacy embedding function config:DeprecationWarning")


def fill(where: Path | ServerAddress) -> None:
    articles = read_articles(
        shipped_corpus()
    ).articles  # as they are: a condition of the page must not lose them
    with Index.open(where, embedder=open_embedder(), settings=Settings()) as index:
        index.add(articles)


def run(*programs: str) -> dict[str, Any]:
    """The variables that the programs, one after another, leave."""
    names: dict[str, Any] = {}
    for program in programs:
        exec(program, names)  # noqa: S102  # our own page
    return names


def test_the_programs_find_the_article_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "my-index")
    names = run(OPENING, CHROMADB, LANGCHAIN)
    assert ANSWER in capsys.readouterr().out
    prompt = names["chain"].invoke("How long did Colossus take to build?").to_string()
    assert ANSWER in prompt
    assert prompt.startswith("Human: Answer from these passages:")


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.slow
def test_the_programs_find_the_article_on_servers(
    served: ServerAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(served)
    there = ON_SERVERS.replace("chroma://127.0.0.1:8000/news", str(served))
    assert there != ON_SERVERS
    header, query = CHROMADB.split("client = chromadb.PersistentClient(found.folder)\n")
    names = run("from rag.index.contents import open_contents\n" + header, there, query, LANGCHAIN)
    assert ANSWER in capsys.readouterr().out
    assert ANSWER in names["chain"].invoke("How long did Colossus take to build?").to_string()
