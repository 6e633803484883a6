"""Questions on offer: each is one that the index answers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.evaluation.questions import read_questions
from rag.filters import Filter
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

HANDBOOK = """# Staff handbook

Employees receive 25 days of paid leave each year. Line managers approve all requests for leave.

## Expenses

Employees must submit expense claims within 30 days. Receipts must be kept for six years.

## Sickness

It must be reported on Monday. Sick pay lasts for 20 weeks.
"""
NEWS = """# Harbour bridge opens

The new harbour bridge in Pell was opened by Mayor Anna Holm on Monday. It cost 48 million pounds. "We have waited
long enough," Holm said. Jonas Brandt, a retired ferryman from Pell, drove the first car across.
"""
RECIPE = """# Lemon cake

- 225 g butter
- 4 eggs

Beat the butter and the sugar for five minutes. Bake the cake at 180 °C for 45 minutes. Leave the cake in the tin.
"""
GERMAN = """# Hausordnung

Die Ruhezeit beginnt um 22 Uhr und endet um 6 Uhr. Die Mieter müssen das Treppenhaus jede Woche reinigen. Das Grillen
ist am Montag verboten. Der Hausmeister ist von 8 bis 16 Uhr zu erreichen.
"""
BARE = re.compile(r"\b(?:Monday|about \d+|about \w)\?|\b(?:it|he|she|they)\b")


@contextmanager
def asking(folder: Path, text: str) -> Iterator[Chatbot]:
    """A chatbot over one article."""
    (folder / "article.md").write_text(text)
    with Chatbot.open(corpus=folder / "article.md", index=folder / "index", model="quotes") as bot:
        yield bot


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


def test_no_example_is_a_question_typed_in_lower_case(shipped: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    typed = [item for item in known if item.question.islower()]
    assert len(typed) == 4
    assert not {item.question for item in typed} & set(examples(shipped, known=typed))


def test_examples_of_other_articles_are_made_from_their_sentences(light: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    offered = examples(light, known=known)
    assert "When was the Orrin lighthouse built by Maria Keller?" in offered
    assert not any(light.ask(question).abstained for question in offered)


@pytest.mark.parametrize(
    ("text", "question", "quote"),
    [
        (HANDBOOK, "How many days of paid leave do employees receive?", "25 days"),
        (NEWS, "Who opened the new harbour bridge in Pell?", "Anna Holm"),
        (RECIPE, "At what temperature should you bake the cake?", "180 °C"),
    ],
)
def test_each_example_is_answered_by_its_own_sentence(
    tmp_path: Path, text: str, question: str, quote: str
) -> None:
    with asking(tmp_path, text) as bot:
        offered = examples(bot)
        assert question in offered
        assert quote in bot.ask(question).text
        for one in offered:
            answer = bot.ask(one)
            assert answer.outcome == "answered"
            assert not BARE.search(one)
            assert one.endswith(("?", "”."))


def test_no_english_question_is_made_of_a_page_in_german(tmp_path: Path) -> None:
    with asking(tmp_path, GERMAN) as bot:
        assert examples(bot) == ("Summarise “Hausordnung”.",)
        assert "Treppenhaus" in bot.ask("Summarise “Hausordnung”.").text


@pytest.mark.parametrize(
    ("title", "offered"),
    [
        ("Haus und Hof | Der Anger", "Summarise “Haus und Hof”."),
        ("Haus und Hof und alles, was ...", "Summarise the article."),
    ],
)
def test_a_summary_is_offered_by_a_whole_title_alone(tmp_path: Path, title: str, offered: str) -> None:
    with asking(tmp_path, GERMAN.replace("Hausordnung", title)) as bot:
        assert examples(bot) == (offered,)
        assert bot.ask(offered).outcome == "answered"


def test_not_all_examples_are_of_one_kind(tmp_path: Path) -> None:
    people = (
        "Ada Hill, a retired ferryman, waited at the quay. Bo Marsh, a baker from Tarn, sold bread. "
        "Cyril Lund, a nurse, lived above the mill. Dora Vance, a teacher from Pell, kept bees."
    )
    with asking(
        tmp_path, f"# The quay\n\n{people} The quay was built in 1871 by Maria Keller. It is old."
    ) as bot:
        assert [question.split()[0] for question in examples(bot)] == ["Who", "Who", "When", "Who"]


def test_only_the_articles_that_are_asked_make_examples(tmp_path: Path, shipped: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    (tmp_path / "light.txt").write_text(LIGHT)
    (tmp_path / "vell.txt").write_text("The harbour of Vell was dug in 1902. It is deep.")
    with Chatbot.open(corpus=tmp_path, index=tmp_path / "index", model="quotes") as bot:
        ids = {item.title: item.id for item in bot.index.listing()}
        offered = examples(bot, known=known, within=Filter(articles=(ids["vell"],)))
    assert offered
    assert all("Vell" in question or "vell" in question for question in offered)


def test_a_visitors_own_articles_are_among_the_first_examples(tmp_path: Path, shipped: Chatbot) -> None:
    known = read_questions(shipped_corpus() / "questions.jsonl")
    (tmp_path / "handbook.md").write_text(HANDBOOK)
    with Chatbot.open(
        corpus=[shipped_corpus(), tmp_path / "handbook.md"], index=tmp_path / "index", model="quotes"
    ) as bot:
        offered = examples(bot, known=known)
    assert len({item.question for item in known} & set(offered)) == 2
    assert "How many days of paid leave do employees receive?" in offered


def test_follow_ups_are_answered_and_ask_for_something_else(tmp_path: Path) -> None:
    with asking(tmp_path, HANDBOOK) as bot:
        answer = bot.ask("How many days of paid leave do employees receive?")
        offered = follow_ups(bot, answer)
        assert offered
        assert answer.question not in offered
        for question in offered:
            assert not bot.ask(question).abstained


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
