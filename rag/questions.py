"""The questions of an evaluation: one JSON object a line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag.errors import QuestionError
from rag.schema import Span

Kind = Literal["answerable", "adversarial", "out_of_corpus"]
KINDS: tuple[Kind, ...] = ("answerable", "adversarial", "out_of_corpus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a set. ``answers`` are gold strings, any of which will do; none unless answerable.

    ``articles`` are the ids of those that answer; ``spans`` are where the gold strings stand in the first of them.
    """

    id: str
    question: str
    kind: Kind
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    history: tuple[Mapping[str, str], ...] = ()


def read_questions(path: Path) -> tuple[Question, ...]:
    """The questions of a JSONL file. Raises ``QuestionError`` naming the line that is not one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionError(
            f"cannot read {str(path)!r}: {error}; give a UTF-8 file of one question a line"
        ) from error
    questions = tuple(
        _question(line, f"{path}:{at}") for at, line in enumerate(lines, start=1) if line.strip()
    )
    if not questions:
        raise QuestionError(f"{str(path)!r} holds no questions: give one JSON object a line")
    return questions


def _question(line: str, source: str) -> Question:
    try:
        fields: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"{source}: not JSON ({error.msg}): give one object a line") from error
    if not isinstance(fields, dict) or not isinstance(fields.get("question"), str):
        raise QuestionError(f"{source}: no 'question': give an object with 'id', 'question' and 'kind'")
    kind = fields.get("kind")
    if kind not in KINDS:
        raise QuestionError(f"{source}: kind is {kind!r}: give one of {', '.join(KINDS)}")
    article = fields.get("article")
    return Question(
        id=str(fields.get("id", source)),
        question=fields["question"],
        kind=kind,
        answers=tuple(str(answer) for answer in fields.get("answers") or ()),
        articles=tuple(fields.get("articles") or ([article] if article else ())),
        history=tuple(fields.get("history") or ()),
    )
