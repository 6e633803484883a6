"""Answers as JSON and back: nothing lost, nothing added, and a bad file is refused by name."""

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.filters import Filter
from rag.schema import (
    Answer,
    Citation,
    Contrary,
    Disagreement,
    Evidence,
    Located,
    Outcome,
    ReportedValue,
    Span,
    Support,
    Withheld,
)
from rag.serialization import Json, answer_from_json, to_json

TEXT = st.text(max_size=30)
SPANS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda pair: Span(*sorted(pair)))
SECONDS = st.floats(0, 1e6, allow_nan=False)
CITATIONS = st.builds(
    Citation,
    label=st.integers(0, 99),
    claim=SPANS,
    article_id=TEXT,
    span=SPANS,
    quote=TEXT,
    located=st.sampled_from(get_args(Located)),
    support=st.sampled_from(get_args(Support)),
    reason=TEXT,
    verbatim=st.booleans(),
    speaker=TEXT,
    mood=TEXT,
    condition=TEXT,
    contrary=st.none() | st.builds(Contrary, claim=SPANS, words=SPANS),
)
EVIDENCE = st.builds(
    Evidence,
    label=st.integers(1, 99),
    article_id=TEXT,
    span=SPANS,
    text=TEXT,
    score=st.floats(0, 1),
    title=TEXT,
    url=TEXT,
    publisher=TEXT,
    date=st.none() | st.dates(),
    credit=TEXT,
    fingerprint=TEXT,
    page=st.none() | st.integers(1, 9999),
)
SAID = st.builds(
    ReportedValue,
    label=st.integers(1, 99),
    text=TEXT,
    title=TEXT,
    publisher=TEXT,
    date=st.none() | st.dates(),
)
ANSWERS = st.builds(
    Answer,
    question=TEXT,
    standalone_question=TEXT,
    text=TEXT,
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    evidence=st.lists(EVIDENCE, max_size=3).map(tuple),
    outcome=st.sampled_from(get_args(Outcome)),
    quotes=st.lists(st.integers(1, 99), max_size=3).map(tuple),
    withheld=st.none() | st.builds(Withheld, text=TEXT, citations=st.lists(CITATIONS, max_size=2).map(tuple)),
    note=TEXT,
    unmentioned=st.lists(TEXT, max_size=3).map(tuple),
    differing=st.lists(
        st.builds(Disagreement, said=st.lists(SAID, min_size=2, max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    model=TEXT,
    timings=st.dictionaries(TEXT, SECONDS, max_size=4),
    within=st.builds(
        Filter,
        publishers=st.lists(TEXT, max_size=2).map(tuple),
        after=st.none() | st.dates(),
        articles=st.just(()),
    ),
    limited=TEXT,
)

PASSAGE = Evidence(label=1, article_id="a", span=Span(0, 4), text="Yes.", score=0.5, date=date(2026, 5, 1))
CITED = Citation(
    label=1,
    claim=Span(0, 4),
    article_id="a",
    span=Span(0, 4),
    quote="Yes.",
    located="exact",
    support="supported",
)
ANSWER = Answer(
    question="Is it?",
    standalone_question="Is it?",
    text="Yes. [1]",
    citations=(CITED,),
    evidence=(PASSAGE,),
    model="quotes",
    timings={"total": 0.25},
)


@given(ANSWERS)
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    written = json.dumps(to_json(answer), ensure_ascii=False, allow_nan=False)
    assert answer_from_json(json.loads(written)) == answer


def plain(answer: Answer) -> dict[str, Json]:
    found = to_json(answer)
    assert isinstance(found, dict)
    return found


def test_an_answer_has_exactly_its_fields() -> None:
    assert list(plain(ANSWER)) == [*(field.name for field in fields(Answer)), "abstained"]


def test_spans_dates_and_the_verdict_are_plain() -> None:
    found = json.loads(json.dumps(plain(ANSWER)))
    assert found["citations"][0]["span"] == [0, 4]
    assert found["citations"][0]["claim"] == [0, 4]
    assert found["evidence"][0]["date"] == "2026-05-01"
    assert found["citations"][0]["verified"] is True
    unsupported = replace(CITED, support="unsupported")
    assert json.loads(json.dumps(to_json(unsupported)))["verified"] is False
    quoted = replace(CITED, support="quoted")
    assert json.loads(json.dumps(to_json(quoted)))["verified"] is False


@pytest.mark.parametrize(
    ("outcome", "abstained"),
    [("answered", False), ("nearest", True), ("not_in_articles", True), ("conversation", False)],
)
def test_json_says_beside_the_outcome_whether_it_abstained(outcome: Outcome, abstained: bool) -> None:
    data = plain(replace(ANSWER, outcome=outcome))
    assert (data["outcome"], data["abstained"]) == (outcome, abstained)
    # What is computed is not read back.
    assert answer_from_json({**data, "abstained": not abstained}).outcome == outcome


def test_an_answer_kept_before_passages_had_pages_is_read() -> None:
    data = json.loads(json.dumps(plain(ANSWER)))
    del data["evidence"][0]["page"]
    assert answer_from_json(data) == ANSWER


def test_an_answer_kept_before_citations_named_speakers_is_read() -> None:
    data = json.loads(json.dumps(plain(ANSWER)))
    for citation in data["citations"]:
        del citation["speaker"], citation["mood"], citation["condition"], citation["contrary"]
    assert answer_from_json(data) == ANSWER


def test_an_answer_kept_before_some_articles_could_be_asked_is_read() -> None:
    data = json.loads(json.dumps(plain(ANSWER)))
    del data["within"], data["limited"], data["differing"]
    assert answer_from_json(data) == ANSWER
    data["within"] = {"publishers": [], "after": "2026-05-02", "before": "2026-05-01", "articles": []}
    with pytest.raises(ValueError, match=r"answer\.within: after '2026-05-02' is later than before"):
        answer_from_json(data)


def test_a_verdict_that_was_tampered_with_is_computed_anew() -> None:
    data = json.loads(json.dumps(plain(replace(ANSWER, citations=(replace(CITED, support="unchecked"),)))))
    data["citations"][0]["verified"] = True
    assert not answer_from_json(data).citations[0].verified


def test_what_json_has_no_number_for_is_null() -> None:
    assert to_json([float("nan"), float("inf"), 0.5]) == [None, None, 0.5]


def test_a_path_is_its_text_and_a_foreign_object_is_refused() -> None:
    assert to_json(Path("a") / "b.md") == str(Path("a") / "b.md")
    with pytest.raises(TypeError, match="object"):
        to_json(object())


def _without_text(data: dict[str, object]) -> None:
    del data["text"]


Change = Callable[[dict[str, object]], None]


def setting(name: str, value: object) -> Change:
    def change(data: dict[str, object]) -> None:
        data[name] = value

    return change


def in_first(kind: str, name: str, value: object) -> Change:
    def change(data: dict[str, object]) -> None:
        items = data[kind]
        assert isinstance(items, list)
        items[0][name] = value

    return change


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (_without_text, "answer.text is missing"),
        (setting("colour", 1), "answer.colour is unknown"),
        (setting("question", None), "answer.question is None"),
        (setting("outcome", "declined"), "answer.outcome is 'declined'"),
        (setting("quotes", ["1"]), "answer.quotes[0] is '1'"),
        (setting("withheld", "x"), "answer.withheld is 'x'"),
        (setting("withheld", {"text": "x"}), "answer.withheld.citations is missing"),
        (setting("note", 1), "answer.note is 1"),
        (setting("timings", []), "answer.timings is []"),
        (setting("timings", {"total": "1"}), "answer.timings.total is '1'"),
        (setting("citations", {}), "answer.citations is {}"),
        (setting("evidence", ["x"]), "answer.evidence[0] is 'x'"),
        (in_first("citations", "span", [4, 2]), "answer.citations[0].span is [4, 2]"),
        (in_first("citations", "span", [0, True]), "answer.citations[0].span is True"),
        (in_first("citations", "claim", [0]), "answer.citations[0].claim is [0]"),
        (in_first("citations", "located", "nearby"), "answer.citations[0].located is 'nearby'"),
        (in_first("citations", "support", []), "answer.citations[0].support is []"),
        (in_first("citations", "label", 1.5), "answer.citations[0].label is 1.5"),
        (in_first("evidence", "date", "1 May"), "answer.evidence[0].date is '1 May'"),
        (in_first("evidence", "score", "0.5"), "answer.evidence[0].score is '0.5'"),
        (in_first("evidence", "verified", True), "answer.evidence[0].verified is unknown"),
    ],
)
def test_what_is_no_answer_is_refused_by_the_name_of_its_place(change: Change, place: str) -> None:
    data = json.loads(json.dumps(plain(ANSWER)))
    change(data)
    with pytest.raises(ValueError, match=r".+") as caught:
        answer_from_json(data)
    assert str(caught.value).startswith(place)


@pytest.mark.parametrize("data", [None, [], "answer", 3])
def test_what_is_no_object_is_no_answer(data: object) -> None:
    with pytest.raises(ValueError, match=r"answer is .*give an object"):
        answer_from_json(data)
