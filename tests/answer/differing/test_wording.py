"""Articles that say the opposite in the same words are said to differ, and both are quoted."""

from pathlib import Path

import pytest

from rag.answer.differing.same_thing import may_be_same
from rag.chatbot import Chatbot
from rag.question.premises import Cited
from rag.text.stance import contradicts, says_otherwise


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dogs may be taken into the reading room.", "Dogs may not be taken into the reading room."),
        ("Residents must register their cars.", "Residents need not register their cars."),
        ("Towels can be rented.", "Towels can no longer be rented."),
        ("The sauna is open on Mondays.", "The sauna is closed on Mondays."),
        ("Visitors must pay.", "Visitors may pay."),
        ("Rents rose in May.", "Rents fell in May."),
    ],
)
def test_sentences_that_differ_by_a_word_of_stance_contradict_each_other(one: str, other: str) -> None:
    assert contradicts(one, other)
    assert contradicts(other, one)
    assert says_otherwise(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dogs may be taken into the reading room.", "Dogs may be taken into the reading room."),
        ("Dogs may be taken into the garden.", "Dogs may not be taken into the reading room."),
        ("The sauna is open on Mondays.", "The pool is closed on Mondays."),
        ("It is open.", "It is not open."),
    ],
)
def test_sentences_on_the_same_side_or_on_two_things_do_not(one: str, other: str) -> None:
    assert not contradicts(one, other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Kestrel kettle", "The Plover kettle", False),
        ("Weather in Sund on Monday", "Weather in Sund on Tuesday", False),
        ("Invoice 4711", "Invoice 4712", False),
        ("Minutes of the meeting of 4 March", "Minutes of the meeting of 8 April", False),
        ("Price list 2022", "Price list 2024", True),
        ("House rules", "House rules", True),
        ("Larkwater bridge opened at last", "What the bridge cost the county", True),
        ("", "", True),
    ],
)
def test_titles_of_one_form_with_other_names_are_of_two_things(one: str, other: str, same: bool) -> None:
    assert may_be_same(Cited("", title=one), Cited("", title=other)) is same
    assert may_be_same(Cited("", heading=one), Cited("", heading=other)) is same


@pytest.mark.parametrize(
    ("older", "newer", "question", "said"),
    [
        (
            "Bags may be taken into the hall.",
            "Bags may not be taken into the hall.",
            "May bags be taken into the hall?",
            "“Bags may not be taken into the hall.” (Rules, 2024-03-01, the newer)",
        ),
        (
            "The keeper of the museum is Ida Rask.",
            "The keeper of the museum is Olaf Brun.",
            "Who is the keeper of the museum?",
            "Olaf Brun (Rules, 2024-03-01, the newer)",
        ),
        (
            "A visit costs at least 5 crowns.",
            "A visit costs at least 8 crowns.",
            "What does a visit cost?",
            "at least 8 (Rules, 2024-03-01, the newer)",
        ),
        (
            "The last ferry leaves at 21:30.",
            "The last ferry leaves at 22:15.",
            "When does the last ferry leave?",
            "22:15 (Rules, 2024-03-01, the newer)",
        ),
        (
            "The square is closed on Mondays.",
            "The square is closed on Fridays.",
            "When is the square closed?",
            "Fridays (Rules, 2024-03-01, the newer)",
        ),
        (
            "Phones are banned.",
            "Phones are permitted.",
            "Are phones allowed?",
            "“Phones are permitted.” (Rules, 2024-03-01, the newer)",
        ),
    ],
)
def test_both_versions_are_quoted_and_the_newer_is_named(
    tmp_path: Path, older: str, newer: str, question: str, said: str
) -> None:
    for year, text in (("2022", older), ("2024", newer)):
        head = f"---\ntitle: Rules\ndate: {year}-03-01\n---\n"
        (tmp_path / f"{year}.md").write_text(f"{head}{text} The door is checked every evening.\n")
    with Chatbot.open(corpus=tmp_path, index=tmp_path / "index", model="quotes") as bot:
        answer = bot.ask(question)
    assert {older, newer} <= {citation.quote for citation in answer.citations}
    [differing] = answer.differing
    assert said in differing.described


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The council met on Monday.", "The council met on Friday."),  # it may have met twice
        ("The ferry left at 21:30.", "The ferry left at 22:15."),
        ("It opens from 8 to 18.", "It closes from 9 to 17."),
    ],
)
def test_what_happened_on_two_days_does_not_differ(tmp_path: Path, one: str, other: str) -> None:
    for name, text in (("a", one), ("b", other)):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text} The door is checked.\n")
    with Chatbot.open(corpus=tmp_path, index=tmp_path / "index", model="quotes") as bot:
        assert bot.ask("When was the ferry, the council or the door?").differing == ()
