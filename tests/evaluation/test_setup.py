"""The setup of a run: equal for the same corpus, questions and settings, and for no others."""

from dataclasses import replace

from rag.evaluation.setup import describe_run
from rag.settings import Settings
from rag.storage.records import ArticleSummary
from tests.support.full_result import ROW


def summary(**changes: str) -> ArticleSummary:
    plain = ArticleSummary(
        id="orrin", title="Orrin", url="", publisher="", date=None, characters=84, chunks=3, fingerprint="f"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_setup_changes_with_everything_that_changes_answers() -> None:
    plain = describe_run([summary()], [ROW.question], settings=Settings())
    assert plain == describe_run([summary(url="https://e.org")], [ROW.question], settings=Settings())
    assert (plain.articles, plain.chunks, plain.sample) == (1, 3, None)
    assert plain.settings["chunk_tokens"] == 160
    others = [
        describe_run([summary(fingerprint="g")], [ROW.question], settings=Settings()),
        describe_run([summary(title="Vell")], [ROW.question], settings=Settings()),
        describe_run([summary(), summary(id="vell")], [ROW.question], settings=Settings()),
        describe_run([summary()], [replace(ROW.question, answers=("1872",))], settings=Settings()),
        describe_run([summary()], [ROW.question, ROW.question], settings=Settings()),
        describe_run([summary()], [ROW.question], settings=Settings(top_chunks=9)),
        describe_run([summary()], [ROW.question], settings=Settings(), embedder="another"),
    ]
    assert all(plain != other for other in others)
