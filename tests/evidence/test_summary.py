from rag.evidence.summary import summarise
from rag.schema import Article

TEXT = """The City Opens A Bridge
The city opened a new bridge over the river on Monday after four years of work.
It cost twice what was planned. Nobody was surprised at that.
What The Bridge Changes
Buses will reach the northern quarter eleven minutes sooner than they do today.
The old bridge will be kept for people on foot and for bicycles from now on.
Who Paid
The state paid half of the bridge and the city borrowed what was still missing.
Key Facts
- 300 metres
- Four lanes
"""
ARTICLE = Article(id="b", title="B", text=TEXT)


def covered(question: str = "Summarise", limit: int = 3, articles: int = 1) -> list[str]:
    selected = summarise([ARTICLE] * articles, question=question, idf=lambda _: 1.0, limit=limit)
    return [item.text for item in selected]


def test_every_section_is_heard_before_any_twice_in_reading_order() -> None:
    assert [text.split()[0:2] for text in covered()] == [["The", "city"], ["Buses", "will"], ["The", "state"]]


def test_an_article_s_own_key_points_are_taken_where_they_are_asked_for() -> None:
    assert covered("What are the key facts?") == ["300 metres", "Four lanes"]


def test_each_of_several_articles_gets_its_share() -> None:
    assert len(covered(limit=4, articles=2)) == 4
    assert len(covered(limit=2, articles=5)) == 2


def test_an_article_of_headings_and_fragments_is_still_summarised() -> None:
    selected = summarise(
        [Article(id="x", title="X", text="One line only")], question="Summarise", idf=lambda _: 1.0, limit=3
    )
    assert [item.text for item in selected] == ["One line only"]
