"""Spans of OpenTelemetry around the stages of an answer. The only file that imports it.

Where it is not installed nothing is done. Where it is, nothing leaves the process until the program that uses Pincite,
or ``opentelemetry-instrument`` before it, configures an exporter. Spans have names, counts and outcomes: never a text
of a question, an article or an answer, nor the message of an error, which may quote one.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

Attributes = Mapping[str, str | bool | int | float]
_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")
_Item = TypeVar("_Item")


def _tracer() -> "Tracer | None":
    """What makes spans; it goes by the provider that is configured, be it later than this. ``None``: not installed."""
    try:
        from opentelemetry.trace import get_tracer
    except ImportError:
        return None
    return get_tracer("pincite")


_TRACER = _tracer()


def spanned(
    name: str, describe: Callable[[_Found], Attributes]
) -> Callable[[Callable[_Given, _Found]], Callable[_Given, _Found]]:
    """Have a function run in a span; ``describe`` gives the attributes of what it returns."""

    def around(function: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
        @wraps(function)
        def run(*given: _Given.args, **named: _Given.kwargs) -> _Found:
            if _TRACER is None:
                return function(*given, **named)
            span = _TRACER.start_span(name)
            with _ending(span), _current(span):
                found = function(*given, **named)
                _note(span, describe, found)
                return found

        return run

    return around


def spanned_stream(
    name: str, describe: Callable[[object], Attributes]
) -> Callable[
    [Callable[_Given, Generator[_Item, None, _Found]]], Callable[_Given, Generator[_Item, None, _Found]]
]:
    """Have a generator run in a span; ``describe`` gives the attributes of what it yields and returns, if any.

    The span is current while the generator runs, also for threads that it starts with its context, and never while
    its reader does: what is entered before a ``yield`` would stay entered in the reader's context.
    """

    def around(
        function: Callable[_Given, Generator[_Item, None, _Found]],
    ) -> Callable[_Given, Generator[_Item, None, _Found]]:
        @wraps(function)
        def run(*given: _Given.args, **named: _Given.kwargs) -> Generator[_Item, None, _Found]:
            running = function(*given, **named)
            return running if _TRACER is None else _stepwise(_TRACER, name, running, describe)

        return run

    return around


def _stepwise(
    tracer: "Tracer",
    name: str,
    running: Generator[_Item, None, _Found],
    describe: Callable[[object], Attributes],
) -> Generator[_Item, None, _Found]:
    span = tracer.start_span(name)
    with _ending(span):
        try:
            while True:
                with _current(span):
                    try:
                        item = next(running)
                    except StopIteration as end:
                        found: _Found = end.value
                        _note(span, describe, found)
                        return found
                _note(span, describe, item)
                yield item
        finally:
            with _current(span):
                running.close()


@contextmanager
def _ending(span: "Span") -> Iterator[None]:
    """End the span with the block; an error in it leaves the name of its class alone."""
    from opentelemetry.trace import StatusCode

    try:
        yield
    except GeneratorExit:
        span.set_attribute("pincite.stopped", True)
        raise
    except BaseException as error:
        span.set_status(StatusCode.ERROR)
        span.set_attribute("error.type", type(error).__qualname__)
        raise
    finally:
        span.end()


@contextmanager
def _current(span: "Span") -> Iterator[None]:
    """The span is the parent of those begun in the block."""
    from opentelemetry.trace import use_span

    with use_span(span, end_on_exit=False, record_exception=False, set_status_on_exception=False):
        yield


def _note(span: "Span", describe: Callable[[_Found], Attributes], found: _Found) -> None:
    if span.is_recording():
        for key, value in describe(found).items():
            span.set_attribute(key, value)
