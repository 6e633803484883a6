"""A receipt verified again: words that stand, have moved, have changed or are gone, and the verdicts after that."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.receipts import Receipt, Recheck, recheck_to_json, verify_receipt
from rag.receipts.found_again import Found, find_again
from rag.schema import Answer, Article, Evidence, Span
from rag.verify import verify

TEXT = (
    "The coast of Orrin is steep. The lighthouse at Orrin was built in 1871 by Maria Keller. "
    "It stands 42 metres tall. The mill at Tarn was closed in 1899."
)
QUOTE = "The lighthouse at Orrin was built in 1871 by Maria Keller."
SPAN = Span(TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))
ORRIN = Article(id="orrin", title="Orrin", text=TEXT)
PASSAGE = Evidence(
    label=1,
    article_id="orrin",
    span=SPAN,
    text=QUOTE,
    score=1.0,
    title="Orrin",
    fingerprint=ORRIN.fingerprint,
)


def receipt(text: str, *, quoted: bool = False) -> Receipt:
    citations = verify(text, (PASSAGE,))
    if quoted:
        citations = tuple(replace(item, support="quoted") for item in citations)
    answer = Answer(
        question="q?", standalone_question="q?", text=text, citations=citations, evidence=(PASSAGE,)
    )
    return Receipt(answer=answer, written=datetime(2026, 5, 1, tzinfo=UTC))


def recheck(kept: Receipt, text: str | None) -> Recheck:
    article = None if text is None else replace(ORRIN, text=text)
    return verify_receipt(kept, article=lambda wanted: article if wanted == "orrin" else None)


WRITTEN = receipt("It was Maria Keller who built the lighthouse at Orrin in 1871 [1].")
QUOTED = receipt(f"“{QUOTE}” [1]", quoted=True)


@pytest.mark.parametrize("kept", [WRITTEN, QUOTED])
def test_articles_that_are_as_they_were_change_nothing(kept: Receipt) -> None:
    assert kept.answer.citations[0].support in ("supported", "quoted")
    found = recheck(kept, TEXT)
    assert found.unchanged
    assert found.changes == 0
    assert [item.state for item in found.articles] == [item.state for item in found.quotes] == ["same"]
    assert [(item.then, item.now) for item in found.statements] == [(kept.answer.citations[0].support,) * 2]


@pytest.mark.parametrize("kept", [WRITTEN, QUOTED])
def test_words_that_moved_are_found_and_still_carry(kept: Receipt) -> None:
    text = f"A correction was made. {TEXT}"
    found = recheck(kept, text)
    (quote,) = found.quotes
    assert quote.state == "moved"
    assert quote.now is not None
    assert quote.now.of(text) == quote.quote == quote.words
    assert all(item.then == item.now for item in found.statements)
    assert not found.unchanged


@pytest.mark.parametrize("kept", [WRITTEN, QUOTED])
def test_a_changed_digit_is_found_and_takes_the_verdict_away(kept: Receipt) -> None:
    found = recheck(kept, TEXT.replace("1871", "1872"))
    (quote,) = found.quotes
    assert (quote.state, quote.words) == ("changed", QUOTE.replace("1871", "1872"))
    (statement,) = found.statements
    assert statement.now == "unsupported"
    assert statement.reason


@pytest.mark.parametrize("kept", [WRITTEN, QUOTED])
@pytest.mark.parametrize("text", [None, "The coast of Orrin is steep. The mill at Tarn was closed in 1899."])
def test_words_that_are_gone_carry_nothing(kept: Receipt, text: str | None) -> None:
    found = recheck(kept, text)
    (quote,) = found.quotes
    assert (quote.state, quote.now, quote.words) == ("gone", None, "")
    assert found.articles[0].state == ("gone" if text is None else "changed")
    assert [item.now for item in found.statements] == ["unsupported"]


def test_an_article_that_changed_elsewhere_is_told() -> None:
    found = recheck(WRITTEN, TEXT.replace("1899", "1900"))
    assert (found.articles[0].state, found.quotes[0].state) == ("changed", "same")
    assert not found.unchanged


def test_a_verdict_that_was_written_into_the_file_is_not_believed() -> None:
    false = receipt("The lighthouse at Orrin was built in 1872 [1].").answer
    forged = replace(
        false, citations=tuple(replace(c, support="supported", reason="") for c in false.citations)
    )
    found = recheck(replace(WRITTEN, answer=forged), TEXT)
    assert [(item.then, item.now) for item in found.statements] == [("supported", "unsupported")]


def test_a_quote_that_was_written_into_the_file_is_not_believed() -> None:
    answer = QUOTED.answer
    forged = replace(answer, citations=(replace(answer.citations[0], quote="Nobody built it."),))
    found = recheck(replace(QUOTED, answer=forged), TEXT)
    assert found.quotes[0].state == "gone"
    assert found.statements[0].now == "unsupported"


def test_a_span_or_an_article_that_never_was_is_no_error() -> None:
    answer = QUOTED.answer
    far = replace(answer.citations[0], span=Span(10**9, 10**9 + 5), article_id="../../etc/passwd")
    found = recheck(replace(QUOTED, answer=replace(answer, citations=(far,))), TEXT)
    assert found.quotes[0].state == "gone"


def test_an_answer_that_abstained_has_its_nearest_passages_looked_for() -> None:
    answer = replace(WRITTEN.answer, citations=(), outcome="nearest", quotes=(1,))
    kept = replace(WRITTEN, answer=answer)
    assert recheck(kept, TEXT).unchanged
    assert recheck(kept, None).quotes[0].state == "gone"


def test_json_names_the_question_and_every_finding() -> None:
    data = recheck_to_json(recheck(WRITTEN, TEXT))
    assert list(data) == ["question", "written", "unchanged", "articles", "quotes", "statements"]
    assert data["unchanged"] is True


@given(st.integers(0, len(TEXT)), st.text(max_size=30))
def test_words_put_in_before_or_after_only_move_them(place: int, added: str) -> None:
    if SPAN.start < place < SPAN.end:
        return
    text = TEXT[:place] + added + TEXT[place:]
    found = find_again(QUOTE, SPAN, text)
    assert found.state in ("same", "moved")
    assert found.span is not None
    assert found.span.of(text) == QUOTE


def test_of_several_places_the_nearest_is_taken() -> None:
    assert find_again("a b", Span(9, 12), "a b. Then a b. And a b.") == Found("moved", Span(10, 13))


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 50))
def test_what_is_found_lies_in_the_text(words: str, text: str, start: int) -> None:
    found = find_again(words, Span(start, start + len(words)), text)
    assert (found.span is None) == (found.state == "gone")
    if found.span and found.state != "changed":
        assert found.span.of(text) == words
