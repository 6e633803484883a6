"""An answer as it is sent: what becomes an annotation, what is cut, and how a stream ends."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import IndexAway
from rag.events import Cited, Delta, Event, Finished, Retrieved, Waiting
from rag.filters import EVERYTHING
from rag.schema import Answer, Evidence
from rag.serialization import answer_from_json, to_json
from rag.text.tokens import count_tokens, first_tokens
from tests.support.quoted_passage import ANSWER, CITED, PASSAGE, QUOTE
from ui.web.v1 import reply as sent
from ui.web.v1.asked import Asked
from ui.web.v1.reply import Reply, completed, frames

ASKED = Asked(
    question=ANSWER.question, history=(), within=EVERYTHING, model="quotes", most=0, prompt=ANSWER.question
)
FOUND = Retrieved(standalone_question=ANSWER.question, evidence=(PASSAGE,), abstained=False)


async def given_events(*events: Event | Exception) -> AsyncGenerator[Event, None]:
    for event in events:
        if isinstance(event, Exception):
            raise event
        yield event


def whole(answer: Answer = ANSWER, *, most: int = 0) -> dict[str, Any]:
    """The completion that an answer becomes."""
    events: list[Event] = [
        replace(FOUND, evidence=answer.evidence),
        Delta(answer.text),
        *map(Cited, answer.citations),
        Finished(answer),
    ]
    body = asyncio.run(completed(given_events(*events), Reply(replace(ASKED, most=most))))
    found: dict[str, Any] = json.loads(body)
    return found


def streamed(*events: Event | Exception, most: int = 0, usage: bool = False) -> list[str]:
    async def read() -> list[str]:
        reply = Reply(replace(ASKED, most=most))
        return [frame async for frame in frames(given_events(*events), reply, usage=usage)]

    return asyncio.run(read())


def chunks(found: list[str]) -> list[dict[str, Any]]:
    return [json.loads(frame.removeprefix("data: ")) for frame in found if frame.startswith("data: {")]


def test_a_citation_is_the_range_of_its_statement_and_the_address_of_its_words() -> None:
    (choice,) = whole()["choices"]
    assert choice["finish_reason"] == "stop"
    (annotation,) = choice["message"]["annotations"]
    assert annotation["type"] == "url_citation"
    cited = annotation["url_citation"]
    assert choice["message"]["content"][cited["start_index"] : cited["end_index"]] == QUOTE
    assert cited["title"] == "Orrin"
    assert cited["url"] == "https://example.org/orrin#:~:text=The%20lighthouse%20was%20built%20in%201871."


def test_the_answer_comes_with_all_its_fields() -> None:
    assert answer_from_json(whole()["pincite"]) == ANSWER


@pytest.mark.parametrize(
    ("citation", "passage"),
    [
        (CITED, replace(PASSAGE, url="")),
        (CITED, replace(PASSAGE, url="javascript:alert(1)")),
        (replace(CITED, support="unsupported", reason="no"), PASSAGE),
        (replace(CITED, located="missing"), PASSAGE),
        (replace(CITED, label=7), PASSAGE),
    ],
)
def test_what_has_no_address_or_is_not_carried_is_no_annotation_and_still_told(
    citation: Any,  # noqa: ANN401
    passage: Evidence,
) -> None:
    found = whole(replace(ANSWER, citations=(citation,), evidence=(passage,)))
    assert found["choices"][0]["message"]["annotations"] == []
    assert found["pincite"]["citations"] == [to_json(citation)]


def test_positions_are_code_points_also_behind_letters_of_two_units() -> None:
    text = f"🗼 “{QUOTE}” [1]"
    moved = replace(CITED, claim=CITED.claim.shift(2))
    message = whole(replace(ANSWER, text=text, citations=(moved,)))["choices"][0]["message"]
    cited = message["annotations"][0]["url_citation"]
    assert message["content"][cited["start_index"] : cited["end_index"]] == QUOTE


def test_usage_counts_the_prompt_and_the_answer() -> None:
    prompt, written = count_tokens(ANSWER.question), count_tokens(ANSWER.text)
    assert whole()["usage"] == {
        "prompt_tokens": prompt,
        "completion_tokens": written,
        "total_tokens": prompt + written,
    }


@given(st.integers(1, 30), st.text(max_size=60))
def test_no_answer_is_longer_than_was_asked_for_and_one_that_is_cut_says_so(most: int, text: str) -> None:
    found = whole(replace(ANSWER, text=text, citations=()), most=most)
    content = found["choices"][0]["message"]["content"]
    assert text.startswith(content)
    assert found["usage"]["completion_tokens"] <= most
    reason = "length" if count_tokens(text) > most else "stop"
    assert found["choices"][0]["finish_reason"] == reason
    assert (content == text) or reason == "length"
    assert found["pincite"]["text"] == content


def test_of_an_answer_that_is_cut_the_citations_before_are_kept_and_the_model_stops() -> None:
    events = (FOUND, Delta(ANSWER.text), Cited(CITED), Delta(" And a long tail of words."), AssertionError())
    found = streamed(*events, most=count_tokens(ANSWER.text) + 2)
    *_, cited, _, last = chunks(found)
    assert cited["pincite"]["citations"] == [to_json(CITED)]
    assert (
        "".join(one["choices"][0]["delta"].get("content", "") for one in chunks(found))
        == f"{ANSWER.text} And a"
    )
    assert last["choices"][0]["finish_reason"] == "length"
    assert last["pincite"]["text"] == f"{ANSWER.text} And a"
    assert found[-1] == "data: [DONE]\n\n"


def test_a_stream_has_role_text_citation_whole_answer_usage_and_an_end() -> None:
    found = streamed(FOUND, Delta(ANSWER.text), Cited(CITED), Finished(ANSWER), usage=True)
    role, text, cited, last, usage = chunks(found)
    assert role["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert text["choices"][0]["delta"] == {"content": ANSWER.text}
    (annotation,) = whole()["choices"][0]["message"]["annotations"]
    assert cited["choices"][0]["delta"] == {"annotations": [{**annotation, "index": 0}]}
    assert cited["pincite"] == {"citations": [to_json(CITED)]}
    assert [one["choices"][0]["finish_reason"] for one in (role, text, cited, last)] == [
        None,
        None,
        None,
        "stop",
    ]
    assert answer_from_json(last["pincite"]) == ANSWER
    assert (usage["choices"], usage["usage"]) == ([], whole()["usage"])
    assert found[-1] == "data: [DONE]\n\n"
    assert len({one["id"] for one in (role, text, cited, last, usage)}) == 1


def test_without_being_asked_a_stream_has_no_usage() -> None:
    found = streamed(FOUND, Delta(ANSWER.text), Finished(ANSWER))
    assert not [one for one in chunks(found) if "usage" in one]


def test_a_frame_is_one_line_whatever_the_text_holds() -> None:
    text = "one\u2028two\x85three\r\nfour\n\ndata: [DONE]"
    (_, said, *_) = streamed(FOUND, Delta(text), Finished(replace(ANSWER, text=text)))
    assert said.count("\n") == 2
    assert len(said.strip().splitlines()) == 1
    assert json.loads(said[6:])["choices"][0]["delta"]["content"] == text


def test_while_nothing_is_new_a_comment_says_that_the_stream_is_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sent, "_QUIET_S", 0.0)
    assert streamed(Waiting(), FOUND, Waiting(), Finished(ANSWER))[:3:2] == [": waiting\n\n"] * 2
    monkeypatch.setattr(sent, "_QUIET_S", 60.0)
    assert ": waiting\n\n" not in streamed(Waiting(), FOUND, Waiting(), Finished(ANSWER))


def test_what_fails_before_the_first_word_is_raised_and_later_it_is_an_event() -> None:
    with pytest.raises(IndexAway):
        streamed(IndexAway("the database is away"))
    found = streamed(FOUND, Delta("One."), IndexAway("the database is away"))
    assert chunks(found)[-1]["error"] == {
        "message": "the database is away",
        "type": "server_error",
        "param": None,
        "code": "unavailable",
    }
    assert "[DONE]" not in found[-1]


@given(st.text(max_size=80), st.integers(0, 40))
def test_the_first_tokens_begin_the_text_and_are_no_more(text: str, limit: int) -> None:
    kept = first_tokens(text, limit)
    assert text.startswith(kept)
    assert count_tokens(kept) <= limit
    assert limit < count_tokens(text) or kept == text
