import pytest

from rag.evidence.late_interaction import LateInteraction
from rag.evidence.sentences import ScoredSentence, as_evidence, find_evidence, number_evidence, with_list
from rag.models.minilm import MiniLM
from rag.schema import Article, Chunk, Hit, Ranks, Span
from rag.settings import Settings
from rag.text.outline import outline
from tests.support.scored_sentences import scored_sentence

TEXT = """Colossus, the supercomputer
Colossus is a supercomputer in Memphis. It was assembled in 122 days. Its owner is xAI.
The deal has two effects:
- Prices fall.
- Labs benefit.
Nothing else is known about what comes after that.
"""
ARTICLE = Article(id="a", title="A", text=TEXT, publisher="P", credit="Credit P.")
LATE = LateInteraction(MiniLM())


def hit(article: Article = ARTICLE, score: float = 1.0) -> Hit:
    chunk = Chunk(article.id, Span(0, len(article.text)), article.text)
    return Hit(chunk=chunk, score=score, cosine=score, ranks=Ranks(vector=1, keyword=1))


def seek(question: str, *articles: Article, settings: Settings | None = None) -> tuple[ScoredSentence, ...]:
    by_id = {article.id: article for article in articles or (ARTICLE,)}
    return find_evidence(
        question,
        [hit(article) for article in by_id.values()],
        article=by_id.__getitem__,
        idf=lambda _: 2.0,
        late=LATE,
        settings=settings or Settings(),
    )


def sentence(opening: str, rank: float = 1.0) -> ScoredSentence:
    """The sentence of ``ARTICLE`` that begins so."""
    index = next(i for i, line in enumerate(outline(TEXT)) if line.span.of(TEXT).startswith(opening))
    return scored_sentence(ARTICLE, index, rank)


def test_the_best_sentence_comes_first_and_brings_the_one_it_leans_on() -> None:
    best = seek("How long did Colossus take to assemble?")[0]
    assert best.text == "It was assembled in 122 days."
    evidence = number_evidence([best], limit=3, tokens=100)
    assert evidence[0].text == "Colossus is a supercomputer in Memphis. It was assembled in 122 days."


def test_a_heading_is_never_evidence() -> None:
    assert all(item.line.kind != "heading" for item in seek("What is Colossus, the supercomputer?"))


def test_a_question_for_a_number_prefers_a_sentence_with_one() -> None:
    assert "122" in seek("How many days did it take in Memphis?")[0].text


def test_a_question_among_the_sentences_does_not_answer_itself() -> None:
    text = "Which state raises the most turkeys? Most turkeys are raised in Minnesota."
    best = seek("Which state raises the most turkeys?", Article(id="q", title="Quiz", text=text))[0]
    assert best.text == "Most turkeys are raised in Minnesota."


@pytest.mark.parametrize(
    "question", ["What colour was the lighthouse of Port 7 painted?", "Who painted the lighthouse of Port 7?"]
)
def test_what_goes_by_another_number_is_no_answer(question: str) -> None:
    ports = [
        Article(id=f"p{n}", title="A port", text=f"Bo Rask painted the lighthouse of Port {n} blue.")
        for n in range(1, 13)
    ]
    first, second, *_ = seek(question, *ports)
    assert first.article.id == "p7"
    assert second.rank < first.rank - 0.15


def test_the_title_says_what_a_sentence_is_about() -> None:
    text = "The ban was signed in May."
    apt, other = (
        seek("When was the TikTok ban signed in Montana?", Article(id="t", title=title, text=text))[0]
        for title in ("Montana bans TikTok", "Cheese rolling in Gloucester")
    )
    assert apt.match > other.match


def test_the_nearest_chunk_of_a_sentence_counts() -> None:
    far, near = hit(score=0.2), hit(score=0.7)
    ranked = find_evidence(
        "Who owns Colossus?",
        [far, near],
        article=lambda _: ARTICLE,
        idf=lambda _: 2.0,
        late=LATE,
        settings=Settings(),
    )
    assert {item.near for item in ranked} == {0.7}


def test_equal_sentences_of_two_articles_are_ordered_by_id() -> None:
    twins = (Article(id="b", title="A", text=TEXT), Article(id="a", title="A", text=TEXT))
    ranked = seek("Who owns Colossus?", *twins)
    assert [item.article.id for item in ranked[:2]] == ["a", "b"]


def test_only_so_many_sentences_are_read() -> None:
    assert len(seek("Who owns Colossus?", settings=Settings(read_sentences=2))) == 2


def test_no_hits_no_evidence() -> None:
    assert (
        find_evidence(
            "Why?", [], article=lambda _: ARTICLE, idf=lambda _: 1.0, late=LATE, settings=Settings()
        )
        == ()
    )


def test_evidence_is_numbered_from_one_and_carries_the_article_s_particulars() -> None:
    evidence = number_evidence([sentence("Prices"), sentence("Labs")], limit=5, tokens=100)
    assert [(item.label, item.text) for item in evidence] == [(1, "Prices fall."), (2, "Labs benefit.")]
    assert evidence[0].credit == "Credit P."
    assert evidence[0].fingerprint == ARTICLE.fingerprint
    assert all(item.span.of(TEXT) == item.text for item in evidence)


def test_no_word_is_numbered_twice() -> None:
    evidence = number_evidence(
        [sentence("Colossus is"), sentence("It was"), sentence("It was"), sentence("Colossus is")],
        limit=9,
        tokens=100,
    )
    assert [item.text for item in evidence] == [
        "Colossus is a supercomputer in Memphis.",
        "It was assembled in 122 days.",
    ]


def test_the_budget_is_kept_but_the_first_passage_always_goes_in() -> None:
    assert len(number_evidence([sentence("Nothing"), sentence("Labs")], limit=9, tokens=1)) == 1
    assert len(number_evidence([sentence("Prices"), sentence("Labs")], limit=1, tokens=100)) == 1


@pytest.mark.parametrize("opening", ["The deal", "Prices", "Labs"])
def test_a_list_comes_whole(opening: str) -> None:
    texts = [item.text for item in with_list(sentence(opening))]
    assert texts[-2:] == ["Prices fall.", "Labs benefit."]


def test_a_sentence_of_no_list_stays_alone() -> None:
    assert with_list(sentence("Nothing")) == (sentence("Nothing"),)


def test_the_score_shown_is_rounded() -> None:
    assert as_evidence(ARTICLE, Span(0, 8), label=1, score=0.123456).score == 0.1235
