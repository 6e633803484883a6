"""An answer as one message, or as the chunks of a stream."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from typing import Any

from pydantic import BaseModel

from rag.citing.links import text_fragment
from rag.errors import PinciteError
from rag.events import AnswerSoFar, Cited, Delta, Event, Finished, Retrieved, Waiting
from rag.schema import Answer, Citation, Evidence
from rag.serialization import to_json
from rag.text.tokens import count_tokens, count_up_to, first_tokens
from ui.web.refusal import openai_error, refusal_of
from ui.web.v1 import wire
from ui.web.v1.asked import Asked
from ui.wording import finding

_QUIET_S = 1.0  # seconds without a word after which a stream says that it is alive


class Reply:
    """Takes the events of an answer, up to the tokens that were asked for at most."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._head: dict[str, Any] = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": asked.model,
        }
        self._so_far = AnswerSoFar(asked.question, model=asked.model, within=asked.within)
        self._told = 0  # annotations of a stream
        self.finish_reason: wire.FinishReason | None = None

    def take(self, event: Event) -> Event:
        """Take the next event; the event as it is sent: the last piece of text may be cut."""
        if isinstance(event, Delta) and self._asked.most:
            text = self._so_far.answer.text + event.text
            if count_up_to(text, self._asked.most) > self._asked.most:
                kept = first_tokens(text, self._asked.most)
                event = Delta(kept[len(self._so_far.answer.text) :])
                self.finish_reason = "length"
        self._so_far.take(event)
        if isinstance(event, Finished):
            self.finish_reason = "stop"
        return event

    def usage(self) -> wire.Usage:
        """The tokens of the prompt and of the answer as far as it has come."""
        prompt, written = count_tokens(self._asked.prompt), count_tokens(self._so_far.answer.text)
        return wire.Usage(prompt_tokens=prompt, completion_tokens=written, total_tokens=prompt + written)

    def completion(self) -> wire.Completion:
        """The whole answer."""
        answer = self._so_far.answer
        message = wire.ReplyMessage(
            content=answer.text, annotations=_annotations(answer.citations, answer.evidence)
        )
        return wire.Completion(
            **self._head,
            choices=[wire.Choice(message=message, finish_reason=self.finish_reason or "stop")],
            usage=self.usage(),
            pincite=_object(answer),
        )

    def chunk(self, event: Event) -> wire.Chunk | None:
        """The chunk that tells of an event just taken; ``None`` where there is nothing to tell."""
        match event:
            case Retrieved():
                return self._chunk(wire.Delta(role="assistant", content=""))
            case Delta():
                return self._chunk(wire.Delta(content=event.text))
            case Cited():
                found = _annotations((event.citation,), self._so_far.answer.evidence)
                return self._chunk(self._annotated(found), pincite={"citations": [to_json(event.citation)]})
            case _:
                return None

    def last_chunk(self) -> wire.Chunk:
        """The chunk that ends the answer, and has all of it."""
        return self._chunk(wire.Delta(), reason=self.finish_reason, pincite=_object(self._so_far.answer))

    def usage_chunk(self) -> wire.Chunk:
        """The chunk of tokens after the last."""
        return wire.Chunk(**self._head, choices=[], usage=self.usage())

    def _annotated(self, found: Sequence[wire.Annotation]) -> wire.Delta:
        """The annotations that are new, counted on from those before."""
        if not found:
            return wire.Delta()
        first, self._told = self._told, self._told + len(found)
        numbered = [
            wire.StreamedAnnotation(index=at, url_citation=one.url_citation)
            for at, one in enumerate(found, first)
        ]
        return wire.Delta(annotations=numbered)

    def _chunk(
        self,
        delta: wire.Delta,
        *,
        reason: wire.FinishReason | None = None,
        **rest: Any,  # noqa: ANN401
    ) -> wire.Chunk:
        choice = wire.ChunkChoice(delta=delta, finish_reason=reason)
        return wire.Chunk(**self._head, choices=[choice], **rest)


async def completed(events: AsyncGenerator[Event, None], reply: Reply) -> str:
    """The whole answer as JSON, when all of it is there."""
    async with aclosing(events):
        async for event in events:
            reply.take(event)
            if reply.finish_reason:
                break
    # Not on the event loop, as tokens are counted: a conversation may be long.
    return await asyncio.to_thread(lambda: as_json(reply.completion()))


async def frames(
    events: AsyncGenerator[Event, None], reply: Reply, *, usage: bool
) -> AsyncGenerator[str, None]:
    """The answer as server-sent events; comments while nothing is new. Raises before the first, then tells errors."""
    last = time.monotonic()
    begun = False
    try:
        async with aclosing(events):
            async for event in events:
                frame = ": waiting\n\n"
                if isinstance(event, Waiting):
                    if time.monotonic() - last < _QUIET_S:
                        continue
                elif chunk := reply.chunk(reply.take(event)):
                    frame = _frame(as_json(chunk))
                if reply.finish_reason != "stop":
                    yield frame
                begun, last = True, time.monotonic()
                if reply.finish_reason:
                    break
    except PinciteError as error:
        if not begun:
            raise
        yield _frame(json.dumps(openai_error(refusal_of(error))))
        return
    yield _frame(as_json(reply.last_chunk()))
    if usage:
        yield _frame(await asyncio.to_thread(lambda: as_json(reply.usage_chunk())))
    yield _frame("[DONE]")


def as_json(sent: BaseModel) -> str:
    """JSON in ASCII: some clients take other line ends than those of the format for the end of an event."""
    return sent.model_dump_json(ensure_ascii=True)


def _frame(data: str) -> str:
    return f"data: {data}\n\n"


def _annotations(citations: Iterable[Citation], evidence: Iterable[Evidence]) -> list[wire.Annotation]:
    """The citations of articles that have an address. A statement that its words do not carry gets none."""
    known = {passage.label: passage for passage in evidence}
    found = []
    for citation in citations:
        passage = known.get(citation.label)
        url = text_fragment(passage.url, passage.text) if passage else ""
        if passage and url and finding(citation) != "unsupported":
            start, end = citation.claim
            cited = wire.UrlCitation(start_index=start, end_index=end, title=passage.title, url=url)
            found.append(wire.Annotation(url_citation=cited))
    return found


def _object(value: Answer) -> dict[str, Any]:
    found = to_json(value)
    return found if isinstance(found, dict) else {}
