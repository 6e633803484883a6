"""Which embedder an index gets: its own, the one that was named, or the one that suits its size."""

from pathlib import Path

import pytest

from rag import ask, doctor, one_call
from rag.chatbot import Chatbot
from rag.doctor import repair
from rag.errors import IndexStale, ModelError
from rag.index import embedder_choice as choosing
from rag.index.embedder_choice import SHORT_CHARACTERS, choose_embedder, embedder_for_size, recorded_embedder
from rag.index.hybrid_search import PreparedQuestion
from rag.index.index import Index
from rag.models import static_embedder as static
from rag.models.embedders import EMBEDDERS
from rag.schema import Article
from rag.settings import Settings
from tests.support.embedder import BagOfWords, embedder, several

MINILM, FAST = EMBEDDERS["minilm"], EMBEDDERS["fast"]
QUESTION = "When was the lighthouse at Orrin built?"
ORRIN = Article(
    id="orrin", title="Orrin", text="The lighthouse at Orrin was built in 1871. It is 42 metres tall."
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "orrin.md").write_text("# Orrin\n\n" + ORRIN.text, "utf-8")
    return tmp_path / "corpus"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten characters are many."""
    monkeypatch.setattr(choosing, "SHORT_CHARACTERS", 10)


def test_a_new_index_takes_minilm_where_that_is_a_short_wait_and_nothing_is_said(folder: Path) -> None:
    choice = choose_embedder("auto", where=folder, articles=[ORRIN])
    assert (choice.embedder.name, choice.reason) == (MINILM, "")
    assert not folder.exists()


def test_a_new_index_of_many_characters_takes_the_fast_embedder_and_says_how_to_choose_otherwise(
    folder: Path,
) -> None:
    size = len(ORRIN.title) + len(ORRIN.text)
    assert (
        choose_embedder("auto", where=folder, articles=[ORRIN], short_characters=size).embedder.name == MINILM
    )
    choice = choose_embedder("auto", where=folder, articles=[ORRIN], short_characters=size - 1)
    assert choice.embedder.name == FAST
    assert f"{size} characters: the fast embedder was taken" in choice.reason
    assert "--embedder minilm" in choice.reason
    assert "\n" not in choice.reason


def test_the_minutes_that_minilm_would_take_are_told() -> None:
    assert embedder_for_size(SHORT_CHARACTERS, where=Path("my index")) == ("minilm", "")
    spec, reason = embedder_for_size(14_700_000, where=Path("my index"))
    assert spec == "fast"
    assert "14,700,000 characters" in reason
    assert "about 24 minutes" in reason
    assert "`pincite doctor --repair --index 'my index' --embedder minilm`" in reason


def test_where_the_fast_embedder_is_not_installed_minilm_is_taken_and_the_way_out_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static, "PACKAGE", "no_such_package")
    choice = choose_embedder("auto", where=folder, articles=[ORRIN], short_characters=1)
    assert choice.embedder.name == MINILM
    assert "pip install" in choice.reason


@pytest.mark.parametrize(("spec", "name"), [("minilm", MINILM), ("fast", FAST)])
@pytest.mark.usefixtures("tiny")
def test_an_index_keeps_the_embedder_it_was_made_with(
    spec: str, name: str, corpus: Path, folder: Path
) -> None:
    with Chatbot.open(corpus=corpus, index=folder, embedder=spec, model="quotes") as bot:
        assert bot.index.embedder == name
        assert bot.problems == ()
    assert recorded_embedder(folder) == name
    (corpus / "more.md").write_text("# Vell\n\nThe mill at Vell burnt down in 1904.", "utf-8")
    with Chatbot.open(corpus=corpus, index=folder, model="quotes") as bot:
        assert bot.index.embedder == name
        assert bot.problems == ()
        assert "1871" in bot.ask(QUESTION).text
        assert "1904" in bot.ask("When did the mill at Vell burn down?").text


@pytest.mark.usefixtures("tiny")
def test_a_chatbot_over_many_characters_says_what_was_taken_and_answers(corpus: Path, folder: Path) -> None:
    with Chatbot.open(corpus=corpus, index=folder, model="quotes") as bot:
        assert bot.index.embedder == FAST
        assert len(bot.problems) == 1
        assert "fast embedder" in bot.problems[0]
        answer = bot.ask(QUESTION)
    assert "1871" in answer.text
    assert {citation.support for citation in answer.citations} == {"quoted"}


def test_another_embedder_than_the_index_has_is_refused_with_the_command_that_makes_it_anew(
    corpus: Path, folder: Path
) -> None:
    Chatbot.open(corpus=corpus, index=folder, embedder="fast", model="quotes").close()
    with pytest.raises(IndexStale, match=f"made with embedder '{FAST}', and '{MINILM}'") as caught:
        Chatbot.open(corpus=corpus, index=folder, embedder="minilm", model="quotes")
    assert f"--repair --index {folder} --embedder minilm" in str(caught.value)
    repair(folder, embedder=MINILM)
    with Chatbot.open(corpus=corpus, index=folder, embedder="minilm", model="quotes") as bot:
        assert "1871" in bot.ask(QUESTION).text


def test_a_chatbot_that_is_asked_meanwhile_goes_on_when_minilm_has_caught_up(
    corpus: Path, folder: Path
) -> None:
    with Chatbot.open(corpus=corpus, index=folder, embedder="fast", model="quotes") as bot:
        during: list[str] = []

        def asked(done: int, total: int) -> None:
            assert done <= total
            during.append(bot.ask(QUESTION).text)
            assert bot.index.embedder == FAST

        repair(folder, embedder="minilm", on_progress=asked)
        assert during
        assert bot.ask(QUESTION).text == during[-1]
        assert bot.index.embedder == MINILM


def test_an_emptied_index_is_a_new_one(folder: Path) -> None:
    fast = choose_embedder("fast", where=folder).embedder
    with Index.open(folder, embedder=fast, settings=Settings()) as index:
        assert recorded_embedder(folder) is None
        index.add([ORRIN])
        assert recorded_embedder(folder) == FAST
        index.remove(["orrin"])
    assert recorded_embedder(folder) is None
    assert choose_embedder("auto", where=folder, articles=[ORRIN]).embedder.name == MINILM


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bag-of-words", "give the embedder itself, or run"),
        ("openai:text-embedding-3-small", "pip install langchain-openai|api_key|OPENAI"),
        ("Fixed:fixed-1", "not a provider"),
    ],
)
def test_an_index_of_an_embedder_that_cannot_be_opened_says_so_and_how_to_go_on(
    name: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Index.open(folder, embedder=embedder(name), settings=Settings()) as index:
        index.add(several(range(2)))
    with pytest.raises(IndexStale, match=message) as caught:
        Chatbot.open(index=folder, model="quotes")
    assert f"made with embedder {name!r}, which cannot be opened here" in str(caught.value)
    assert f"pincite doctor --repair --index {folder} --embedder minilm" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not doctor.check_index(folder).ok
    assert repair(folder) == ""
    assert recorded_embedder(folder) == MINILM
    with Chatbot.open(index=folder, model="quotes") as bot:
        assert bot.retrieve("w1x2v0", limit=1)[0].chunk.article_id == "a0001"


def test_an_object_that_made_an_index_opens_it_again(folder: Path, corpus: Path) -> None:
    bag = BagOfWords()
    for _ in range(2):
        with Chatbot.open(corpus=corpus, index=folder, embedder=bag, model="quotes") as bot:
            assert bot.index.embedder == "BagOfWords"
            assert bot.index.search(QUESTION, limit=1)
    with pytest.raises(ModelError, match="no embedder is called 'quick'"):
        Chatbot.open(corpus=corpus, index=folder, embedder="quick", model="quotes")


def test_ask_keeps_chatbots_of_two_embedders_apart(
    corpus: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_call, "_shared", {})
    ask(QUESTION, corpus=corpus, index=folder, embedder="fast", model="quotes")
    with pytest.raises(IndexStale):
        ask(QUESTION, corpus=corpus, index=folder, embedder="minilm", model="quotes")
    assert "1871" in ask(QUESTION, corpus=corpus, index=folder, model="quotes").text
    for bot in one_call._shared.values():
        bot.close()


def test_repairing_an_index_keeps_its_embedder(folder: Path, corpus: Path) -> None:
    Chatbot.open(corpus=corpus, index=folder, embedder="fast", model="quotes").close()
    repair(folder)
    assert recorded_embedder(folder) == FAST
    assert doctor.check_index(folder).ok
    wanted = doctor.check_index(folder, embedder="minilm")
    assert not wanted.ok
    assert wanted.fix == f"`pincite doctor --repair --index {folder} --embedder minilm`"


def test_a_question_that_the_change_of_embedders_overtakes_is_asked_again(
    corpus: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded: list[str] = []
    plain = Index.prepare_question

    def overtaken(index: Index, question: str) -> PreparedQuestion:
        asked = plain(index, question)
        embedded.append(index.embedder)
        if len(embedded) == 1:
            repair(folder, embedder="minilm")
        return asked

    with Chatbot.open(corpus=corpus, index=folder, embedder="fast", model="quotes") as bot:
        monkeypatch.setattr(Index, "prepare_question", overtaken)
        assert "1871" in bot.ask(QUESTION).text
    assert embedded == [FAST, MINILM]
