import pytest

from rag.evidence.byline import asks_authors, byline
from rag.schema import Article

BODY = "\n\nThe method needs a model that is large enough for all of the steps.\n"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who are the authors?", True),
        ("Who wrote this paper?", True),
        ("who's the author of this article", True),
        ("Who wrote it?", True),
        ("Who wrote Hamlet?", False),
        ("Who are the authors of the second study?", False),
        ("What did the author find?", False),
    ],
)
def test_a_question_for_the_authors_of_the_article_is_known(question: str, asks: bool) -> None:
    assert asks_authors(question) == asks


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (
            "# A loop\n\nEric Zelikman, Yuhuai Wu, Jesse Mu\n\nStanford University",
            "Eric Zelikman, Yuhuai Wu, Jesse Mu",
        ),
        ("# A loop\n\nBy Ann Lee and Bo Ek\n\n4 May 2021", "By Ann Lee and Bo Ek"),
        ("# A loop\n\nPublished in Berlin\n\n4 May 2021", ""),
    ],
)
def test_the_line_that_names_the_authors_is_found_at_the_head(head: str, line: str) -> None:
    article = Article(id="a", title="A loop", text=head + BODY)
    assert "".join(item.text for item in byline(article)) == line
