import pytest

from rag.question.lookup.particulars import Particular, asked_mention, asked_particular


@pytest.mark.parametrize(
    ("question", "particular"),
    [
        ("When was it published?", "date"),
        ("When was the handbook last updated?", "date"),
        ("What year was this written?", "date"),
        ("how old is this document", "date"),
        ("How long is it?", "length"),
        ("How many pages does the report have?", "length"),
        ("How many sections are there?", "contents"),
        ("What are the chapters of this book?", "contents"),
        ("What is the title of the paper?", "title"),
        ("Who published it?", "publisher"),
        ("What kind of document is this?", "kind"),
        ("Who is it for?", "audience"),
        ("To whom does the policy apply?", "audience"),
        ("Who should read this guide?", "audience"),
        ("What is the purpose of this paper?", "purpose"),
        ("Why was the report written?", "purpose"),
        ("Which abbreviations are used?", "abbreviations"),
        ("What terms are defined?", "definitions"),
        ("What does it not cover?", "exclusions"),
        ("What isn't covered by the policy?", "exclusions"),
        ("Who is mentioned in the article?", "people"),
    ],
)
def test_what_is_asked_of_the_document_itself_is_known(question: str, particular: Particular) -> None:
    assert asked_particular(question) == particular


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge published in the news?",
        "When was Hamlet written?",
        "When was it built?",
        "How long is the lease?",
        "How long is this contract?",
        "How long is the bridge?",
        "How many sections does the wall have?",
        "What is the title of the mayor?",
        "Who published Hamlet?",
        "What kind of fish is this in the lake?",
        "Who is the bridge for?",
        "What is the purpose of the valve?",
        "Who is mentioned as the owner of the mill?",
        "What does the guarantee not cover in winter?",
    ],
)
def test_what_the_document_tells_of_is_no_question_about_itself(question: str) -> None:
    assert asked_particular(question) is None


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Does it mention pensions?", "pensions"),
        ("Does the handbook say anything about pensions?", "pensions"),
        ("Is there anything about sick leave in the document?", "sick leave"),
        ("Does the toll cover lorries?", ""),
        ("What does it mention?", ""),
    ],
)
def test_what_a_document_may_mention_is_searched_by_itself(question: str, topic: str) -> None:
    assert asked_mention(question) == topic
