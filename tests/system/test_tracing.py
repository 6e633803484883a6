"""Spans by OpenTelemetry's own SDK: who is whose parent, what they say and what never, and readers left alone."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode, get_current_span

from rag.chatbot import Chatbot
from rag.errors import QuestionError
from rag.events import Retrieved
from rag.models.writers import Writer
from rag.system import tracing
from rag.system.callback_stream import CallbackStream
from rag.system.paths import shipped_corpus
from rag.system.tracing import spanned, spanned_stream
from tests.support.language_model import ScriptedChat

QUESTION = "How long did Colossus take to build?"


class Traces:
    """The spans that ended, in that order."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self.exporter.get_finished_spans()

    def tree(self) -> list[tuple[str, str]]:
        """Each span with its parent's name, by when they began; no span is of another trace."""
        names = {span.context.span_id: span.name for span in self.spans if span.context}
        assert len({span.context.trace_id for span in self.spans if span.context}) <= 1
        began = sorted(self.spans, key=lambda span: span.start_time or 0)
        return [(span.name, names[span.parent.span_id] if span.parent else "") for span in began]

    def said(self, name: str) -> dict[str, Any]:
        (span,) = (span for span in self.spans if span.name == name)
        return dict(span.attributes or {})


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch) -> Iterator[Traces]:
    made = Traces()
    monkeypatch.setattr(tracing, "_TRACER", made.provider.get_tracer("pincite"))
    yield made
    made.provider.shutdown()


def scripted(shipped: Chatbot, *replies: str | Exception) -> Chatbot:
    chat = ScriptedChat(replies=list(replies))
    return Chatbot(shipped.index, writer=Writer(name="scripted", model=chat, context_tokens=4096))


# --- an answer ---------------------------------------------------------------------------------------------


def test_an_answer_in_quotes_is_two_spans_within_one(shipped: Chatbot, traces: Traces) -> None:
    answer = shipped.ask(QUESTION)
    assert traces.tree() == [("ask", ""), ("retrieve", "ask"), ("write", "ask")]
    assert traces.said("ask") == {
        "pincite.model": "quotes",
        "pincite.outcome": "answered",
        "pincite.confidence": answer.confidence,
        "pincite.evidence": len(answer.evidence),
        "pincite.citations": len(answer.citations),
        "pincite.verified": 0,
        "pincite.withheld": 0,
    }
    assert traces.said("retrieve")["pincite.refused"] is False
    assert traces.said("write") == {"pincite.result": "quotes"}


def test_a_model_works_in_a_thread_of_its_own_and_its_spans_are_within_the_same_one(
    shipped: Chatbot, traces: Traces
) -> None:
    answer = scripted(shipped, "122 days [1]. It took 19 days [1].").ask(QUESTION)
    assert answer.withheld is not None
    assert traces.tree() == [
        ("ask", ""),
        ("retrieve", "ask"),
        ("judge", "ask"),
        ("write", "ask"),
        ("verify", "write"),
        ("verify", "write"),
    ]
    verified = [dict(span.attributes or {}) for span in traces.spans if span.name == "verify"]
    assert [said["pincite.carried"] for said in verified] == [True, False]
    assert traces.said("write") == {"pincite.result": "shown"}
    assert traces.said("judge")["pincite.log_odds"] > 0
    said = traces.said("ask")
    assert (said["pincite.model"], said["pincite.verified"], said["pincite.withheld"]) == ("scripted", 1, 1)


def test_a_refusal_says_so(shipped: Chatbot, traces: Traces) -> None:
    shipped.ask("What is the capital of France?")
    assert traces.tree() == [("ask", ""), ("retrieve", "ask")]
    assert traces.said("retrieve")["pincite.refused"] is True
    assert traces.said("ask")["pincite.outcome"] == "not_in_articles"


def test_no_text_of_a_question_an_article_or_an_answer_is_in_a_span(shipped: Chatbot, traces: Traces) -> None:
    secret = "Zanzibar"  # noqa: S105
    bot = scripted(shipped, f"122 days [1]. {secret} took 19 days [1].")
    bot.ask(f"How long did Colossus take to build, {secret}?")
    with pytest.raises(QuestionError):
        shipped.ask("?!" * 9)
    with pytest.raises(ConnectionError):
        _failing(secret)
    written = " ".join(span.to_json() for span in traces.spans)
    for word in (secret, "Colossus", "122 days", "Memphis", "?!"):
        assert word not in written
    assert all(not span.events for span in traces.spans)


def _failing(secret: str) -> None:
    @spanned("fail", lambda _: {})
    def fail() -> None:
        raise ConnectionError(secret)

    fail()


def test_many_answers_at_once_are_as_many_traces(shipped: Chatbot, traces: Traces) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: scripted(shipped, "122 days [1].").ask(QUESTION), range(8)))
    by_trace: dict[int, list[str]] = {}
    for span in traces.spans:
        assert span.context
        by_trace.setdefault(span.context.trace_id, []).append(span.name)
    assert len(by_trace) == 8
    assert all(
        sorted(names) == ["ask", "judge", "retrieve", "verify", "write"] for names in by_trace.values()
    )


def test_an_awaited_answer_is_within_the_span_of_its_task(shipped: Chatbot, traces: Traces) -> None:
    async def task() -> None:
        with traces.provider.get_tracer("program").start_as_current_span("task"):
            await shipped.aask(QUESTION)

    asyncio.run(task())
    assert traces.tree()[:2] == [("task", ""), ("ask", "task")]


def test_a_reader_is_never_within_the_span_of_what_it_reads(shipped: Chatbot, traces: Traces) -> None:
    outer = traces.provider.get_tracer("program").start_span("outer")
    bot = scripted(shipped, "122 days [1].")
    before = get_current_span()
    for _ in bot.stream(QUESTION):
        assert get_current_span() is before
    assert get_current_span() is before
    outer.end()


def test_an_answer_that_is_given_up_ends_its_span_and_says_so(shipped: Chatbot, traces: Traces) -> None:
    with closing(shipped.stream(QUESTION)) as events:
        assert isinstance(next(events), Retrieved)
    assert traces.said("ask") == {"pincite.stopped": True}
    (ask,) = (span for span in traces.spans if span.name == "ask")
    assert ask.status.status_code is StatusCode.UNSET


def test_a_model_that_fails_leaves_the_kind_of_error_alone(shipped: Chatbot, traces: Traces) -> None:
    with pytest.raises(Exception, match="refused"):
        scripted(shipped, ConnectionError("refused by 192.0.2.1")).ask(QUESTION)
    assert {span.name: span.status.status_code for span in traces.spans} == {
        "retrieve": StatusCode.UNSET,
        "judge": StatusCode.UNSET,
        "write": StatusCode.ERROR,
        "ask": StatusCode.ERROR,
    }
    assert traces.said("ask") == {"error.type": "ModelError"}
    assert all(span.status.description is None for span in traces.spans)


# --- the two decorators ------------------------------------------------------------------------------------


def test_a_generator_keeps_what_it_returns_and_is_closed_once(traces: Traces) -> None:
    closed: list[str] = []

    @spanned_stream("count", lambda found: {"found": str(found)})
    def count() -> Generator[int, None, str]:
        """Counts."""
        try:
            yield 1
            yield 2
        finally:
            closed.append(threading.current_thread().name)
        return "two"

    def reading() -> Generator[int, None, None]:
        assert (yield from count()) == "two"

    assert list(reading()) == [1, 2]
    assert (count.__name__, count.__doc__) == ("count", "Counts.")
    assert len(closed) == 1
    assert traces.said("count") == {"found": "two"}


def test_a_generator_that_nobody_begins_is_no_span(traces: Traces) -> None:
    @spanned_stream("never", lambda _: {})
    def never() -> Generator[int, None, None]:
        yield 1

    never().close()
    del never
    assert traces.spans == ()


def test_work_in_another_thread_is_within_the_span_that_began_it(traces: Traces) -> None:
    @spanned("inner", lambda _: {})
    def inner() -> int:
        return 1

    @spanned_stream("outer", lambda _: {})
    def outer() -> Generator[int, None, None]:
        yield from CallbackStream[int](lambda receive: receive(inner()))

    assert list(outer()) == [1]
    assert traces.tree() == [("outer", ""), ("inner", "outer")]


# --- without it --------------------------------------------------------------------------------------------

_ASK = (
    "import sys; sys.modules.update({name: None for name in %r}); from rag.chatbot import Chatbot;"
    "from rag.system import tracing; assert (tracing._TRACER is None) == %r;"
    "from rag.events import Finished; from types import GeneratorType;"
    "bot = Chatbot.open(corpus=%r, index=sys.argv[1], model='quotes');"
    "events = bot.stream(%r); assert type(events) is GeneratorType;"
    "print(list(events)[-1].answer.text); bot.close()"
)


@pytest.mark.slow
@pytest.mark.parametrize("missing", [("opentelemetry",), ()])
def test_without_the_package_or_an_exporter_answers_are_the_same_and_nothing_is_said(
    missing: tuple[str, ...],
    tmp_path: Any,  # noqa: ANN401
) -> None:
    # The index is made with Chroma, which needs the package; a small one makes do without.
    code = _ASK % (missing, bool(missing), str(shipped_corpus()), QUESTION)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "122 days" in done.stdout
