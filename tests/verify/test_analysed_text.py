"""What an analysed text holds, and what is derived from it."""

from hypothesis import given
from hypothesis import strategies as st

from rag.verify.analysed_text import analyse


def test_a_segment_ends_at_punctuation_and_before_conjunctions() -> None:
    assert analyse("Rain fell, and snow came when it froze.").segments == (0, 0, 1, 1, 1, 2, 2, 2)


def test_the_words_of_a_quantity_are_no_keys_but_the_noun_after_it_is() -> None:
    text = analyse("the 100,000-GPU cluster")
    (quantity,) = text.quantities
    assert [text.words[i].text for i in text.words_of(quantity)] == ["100,000"]
    assert [text.words[i].text for i in text.keys] == ["GPU", "cluster"]


PIECES = st.sampled_from("$5 12 million ½ % May 3 東京 ² Ⅳ x - , . half".split())


@given(st.text(max_size=60) | st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join))
def test_every_quantity_has_a_word(text: str) -> None:
    analysed = analyse(text)
    assert all(analysed.words_of(quantity) for quantity in analysed.quantities)
