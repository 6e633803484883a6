"""Dependency parses: offsets hold, and threads share one model."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.parse import entities, parse


def test_a_token_stands_where_its_span_says() -> None:
    parsed = parse("Apple’s rivals — “co-founded” in 2015 — sued.")
    assert [token.span.of(parsed.text) for token in parsed.tokens][:3] == ["Apple", "’s", "rivals"]


def test_a_word_with_a_bound_prefix_is_one_token() -> None:
    assert "non-smokers" in [token.text for token in parse("Many non-smokers paid.").tokens]


def test_who_does_it_is_the_subject() -> None:
    parsed = parse("The dog bit the postman.")
    assert [(token.text, token.dep) for token in parsed.tokens if token.pos == "NOUN"] == [
        ("dog", "nsubj"), ("postman", "dobj"),
    ]  # fmt: skip


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=40))
def test_any_text_is_parsed_with_heads_and_spans_inside_it(text: str) -> None:
    parsed = parse(text)
    assert all(0 <= token.head < len(parsed.tokens) for token in parsed.tokens)
    assert all(token.span.end <= len(text) for token in parsed.tokens)


def test_threads_get_the_parse_of_their_own_sentence() -> None:
    sentences = [f"The dog bit {n} postmen." for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        parses = list(pool.map(parse, sentences))
    assert [parsed.text for parsed in parses] == sentences


def test_entities_stand_where_their_spans_say() -> None:
    sentence = "Apple acquired “Beats” for $3 billion in 2014."
    assert {(span.of(sentence), label) for span, label in entities(sentence)} >= {
        ("Apple", "ORG"),
        ("2014", "DATE"),
    }
