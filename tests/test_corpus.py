"""The shipped corpus: the article's words cannot drift, and the gold set rests on them."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest

from rag.reading.articles import read_articles
from rag.schema import Article

CORPUS = Path(__file__).parent.parent / "corpus"
BODY_SHA256 = "247b98a4f5b1de961cc200a1c3050110566c37c6bbabd3bc1b02df341e46c141"
KINDS = {"answerable": 55, "adversarial": 15, "out_of_corpus": 20}  # at least so many of each
STYLES = {
    "plain",
    "paraphrased",
    "misspelt",
    "lower-case",
    "yes/no",
    "list",
    "why",
    "comparison",
    "summary",
    "follow-up",
    "near-miss",
    "far-off",
    "instruction",
}
UNANSWERED = {"near-miss": "adversarial", "far-off": "out_of_corpus", "instruction": "out_of_corpus"}
QUESTIONS = [json.loads(line) for line in (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()]
EACH = pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["id"])


@pytest.fixture(scope="module")
def article() -> Article:
    reading = read_articles(CORPUS)
    assert reading.errors == ()
    assert reading.warnings == ()
    (only,) = reading.articles
    return only


def test_the_articles_words_are_those_published(article: Article) -> None:
    assert hashlib.sha256(article.text.encode()).hexdigest() == BODY_SHA256
    assert article.text.startswith("Anthropic, the maker of the Claude AI assistant")
    assert article.text.endswith("having enough GPUs to train the next model.")


def test_the_article_carries_its_source_and_the_credit_asked_for(article: Article) -> None:
    assert article.id == "anthropic-partners-with-xai-for-compute-power"
    assert article.title == "Anthropic Partners With xAI for Compute Power"
    assert article.url == f"https://www.gogoai.xin/article/{article.id}"
    assert article.publisher == "GogoAI News"
    assert article.date is None
    assert "\n" not in article.credit
    for part in ("GogoAI News", article.url, "Please credit GogoAI when republishing."):
        assert part in article.credit


def test_there_are_enough_questions_of_each_kind() -> None:
    counts = Counter(row["kind"] for row in QUESTIONS)
    assert set(counts) == set(KINDS)
    assert all(counts[kind] >= least for kind, least in KINDS.items())
    assert len(QUESTIONS) >= 80


def test_every_style_is_present() -> None:
    counts = Counter(row["style"] for row in QUESTIONS)
    assert set(counts) == STYLES
    assert min(counts.values()) >= 3


def test_no_two_questions_share_an_id_or_their_words() -> None:
    ids = [row["id"] for row in QUESTIONS]
    asked = [(row["question"].casefold(), json.dumps(row.get("history"))) for row in QUESTIONS]
    assert len(set(ids)) == len(ids)
    assert len(set(asked)) == len(asked)


@EACH
def test_a_row_has_the_fields_the_readme_names(row: dict[str, object]) -> None:
    assert set(row) - {"history"} == {"id", "question", "kind", "answers", "articles", "style"}
    question = row["question"]
    assert isinstance(question, str)
    assert question == question.strip() != ""


@EACH
def test_every_gold_string_stands_in_the_article(row: dict[str, list[str]], article: Article) -> None:
    missing = [answer for answer in row["answers"] if not answer.strip() or answer not in article.text]
    assert missing == []
    assert len(set(row["answers"])) == len(row["answers"])


@EACH
def test_only_answerable_questions_have_answers(row: dict[str, object], article: Article) -> None:
    answerable = row["kind"] == "answerable"
    assert bool(row["answers"]) == answerable
    assert row["articles"] == ([article.id] if answerable else [])
    assert row["kind"] == UNANSWERED.get(str(row["style"]), "answerable")


@EACH
def test_a_follow_up_comes_with_the_turns_before_it(row: dict[str, object]) -> None:
    history = row.get("history", [])
    assert isinstance(history, list)
    assert bool(history) or row["style"] != "follow-up"
    roles = [turn["role"] for turn in history]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    assert all(set(turn) == {"role", "content"} and turn["content"].strip() for turn in history)
