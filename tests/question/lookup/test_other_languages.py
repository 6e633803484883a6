import pytest

from rag.question.followup import standalone_question
from rag.question.lookup.other_languages import asks_overview_elsewhere, leans_elsewhere
from rag.question.scope import asks_overview
from rag.schema import Turn


@pytest.mark.parametrize(
    "question",
    [
        "Worum geht es?",
        "Worum geht es in dem Text?",
        "Fasse den Artikel bitte zusammen",
        "Was sind die wichtigsten Punkte?",
        "De quoi parle ce document ?",
        "Résume l'article",
        "¿De qué trata el documento?",
        "Hazme un resumen",
        "Di cosa parla questo testo?",
        "Waar gaat dit artikel over?",
        "О чём этот документ?",
        "这篇文章讲的是什么？",
        "总结一下",
        "この文書は何についてですか？",
        "要約してください",
        "عن ماذا يتحدث هذا المستند؟",
    ],
)
def test_what_it_is_about_is_asked_in_other_languages(question: str) -> None:
    assert asks_overview(question)


@pytest.mark.parametrize(
    "question",
    [
        "Worum geht es bei der neuen Brücke?",
        "De quoi parle le maire dans sa lettre ?",
        "¿De qué trata la ley de aguas?",
        "О чём договорились стороны?",
        "青石桥有多长？",
        "水車の直径は何メートルですか？",
        "كم سعر التذكرة؟",
        "What about the bridge?",
    ],
)
def test_a_question_with_a_topic_is_no_overview(question: str) -> None:
    assert not asks_overview_elsewhere(question)


@pytest.mark.parametrize(
    ("before", "question", "searched"),
    [
        ("Wer war der Müller?", "Und wann?", "Und wann (Wer war der Müller)?"),
        (
            "¿Cuándo fue fundada la fábrica?",
            "¿Y por quién?",
            "¿Y por quién (Cuándo fue fundada la fábrica)?",
        ),
        ("青石桥有多长？", "它是谁设计的？", "它是谁设计的 (青石桥有多长)?"),
        ("Когда был основан сад?", "А кем?", "А кем (Когда был основан сад)?"),
    ],
)
def test_a_short_question_leans_on_the_one_before(before: str, question: str, searched: str) -> None:
    assert standalone_question(question, [Turn(question=before)]) == searched


@pytest.mark.parametrize(
    "question",
    ["Wann wurde die Brücke gebaut?", "Combien coûte la visite du phare ?", "青石桥的设计者是谁？"],
)
def test_a_whole_question_stands_alone(question: str) -> None:
    assert not leans_elsewhere(question)
    assert standalone_question(question, [Turn(question="Wer war der Müller?")]) == question
