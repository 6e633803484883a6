"""Which sentences make the answer, and the newest first where a question asks for it."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rag.evidence.selection import prefer_newest, select_sentences
from rag.evidence.sentences import ScoredSentence
from rag.schema import Article
from tests.support.scored_sentences import scored_sentence

LATEST = "What is the latest price?"
TEXT = """Why The Deal Is Odd
The two firms have fought for years in court. Their founders do not speak. Each sells what the other sells.
What Follows
- Prices fall.
- Labs benefit.
"""
ARTICLE = Article(id="a", title="A", text=TEXT)


def dated(name: str, rank: float, day: int | None) -> ScoredSentence:
    """The only sentence of an article of that name, published on a day of May 2026 or undated."""
    published = date(2026, 5, day) if day else None
    return scored_sentence(Article(id=name, title="", text="The price is 5 pounds.", date=published), 0, rank)


def order(question: str, *ranked: ScoredSentence) -> str:
    return "".join(item.article.id for item in prefer_newest(question, ranked))


def test_of_sentences_that_answer_alike_the_newest_leads() -> None:
    assert order(LATEST, dated("a", 1.0, 1), dated("b", 0.95, 9), dated("c", 0.92, 4)) == "bca"


def test_an_older_article_is_read_before_what_else_the_newest_says() -> None:
    old, new = dated("a", 1.0, 1), dated("b", 0.98, 9)
    assert prefer_newest(LATEST, (old, new, replace(new, index=1, rank=0.97))) == (
        new,
        old,
        replace(new, index=1, rank=0.97),
    )


def test_one_that_answers_less_well_stays_behind_however_new() -> None:
    assert order(LATEST, dated("a", 1.0, 1), dated("b", 0.85, 9)) == "ab"


def test_where_it_is_not_asked_for_the_rank_decides() -> None:
    assert order("What is the price?", dated("a", 1.0, 1), dated("b", 0.99, 9)) == "ab"


def test_what_has_no_date_stays_in_its_place() -> None:
    assert order(LATEST, dated("u", 1.0, None), dated("a", 0.98, 1), dated("b", 0.97, 9)) == "uba"
    assert order(LATEST, dated("u", 1.0, None), dated("v", 0.98, None)) == "uv"


def test_sentences_of_one_day_keep_their_order() -> None:
    assert order(LATEST, dated("b", 1.0, 3), dated("a", 0.99, 3), dated("c", 0.98, 4)) == "cba"


def test_nothing_found_stays_nothing() -> None:
    assert prefer_newest(LATEST, ()) == ()


@given(
    st.lists(st.tuples(st.floats(0, 1.3), st.none() | st.integers(1, 28)), max_size=12),
)
def test_nothing_is_lost_and_nothing_far_behind_moves(drawn: list[tuple[float, int | None]]) -> None:
    ranked = tuple(
        dated(str(i), rank, day) for i, (rank, day) in enumerate(sorted(drawn, key=lambda pair: -pair[0]))
    )
    ordered = prefer_newest(LATEST, ranked)
    assert sorted(ordered, key=lambda item: int(item.article.id)) == list(ranked)
    for before, after in zip(ranked, ordered, strict=True):
        assert before == after or min(before.rank, after.rank) >= ranked[0].rank - 0.1
        assert (before.article.date is None) == (after.article.date is None)
        assert before == after or before.article.date


def test_one_fact_takes_the_best_and_what_ranks_close_behind() -> None:
    ranked = [
        scored_sentence(ARTICLE, 3, 0.9),
        scored_sentence(ARTICLE, 1, 0.85),
        scored_sentence(ARTICLE, 2, 0.5),
    ]
    assert [item.index for item in select_sentences("Who?", ranked, limit=7)] == [3, 1]


def test_what_repeats_a_sentence_already_chosen_is_left_out() -> None:
    text = (
        "Finland is the happiest country, the report says.\nThe happiest country is Finland, says the report.\n"
        "Denmark is second.\n"
    )
    twice = Article(id="f", title="A", text=text)
    ranked = [
        scored_sentence(twice, 0, 0.9),
        scored_sentence(twice, 1, 0.89),
        scored_sentence(twice, 2, 0.85),
    ]
    assert [item.index for item in select_sentences("Which is happiest?", ranked, limit=7)] == [0, 2]


def test_the_same_words_with_another_number_are_no_repetition() -> None:
    text = "The bridge cost 12 million pounds.\nThe bridge cost 19 million pounds.\nThe bridge cost 12 million.\n"
    three = Article(id="b", title="A", text=text)
    ranked = [scored_sentence(three, i, 0.9 - i / 100) for i in range(3)]
    assert [item.index for item in select_sentences("What did it cost?", ranked, limit=7)] == [0, 1]


def test_one_sentence_more_is_quoted_where_several_articles_speak_to_the_question() -> None:
    text = "Prices fall.\nLabs benefit.\nCourts sit.\nDeals close.\nRain comes.\n"
    first, second = (Article(id=name, title=name, text=text) for name in "ab")
    alone = [scored_sentence(first, i, 0.9 - i / 100) for i in range(5)]
    assert len(select_sentences("Who?", alone, limit=7)) == 3
    assert len(select_sentences("Who?", [*alone[:4], scored_sentence(second, 4, 0.89)], limit=7)) == 4


def test_a_question_for_several_things_takes_the_whole_list() -> None:
    selected = select_sentences("What are the effects?", [scored_sentence(ARTICLE, 6, 0.9)], limit=7)
    assert [item.text for item in selected] == ["Prices fall.", "Labs benefit."]


def test_a_question_that_a_heading_names_takes_its_section_in_reading_order() -> None:
    ranked = [
        scored_sentence(ARTICLE, 3, 0.9, headed=0.7),
        scored_sentence(ARTICLE, 1, 0.88, headed=0.7),
        scored_sentence(ARTICLE, 2, 0.87, headed=0.7),
    ]
    assert [item.index for item in select_sentences("Why is the deal odd?", ranked, limit=7)] == [1, 2, 3]


def test_of_no_sentences_none_is_selected() -> None:
    assert select_sentences("Who?", [], limit=7) == ()


def test_what_is_said_of_another_thing_in_the_same_words_is_not_quoted() -> None:
    text = "A night for a dog costs 22 euros.\nA night for a cat costs 14 euros.\nDogs need a night basket.\n"
    prices = Article(id="p", title="Prices", text=text)
    ranked = [scored_sentence(prices, i, 0.9 - i / 100) for i in range(3)]
    chosen = select_sentences("How much is a night for a dog?", ranked, limit=7)
    assert [item.index for item in chosen] == [0, 2]
    chosen = select_sentences("How much is a night?", ranked, limit=7)
    assert {0, 1} <= {item.index for item in chosen}


def test_the_report_of_another_month_is_not_quoted() -> None:
    january, february = (
        Article(id=month, title=f"Report for {month}", text="Sales were 400 units.\n")
        for month in ("January", "February")
    )
    ranked = [scored_sentence(january, 0, 0.9), scored_sentence(february, 0, 0.89)]
    chosen = select_sentences("What were the sales in January?", ranked, limit=7)
    assert [item.article.id for item in chosen] == ["January"]


def test_a_rule_that_contradicts_the_best_is_quoted_however_it_is_worded() -> None:
    new, old, other = (
        Article(id=name, title=title, text=text)
        for name, title, text in (
            ("new", "School rules", "Phones are permitted.\n"),
            ("old", "School rules", "Phones are banned.\n"),
            ("other", "Train rules", "Phones are banned.\n"),
        )
    )
    ranked = [scored_sentence(new, 0, 0.9), scored_sentence(old, 0, 0.6), scored_sentence(other, 0, 0.6)]
    chosen = select_sentences("Are phones allowed?", ranked, limit=7)
    assert [item.article.id for item in chosen] == ["new", "old"]


def test_another_weekday_and_another_number_in_words_are_no_repetition() -> None:
    text = "The square is closed on Mondays.\nThe square is closed on Fridays.\n"
    days = Article(id="d", title="D", text=text)
    ranked = [scored_sentence(days, 0, 0.9), scored_sentence(days, 1, 0.89)]
    assert len(select_sentences("When is it closed?", ranked, limit=7)) == 2
    text = "A permit is valid for one year.\nA permit is valid for two years.\n"
    years = Article(id="y", title="Y", text=text)
    ranked = [scored_sentence(years, 0, 0.9), scored_sentence(years, 1, 0.89)]
    assert len(select_sentences("How long is it valid?", ranked, limit=7)) == 2
