"""A request as it is read: what is asked, after which conversation, and what is refused by which parameter."""

import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from rag.filters import Filter
from rag.schema import Turn
from ui.web.refusal import Refusal
from ui.web.v1.asked import Asked, malformed, read_request
from ui.web.v1.wire import ChatRequest

MODELS = ("qwen", "quotes")
QUESTION = {"role": "user", "content": "When was it built?"}


def read(*messages: object, **more: Any) -> Asked:  # noqa: ANN401
    body = {"model": "pincite", "messages": list(messages) or [QUESTION], **more}
    return read_request(ChatRequest.model_validate(body), models=MODELS, question_chars=2000)


def refused(*messages: object, **more: Any) -> Refusal:  # noqa: ANN401
    with pytest.raises(Refusal) as caught:
        read(*messages, **more)
    return caught.value


def test_the_last_message_is_asked_after_the_turns_before_it() -> None:
    asked = read(
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "user", "content": "What is Orrin?"},
        {"role": "assistant", "content": "A lighthouse."},
        {"role": "developer", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "When was it"}, {"type": "text", "text": "built?"}],
        },
    )
    assert asked.question == "When was it built?"
    assert asked.history == (Turn(question="What is Orrin?", answer="A lighthouse."),)


def test_the_prompt_that_is_counted_is_all_that_was_sent() -> None:
    asked = read({"role": "system", "content": "One."}, {"role": "user", "content": "What is two?"})
    assert asked.prompt == "One.\nWhat is two?"


def test_half_a_character_is_read_as_one_that_is_missing() -> None:
    asked = read(
        {"role": "user", "content": "One\ud800?"}, {"role": "user", "content": "When\udfff was it built?"}
    )
    assert (asked.question, asked.history[0].question) == ("When? was it built?", "One??")
    assert asked.prompt == "One??\nWhen? was it built?"


def test_pincite_stands_for_the_first_model_and_each_has_its_own_name() -> None:
    assert read().model == "qwen"
    assert read(model="quotes").model == "quotes"
    no = refused(model="gpt-5")
    assert (no.status, no.param, no.code) == (404, "model", "model_not_found")
    assert str(no) == "there is no model 'gpt-5' here: choose one of pincite, qwen, quotes"


def test_the_articles_can_be_limited_as_elsewhere() -> None:
    within = {"publishers": ["Coast News"], "after": "2026-05-01", "articles": ["orrin"]}
    day = datetime.date(2026, 5, 1)
    assert read(pincite={"within": within}).within == Filter(
        publishers=("Coast News",), after=day, articles=("orrin",)
    )
    no = refused(pincite={"within": {"after": "May"}})
    assert (no.status, no.param) == (400, "pincite.within")


def test_the_smaller_of_both_limits_of_tokens_counts() -> None:
    assert read().most == 0
    assert read(max_tokens=7).most == 7
    assert read(max_tokens=7, max_completion_tokens=5).most == 5


def test_what_others_ignore_is_ignored_and_what_asks_for_nothing_is_no_fault() -> None:
    nothing = {
        "n": 1,
        "tools": [],
        "response_format": {"type": "text"},
        "logprobs": False,
        "modalities": ["text"],
    }
    ignored = {
        "temperature": 0.7,
        "top_p": 0.1,
        "seed": 3,
        "user": "ada",
        "stop": ["x"],
        "store": True,
        "made_up": 1,
    }
    assert read(**nothing, **ignored) == read()
    assert read(n=None, tools=None, max_tokens=None, stream=None, stream_options=None) == read()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"n": 2}, "n is 2: there is one answer to a question; leave it out"),
        (
            {"tools": [{"type": "function"}]},
            "tools is [{'type': 'function'}]: no tool can be called; leave it out",
        ),
        ({"functions": [{}]}, "functions is [{}]: no function can be called; leave it out"),
        (
            {"response_format": {"type": "json_schema"}},
            "response_format is {'type': 'json_schema'}: answers are text; leave it out",
        ),
        ({"modalities": ["audio"]}, "modalities is ['audio']: answers are text; leave it out"),
        ({"logprobs": True}, "logprobs is True: there are no probabilities of tokens; leave it out"),
    ],
)
def test_what_would_change_the_answer_and_cannot_be_had_is_refused(more: dict[str, Any], said: str) -> None:
    no = refused(**more)
    assert (no.status, no.param, str(no)) == (400, next(iter(more)), said)


def test_a_picture_is_refused_by_its_place() -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:,"}}
    no = refused({"role": "user", "content": [{"type": "text", "text": "What is this?"}, picture]})
    assert (no.status, no.param) == (400, "messages[0].content[1]")
    assert str(no) == "messages[0].content[1] is of the type 'image_url': only text can be read"


@pytest.mark.parametrize(
    ("messages", "param", "said"),
    [
        (
            [QUESTION, {"role": "assistant", "content": "In 1871."}],
            "messages",
            "it must be the user's question",
        ),
        ([{"role": "user", "content": " "}], "messages[0].content", "holds no words"),
        ([QUESTION, {"role": "user", "content": "why " * 600}], "messages[1].content", "the limit is 2000"),
        ([{"role": "user", "content": []}], "messages[0].content", "holds no words"),
    ],
)
def test_a_last_message_that_asks_nothing_is_refused(messages: list[object], param: str, said: str) -> None:
    no = refused(*messages)
    assert (no.status, no.param) == (400, param)
    assert said in str(no)


@pytest.mark.parametrize(
    ("body", "param", "said"),
    [
        ({}, "model", "model is missing: field required"),
        ({"model": "x"}, "messages", "messages is missing"),
        ({"model": "x", "messages": []}, "messages", "messages is []: list should have at least 1 item"),
        ({"model": 5, "messages": [QUESTION]}, "model", "model is 5: input should be a valid string"),
        (
            {"model": "x", "messages": [{"role": "tool", "content": "x"}]},
            "messages[0].role",
            "messages[0].role is 'tool': input should be 'system', 'developer', 'user' or 'assistant'",
        ),
        (
            {"model": "x", "messages": [{"role": "user"}]},
            "messages[0].content",
            "messages[0].content is missing",
        ),
        (
            {"model": "x", "messages": [{"role": "user", "content": None}]},
            "messages[0].content",
            "messages[0].content is None",
        ),
        (
            {"model": "x", "messages": [QUESTION], "max_tokens": 0},
            "max_tokens",
            "max_tokens is 0: input should be greater than 0",
        ),
        (
            {"model": "x", "messages": [QUESTION], "pincite": {"withn": {}}},
            "pincite.withn",
            "pincite takes no 'withn': it takes within",
        ),
    ],
)
def test_a_body_of_another_shape_is_refused_by_the_first_fault_on_one_line(
    body: dict[str, Any], param: str, said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        ChatRequest.model_validate(body)
    no = malformed([{**error, "loc": ("body", *error["loc"])} for error in caught.value.errors()])
    assert (no.status, no.param) == (400, param)
    assert said in str(no)
    assert "\n" not in str(no)
