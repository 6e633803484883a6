"""An answer's text in pieces: however it streams, the same pieces come, and none is ever taken back."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.reply.reader import ReplyReader
from rag.answer.statement_gate import StatementGate
from rag.chatbot import Chatbot
from rag.events import Cited, Delta, Finished
from rag.schema import Answer, Evidence, Span
from ui.web.display.pieces import Break, Chip, Item, Piece, Pieces, Words, merged, pieces, statement_ends

# Rich in what begins marks, quotations, lists and lines, so that every seam is tried.
TEXTS = st.text(alphabet="ab [[]]120“”“”\n\n- •*.", max_size=60)
PASSAGE = Evidence(
    label=1, article_id="orrin", span=Span(0, 33), text="The lighthouse was built in 1871.", score=0.9
)


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


def test_half_a_mark_is_held_back_and_given_as_one_chip() -> None:
    cutting = Pieces()
    assert cutting.feed("It rose [") == (Words("It rose "),)
    assert cutting.feed("1") == ()
    assert cutting.feed("2") == ()
    assert cutting.feed("]") == (Chip(12),)
    assert cutting.feed("[20") == ()
    assert cutting.feed("23") == (Words("[2023"),)
    assert cutting.feed("\n") == ()
    assert cutting.feed("-") == ()
    assert cutting.feed(" x") == (Item("\n- "), Words("x"))
    assert cutting.finish() == ()


@given(TEXTS, st.lists(st.integers(0, 60), max_size=20), st.lists(st.integers(0, 60), max_size=3))
def test_any_way_of_cutting_a_text_gives_the_same_pieces(text: str, cuts: list[int], ends: list[int]) -> None:
    inside = [end for end in ends if end <= len(text)]
    places = sorted({0, len(text), *inside, *(cut for cut in cuts if cut < len(text))})
    cutting = Pieces()
    found: list[Piece] = []
    if 0 in inside:
        cutting.settle()
    for start, end in pairwise(places):
        found += cutting.feed(text[start:end])
        if end in inside:
            cutting.settle()
    assert merged((*found, *cutting.finish())) == pieces(text, ends=inside)


@given(TEXTS)
def test_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == text


@given(TEXTS)
def test_nothing_shown_is_taken_back(text: str) -> None:
    cutting = Pieces()
    shown: list[Piece] = []
    for char in text:
        shown += cutting.feed(char)
        whole = pieces(text)
        # What is shown is a beginning of what will be shown.
        sofar = merged(shown)
        assert sofar[:-1] == whole[: max(len(sofar) - 1, 0)]
        if sofar and not isinstance(sofar[-1], Words):
            assert sofar[-1] == whole[len(sofar) - 1]


def _streamed(events: "list[Delta | Cited]") -> tuple[Piece, ...]:
    cutting = Pieces()
    found: list[Piece] = []
    for event in events:
        if isinstance(event, Delta):
            found += cutting.feed(event.text)
        else:
            cutting.settle()
    return merged((*found, *cutting.finish()))


@pytest.mark.parametrize(
    "said",
    [
        "The lighthouse was built in 1871 [1]. It is “very old. It stands [1]. It is tall.",
        "“The lighthouse was built in 1871.” [1] They call it “Orrin’s pride” [1]. Nobody knows why.",
        "- The lighthouse was built in 1871.\n- It was “tall.\n- It was lit [1][2].",
    ],
)
def test_a_models_answer_has_the_pieces_that_were_streamed(said: str) -> None:
    marking = StatementGate((PASSAGE,), "When was it built?")
    reader = ReplyReader((PASSAGE.label,))
    statements = [*reader.feed(said), *reader.finish()]
    events = [event for statement in statements for event in marking.feed(statement)] + [*marking.finish()]
    claims = [event.citation.claim for event in events if isinstance(event, Cited)]
    assert _streamed(events) == pieces(marking.text, ends=statement_ends(marking.text, claims))


def test_an_answer_of_quotes_has_the_pieces_that_were_streamed(shipped: Chatbot) -> None:
    events = list(shipped.stream("Summarize the article"))
    answer = next(event.answer for event in events if isinstance(event, Finished))
    assert isinstance(answer, Answer)
    ends = statement_ends(answer.text, (citation.claim for citation in answer.citations))
    found = pieces(answer.text, ends=ends)
    assert _streamed([event for event in events if isinstance(event, Delta | Cited)]) == found
    assert [piece.label for piece in found if isinstance(piece, Chip)] == [c.label for c in answer.citations]
    assert sum(isinstance(piece, Item) for piece in found) == len(answer.citations)
