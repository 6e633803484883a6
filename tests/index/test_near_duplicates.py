"""Near copies: found exactly, whatever the order, and only above nine tenths."""

from hypothesis import given
from hypothesis import strategies as st

from rag.index.near_duplicates import SHARED, WORDS, Repeat, repeats
from rag.schema import Article

TEXTS = st.lists(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=40).map(" ".join), min_size=2, max_size=6
)


def article(name: str, text: str) -> Article:
    return Article(id=name, title="", text=text)


def counted(text: str, other: str) -> float:
    """The share of sequences, by the definition."""
    first, second = (
        {tuple(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}
        for words in (text.casefold().split(), other.casefold().split())
    )
    return len(first & second) / len(first | second)


def test_case_and_spaces_make_no_difference() -> None:
    assert repeats([article("a", "One  Two\nthree")], [article("b", "one two THREE")]) == (
        Repeat(article_id="a", other="b", shared=1.0),
    )


def test_short_texts_that_differ_are_no_copies() -> None:
    assert repeats([article("a", "one two")], [article("b", "one three"), article("c", "two one")]) == ()


def test_one_word_more_at_the_end_of_a_hundred_is_a_copy_and_one_in_ten_is_not() -> None:
    words = [f"w{i}" for i in range(100)]
    (pair,) = repeats([article("a", " ".join(words))], [article("b", " ".join([*words, "more"]))])
    assert SHARED < pair.shared < 1
    changed = " ".join("x" if i % 10 == 5 else word for i, word in enumerate(words))
    assert repeats([article("a", " ".join(words))], [article("b", changed)]) == ()


@given(TEXTS)
def test_all_pairs_above_the_bar_are_found_and_no_others(texts: list[str]) -> None:
    articles = [article(f"a{i}", text) for i, text in enumerate(texts)]
    half = len(articles) // 2
    pairs = {frozenset((pair.article_id, pair.other)) for pair in repeats(articles[:half], articles[half:])}
    wanted = {
        frozenset((article.id, other.id))
        for i, article in enumerate(articles[:half])
        for other in articles[i + 1 :]
        if counted(article.text, other.text) > SHARED
    }
    assert pairs == wanted
