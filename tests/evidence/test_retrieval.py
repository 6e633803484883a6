from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from rag.evidence.abstention import answerability_signals, confidence
from rag.evidence.late_interaction import late_interaction
from rag.evidence.retrieval import Retrieval, retrieve
from rag.filters import EVERYTHING, Filter
from rag.index.index import Index
from rag.models.embedders import Embedder, open_embedder
from rag.schema import Article
from rag.settings import Settings
from rag.system.clock import Clock
from tests.support.embedder import embedder as bag

ORRIN = Article(
    id="orrin", title="Orrin", text="The lighthouse at Orrin was built in 1871. It is 42 metres tall."
)
PORT = Article(
    id="port",
    title="Port",
    publisher="P",
    text="The port at Sund was opened in 1902. It has nine cranes today.",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(
        tmp_path_factory.mktemp("index"), embedder=open_embedder("fast"), settings=Settings()
    ) as opened:
        opened.add([ORRIN, PORT])
        yield opened


def ask(index: Index, question: str, clock: Clock | None = None, within: Filter = EVERYTHING) -> Retrieval:
    return retrieve(
        question,
        index=index,
        late=late_interaction(),
        settings=Settings(),
        clock=clock or Clock(),
        within=within,
    )


def confidence_of(retrieval: Retrieval, *, builtin_embedder: bool) -> float:
    """The confidence that the sentences of ``retrieval`` give in an index of one chunk."""
    return confidence(answerability_signals(retrieval.ranked, chunks=1, builtin_embedder=builtin_embedder))


@pytest.mark.parametrize(
    ("open_", "counts"),
    [(partial(open_embedder, "minilm"), True), (partial(open_embedder, "fast"), True), (bag, False)],
)
def test_cosines_count_where_the_embedder_comes_with_pincite(
    open_: Callable[[], Embedder], counts: bool, tmp_path: Path
) -> None:
    question, settings = "How tall is the tower at Orrin?", Settings()
    with Index.open(tmp_path, embedder=open_(), settings=settings) as index:
        index.add([ORRIN])
        retrieval = retrieve(question, index=index, late=late_interaction(), settings=settings, clock=Clock())
        assert retrieval.ranked[0].near != pytest.approx(
            (retrieval.ranked[0].match + retrieval.ranked[0].alike) / 2
        )
        assert retrieval.confidence == confidence_of(retrieval, builtin_embedder=counts)
        assert retrieval.confidence != confidence_of(retrieval, builtin_embedder=not counts)


def test_a_question_is_answered_by_the_sentences_chosen(index: Index) -> None:
    retrieval = ask(index, "How tall is the lighthouse at Orrin?")
    assert retrieval.refusal == ""
    assert "It is 42 metres tall." in [item.text for item in retrieval.chosen]
    assert set(retrieval.chosen) <= set(retrieval.ranked)


def test_a_foreign_question_is_refused_and_nothing_is_chosen(index: Index) -> None:
    retrieval = ask(index, "Who won the Bundesliga in Munich?")
    assert retrieval.refusal.startswith("The articles do not say.")
    assert retrieval.chosen == ()


def test_a_summary_of_everything_covers_the_articles_and_is_certain(index: Index) -> None:
    retrieval = ask(index, "Summarise the articles.")
    assert {item.article.id for item in retrieval.chosen} == {"orrin", "port"}
    assert retrieval.confidence == 1


def test_a_summary_of_a_topic_is_in_reading_order_and_has_as_many_sentences_as_asked_for(
    index: Index,
) -> None:
    retrieval = ask(index, "Summarise what happened at the lighthouse in 2 sentences")
    assert [(item.article.id, item.index) for item in retrieval.chosen] == [("orrin", 0), ("orrin", 1)]


def test_only_the_articles_of_the_filter_are_read(index: Index) -> None:
    retrieval = ask(index, "When was the port opened?", within=Filter(publishers=("P",)))
    assert {item.article.id for item in retrieval.ranked} == {"port"}
    assert retrieval.limited


@pytest.mark.parametrize("question", ["How tall is it at Orrin?", "Summarise the articles."])
def test_each_stage_is_timed(index: Index, question: str) -> None:
    clock = Clock()
    ask(index, question, clock)
    assert clock.laps().keys() == {"retrieve", "evidence", "total"}
