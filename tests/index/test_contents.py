"""What an index holds is listed, shown and taken away with no embedder, whatever it was made with."""

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from rag.errors import IndexFault, IndexStale
from rag.index.contents import open_contents
from rag.index.index import Index
from rag.settings import Settings
from rag.storage.local.backend import LocalBackend
from rag.storage.location import ServerAddress
from tests.support.embedder import embedder, made, several
from ui.cli import main

KEYLESS = "openai:text-embedding-3-small"  # it needs a package, a key and the network
NUMBERS = range(6)


@pytest.fixture(autouse=True)
def keyless(monkeypatch: pytest.MonkeyPatch, private_home: Path) -> Path:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return private_home


def filled(where: Path | ServerAddress, *, name: str = KEYLESS, settings: Settings | None = None) -> None:
    with Index.open(where, embedder=embedder(name), settings=settings or Settings()) as index:
        index.add(several(NUMBERS))


def searched(where: Path | ServerAddress, question: str) -> list[str]:
    with Index.open(where, embedder=embedder(KEYLESS), settings=Settings()) as index:
        assert index.check() == ()
        return [hit.chunk.article_id for hit in index.search(question, limit=1)]


def test_an_index_of_an_embedder_that_cannot_be_opened_is_listed_shown_and_removed_from(
    where: Path | ServerAddress, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(where)

    def said(*argv: str) -> str:
        status = main([*argv, "--index", str(where)])
        out, err = capsys.readouterr()
        assert (status, err) == (0, "")
        return out

    assert [line.split()[0] for line in said("list").splitlines()] == ["id", *(made(n).id for n in NUMBERS)]
    assert "w2x3v0 was found there" in said("show", made(2).id)
    assert said("remove", made(2).id, made(3).id) == "removed 2\n"
    assert made(2).id not in said("list")
    assert searched(where, "w4x1v0") == [made(4).id]
    assert searched(where, "w2x1v0") != [made(2).id]


def test_what_embeds_still_refuses_an_index_of_an_embedder_that_cannot_be_opened(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(folder)
    (tmp_path / "new.txt").write_text("A ferry crosses the sound.", encoding="utf-8")
    asks = ["ask", "Where was w2x1v0 found?", "--model", "quotes"]
    for argv in (asks, ["add", str(tmp_path / "new.txt")]):
        assert main([*argv, "--index", str(folder)]) == 1
        assert f"made with embedder {KEYLESS!r}, which cannot be opened here" in capsys.readouterr().err
    with pytest.raises(IndexStale):
        Index.open(folder, embedder=embedder("another"), settings=Settings())


def test_an_index_cut_into_other_chunks_is_listed_and_removed_from(where: Path | ServerAddress) -> None:
    filled(where, settings=Settings(chunk_tokens=64, overlap_tokens=8))
    with open_contents(where) as contents:
        assert [item.id for item in contents.listing()] == [made(number).id for number in NUMBERS]
        assert contents.article(made(1).id) == made(1)
        assert contents.remove([made(1).id]).removed == (made(1).id,)
    with pytest.raises(IndexStale), Index.open(where, embedder=embedder(KEYLESS), settings=Settings()):
        pass


def test_what_is_removed_lets_the_snapshots_follow(folder: Path) -> None:
    filled(folder)
    with open_contents(folder) as contents:
        before = LocalBackend(folder)
        contents.remove([made(number).id for number in NUMBERS[:-1]])
        assert not before.needs_refresh()
        before.close()
    assert searched(folder, "w5x1v0") == [made(5).id]


def test_nothing_is_removed_where_an_id_is_unknown(where: Path | ServerAddress) -> None:
    filled(where)
    with open_contents(where) as contents:
        with pytest.raises(IndexFault, match="no article 'none' in the index: `pincite list`"):
            contents.remove([made(0).id, "none"])
        assert len(contents.listing()) == len(NUMBERS)


def test_where_there_is_no_index_none_is_made(folder: Path) -> None:
    with pytest.raises(IndexFault, match=f"make one with `pincite add --index {folder} PATH`"):
        open_contents(folder)
    assert not folder.exists()


@pytest.mark.slow
@pytest.mark.parametrize("argv", [["list"], ["list", "--json"], ["show", "a0001"], ["remove", "a0001"]])
def test_no_embedder_is_loaded(argv: list[str], folder: Path) -> None:
    filled(folder, name="minilm-l6-v2-int8")
    program = (
        "import sys; from ui.cli import main; status = main(sys.argv[1:]); "
        "sys.stderr.write(f'\\n{[status, *sys.modules]!r}')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *argv, "--index", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    status, *modules = ast.literal_eval(done.stderr.splitlines()[-1])
    assert status == 0
    heavy = {"onnxruntime", "tokenizers", "langchain", "rag.models.writers", "rag.models.minilm"}
    assert all(find_spec(name) for name in heavy)  # a module that was renamed would never be found loaded
    assert heavy & set(modules) == set()
