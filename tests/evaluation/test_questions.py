"""Question sets: the fields of a line, and the error for one that cannot be read."""

import json
from pathlib import Path

import pytest

from rag.errors import QuestionError
from rag.evaluation.questions import Question, question_from_json, read_question_set, read_questions
from rag.schema import Span
from rag.serialization import to_json


def written(folder: Path, *rows: object, end: str = "\n") -> Path:
    path = folder / "questions.jsonl"
    path.write_bytes(end.join(json.dumps(row, ensure_ascii=False) for row in rows).encode())
    return path


def test_a_line_says_all_there_is_to_a_question(tmp_path: Path) -> None:
    row = {
        "id": "q",
        "question": "When?",
        "kind": "answerable",
        "answers": ["1871"],
        "article": "orrin",
        "spans": [[4, 8], [0, 8]],
        "history": [{"role": "user", "content": "Where?"}],
        "style": "plain",
    }
    (question,) = read_questions(written(tmp_path, row))
    assert question == Question(
        id="q",
        question="When?",
        kind="answerable",
        answers=("1871",),
        articles=("orrin",),
        spans=(Span(4, 8), Span(0, 8)),
        history=({"role": "user", "content": "Where?"},),
    )
    assert question_from_json(json.loads(json.dumps(to_json(question))), "question") == question


def test_several_articles_go_before_one(tmp_path: Path) -> None:
    rows = {"question": "When?", "kind": "answerable", "articles": ["a", "b"], "article": "c"}
    assert read_questions(written(tmp_path, rows))[0].articles == ("a", "b")


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    path = written(tmp_path, {"question": "One\u2028two\x85three?", "kind": "answerable"})
    assert [question.question for question in read_questions(path)] == ["One\u2028two\x85three?"]


def test_line_ends_of_any_system_and_blank_lines_are_taken(tmp_path: Path) -> None:
    row = {"question": "When?", "kind": "answerable"}
    path = written(tmp_path, row, row, end="\r\n\r\n")
    assert [question.id for question in read_questions(path)] == [f"{path}:1", f"{path}:3"]
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_questions(path)) == 2


def test_an_id_given_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    row = {"id": 7, "question": "When?", "kind": "answerable"}
    path = written(tmp_path, row, {**row, "id": "8"}, {**row, "id": "7"})
    with pytest.raises(QuestionError) as error:
        read_questions(path)
    assert str(error.value) == f"{path}:3: the id '7' is that of {path}:1 already: give each its own"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spans": [[4]]}, "question.spans[0] is [4]: give [start, end]"),
        ({"spans": [[1, 2], [9, 3]]}, "question.spans[1] is [9, 3]: give 0 <= start <= end"),
        ({"spans": [[1, 2.5]]}, "question.spans[0] is 2.5: give a whole number"),
        ({"spans": [4, 8]}, "question.spans[0] is 4: give [start, end]"),
        ({"spans": {"start": 4}}, "give a list"),
        ({"spans": [[4, 8]], "article": None}, "question.spans are in no article"),
        ({"answers": "1871"}, "question.answers is '1871': give a list"),
        ({"articles": [1]}, "question.articles[0] is 1: give a text"),
        (
            {"history": ["Where?"]},
            "question.history[0] is 'Where?': give an object with 'role' and 'content'",
        ),
        ({"kind": "hard"}, "question.kind is 'hard': give one of answerable, adversarial, out_of_corpus"),
        ({"question": " "}, "question.question is ' ': give a question"),
        ({"question": None}, "question.question is None: give a text"),
        ({"id": True}, "question.id is True: give a text"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    good = {"question": "When?", "kind": "answerable", "article": "orrin"}
    path = written(tmp_path, {**good, "id": "first"}, {**good, **changes})
    with pytest.raises(QuestionError) as error:
        read_questions(path)
    assert str(error.value).startswith(f"{path}:2: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "holds no questions"),
        (b"\n \n", "holds no questions"),
        (b"When?", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[1]", "question is [1]: give an object"),
        (b'{"kind": "answerable"}', "question.question is missing"),
        (b"\xff", "give a UTF-8 file"),
    ],
)
def test_a_file_that_is_no_question_set_is_refused(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(raw)
    with pytest.raises(QuestionError) as error:
        read_questions(path)
    assert message in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="cannot read"):
        read_questions(tmp_path / "nowhere.jsonl")


def test_unlabelled_questions_are_told_apart_and_never_among_those_to_ask(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "When?", "kind": "unlabelled", "why": "the answer was found bad"},
        {"id": "b", "question": "Where?", "kind": "out_of_corpus"},
    ]
    path = written(tmp_path, *rows)
    found = read_question_set(path)
    assert [question.id for question in found.questions] == ["b"]
    assert found.unlabelled == ("a",)
    assert read_questions(path) == found.questions


def test_a_set_without_a_label_says_what_to_give(tmp_path: Path) -> None:
    path = written(tmp_path, {"question": "When?", "kind": "unlabelled"})
    with pytest.raises(QuestionError, match=r"none of the 1 questions .* give at least one of them a kind"):
        read_questions(path)


@pytest.mark.parametrize(
    "row", [{"id": "b", "kind": "unlabelled", "question": " "}, {"id": "b", "kind": "unlabelled"}]
)
def test_an_unlabelled_line_must_be_a_question_all_the_same(tmp_path: Path, row: object) -> None:
    with pytest.raises(QuestionError, match=r"questions.jsonl:1: question.question"):
        read_questions(written(tmp_path, row))


def test_an_unlabelled_question_takes_its_id(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "question": "When?", "kind": "unlabelled"},
        {"id": "a", "question": "Where?", "kind": "out_of_corpus"},
    ]
    with pytest.raises(QuestionError, match=r"the id 'a' is that of .*:1 already"):
        read_questions(written(tmp_path, *rows))
