"""Any text against the articles: each statement has a verdict, and what nothing carries is never supported."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag
from rag.chatbot import Chatbot
from rag.checking import (
    LONGEST_TEXT,
    Checked,
    CheckedStatement,
    check_statements,
    checked_to_json,
)
from rag.errors import CheckError, SettingsError
from rag.filters import Filter
from rag.schema import Evidence, Span
from rag.system.paths import shipped_corpus

KEPT = "Clara Wells has kept the lighthouse at Orrin since 1902."
BUILT = "The lighthouse at Orrin was built in 1871."
MEMPHIS = "xAI built its Colossus supercomputer in Memphis, Tennessee."  # in the shipped article
MILL = "The mill at Tarn was closed in 1899."


def evidence(*texts: str) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(label=label, article_id=f"a{label}", span=Span(0, len(text)), text=text, score=1.0)
        for label, text in enumerate(texts, 1)
    )


def check(text: str, *texts: str) -> Checked:
    found = evidence(*texts)
    return Checked(text=text, statements=tuple(check_statements(text, passages=lambda _: found)))


def verdicts(checked: Checked) -> list[str]:
    return [statement.verdict for statement in checked.statements]


def test_the_differing_words_are_marked_where_they_stand_in_the_text() -> None:
    text = f"{KEPT} The  lighthouse [1] at Orrin ( built of stone ) was built in 1872 [2]."
    refused = check(text, BUILT).statements[1]
    differs = refused.citations[0].contrary
    assert differs is not None
    assert (differs.claim.of(text), differs.words.of(BUILT)) == ("1872", "1871")


def test_each_statement_has_its_verdict_quote_and_place() -> None:
    text = f"{BUILT} The lighthouse at Orrin was built in 1872."
    checked = check(text, KEPT, BUILT)
    assert verdicts(checked) == ["supported", "unsupported"]
    true, false = checked.statements
    assert true.span.of(text) == true.text == BUILT
    assert [citation.quote for citation in true.citations] == [BUILT]
    assert "1872" in false.reason
    assert not checked.all_supported
    assert check(BUILT, BUILT).all_supported


@pytest.mark.parametrize(
    "mark",
    [
        "[1]",
        "[7]",
        "[1, 3]",
        "【2】",
        "[^4]",
        "【4†source】",
        "<cite>3</cite>",
        "([Coast News](https://a.example/?x=3))",
        "https://a.example/17",
    ],
)
def test_marks_of_another_are_ignored(mark: str) -> None:
    checked = check(f"The lighthouse at Orrin was built in 1871 {mark}.", KEPT, BUILT)
    assert verdicts(checked) == ["supported"]
    assert checked.statements[0].text == BUILT
    assert checked.statements[0].citations[0].article_id == "a2"
    assert check(mark, BUILT).statements == ()


def test_the_words_of_a_link_are_checked() -> None:
    checked = check(
        "The [lighthouse at Orrin](https://a.example/7) was built in [1872](https://b.example).", BUILT
    )
    assert verdicts(checked) == ["unsupported"]
    assert "1872" in checked.statements[0].reason


@pytest.mark.parametrize("number", ["(1872)", "(12)", "[1872]", "[1872, 3]"])
def test_what_may_be_a_number_of_the_text_is_checked(number: str) -> None:
    assert verdicts(check(f"The lighthouse at Orrin was built in 1871 {number}.", BUILT)) == ["unsupported"]


@pytest.mark.parametrize(
    "text", ["When was the lighthouse at Orrin built?", "# The lighthouse", "Well, well."]
)
def test_what_states_nothing_is_unchecked_and_alone_supports_nothing(text: str) -> None:
    checked = check(text, BUILT)
    assert verdicts(checked) == ["unchecked"]
    assert checked.statements[0].reason
    assert not checked.all_supported


def test_a_number_in_a_heading_is_checked() -> None:
    assert verdicts(check("# The lighthouse at Orrin was built in 1872", BUILT)) == ["unsupported"]


def test_a_question_among_statements_does_not_spoil_the_text() -> None:
    assert check(f"{BUILT} Who knew that?", BUILT).all_supported


def test_a_passage_has_one_label_in_the_whole_text() -> None:
    checked = check(f"{MILL} {BUILT} {MILL}", KEPT, BUILT, MILL)
    labels = [statement.citations[0].label for statement in checked.statements]
    assert labels == [1, 2, 1]
    assert [(item.label, item.text) for item in checked.evidence] == [(1, MILL), (2, BUILT)]


def test_a_pronoun_is_what_the_statement_before_is_about() -> None:
    assert verdicts(check(f"{BUILT} It was built in 1871.", KEPT, BUILT)) == ["supported", "supported"]


@pytest.mark.parametrize(
    ("before", "leaning"),
    [
        ("The mill at Tarn was closed in 1899.", "It was built in 1871."),
        ("In Orrin, the Ford plant opened.", "It was built in 1871."),
        ("The town hall is old.", "However, it was built in 1871."),
        ("Tom Olsen is a sailor.", "He has kept the lighthouse at Orrin since 1902."),
    ],
)
def test_words_about_something_else_carry_no_pronoun(before: str, leaning: str) -> None:
    checked = check(f"{before} {leaning}", KEPT, BUILT, MILL)
    assert checked.statements[1].verdict == "unsupported"
    assert not any(citation.verified for citation in checked.statements[1].citations)


def test_a_pronoun_without_anything_before_it_is_unchecked() -> None:
    checked = check("It was built in 1871.", BUILT)
    assert verdicts(checked) == ["unchecked"]
    assert "‘It’" in checked.statements[0].reason


def test_it_that_stands_for_nothing_is_no_pronoun() -> None:
    assert verdicts(check("It was in 1871 that the lighthouse at Orrin was built.", BUILT)) == ["supported"]


def test_statements_come_one_by_one() -> None:
    asked: list[str] = []

    def passages(statement: str) -> Sequence[Evidence]:
        asked.append(statement)
        return evidence(BUILT)

    statements = check_statements(f"{BUILT} {MILL}", passages=passages)
    assert asked == []
    assert next(statements).text == BUILT
    assert asked == [BUILT]


@pytest.mark.parametrize(
    ("text", "line"), [(" \n", "is empty"), ("x" * (LONGEST_TEXT + 1), "limit is 100,000")]
)
def test_a_blank_or_endless_text_is_one_clear_line(text: str, line: str) -> None:
    with pytest.raises(CheckError, match=line) as failed:
        check_statements(text, passages=lambda _: ())
    assert "\n" not in str(failed.value)


@given(st.text(st.sampled_from("Orrin 1871.[]?“”*#\n\ta-"), max_size=80))
def test_whatever_the_text_its_statements_are_slices_in_order(text: str) -> None:
    if not text.strip():
        return
    checked = check(text, KEPT, BUILT)
    spans = [statement.span for statement in checked.statements]
    assert spans == sorted(spans)
    assert all(span.end <= len(text) for span in spans)
    assert all(0 <= item.label <= 2 for s in checked.statements for item in s.citations)


def test_json_has_the_fields_and_whether_all_is_supported() -> None:
    data = checked_to_json(check(BUILT, BUILT))
    assert list(data) == ["text", "all_supported", "statements"]
    assert isinstance(data["statements"], list)
    statement = data["statements"][0]
    assert isinstance(statement, dict)
    assert set(statement) == set(CheckedStatement.__dataclass_fields__)


def test_the_articles_of_an_index_are_searched_for_each_statement(shipped: Chatbot) -> None:
    checked = shipped.check(f"{MEMPHIS} {MEMPHIS.replace('Memphis', 'Nashville')}")
    assert verdicts(checked) == ["supported", "unsupported"]
    article = shipped.article(checked.evidence[0].article_id)
    for citation in (item for statement in checked.statements for item in statement.citations):
        assert citation.span.of(article.text) == citation.quote


def test_printed_it_has_a_verdict_a_statement_and_the_passages_below() -> None:
    assert str(check(f"{BUILT} {BUILT.replace('1871', '1872')} Who knew?", BUILT)).split("\n") == [
        f"supported: {BUILT}",
        f"    [1] “{BUILT}” — a1",
        "unsupported: The lighthouse at Orrin was built in 1872. (‘1872’ is not in the cited words)",
        f"    [1] “{BUILT}” — a1",
        "unchecked: Who knew? (a question states nothing)",
    ]


def test_only_articles_within_the_filter_count(shipped: Chatbot) -> None:
    checked = shipped.check(MEMPHIS, within=Filter(after=date(2100, 1, 1)))
    assert verdicts(checked) == ["unsupported"]
    with pytest.raises(SettingsError):
        shipped.check(MEMPHIS, within=Filter(publishers=("Nobody",)))


def test_one_call_opens_the_articles_and_checks(private_home: object) -> None:
    assert rag.check(MEMPHIS, corpus=shipped_corpus()).all_supported
    with pytest.raises(rag.CheckError):
        rag.check("", corpus="no/such/folder")
