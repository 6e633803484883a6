"""Pronouns at the head of a passage, and the names that they stand for."""

from rag.schema import Evidence, Span
from rag.verify.coreference import subjects
from tests.support.evidence import passages, verified


def test_a_pronoun_takes_its_name_from_the_passage_before_it_only() -> None:
    article = "Elon Musk is rich. He launched xAI in 2023. Rain fell."
    first = Evidence(label=1, article_id="a", span=Span(0, 18), text=article[:18], score=1.0)
    second = Evidence(label=2, article_id="a", span=Span(19, 43), text=article[19:43], score=1.0)
    assert verified("Musk launched xAI in 2023 [2].", [first, second])
    assert not verified("Altman launched xAI in 2023 [2].", [first, second])
    assert not verified("Musk launched xAI in 2023 [2].", [second])


def test_the_name_is_read_from_the_last_sentence_before_that_has_one() -> None:
    evidence = passages("Elon Musk is rich. It rained.", "He launched xAI.", "He sued Apple.")
    assert subjects(evidence[1], evidence) == {"elon", "musk"}
    assert subjects(evidence[2], evidence) == {"elon", "musk"}


def test_a_passage_that_opens_with_no_pronoun_has_no_borrowed_subject() -> None:
    evidence = passages("Elon Musk is rich.", "Rain fell on him.")
    assert subjects(evidence[1], evidence) == frozenset()
