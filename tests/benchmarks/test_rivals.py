"""The contenders of the benchmark, on three articles: they read the same chunks as Pincite and are checked like it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.chatbot import QUOTES, Chatbot
from rag.evaluation.questions import Question
from rag.evaluation.run import evaluate
from rag.index.index import Index
from rag.models.embedders import open_embedder
from rag.models.writers import open_writer
from rag.schema import Article
from rag.settings import Settings
from tests.benchmarks.rivals import llamaindex_worker
from tests.benchmarks.rivals.__main__ import ask_contender, main
from tests.benchmarks.rivals.chain import TOP, Chain, TopChunk
from tests.benchmarks.rivals.common_index import CommonIndex, read_common_index
from tests.benchmarks.rivals.contenders import CONTENDERS, Contender
from tests.benchmarks.rivals.llamaindex import Unavailable, Worker
from tests.benchmarks.rivals.rankings import Keywords, Vectors
from tests.benchmarks.rivals.reply import declines
from tests.benchmarks.rivals.table import COLUMNS, Outcome, as_json, markdown
from tests.support.language_model import ScriptedChat

ARTICLES = (
    Article(
        id="bridge",
        title="The Orrin Bridge",
        text="The Orrin Bridge was opened in 1932. It has six lanes and a footpath.\n\nIt was painted green in 1950.",
    ),
    Article(
        id="harbour",
        title="Larne Harbour",
        text="Larne Harbour handles two million tons of grain a year. Its lighthouse was built by Ada Voss in 1871.",
    ),
    Article(
        id="museum",
        title="The Museum of Salt",
        text="The Museum of Salt shows 400 salt cellars. Admission is free on Mondays.",
    ),
)
QUESTIONS = (
    Question(
        id="a",
        question="When was the Orrin Bridge opened?",
        kind="answerable",
        answers=("1932",),
        articles=("bridge",),
    ),
    Question(id="o", question="Who won the cup in 1998?", kind="out_of_corpus"),
)


@pytest.fixture(scope="module")
def common_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommonIndex]:
    folder, embedder = tmp_path_factory.mktemp("index"), open_embedder()
    with Index.open(folder, embedder=embedder, settings=Settings()) as index:
        index.add(ARTICLES)
        yield read_common_index(folder, index=index, embedder=embedder)


def scripted_chain(common_index: CommonIndex, *replies: str) -> Chain:
    writer = open_writer(ScriptedChat(replies=list(replies)))
    assert writer is not None
    return Chain("hybrid", common_index=common_index, ranking=common_index.index, writer=writer)


def test_every_ranking_gives_chunks_of_pincites_own_index(common_index: CommonIndex) -> None:
    own = {(hit.chunk.article_id, hit.chunk.span) for hit in common_index.index.search("salt", limit=20)}
    with closing(Vectors(common_index)) as vectors:
        for ranking in (vectors, Keywords(common_index)):
            for hit in ranking.search("salt cellars", limit=20):
                assert (hit.chunk.article_id, hit.chunk.span) in own
                assert hit.chunk.text == hit.chunk.span.of(common_index.article(hit.chunk.article_id).text)


def test_chroma_ranks_by_the_cosine_of_the_vectors_in_the_index(common_index: CommonIndex) -> None:
    question = "Who put up the lighthouse?"
    vector = common_index.embedder.embed_question(question)
    with closing(Vectors(common_index)) as ranking:
        hits = ranking.search(question, limit=3)
    assert hits[0].chunk.article_id == "harbour"
    assert [hit.score for hit in hits] == pytest.approx(
        sorted(common_index.vectors @ vector, reverse=True), abs=1e-4
    )


def test_keywords_rank_by_stems_and_return_nothing_without_a_common_word(common_index: CommonIndex) -> None:
    ranking = Keywords(common_index)
    (first, *_) = ranking.search("Who opens the bridge?", limit=3)
    assert first.chunk.article_id == "bridge"
    assert 0 < first.score < 1
    assert ranking.search("Qwertyuiop zxcvb?", limit=3) == ()
    assert ranking.search("what is it?", limit=3) == ()


def test_a_chain_shows_its_chunks_as_evidence_and_its_marks_as_checked_citations(
    common_index: CommonIndex,
) -> None:
    bot = scripted_chain(common_index, "The Orrin Bridge was opened in 1932 [1]. It has nine lanes [1].")
    answer = bot.ask("When was the Orrin Bridge opened?")
    assert [passage.text for passage in answer.evidence] == [
        hit.chunk.text for hit in bot.retrieve("When was the Orrin Bridge opened?", limit=TOP)
    ]
    assert [(c.label, c.support) for c in answer.citations] == [(1, "supported"), (1, "unsupported")]
    for citation in answer.citations:
        assert citation.quote == citation.span.of(common_index.article(citation.article_id).text)
    assert 0 < answer.confidence <= 1
    assert not answer.abstained


def test_a_mark_of_no_source_is_shown_as_such(common_index: CommonIndex) -> None:
    (citation,) = (
        scripted_chain(common_index, "It was opened in 1932 [9].").ask("When was it opened?").citations
    )
    assert citation.located == "unknown_label"


def test_a_reply_that_says_it_does_not_know_is_an_answer_declined(common_index: CommonIndex) -> None:
    answer = scripted_chain(common_index, "I don’t know.").ask("Who won the cup in 1998?")
    assert answer.abstained
    assert answer.citations == ()


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "I don't know.",
        "I do not know who won [1].",
        "That is not mentioned in the provided context.",
        "The sources do not mention the cup.",
        "None of the sources are helpful.",
        "Empty Response",
    ],
)
def test_these_replies_decline(reply: str) -> None:
    assert declines(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "It was opened in 1932 [1]. I don't know who built it.",
        "Breakfast is not included in the price.",
        "The town does not mention the war on its website.",
        "Nobody knew the answer.",
    ],
)
def test_these_replies_answer(reply: str) -> None:
    assert not declines(reply)


def test_the_best_chunk_alone_is_quoted_whole_from_the_article(common_index: CommonIndex) -> None:
    answer = TopChunk("top", common_index=common_index, ranking=common_index.index).ask(
        "When was the Orrin Bridge opened?"
    )
    (citation,) = answer.citations
    assert citation.support == "quoted"
    assert answer.text == f"“{citation.quote}” [1]"


def test_pincite_and_a_contender_are_counted_by_the_same_measures(common_index: CommonIndex) -> None:
    for bot in (
        Chatbot(common_index.index),
        scripted_chain(common_index, "It was opened in 1932 [1].", "I don't know."),
    ):
        report = evaluate(bot, QUESTIONS)
        values = {measure.name: measure.over(report.rows).value for measure in COLUMNS}
        for name in ("gold in chunks@1", "article recall@1", "answer holds gold", "out of corpus declined"):
            assert values[name] == 1.0, (bot.name, name)
        assert values["statement marked"] == 1.0
        if bot.name != QUOTES:  # quotes are no statements that are checked
            assert values["statement supported"] == 1.0


def test_a_contender_that_cannot_run_is_in_the_table_with_its_reason(common_index: CommonIndex) -> None:
    def refuse(common_index: CommonIndex, model: str) -> closing[Vectors]:
        raise Unavailable(f"no {model} here")

    failed = ask_contender(Contender("broken", "one that fails", refuse), common_index, QUESTIONS, model="m")  # type: ignore[arg-type]
    assert failed == Outcome(name="broken", description="one that fails", reason="no m here")
    assert "| broken | could not run: no m here |" in markdown([failed])
    assert '"reason": "no m here"' in as_json([failed])


def test_a_named_contender_that_cannot_run_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], common_index: CommonIndex
) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": "1", "question": "When?", "kind": "out_of_corpus"}\n', "utf-8")
    article = tmp_path / "article.md"
    article.write_text(ARTICLES[0].text, "utf-8")
    options = [str(questions), "--corpus", str(article), "--model", "no-such-model"]
    assert main([*options, "--systems", "pincite,hybrid"]) == 1
    assert "| hybrid | could not run: no model is called 'no-such-model'" in capsys.readouterr().out
    assert main([*options, "--systems", "pincite"]) == 0
    assert main([*options, "--systems", "oracle"]) == 2


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ('input(); print(\'{"error": "no such model"}\')', "no such model"),
        ("raise SystemExit(3)", "ended with status 3"),
    ],
)
def test_a_worker_that_fails_or_ends_is_an_error_with_the_reason(script: str, reason: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        with pytest.raises(Unavailable, match=reason):
            Worker(process).ask({"question": "Who?"})
        process.communicate()


def test_the_worker_reaches_nothing_outside_this_machine() -> None:
    script = (
        f"import runpy, socket; runpy.run_path({llamaindex_worker.__file__!r})['only_loopback']()\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=5)"
    )
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True)
    assert "the worker may not connect to ('192.0.2.1', 9)" in run.stderr


def test_contenders_have_different_names() -> None:
    assert len({contender.name for contender in CONTENDERS}) == len(CONTENDERS)
