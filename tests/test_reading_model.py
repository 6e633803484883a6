"""The whole way with a real language model that can read, embedded and behind a server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.models.llama.chat_model import Llama
from rag.models.writers import open_writer
from rag.schema import Turn
from rag.system.paths import shipped_corpus
from tests.support.served_model import served_model

KEY = "a-key-of-this-test"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader(reading_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """The shipped article, read by the embedded model."""
    model = Llama(path=reading_model, context_tokens=4096)
    index = tmp_path_factory.mktemp("reader") / "index"
    with Chatbot.open(corpus=shipped_corpus(), model=model, index=index) as bot:
        yield bot


@pytest.mark.parametrize(
    ("question", "gold"),
    [
        ("How long did it take to build Colossus?", "122 days"),
        ("What is xAI's valuation?", "$24 billion"),
        ("Where was Colossus built?", "Memphis"),
    ],
)
def test_the_answer_stands_first_and_is_short_and_verified(reader: Chatbot, question: str, gold: str) -> None:
    answer = reader.ask(question)
    assert answer.outcome == "answered"
    assert gold in answer.text
    assert len(answer.text.split()) < 20
    assert all(citation.verified for citation in answer.citations)
    assert gold in answer.sources[0].text


@pytest.mark.parametrize(
    "question",
    ["Who is the CEO of Nvidia?", "Who is the CEO of Anthropic?", "When will the deal end?"],
)
def test_a_near_miss_is_no_answer_and_the_closest_passages_are_shown(reader: Chatbot, question: str) -> None:
    answer = reader.ask(question)
    assert answer.outcome == "nearest"
    assert answer.citations == ()
    assert answer.sources
    assert answer.text.endswith("The closest they come:")


def test_a_foreign_question_is_not_even_read(reader: Chatbot) -> None:
    answer = reader.ask("How do I bake sourdough bread?")
    assert answer.outcome == "not_in_articles"
    assert answer.timings["write"] < answer.timings["total"]


def test_a_broad_question_gets_several_statements_each_with_its_mark(reader: Chatbot) -> None:
    answer = reader.ask("What are the key points?")
    assert answer.outcome == "answered"
    lines = answer.text.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("- ") and "[" in line for line in lines)
    assert all(citation.verified for citation in answer.citations)


def test_a_follow_up_is_read_with_what_it_refers_to(reader: Chatbot) -> None:
    history = [Turn(question="How long did it take to build Colossus?", answer="122 days [1].")]
    answer = reader.ask("And where is it?", history=history)
    assert "Colossus" in answer.standalone_question
    assert "Memphis" in answer.text


def test_an_answer_in_german_stands_beside_the_verified_one(reader: Chatbot) -> None:
    answer = reader.ask("Where was Colossus built? Answer in German.")
    assert "Memphis" in answer.text
    assert all(citation.verified for citation in answer.citations)
    assert answer.note.startswith("In German, translated by the model and not checked: ")
    assert "Memphis" in answer.note


def test_a_hosted_model_takes_the_same_way(
    reader: Chatbot, reading_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_openai import ChatOpenAI

    with served_model(reading_model, key=KEY, context_tokens=4096) as address:
        hosted = ChatOpenAI(model="qwen", base_url=address, api_key=KEY)  # type: ignore[arg-type]
        bot = Chatbot(reader.index, writer=open_writer(hosted))
        for question in ("How long did it take to build Colossus?", "Who is the CEO of Nvidia?"):
            embedded, answer = reader.ask(question), bot.ask(question)
            # A server adds up its numbers in another order, so that two next tokens of nearly the same probability
            # (a full stop or none) may change places. The words and what they rest on may not.
            assert answer.outcome == embedded.outcome
            assert re.findall(r"\w+", answer.text) == re.findall(r"\w+", embedded.text)
            assert [c.quote for c in answer.citations] == [c.quote for c in embedded.citations]
            assert answer.confidence == pytest.approx(embedded.confidence, abs=0.05)
