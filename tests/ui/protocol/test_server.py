"""The protocol as the official client meets it, over either transport and in either of its generations."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp.shared.exceptions import MCPError

from rag.schema import Span
from tests.support.browser_chat import site
from tests.support.protocol_client import ARTICLES, LIGHT, LONG, TALL, Spoken, spoken, started
from ui.protocol.addresses import ARTICLE, WORDS, address

WHEN = "When was the lighthouse at Orrin built?"
TEXTS = {one["id"]: one["text"] for one in ARTICLES}
WAYS = [
    "stdio",
    "stdio legacy",
    *(pytest.param(way, marks=pytest.mark.slow) for way in ("http", "http legacy")),
]
SHORT = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def address_of_site(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with (
        pytest.MonkeyPatch.context() as patch,
        site(
            tmp_path_factory.mktemp("site"), patch, corpus=articles, mcp=True, rate="99999/minute",
            address_rate="99999/minute",
        ) as found,
    ):  # fmt: skip
        yield found


@pytest.fixture(scope="module", params=WAYS)
def there(
    request: pytest.FixtureRequest, articles: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Spoken]:
    way, _, era = request.param.partition(" ")
    with ExitStack() as stack:
        if way == "http":
            server: Any = f"{request.getfixturevalue('address_of_site')}/mcp"
        else:
            home = tmp_path_factory.mktemp("home")
            server = started("mcp", "--corpus", articles, "--model", "quotes", home=home)
        yield stack.enter_context(spoken(server, mode=era or "auto"))


# --- what there is -----------------------------------------------------------------------------------------


def test_each_tool_says_what_it_takes_and_gives_field_by_field(there: Spoken) -> None:
    tools = there.tools()
    assert list(tools) == ["ask", "check", "search", "read_article", "list_articles"]
    for tool in tools.values():
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.output_schema is not None
        for schema in (tool.input_schema, tool.output_schema, *tool.output_schema.get("$defs", {}).values()):
            assert schema["type"] == "object"
            assert all(field.get("description") for field in schema["properties"].values()), schema["title"]


def test_a_result_that_lacks_a_field_would_not_pass_the_client(there: Spoken) -> None:
    called = there.calling("ask", question=WHEN).result(60)
    assert called.structured_content is not None
    del called.structured_content["outcome"]
    with pytest.raises(RuntimeError, match="outcome"):
        there.validate("ask", called)


def test_an_answer_has_the_words_it_rests_on_and_where_to_read_them(there: Spoken) -> None:
    said = there.call("ask", question=WHEN)
    assert (said["outcome"], said["abstained"]) == ("answered", False)
    (statement,) = said["statements"]
    assert (statement["quote"], statement["credit"]) == (LIGHT, "Credit: Coast News")
    assert (statement["article"], statement["publisher"], statement["date"]) == (
        "orrin",
        "Coast News",
        "2026-05-01",
    )
    assert (statement["start"], statement["end"]) == (0, len(LIGHT))
    assert statement["uri"] == f"pincite://article/orrin/0-{len(LIGHT)}"


def test_a_question_that_the_articles_do_not_answer_is_declined(there: Spoken) -> None:
    assert there.call("ask", question="What is the capital of Peru?")["abstained"] is True


def test_a_text_is_checked_statement_by_statement(there: Spoken) -> None:
    said = there.call("check", text=f"{LIGHT} It stands 52 metres tall.")
    assert [one["verdict"] for one in said["statements"]] == ["supported", "unsupported"]
    assert said["all_supported"] is False
    assert said["statements"][1]["words"][0]["quote"] == TALL


def test_a_search_gives_passages_best_first_within_the_articles_that_count(there: Spoken) -> None:
    found = there.call("search", query="lighthouse Orrin", limit=3)
    assert found["passages"][0]["article"] == "orrin"
    scores = [one["score"] for one in found["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 3
    assert all(-1 <= one["cosine"] <= 1 for one in found["passages"])
    within = there.call("search", query="lighthouse Orrin", publishers=["bay post"], after="2026-05-01")
    assert {one["article"] for one in within["passages"]} == {"../notes/a b"}
    assert "Only 1 article" in within["limited"]


def test_a_long_article_is_read_in_parts_and_nothing_is_lost(there: Spoken) -> None:
    read, parts = "", 0
    while True:
        part = there.call("read_article", article="barges", offset=len(read), limit=9000)
        assert part["left"] == len(LONG) - part["end"]
        assert part["characters"] == len(LONG)
        read += part["text"]
        parts += 1
        if not part["left"]:
            break
    assert (read, parts) == (LONG, -(-len(LONG) // 9000))


def test_the_list_of_articles_comes_in_parts_and_by_publisher_and_day(there: Spoken) -> None:
    whole = there.call("list_articles")
    assert [one["article"] for one in whole["articles"]] == sorted(TEXTS)
    assert (whole["matching"], whole["left"]) == (5, 0)
    parts = [there.call("list_articles", offset=at, limit=2) for at in (0, 2, 4, 99)]
    assert [one["article"] for part in parts for one in part["articles"]] == sorted(TEXTS)
    assert [part["left"] for part in parts] == [3, 1, 0, 0]
    bay = there.call("list_articles", publishers=["Bay Post"], before="2026-04-30")
    assert [one["article"] for one in bay["articles"]] == ["barges"]
    assert there.call("list_articles", after="2026-05-01")["undated"] == 2


# --- resources ---------------------------------------------------------------------------------------------


def test_every_article_is_a_resource_with_its_whole_text(there: Spoken) -> None:
    listed = there.resources()
    assert [one.name for one in listed] == sorted(TEXTS)
    assert there.templates() == [ARTICLE, WORDS]
    for one in listed:
        (whole,) = there.read(one.uri)
        assert whole.text == TEXTS[one.name]
        assert whole.uri == one.uri
    orrin = next(one for one in listed if one.name == "orrin")
    assert (orrin.title, orrin.description) == ("The lighthouse at Orrin", "Coast News, 2026-05-01")


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": WHEN}),
        ("ask", {"question": "How long is the bridge over the Ness?"}),
        ("ask", {"question": "Until when did the mill at Tarn grind rye?"}),
        ("check", {"text": f"{LIGHT} The ferry to Pell takes 31 cars. Rye bread is white."}),
    ],
)
def test_the_words_of_every_citation_read_as_a_resource_are_its_quote(
    there: Spoken, tool: str, arguments: dict[str, str]
) -> None:
    said = there.call(tool, **arguments)
    statements = said["statements"]
    if tool == "check":
        statements = [words for one in statements for words in one["words"]]
    assert statements
    for statement in statements:
        words, around = there.read(statement["uri"])
        assert words.text == statement["quote"] != ""
        assert words.uri == statement["uri"]
        assert words.text in around.text
        assert around.meta is not None
        assert around.meta["pincite/words"]["article"] == statement["article"]
        again = there.read(around.uri)[0]
        assert again.text == around.text


@given(st.data())
@SHORT
def test_any_span_of_any_article_reads_as_its_words(there: Spoken, data: st.DataObject) -> None:
    article_id = data.draw(st.sampled_from(sorted(TEXTS)))
    text = TEXTS[article_id]
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    words, around = there.read(address(article_id, span))
    assert words.text == text[span.start : span.end]
    place = around.meta["pincite/words"] if around.meta else {}
    assert place["start"] <= span.start
    assert span.end <= place["end"]
    assert around.text == text[place["start"] : place["end"]]
    assert len(around.text) <= len(words.text) + 1200


@given(
    st.lists(
        st.tuples(
            st.sampled_from([LIGHT, TALL, "The ferry to Pell takes 31 cars.", "Rye bread is dark."]),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    )
)
@SHORT
def test_the_words_that_a_check_names_read_as_a_resource_are_its_quotes(
    there: Spoken, statements: list[tuple[str, bool]]
) -> None:
    text = " ".join(re.sub(r"\d", "5", one) if wrong else one for one, wrong in statements)
    for judged in there.call("check", text=text)["statements"]:
        for words in judged["words"]:
            assert (
                there.read(words["uri"])[0].text
                == words["quote"]
                == TEXTS[words["article"]][words["start"] : words["end"]]
            )


def test_the_words_of_every_passage_of_a_search_read_as_a_resource(there: Spoken) -> None:
    for passage in there.call("search", query="What carried pears to Vell?", limit=12)["passages"]:
        assert there.read(passage["uri"])[0].text == passage["text"]


# --- what is hostile or wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("ask", {"question": ""}, "the question '' holds no words: ask one in words"),
        ("ask", {"question": "x" * 2001}, "has 2001 characters, the limit is 2000"),
        ("ask", {"question": "a", "publishers": ["Coast Newz"]}, "did you mean 'Coast News'?"),
        ("ask", {"question": "a", "after": "2026-05-02", "before": "2026-05-01"}, "is later than before"),
        ("ask", {"question": "a", "after": "2026-02-30"}, "'2026-02-30' is no day of the calendar"),
        ("check", {"text": ""}, "the text is empty"),
        ("check", {"text": "x" * 10_001}, "the limit is 10,000; check it in parts"),
        ("search", {"query": "\0"}, "holds no words"),
        ("search", {"query": "a", "limit": 10**300}, "give a whole number from 1 to 50"),
        ("search", {"query": "a", "limit": -1}, "'limit' is -1: give a whole number from 1 to 50"),
        ("read_article", {"article": "../../etc/passwd"}, "there is no article '../../etc/passwd'"),
        ("read_article", {"article": "x" * 5000}, "there is no article 'xxx"),
        ("read_article", {"article": "orrin", "offset": 5000}, "code points, give 0 to 10"),
        ("read_article", {"article": "orrin", "offset": 10**30}, "'offset' is 1000000"),
        ("list_articles", {"limit": 0}, "'limit' is 0: give a whole number from 1 to 200"),
        ("list_articles", {"publisher": "a"}, "list_articles takes no 'publisher': it takes publishers,"),
    ],
)
def test_what_cannot_be_done_is_one_line_that_says_how_to_mend_it(
    there: Spoken, tool: str, arguments: dict[str, Any], line: str
) -> None:
    said = there.refused(tool, **arguments)
    assert line in said
    assert len(said) < 500


@pytest.mark.parametrize(
    ("uri", "line"),
    [
        ("pincite://article/nobody", "there is no article 'nobody'"),
        ("pincite://article/..%2F..%2Fetc%2Fpasswd", "there is no article '../../etc/passwd'"),
        (
            "file:///etc/passwd",
            "'file:///etc/passwd' is no address of an article: give pincite://article/{id}",
        ),
        ("pincite://article/orrin/0-99999", "the span 0-99999 reaches past the end of 'orrin', which has 10"),
        ("pincite://article/orrin/7-3", "the span 7-3 ends before it starts"),
        ("pincite://article/orrin/0-" + "9" * 500, "is no address of an article"),
        ("pincite://article/%ed%a0%80", "encode the id as UTF-8"),
        ("pincite://article/../orrin", "is no address of an article"),
    ],
)
def test_an_address_that_names_nothing_is_one_line(there: Spoken, uri: str, line: str) -> None:
    assert line in there.unread(uri)


def test_an_unknown_tool_is_told_with_those_there_are(there: Spoken) -> None:
    with pytest.raises(MCPError, match="there is no tool 'frob': there are ask, check, search"):
        there.calling("frob").result(60)


def test_many_calls_at_once_are_all_answered(there: Spoken) -> None:
    calls = [there.calling("search", query=f"Barge {number}", limit=1) for number in range(60)]
    assert all(call.result(60).structured_content for call in calls)
    assert there.call("ask", question=WHEN)["outcome"] == "answered"
