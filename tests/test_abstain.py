from rag.abstain import answers, bar, declined
from rag.evidence import Found
from rag.schema import Article

ARTICLE = Article(id="a", title="A", text="Colossus was built in Memphis.")


def found(match: float, alike: float = 0.5) -> Found:
    return Found(article=ARTICLE, at=0, match=match, own=match, alike=alike, rank=match)


def test_the_bar_rises_with_the_size_of_the_index_and_stays_in_range() -> None:
    bars = [bar(chunks) for chunks in (0, 1, 10, 1000, 10**6, 10**9)]
    assert bars == sorted(bars)
    assert 0 < bars[0] < bars[-1] < 1


def test_what_is_below_the_bar_is_no_answer() -> None:
    assert answers([found(bar(10) + 0.01, bar(10) + 0.01)], chunks=10)
    assert not answers([found(bar(10) - 0.01, bar(10) - 0.01)], chunks=10)
    assert not answers([], chunks=10)


def test_words_alone_are_no_answer_where_no_sentence_is_like_the_question() -> None:
    assert not answers([found(0.6, 0.2)], chunks=10)
    assert answers([found(0.6, 0.2), found(0.1, 0.5)], chunks=10)


def test_a_refusal_names_the_words_that_no_article_has() -> None:
    text = declined("What is the capital of France?", [found(0.2)], {"capit": 2})
    assert text == "The articles do not say. They do not mention “France”."


def test_where_every_word_is_known_it_names_those_the_nearest_passage_lacks() -> None:
    text = declined("Who sold Colossus?", [found(0.2)], {"sell": 1, "colossus": 3})
    assert text == "The articles do not say. The nearest passage does not mention “sold”."


def test_a_refusal_does_not_miss_the_words_that_speak_of_the_articles() -> None:
    text = declined("Does the article say that the sale is confirmed?", [found(0.2)], {"sale": 1})
    assert text == "The articles do not say. They do not mention “confirmed”."


def test_a_refusal_without_any_passage_is_still_a_sentence() -> None:
    assert declined("Why?", [], {}) == "The articles do not say. No passage answers this question."
