import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.statement_gate import StatementGate
from rag.events import Cited, Delta
from rag.schema import Citation, Evidence, Span

ONE = "xAI built its Colossus supercomputer in Memphis in just 122 days."
TWO = "Each H100 costs roughly $30,000-$40,000."
EVIDENCE = (
    Evidence(label=1, article_id="a", span=Span(0, len(ONE)), text=ONE, score=1.0),
    Evidence(label=2, article_id="a", span=Span(100, 100 + len(TWO)), text=TWO, score=1.0),
)
QUESTION = "How long did Colossus take and what does an H100 cost?"

REPLIES = [
    "Colossus was built in 122 days [1]. An H100 costs roughly $30,000-$40,000 [2].",
    "Colossus was built in 122 days. [1] An H100 costs roughly $30,000-$40,000.[2]",
    "Colossus was built in 122 days. An H100 costs roughly $30,000-$40,000.",
    "- Colossus was built in 122 days\n- An H100 costs roughly $30,000-$40,000 [2]\n",
    "**Colossus** was built in 123 days [1][2]. Nobody knows why [99].",
    "It cost $6.5 million in the U.S. market, he said [1, 2]. Yes.",
    "## Times\n- Colossus was built in 122 days [1]\n\n## Costs\n- An H100 costs $2 [2]",
    "[1]",
    "",
    "Dr. Smith said “it rose” [1",
]


def shown(*pieces: str) -> tuple[StatementGate, list[str], list[Citation]]:
    gate = StatementGate(EVIDENCE, QUESTION)
    deltas: list[str] = []
    cited: list[Citation] = []
    for event in (e for source in (*map(gate.feed, pieces), gate.finish()) for e in source):
        if isinstance(event, Delta):
            deltas.append(event.text)
        else:
            assert isinstance(event, Cited)
            cited.append(event.citation)
    assert "".join(deltas) == gate.text
    return gate, deltas, cited


@pytest.mark.parametrize("reply", REPLIES)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_how_the_reply_was_cut_into_pieces_changes_nothing(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    pieces = [reply[a:b] for a, b in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    whole, _, cited = shown(reply)
    again, _, cited_again = shown(*pieces)
    assert (again.text, again.withheld, cited_again) == (whole.text, whole.withheld, cited)


@pytest.mark.parametrize("reply", REPLIES)
def test_no_half_mark_and_no_half_statement_is_ever_shown(reply: str) -> None:
    _, deltas, _ = shown(*reply)
    for delta in deltas:
        assert not regex.search(r"\[[^\]]*$", delta)


@pytest.mark.parametrize("reply", REPLIES)
def test_a_citation_s_claim_is_a_range_of_the_text_it_stands_in(reply: str) -> None:
    gate, _, cited = shown(reply)
    assert all(citation.claim.of(gate.text).strip() for citation in cited)
    if gate.withheld:
        assert all(c.claim.of(gate.withheld.text).strip() for c in gate.withheld.citations)


def test_a_statement_without_a_mark_gets_the_one_it_rests_on() -> None:
    gate, _, cited = shown(REPLIES[2])
    assert regex.findall(r"\[\d\]", gate.text) == ["[1]", "[2]"]
    assert [citation.label for citation in cited] == [1, 2]
    assert all(citation.verified for citation in cited)


@pytest.mark.parametrize(
    "wrong",
    [
        "Colossus was built in 123 days.",
        "Colossus was built in 123 days [1].",
        "Colossus was built in 122 weeks [1].",
        "Colossus was not built in 122 days [1].",
        "Google built Colossus in 122 days [1].",
        "An H100 costs roughly $50,000 [2].",
        "Nobody knows [99].",
    ],
)
def test_a_false_statement_is_withheld_and_said_why(wrong: str) -> None:
    gate, deltas, cited = shown(wrong)
    assert (deltas, cited) == ([], [])
    assert gate.withheld is not None
    assert gate.withheld.text.rstrip(".") in wrong
    assert any(citation.reason for citation in gate.withheld.citations)


def test_of_two_statements_the_true_one_is_shown_alone() -> None:
    gate, _, cited = shown("Colossus was built in 123 days [1]. An H100 costs roughly $30,000-$40,000 [2].")
    assert gate.text == "An H100 costs roughly $30,000-$40,000 [2]."
    assert [citation.label for citation in cited] == [2]
    assert cited[0].claim.of(gate.text).startswith("An H100")
    assert gate.withheld is not None
    assert "123" in gate.withheld.text


@pytest.mark.parametrize(
    "reply", ["Colossus was built in 122 days [2].", "122 days [2].", "In Memphis [2]", "122 days [7]."]
)
def test_a_mark_of_the_wrong_passage_is_put_right(reply: str) -> None:
    gate, _, cited = shown(reply)
    assert [citation.label for citation in cited] == [1]
    assert regex.findall(r"\[\d\]", gate.text) == ["[1]"]
    assert cited[0].verified


def test_a_heading_is_shown_with_a_statement_below_it_and_not_alone() -> None:
    gate, _, _ = shown(REPLIES[6])
    assert "Times" in gate.text
    assert "Costs" not in gate.text


def test_a_bullet_belongs_to_the_statement_after_it() -> None:
    gate, _, _ = shown("- It was built in 99 days [1]\n- An H100 costs roughly $30,000-$40,000 [2]")
    assert gate.text == "- An H100 costs roughly $30,000-$40,000 [2]"
