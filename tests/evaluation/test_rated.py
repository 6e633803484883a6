"""A question from a rated answer: its gold where it was good, and why there is none where it was not."""

from dataclasses import replace

import pytest

from rag.evaluation.questions import question_from_json
from rag.evaluation.rated import NOT_FOUND, rated_question
from rag.filters import Filter
from rag.schema import Answer, Article, Outcome, Span
from rag.serialization import Json
from tests.support.quoted_passage import ANSWER, CITED, QUOTE

ORRIN = Article(id="orrin", title="Orrin", text=f"{QUOTE} It stands 42 metres tall.")
SAID = "It was built in 1871"
WRITTEN = replace(
    ANSWER, text=f"{SAID} [1].", citations=(replace(CITED, claim=Span(0, len(SAID)), verbatim=False),)
)


def rated(
    answer: Answer,
    *,
    liked: bool = True,
    articles: tuple[Article, ...] = (ORRIN,),
    before: tuple[Answer, ...] = (),
) -> dict[str, Json]:
    known = {article.id: article for article in articles}
    return rated_question("t1", "When?", answer, liked=liked, before=before, article=known.get)


def test_a_good_answer_gives_its_statement_and_quote_as_gold_with_their_place() -> None:
    question = question_from_json(rated(WRITTEN), "question")
    assert (question.kind, question.answers) == ("answerable", (SAID, QUOTE))
    assert (question.articles, question.spans) == (("orrin",), (Span(0, len(QUOTE)),))


def test_a_quote_that_has_moved_is_found_where_it_stands_now() -> None:
    later = replace(ORRIN, text=f"Updated in May.\n\n{ORRIN.text}")
    question = question_from_json(rated(WRITTEN, articles=(later,)), "question")
    assert [span.of(later.text) for span in question.spans] == [QUOTE]


@pytest.mark.parametrize("articles", [(), (replace(ORRIN, text=ORRIN.text.replace("1871", "1872")),)])
def test_a_quote_that_is_gone_or_changed_is_no_gold(articles: tuple[Article, ...]) -> None:
    line = rated(WRITTEN, articles=articles)
    assert (line["kind"], line["why"]) == ("unlabelled", NOT_FOUND)
    assert line["cited"] == [{"article": "orrin", "span": [0, len(QUOTE)], "quote": QUOTE}]


def test_a_bad_answer_is_to_be_labelled_and_keeps_what_was_answered() -> None:
    line = rated(WRITTEN, liked=False)
    assert (line["kind"], line["why"]) == ("unlabelled", "the answer was found bad")
    assert (line["answers"], line["given"]) == ([], WRITTEN.text)


@pytest.mark.parametrize(
    ("outcome", "within", "kind"),
    [
        ("nearest", Filter(), "adversarial"),
        ("not_in_articles", Filter(), "out_of_corpus"),
        ("not_in_articles", Filter(publishers=("Coast News",)), "unlabelled"),
        ("conversation", Filter(), "unlabelled"),
    ],
)
def test_a_refusal_found_good_says_what_kind_of_question_it_is(
    outcome: Outcome, within: Filter, kind: str
) -> None:
    declined = replace(ANSWER, outcome=outcome, citations=(), within=within)
    assert rated(declined)["kind"] == kind


def test_a_citation_that_failed_is_no_gold() -> None:
    failed = replace(WRITTEN, citations=(replace(CITED, support="unsupported"),))
    assert rated(failed)["kind"] == "unlabelled"


def test_the_conversation_before_it_comes_along_as_it_was_understood() -> None:
    before = replace(ANSWER, question="wher is it", standalone_question="Where is it?", text="On Pell.")
    question = question_from_json(rated(WRITTEN, before=(before,)), "question")
    assert question.history == (
        {"role": "user", "content": "Where is it?"},
        {"role": "assistant", "content": "On Pell."},
    )
