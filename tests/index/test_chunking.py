from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.chunking import split_into_chunks
from rag.schema import Article
from rag.text.sentences import blocks, sentences
from rag.text.tokens import count_tokens

ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=600)
SENTENCE = st.sampled_from(
    [
        "The cat sat. ",
        "A dog, which was old, ran home! ",
        "\n\n",
        "# Head\n",
        "- an item here\n",
        "他来了。",
        "Wörter sind schön? ",
        "x" * 90,
    ]
)
PROSE = st.lists(SENTENCE, max_size=40).map("".join)


def chunked(text: str, size: int = 32, overlap: int = 8) -> list[str]:
    article = Article(id="a", title="A", text=text)
    return [chunk.text for chunk in split_into_chunks(article, chunk_tokens=size, overlap_tokens=overlap)]


@given(st.one_of(ANY, PROSE), st.integers(16, 64), st.integers(0, 16))
@settings(max_examples=150, deadline=None)
def test_a_chunk_is_a_slice_within_the_limit_and_no_word_is_lost(text: str, size: int, overlap: int) -> None:
    article = Article(id="a", title="A", text=text)
    chunks = split_into_chunks(article, chunk_tokens=size, overlap_tokens=overlap)
    covered = [False] * len(text)
    starts = [chunk.span.start for chunk in chunks]
    assert starts == sorted(set(starts))
    for chunk in chunks:
        assert chunk.text == chunk.span.of(text)
        assert chunk.text.strip()
        # One character can be several tokens; nothing shorter than a character can be cut.
        assert count_tokens(chunk.text) <= size or len(chunk.text) == 1
        covered[chunk.span.start : chunk.span.end] = [True] * len(chunk.span)
    for match in regex.finditer(r"[^\W\d_]{2,}", text):
        assert all(covered[match.start() : match.end()])


def test_cuts_fall_between_sentences() -> None:
    text = " ".join(f"Sentence number {n} says a little more than the last one did." for n in range(30))
    spans = sentences(text)
    ends = {span.end for span in spans}
    article = Article(id="a", title="A", text=text)
    assert all(
        chunk.span.end in ends for chunk in split_into_chunks(article, chunk_tokens=50, overlap_tokens=16)
    )


def test_neighbours_share_whole_sentences_up_to_the_overlap() -> None:
    text = " ".join(f"Sentence number {n} is here." for n in range(40))
    pieces = chunked(text, size=48, overlap=12)
    for before, after in pairwise(pieces):
        shared = after[: after.index(".") + 1]
        assert before.endswith(shared)
        assert count_tokens(shared) <= 12


def test_a_heading_goes_with_the_text_below_it() -> None:
    text = (
        "Words fill the first chunk up to its very end here. " * 3
        + "\n\n# Heading\n\nBelow the heading stands this."
    )
    for piece in chunked(text, size=40, overlap=0):
        assert not piece.rstrip().endswith("Heading")


def test_list_items_and_rows_are_not_cut() -> None:
    items = "\n".join(f"- Item {n} has one sentence. And it has another one too." for n in range(12))
    whole = {block.span.of(items) for block in blocks(items)}
    for piece in chunked(items, size=40, overlap=0):
        assert all(line.removeprefix("- ") in whole for line in piece.split("\n"))


@pytest.mark.parametrize("text", ["", "   \n\n  "])
def test_nothing_gives_no_chunks(text: str) -> None:
    assert chunked(text) == []


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "word ",
        "字",
        "“",
        "[1]",
        ".",
        "-",
        "# a\n",
        "- a\n",
        "- a. ",
        "|a|\n",
        "a. ",
        "é",
        "🙂",
        " ",
        "\n",
    ],
)
def test_the_work_is_in_proportion_to_the_text_whatever_it_is(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0

    def counting(text: str) -> int:
        nonlocal read
        read += len(text)
        return count_tokens(text)

    monkeypatch.setattr("rag.index.chunking.count_tokens", counting)
    monkeypatch.setattr("rag.text.tokens.count_tokens", counting)
    text = "x" + part * (60_000 // len(part)) + "x."
    chunked(text, size=160, overlap=32)
    assert read < 120 * len(text)


def test_a_special_token_counts_as_the_characters_it_is() -> None:
    assert count_tokens("<|endoftext|>") > 1
