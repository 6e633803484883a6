"""A question for two things is answered for each, and says which it does not answer."""

from pathlib import Path

import pytest

from rag.chatbot import Chatbot
from rag.question.parts import asking_sentence, question_parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "When was the bakery founded and how long is tram line 7?",
            ("When was the bakery founded?", "how long is tram line 7?"),
        ),
        ("How long did it take? Who paid for it?", ("How long did it take?", "Who paid for it?")),
        (
            "What is it, who built it and when was it sold?",
            ("What is it, who built it?", "when was it sold?"),
        ),
        ("When and where was it built?", ("When and where was it built?",)),
        ("Who founded it, and when?", ("Who founded it, and when?",)),
        ("Who knows how it works and what it costs?", ("Who knows how it works?", "what it costs?")),
        ("Tell me when it was built and who built it", ("Tell me when it was built and who built it",)),
        ("What do bread and cheese cost?", ("What do bread and cheese cost?",)),
    ],
)
def test_a_question_is_cut_where_another_begins(question: str, parts: tuple[str, ...]) -> None:
    assert question_parts(question) == parts


def test_each_part_is_answered_and_what_is_not_is_said(tmp_path: Path) -> None:
    (tmp_path / "bakery.md").write_text("# The bakery\n\nThe bakery was founded in 1987 by Ida Rask.\n")
    (tmp_path / "tram.md").write_text("# Tram line 7\n\nTram line 7 is 12.4 kilometres long. It is red.\n")
    with Chatbot.open(corpus=tmp_path, index=tmp_path / "index", model="quotes") as bot:
        both = bot.ask("When was the bakery founded and how long is tram line 7?")
        assert "1987" in both.text
        assert "12.4 kilometres" in both.text
        assert both.note == ""
        one = bot.ask("When was the bakery founded and who is its accountant?")
        assert "1987" in one.text
        assert "do not answer “who is the bakery's accountant?”" in one.note
        assert bot.ask("Who leads Volkswagen and what is the capital of France?").abstained


def test_an_address_is_not_searched_for(shipped: Chatbot) -> None:
    said = shipped.ask("https://www.bbc.com/news/1 what does this say?")
    assert said.outcome == "conversation"
    assert "Add the page" in said.text


@pytest.mark.parametrize(
    ("question", "asking"),
    [
        ("The Games are near. Where will they be held?", "Where will they be held?"),
        ("Dr. Ada Quist runs it. Since when?", "Since when?"),
        ("Who runs it?", "Who runs it?"),
        ("who runs it", "who runs it"),
    ],
)
def test_the_last_sentence_asks(question: str, asking: str) -> None:
    assert asking_sentence(question).of(question) == asking
