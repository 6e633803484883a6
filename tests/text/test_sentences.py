import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from rag.text.sentences import blocks, readable_sentences, sentences

prose = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab A.!?\n\"”'[]1#-|•。؟…:;"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=300,
)


def split(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@given(prose)
def test_sentences_hold_every_word_and_never_overlap(text: str) -> None:
    covered = [False] * len(text)
    last = 0
    for span in sentences(text):
        assert span.start >= last
        assert span.of(text) == span.of(text).strip()
        assert len(span)
        last = span.end
        covered[span.start : span.end] = [True] * len(span)
    # List marks ("a)", "1.") are left out on purpose; every other letter is in a sentence.
    for match in regex.finditer(r"[^\W\d_]{2,}", text):
        assert all(covered[match.start() : match.end()])


@given(prose)
def test_no_sentence_crosses_a_block(text: str) -> None:
    spans = [block.span for block in blocks(text)]
    assert all(any(block.holds(span) for block in spans) for span in sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Smith left. He ran.", ["Mr. Smith left.", "He ran."]),
        ("It cost $6.5 million. She paid.", ["It cost $6.5 million.", "She paid."]),
        (
            "The U.S. Army left at 5 p.m. The next day it rained.",
            ["The U.S. Army left at 5 p.m.", "The next day it rained."],
        ),
        ("“No.” The end.", ["“No.”", "The end."]),
        ('"Is it over?" he asked. Yes!', ['"Is it over?" he asked.', "Yes!"]),
        ("J. K. Rowling wrote it. No. 5 sold.", ["J. K. Rowling wrote it.", "No. 5 sold."]),
        ("他来了。她走了！Done.", ["他来了。", "她走了！", "Done."]),
        ("هل انتهى؟ نعم.", ["هل انتهى؟", "نعم."]),
        ("Illegal.[citation needed] In 1705 it fell.", ["Illegal.[citation needed]", "In 1705 it fell."]),
        ("Musk is a businessman. xAI raised money.", ["Musk is a businessman.", "xAI raised money."]),
        ("Founded in 2023. He left.", ["Founded in 2023.", "He left."]),
    ],
)
def test_sentences_end_where_a_reader_says(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_headings_items_and_rows_are_told_apart() -> None:
    text = "# Title\n\nA plain heading\nSome text that runs on and on here.\n\n- one thing\n2. another\n| a | b |\n"
    assert [(block.kind, block.span.of(text)) for block in blocks(text)] == [
        ("heading", "Title"),
        ("heading", "A plain heading"),
        ("paragraph", "Some text that runs on and on here."),
        ("item", "one thing"),
        ("item", "another"),
        ("row", "| a | b |"),
    ]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The committee met on Tuesday to discuss the plan that the mayor\n"
        "had put forward in March. After three hours the members voted\n"
        "to send it back.\n\nNobody was surprised by that, least of all the mayor himself, who\nleft early.\n"
    )
    assert [block.span.of(text).split()[0] for block in blocks(text)] == ["The", "Nobody"]
    assert len(sentences(text)) == 3


@pytest.mark.parametrize("piece", ["a.b c. ", "[a ", "one two three ", "(1. ", ". [1]", "a|b\t"])
@pytest.mark.timeout(60)
def test_one_endless_line_is_read_in_one_pass(piece: str) -> None:
    # Looked at again from its beginning for each full stop, half a million characters took minutes.
    assert sentences(piece * (500_000 // len(piece)))


@pytest.mark.parametrize("piece", ["one two three ", "x", "“", "a: ", "字"])
def test_what_runs_on_without_an_end_is_cut_at_a_space_into_pieces_that_can_be_read(piece: str) -> None:
    text = piece * (50_000 // len(piece))
    pieces = readable_sentences(text)
    assert all(0 < len(span) <= 2000 for span in pieces)
    assert "".join(span.of(text) for span in pieces).replace(" ", "") == text.replace(" ", "")
    if " " in piece:
        words = {word for span in pieces for word in span.of(text).split()}
        assert words == set(piece.split())


def test_an_ordinary_text_is_readable_as_it_is() -> None:
    text = "Colossus was built in 122 days. " * 200
    assert readable_sentences(text) == sentences(text)


WRAPPED = (
    "GitHub is a web site for writing software and working\n"
    "collaboratively with others. We will use it during the event as a place for\n"
    "everyone to put their code and presentations. A workshop on it will be\n"
    "held during the event."
)
LONG = "When it ends at eleven on Sunday, each team will have three minutes to present its work to the entire group."


@pytest.mark.parametrize(
    "text", [f"{WRAPPED}\n\n{LONG}", f"{LONG}\n\n{WRAPPED}", f"# What is it?\n\n{WRAPPED}\n\n{LONG}\n"]
)
def test_a_wrapped_paragraph_is_one_beside_a_long_line(text: str) -> None:
    assert WRAPPED in [block.span.of(text) for block in blocks(text)]
    assert (
        "We will use it during the event as a place for\neveryone to put their code and presentations."
        in split(text)
    )


@pytest.mark.parametrize(
    "pair",
    [
        f"The suite will remain open all night, but you may return to\nyour home or hotel. {LONG}",
        f"Bring whatever you need to be creative that day (pens,\ngraph paper, stickers). {LONG}",
        f"- We will use it during the event as a place for all of\n  you to put your code. {LONG}",
    ],
)
def test_a_line_that_goes_on_in_small_letters_is_one_with_the_next(pair: str) -> None:
    assert len(blocks(f"{LONG}\n\n{pair}")) == 2


@pytest.mark.parametrize(
    "lines",
    [
        "The heading of the first part of the old harbour log\nThe keepers wrote in it that the lamp went out twice.",
        "The lamp went out twice before it held in the end.\nThe keepers of Orrin wrote that in the harbour log.",
        "Ann Lee, Orrin\nBo Dahl, Skagen\nand others of the tower",
        "| The keepers of Orrin who wrote the log | 12 | 14 |\n| the lamp | 3 | 4 |",
    ],
)
def test_lines_that_stand_for_themselves_stay_apart(lines: str) -> None:
    text = f"{LONG}\n\n{lines}"
    assert len(blocks(text)) == 2 + lines.count("\n")


def test_a_row_whose_only_words_begin_with_a_bullet_is_an_item_of_the_row_above() -> None:
    rows = (
        "| Travel | 12 | 14 |",
        "|  | Not allowed are: |",
        "|  | · Foreign travel |",
        "|  | • Equipment |  |",
    )
    text = "\n".join((*rows, "| · a | b |", "| So: |"))
    assert [(block.kind, block.span.of(text)) for block in blocks(text)] == [
        ("row", "| Travel | 12 | 14 |"),
        ("paragraph", "Not allowed are:"),
        ("item", "Foreign travel"),
        ("item", "Equipment"),
        ("row", "| · a | b |"),
        ("row", "| So: |"),
    ]
