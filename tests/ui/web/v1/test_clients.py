"""The clients that people use, against a real server: OpenAI's own, LangChain's, httpx and curl."""

import asyncio
import json
import subprocess
import threading
from contextlib import suppress
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, BadRequestError, NotFoundError, OpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import SecretStr

from rag.chatbot import Chatbot
from rag.serialization import answer_from_json
from tests.support.openapi import Document
from tests.support.waiting import wait_until

QUESTION = "How long did Colossus take to build?"
ASKED: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
BODY = {"model": "pincite", "messages": ASKED}


def events(text: str) -> list[str]:
    """What the data lines of a stream hold."""
    return [line[6:] for line in text.split("\n") if line.startswith("data: ")]


def test_the_models_are_listed_and_the_default_is_first(v1: str, document: Document) -> None:
    with OpenAI(base_url=v1, api_key="none") as client:
        assert next(iter(client.models.list())).id == "quotes"
    document.check("Models", httpx.get(f"{v1}/models").json())


def test_openai_s_client_gets_the_answer_that_python_gets(v1: str, shipped: Chatbot) -> None:
    expected = shipped.ask(QUESTION)
    with OpenAI(base_url=v1, api_key="none") as client:
        found = client.chat.completions.create(model="pincite", messages=ASKED)
    (choice,) = found.choices
    assert (choice.message.content, choice.finish_reason) == (expected.text, "stop")
    assert choice.message.annotations
    cited = choice.message.annotations[0].url_citation
    assert expected.text[cited.start_index : cited.end_index] == expected.citations[0].quote
    assert found.usage
    assert found.usage.total_tokens == found.usage.prompt_tokens + found.usage.completion_tokens > 20
    answer = answer_from_json(found.model_extra and found.model_extra["pincite"])
    assert (answer.text, answer.citations, answer.evidence) == (
        expected.text,
        expected.citations,
        expected.evidence,
    )


def test_openai_s_client_streams_it_and_knows_the_history(v1: str, shipped: Chatbot) -> None:
    asked: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": "Say nothing."},
        {"role": "user", "content": "What is Colossus?"},
        {"role": "assistant", "content": "A supercomputer."},
        {"role": "user", "content": [{"type": "text", "text": "Where was it built?"}]},
    ]
    with OpenAI(base_url=v1, api_key="none") as client:
        found = list(
            client.chat.completions.create(
                model="pincite", messages=asked, stream=True, stream_options={"include_usage": True}
            )
        )
    *told, last, usage = found
    text = "".join(one.choices[0].delta.content or "" for one in told)
    assert "Memphis" in text
    assert last.choices[0].finish_reason == "stop"
    answer = answer_from_json(last.model_extra and last.model_extra["pincite"])
    assert answer.text == text
    assert "Colossus" in answer.standalone_question
    assert usage.usage
    assert usage.usage.completion_tokens > 0
    cited = [one for one in told if one.model_extra and one.model_extra.get("pincite")]
    assert len(cited) == len(answer.citations) > 0


def test_openai_s_client_puts_a_streamed_answer_of_several_citations_together(v1: str) -> None:
    asked: list[ChatCompletionMessageParam] = [
        {"role": "user", "content": "How long did Colossus take to build, and when was Anthropic founded?"}
    ]
    with OpenAI(base_url=v1, api_key="none") as client:
        whole = client.chat.completions.create(model="pincite", messages=asked).choices[0].message
        with client.chat.completions.stream(model="pincite", messages=asked) as stream:
            put_together = stream.get_final_completion().choices[0].message
    assert put_together.content == whole.content
    assert len(whole.annotations or []) > 1
    assert [one.url_citation for one in put_together.annotations or []] == [
        one.url_citation for one in whole.annotations or []
    ]


def test_a_model_is_looked_up_by_its_name(v1: str, document: Document) -> None:
    with OpenAI(base_url=v1, api_key="none", max_retries=0) as client:
        assert client.models.retrieve("quotes").id == client.models.retrieve("pincite").id == "quotes"
        with pytest.raises(
            NotFoundError, match="there is no model 'gpt-5' here: choose one of pincite, quotes"
        ):
            client.models.retrieve("gpt-5")
    document.check("Model", httpx.get(f"{v1}/models/quotes").json())


@pytest.mark.parametrize("path", ["/v1/embeddings", "/v1", "/v1/", "/chat/completions", "/"])
def test_an_address_where_nothing_is_says_where_to_look(v1: str, path: str) -> None:
    reply = httpx.post(f"{v1.removesuffix('/v1')}{path}", json=BODY)
    assert reply.status_code == 404
    assert f"there is nothing at '{path}': /v1/openapi.json lists what a program may ask" in reply.json().get(
        "detail", reply.json().get("error", {}).get("message")
    )


def test_openai_s_asynchronous_client_asks_and_streams_many_at_once(v1: str) -> None:
    async def main() -> list[str]:
        async with AsyncOpenAI(base_url=v1, api_key="none") as client:

            async def ask(number: int) -> str:
                if number % 2:
                    whole = await client.chat.completions.create(model="quotes", messages=ASKED)
                    return whole.choices[0].message.content or ""
                stream = await client.chat.completions.create(model="quotes", messages=ASKED, stream=True)
                return "".join([one.choices[0].delta.content or "" async for one in stream])

            return await asyncio.gather(*(ask(number) for number in range(10)))

    texts = asyncio.run(main())
    assert len(set(texts)) == 1
    assert "122 days" in texts[0]


def test_openai_s_client_knows_the_errors_for_what_they_are(v1: str) -> None:
    with OpenAI(base_url=v1, api_key="none", max_retries=0) as client:
        with pytest.raises(NotFoundError, match="there is no model 'gpt-5' here") as missing:
            client.chat.completions.create(model="gpt-5", messages=ASKED)
        assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
        with pytest.raises(BadRequestError, match="n is 2") as wrong:
            client.chat.completions.create(model="pincite", messages=ASKED, n=2)
        assert wrong.value.param == "n"
        with pytest.raises(BadRequestError, match="no article is by the publisher 'Nobody'"):
            client.chat.completions.create(
                model="pincite",
                messages=ASKED,
                stream=True,
                extra_body={"pincite": {"within": {"publishers": ["Nobody"]}}},
            )


def test_the_articles_asked_can_be_limited_by_openai_s_client(v1: str) -> None:
    with OpenAI(base_url=v1, api_key="none") as client:
        found = client.chat.completions.create(
            model="pincite", messages=ASKED, extra_body={"pincite": {"within": {"before": "2001-01-01"}}}
        )
    pincite: dict[str, Any] = (found.model_extra or {})["pincite"]
    assert (pincite["outcome"], pincite["abstained"]) == ("not_in_articles", True)
    assert "No article matches" in (found.choices[0].message.content or "")


def test_langchain_s_chat_model_asks_and_streams(v1: str) -> None:
    model = ChatOpenAI(base_url=v1, api_key=SecretStr("none"), model="pincite", temperature=0, max_tokens=500)  # type: ignore[call-arg]
    answer = model.invoke([HumanMessage(QUESTION)])
    assert "122 days" in str(answer.content)
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata
    pieces = list(model.stream(QUESTION))
    assert "122 days" in "".join(str(piece.content) for piece in pieces)


def test_langchain_s_chat_model_is_awaited(v1: str) -> None:
    async def main() -> str:
        model = ChatOpenAI(base_url=v1, api_key=SecretStr("none"), model="pincite")
        return "".join([str(piece.content) async for piece in model.astream(QUESTION)])

    assert "122 days" in asyncio.run(main())


def curl(*words: str) -> str:
    ran = subprocess.run(
        ["curl", "-sS", "--max-time", "30", *words], capture_output=True, text=True, check=True
    )
    return ran.stdout


def test_curl_asks_streams_and_checks(v1: str) -> None:
    kind = ("-H", "Content-Type: application/json")
    found = json.loads(curl(f"{v1}/chat/completions", *kind, "-d", json.dumps(BODY)))
    assert "122 days" in found["choices"][0]["message"]["content"]
    said = events(curl("-N", f"{v1}/chat/completions", *kind, "-d", json.dumps({**BODY, "stream": True})))
    assert said[-1] == "[DONE]"
    text = json.dumps({"text": "xAI built Colossus in Memphis. OpenAI built Colossus in Paris."})
    checked = json.loads(curl(f"{v1}/check", *kind, "-d", text))
    assert [one["verdict"] for one in checked["statements"]] == ["supported", "unsupported"]
    refused = json.loads(curl(f"{v1}/chat/completions", "-d", json.dumps(BODY)))  # as a form, by default
    assert "the header `Content-Type: application/json`" in refused["error"]["message"]


def test_what_is_answered_is_what_the_document_says(v1: str, document: Document) -> None:
    whole = httpx.post(f"{v1}/chat/completions", json=BODY)
    document.check("Completion", whole.json())
    asks = ["Who owns the moon?", "Hello!", "Who founded Anthropic and when?", QUESTION]
    for question in asks:
        body = {**BODY, "messages": [{"role": "user", "content": question}]}
        document.check("ChatRequest", body)
        document.check("Completion", httpx.post(f"{v1}/chat/completions", json=body).json())
        streamed = httpx.post(
            f"{v1}/chat/completions",
            json={**body, "stream": True, "stream_options": {"include_usage": True}},
        )
        assert streamed.headers["content-type"].startswith("text/event-stream")
        *chunks, done = events(streamed.text)
        assert done == "[DONE]"
        assert len(chunks) >= 3
        for chunk in chunks:
            document.check("Chunk", json.loads(chunk))
    checked = httpx.post(f"{v1}/check", json={"text": "xAI built Colossus. It is in Paris."})
    document.check("CheckedReply", checked.json())
    paths = {"/v1/models", "/v1/models/{model}", "/v1/chat/completions", "/v1/check"}
    assert set(document.said["paths"]) == paths
    assert "HTTPValidationError" not in document.said["components"]["schemas"]


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, {"content": b"{"}),
        (400, {"content": b"\xff\xfe"}),
        (400, {"content": b"[" * 100_000}),
        (400, {"content": b""}),
        (400, {"json": []}),
        (400, {"json": {**BODY, "tools": [1]}}),
        (400, {"json": {**BODY, "messages": [{"role": "user", "content": "why " * 5000}]}}),
        (400, {"json": {**BODY, "pincite": {"within": {"articles": ["no-such"]}}}}),
        (404, {"json": {**BODY, "model": "no-such"}}),
        (413, {"content": b"x" * 300_000}),
    ],
)
def test_a_wrong_request_has_the_status_and_the_form_of_openai_s_errors(
    v1: str, document: Document, status: int, request_: dict[str, Any]
) -> None:
    for path in ("chat/completions", "check") if "content" in request_ else ("chat/completions",):
        reply = httpx.post(f"{v1}/{path}", headers={"content-type": "application/json"}, **request_)
        assert reply.status_code == status
        document.check("ErrorReply", reply.json())
        assert "\n" not in reply.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body", "param", "said"),
    [
        (
            "chat/completions",
            {**BODY, "pincite": {"within": {"Publisher": "Coast News"}}},
            "pincite.within",
            "pincite.within takes no 'Publisher': it takes publishers, after, before, articles",
        ),
        (
            "chat/completions",
            {**BODY, "pincite": {"with": {}}},
            "pincite.with",
            "takes no 'with': it takes within",
        ),
        ("check", {"text": "x", "texts": []}, "texts", "the body takes no 'texts': it takes text, within"),
        (
            "check",
            {"text": "x", "within": {"day": ""}},
            "within.day",
            "within takes no 'day': it takes publishers",
        ),
    ],
)
def test_a_misspelt_field_is_told_with_those_there_are(
    v1: str, path: str, body: dict[str, Any], param: str, said: str
) -> None:
    reply = httpx.post(f"{v1}/{path}", json=body)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)
    assert said in reply.json()["error"]["message"]


def test_a_body_that_does_not_say_its_length_meets_the_same_limit(v1: str) -> None:
    for path in ("chat/completions", "check"):
        parts = iter([b'{"text": "', *[b"x" * 1000] * 300, b'"}'])
        reply = httpx.post(f"{v1}/{path}", headers={"content-type": "application/json"}, content=parts)
        assert reply.status_code == 413
        assert reply.json()["error"]["code"] == "request_too_large"


@pytest.mark.parametrize("before", [["a"] * 6000, ["a" * 240_000], ["1" * 2000] * 100])
def test_a_conversation_of_any_length_delays_no_answer(v1: str, before: list[str]) -> None:
    messages = [{"role": "user", "content": text} for text in (*before, "How long did Colossus take?")]
    reply = httpx.post(f"{v1}/chat/completions", json={**BODY, "messages": messages}, timeout=15)
    assert "122 days" in reply.json()["choices"][0]["message"]["content"]


def test_a_text_too_long_to_check_is_refused_with_the_limit(v1: str) -> None:
    reply = httpx.post(f"{v1}/check", json={"text": "x" * 10_001})
    assert reply.status_code == 400
    assert "the limit is 10,000" in reply.json()["error"]["message"]


def test_half_a_character_breaks_nothing(v1: str) -> None:
    kind = {"content-type": "application/json"}
    checked = httpx.post(f"{v1}/check", content='{"text": "\\ud800 is half of one."}', headers=kind)
    assert checked.json()["text"] == "? is half of one."
    body = json.dumps({**BODY, "messages": [{"role": "user", "content": "\ud800Where is Colossus?"}]})
    asked = httpx.post(f"{v1}/chat/completions", content=body, headers=kind)
    assert asked.json()["pincite"]["question"] == "?Where is Colossus?"


def test_fifty_clients_stream_at_once_and_none_fails(v1: str) -> None:
    async def main() -> list[str]:
        limits = httpx.Limits(max_connections=50)
        async with httpx.AsyncClient(timeout=60, limits=limits) as client:

            async def ask() -> str:
                async with client.stream(
                    "POST", f"{v1}/chat/completions", json={**BODY, "stream": True}
                ) as reply:
                    return (await reply.aread()).decode()

            return await asyncio.gather(*(ask() for _ in range(50)))

    found = asyncio.run(main())
    assert [events(text)[-1] for text in found] == ["[DONE]"] * 50
    wait_until(lambda: not [one for one in threading.enumerate() if one.name == "pincite-async"], within_s=10)


def test_of_many_clients_those_that_leave_at_any_moment_cost_the_others_nothing(v1: str) -> None:
    async def main() -> list[str]:
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=40)) as client:

            async def leave(after_s: float, *, stream: bool) -> None:
                call = client.post(f"{v1}/chat/completions", json={**BODY, "stream": stream})
                with suppress(TimeoutError):
                    await asyncio.wait_for(call, after_s)

            async def stay() -> str:
                return (await client.post(f"{v1}/chat/completions", json={**BODY, "stream": True})).text

            leaving = [leave(0.02 * number, stream=number % 2 == 0) for number in range(20)]
            gone = asyncio.gather(*leaving)
            texts = await asyncio.gather(*(stay() for _ in range(20)))
            await gone
            return texts

    assert [events(text)[-1] for text in asyncio.run(main())] == ["[DONE]"] * 20
    wait_until(lambda: not [one for one in threading.enumerate() if one.name == "pincite-async"], within_s=10)
