"""Reads a question set: a file of one JSON object a line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import QuestionError
from rag.schema import Span
from rag.system.json_fields import JsonFields, mapping_of, one_of, span, text, tuple_of

Kind = Literal["answerable", "adversarial", "out_of_corpus"]
KINDS: tuple[Kind, ...] = ("answerable", "adversarial", "out_of_corpus")
UNLABELLED = "unlabelled"  # in place of the kind: what would be a good answer is still to be said
_message = mapping_of(text, wanted="an object with 'role' and 'content'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a set. ``answers`` are gold strings, any of which is right; none unless it is answerable.

    ``articles`` are the ids of the articles that answer it; ``spans`` are the spans of the gold strings in the first.
    """

    id: str
    question: str
    kind: Kind
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """The questions of a file that can be measured, and the ids of those that are ``"unlabelled"`` yet."""

    questions: tuple[Question, ...]
    unlabelled: tuple[str, ...] = ()


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of ``read_question_set`` that can be measured."""
    return read_question_set(path).questions


def read_question_set(path: Path) -> QuestionSet:
    """Read the questions of a JSONL file, in its order; fields that ``Question`` does not have are ignored.

    A single article may be given as ``article``. The id of a question without ``id`` is its file and line. Raises
    ``QuestionError`` naming the line that is not a question, or that has the id of an earlier one, and where no
    question can be measured.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"cannot read {str(path)!r}: {error}; give a UTF-8 file of one question a line"
        ) from error
    sources: dict[str, str] = {}
    questions: list[Question] = []
    unlabelled: list[str] = []
    # Not splitlines: a JSON string may contain U+2028, which ends no line of JSONL.
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        source = f"{path}:{number}"
        question, is_labelled = _question(line, source)
        if question.id in sources:
            first = sources[question.id]
            raise QuestionError(
                f"{source}: the id {question.id!r} is that of {first} already: give each its own"
            )
        sources[question.id] = source
        if is_labelled:
            questions.append(question)
        else:
            unlabelled.append(question.id)
    if unlabelled and not questions:
        raise QuestionError(
            f"none of the {len(unlabelled)} questions in {str(path)!r} is labelled: give at least one of them a kind "
            f"({', '.join(KINDS)}), and answers where it is answerable"
        )
    if not questions:
        raise QuestionError(f"{str(path)!r} holds no questions: give one JSON object a line")
    return QuestionSet(questions=tuple(questions), unlabelled=tuple(unlabelled))


def question_from_json(data: object, json_path: str, *, id: str = "") -> Question:
    """Return the question in a JSON object; ``id`` is the default id.

    Raises ``ValueError`` naming what is missing or wrong at ``json_path``.
    """
    fields = JsonFields(data, json_path)
    wording = fields.get("question", text)
    if not wording.strip():
        raise ValueError(f"{json_path}.question is {wording!r}: give a question")
    article = fields.get_or("article", text, "")
    question = Question(
        id=fields.get_or("id", _id, id),
        question=wording,
        kind=fields.get("kind", one_of(KINDS)),
        answers=fields.get_or("answers", tuple_of(text), ()),
        articles=fields.get_or("articles", tuple_of(text), ()) or ((article,) if article else ()),
        spans=fields.get_or("spans", tuple_of(span), ()),
        history=fields.get_or("history", tuple_of(_message), ()),
    )
    if question.spans and not question.articles:
        raise ValueError(
            f"{json_path}.spans are in no article: give 'articles', and spans of the first of them"
        )
    return question


def _question(line: str, source: str) -> tuple[Question, bool]:
    """The question of a line, and whether it is labelled; one that is not must be as whole in all else."""
    try:
        fields: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionError(f"{source}: not JSON ({error}): give one object a line") from error
    is_labelled = not isinstance(fields, dict) or fields.get("kind") != UNLABELLED
    if isinstance(fields, dict) and not is_labelled:
        fields = {**fields, "kind": KINDS[0]}
    try:
        return question_from_json(fields, "question", id=source), is_labelled
    except ValueError as error:
        raise QuestionError(f"{source}: {error}") from error


def _id(data: object, json_path: str) -> str:
    return str(data) if isinstance(data, int) and not isinstance(data, bool) else text(data, json_path)
