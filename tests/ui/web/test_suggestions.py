"""Questions on offer: each is one that the index answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.evaluation.questions import read_questions
from rag.index.index import Index
from rag.schema import Answer
from rag.settings import Settings
from rag.system.paths import shipped_corpus
from tests.support.embedder import embedder, several
from ui.commands.serve import known_questions
from ui.web.suggestions import examples, follow_ups

LIGHT = (
    "The Orrin lighthouse was built in 1871 by Maria Keller. It stands on a cliff of black basalt. "
    "Maria Keller had studied in Trondheim before she came to Pell Island. "
    "In 1923 the lamp of the Orrin lighthouse was replaced by Jonas Brandt after a storm broke the lens."
)


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder = tmp_path_factory.mktemp("light")
    (folder / "light.txt").write_text(LIGHT)
    with Chatbot.open(corpus=folder / "light.txt", index=folder / "index", model="quotes") as bot:
        yield bot


def test_the_examples_of_the_shipped_article_are_known_questions_that_it_answers(shipped: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    offered = examples(shipped, known=known)
    assert len(set(offered)) == 4
    assert set(offered) <= {item.question for item in known if item.kind == "answerable"}
    assert not any(shipped.ask(question).abstained for question in offered)


def test_examples_of_other_articles_ask_for_what_they_name(light: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    offered = examples(light, known=known)
    assert "What do the articles say about Maria Keller?" in offered
    for question in offered:
        answer = light.ask(question)
        assert not answer.abstained
        assert question.removeprefix("What do the articles say about ").rstrip("?") in answer.text


def test_follow_ups_are_answered_and_ask_for_something_else(light: Chatbot) -> None:
    answer = light.ask("Who built the Orrin lighthouse?")
    offered = follow_ups(light, answer)
    assert offered
    for question in offered:
        assert "Orrin" not in question
        assert not light.ask(question).abstained


def test_a_declined_question_is_followed_by_ones_that_can_be_answered(light: Chatbot) -> None:
    answer = light.ask("What is the capital of France?")
    assert answer.abstained
    for question in follow_ups(light, answer):
        assert not light.ask(question).abstained


def test_no_more_are_offered_than_asked_for(shipped: Chatbot, light: Chatbot) -> None:
    assert len(examples(light, limit=1)) == 1
    assert examples(light, limit=0) == ()
    assert len(follow_ups(shipped, shipped.ask("Who built Colossus?"), limit=2)) <= 2


def test_an_index_without_articles_offers_nothing(tmp_path: Path) -> None:
    with Index.open(tmp_path / "index", embedder=embedder(), settings=Settings()) as index:
        bot = Chatbot(index)
        assert examples(bot) == ()
        index.add(several(range(2)))
        assert follow_ups(bot, Answer(question="x", standalone_question="x", text="", model="quotes")) == ()


def test_an_answer_whose_article_is_gone_has_no_follow_ups(tmp_path: Path, light: Chatbot) -> None:
    answer = light.ask("Who built the Orrin lighthouse?")
    (tmp_path / "other.txt").write_text("The harbour at Pell was dredged in 1950.")
    with Chatbot.open(corpus=tmp_path / "other.txt", index=tmp_path / "index", model="quotes") as other:
        assert follow_ups(other, answer) == ()


@pytest.mark.parametrize("text", ["not a question\n", None])
def test_a_damaged_or_missing_set_of_known_questions_offers_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    if text is not None:
        (tmp_path / "questions.jsonl").write_text(text, encoding="utf-8")
    monkeypatch.setattr("rag.system.paths.shipped_corpus", lambda: tmp_path)
    assert known_questions() == ()
