"""An answer's text in pieces: together they are the text, and what is the article's is told from what is ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chatbot import Chatbot
from ui.web.display.pieces import Break, Chip, Item, Words, pieces, statement_ends

# Rich in what begins marks, quotations, lists and line ends.
TEXTS = st.text(alphabet="ab [[]]120“”“”\n\n- •*.", max_size=60)


def test_quoted_words_keep_their_quotation_marks_and_marks_become_chips() -> None:
    assert pieces("“It rose.” [1] So it did [2][13].") == (
        Words("“It rose.”", quoted=True),
        Words(" "),
        Chip(1),
        Words(" So it did "),
        Chip(2),
        Chip(13),
        Words("."),
    )


def test_a_list_and_its_line_ends_are_items_and_other_lines_are_breaks() -> None:
    assert pieces("- “A.” [1]\n- “B.” [2]\n\nIn short: C [1]") == (
        Item("- "),
        Words("“A.”", quoted=True),
        Words(" "),
        Chip(1),
        Item("\n- "),
        Words("“B.”", quoted=True),
        Words(" "),
        Chip(2),
        Break("\n\n"),
        Words("In short: C "),
        Chip(1),
    )


@pytest.mark.parametrize(
    "text", ["[2023]", "[sic]", "[1, 2]", "[]", "[0]", "[", "[12", "a [x] b", "-5 degrees", "**bold**"]
)
def test_what_only_looks_like_a_mark_or_a_bullet_stays_words(text: str) -> None:
    assert pieces(text) == (Words(text),)


def test_brackets_in_quoted_words_are_the_articles_own() -> None:
    assert pieces("“The moon [3] rose.” [1]") == (
        Words("“The moon [3] rose.”", quoted=True),
        Words(" "),
        Chip(1),
    )


def test_a_quotation_inside_a_quotation_does_not_end_it() -> None:
    assert pieces("“He said “so” and left.”") == (Words("“He said “so” and left.”", quoted=True),)


def test_a_passage_that_leaves_a_quotation_open_still_gets_its_chip() -> None:
    found = pieces("““We must act.” [1]\nMore.")
    assert found == (Words("““We must act.” ", quoted=True), Chip(1), Break("\n"), Words("More."))


def test_a_quotation_left_open_ends_with_its_statement() -> None:
    text = "He said “go. Then he left."
    assert pieces(text, ends=[12]) == (Words("He said "), Words("“go.", quoted=True), Words(" Then he left."))


@given(TEXTS, st.lists(st.integers(0, 60), max_size=3))
def test_pieces_joined_are_the_text(text: str, ends: list[int]) -> None:
    inside = [end for end in ends if end <= len(text)]
    assert "".join(piece.text for piece in pieces(text, ends=inside)) == text


def test_an_answer_of_quotes_is_a_list_with_a_chip_for_each_citation(shipped: Chatbot) -> None:
    answer = shipped.ask("Summarize the article")
    ends = statement_ends(answer.text, (citation.claim for citation in answer.citations))
    found = pieces(answer.text, ends=ends)
    assert [piece.label for piece in found if isinstance(piece, Chip)] == [c.label for c in answer.citations]
    assert sum(isinstance(piece, Item) for piece in found) == len(answer.citations)
