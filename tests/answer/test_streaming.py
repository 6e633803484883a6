import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer.streaming import StreamChecker
from rag.schema import Citation, Cited, Delta, Evidence, Span
from rag.verify.citations import verify

ONE = "xAI built its Colossus supercomputer in Memphis in just 122 days."
TWO = "Each H100 costs roughly $30,000-$40,000."
EVIDENCE = (
    Evidence(label=1, article_id="a", span=Span(0, len(ONE)), text=ONE, score=1.0),
    Evidence(label=2, article_id="a", span=Span(100, 100 + len(TWO)), text=TWO, score=1.0),
)
QUESTION = "How long did Colossus take and what does an H100 cost?"

ANSWERS = [
    "Colossus was built in 122 days [1]. An H100 costs roughly $30,000-$40,000 [2].",
    "Colossus was built in 122 days. [1] An H100 costs roughly $30,000-$40,000.[2]",
    "Colossus was built in 122 days. An H100 costs roughly $30,000-$40,000.",
    "- Colossus was built in 122 days\n- An H100 costs roughly $30,000-$40,000 [2]\n",
    "**Colossus** was built in 123 days [1][2]. Nobody knows why [99].",
    "It cost $6.5 million in the U.S. market, he said [1, 2]. Yes.",
    "[1]",
    "",
    "Dr. Smith said “it rose” [1",
]


def written(pieces: list[str]) -> tuple[list[str], list[Citation]]:
    marking = StreamChecker(EVIDENCE, QUESTION)
    deltas: list[str] = []
    cited: list[Citation] = []
    for event in (e for source in (*map(marking.feed, pieces), marking.finish()) for e in source):
        if isinstance(event, Delta):
            deltas.append(event.text)
        else:
            cited.append(event.citation)
    assert "".join(deltas) == marking.text
    return deltas, cited


def events(pieces: list[str]) -> list[Delta | Cited]:
    marking = StreamChecker(EVIDENCE, QUESTION)
    return [*(e for piece in pieces for e in marking.feed(piece)), *marking.finish()]


@pytest.mark.parametrize("answer", ANSWERS)
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_how_the_answer_was_cut_into_pieces_changes_nothing(answer: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=12)))
    pieces = [answer[a:b] for a, b in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    whole, cited = written([answer])
    deltas, again = written(pieces)
    assert "".join(deltas) == "".join(whole)
    assert again == cited


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_half_mark_is_ever_shown(answer: str) -> None:
    deltas, _ = written(list(answer))
    shown = ""
    for delta in deltas[:-1]:
        shown += delta
        assert not regex.search(r"\[[^\]]*$", shown)


def test_a_statement_without_a_mark_gets_the_one_it_rests_on() -> None:
    deltas, cited = written([ANSWERS[2]])
    assert "".join(deltas) == "Colossus was built in 122 days. [1] An H100 costs roughly $30,000-$40,000. [2]"
    assert [citation.label for citation in cited] == [1, 2]
    assert all(citation.verified for citation in cited)


def test_a_wrong_statement_is_shown_as_wrong_and_not_marked_as_if_right() -> None:
    deltas, cited = written(["Colossus was built in 123 days."])
    assert "[" not in "".join(deltas)
    assert [citation.support for citation in cited] == ["unsupported"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_citation_comes_right_after_the_words_it_is_about(answer: str) -> None:
    shown = ""
    for event in events(list(answer)):
        if isinstance(event, Delta):
            shown += event.text
        else:
            assert event.citation.claim.end <= len(shown)


@pytest.mark.parametrize("answer", ANSWERS)
def test_checking_the_finished_answer_gives_the_same_verdicts(answer: str) -> None:
    deltas, cited = written([answer])
    again = verify("".join(deltas), EVIDENCE, question=QUESTION)
    assert [(c.label, c.claim, c.support) for c in again] == [(c.label, c.claim, c.support) for c in cited]
