import pytest

from rag.answer.translation import Translation, translate
from rag.models.writers import Writer
from tests.support.language_model import ScriptedChat


def translated(answer: str, reply: str) -> tuple[Translation | None, ScriptedChat]:
    chat = ScriptedChat(replies=[reply])
    writer = Writer(name="scripted", model=chat, context_tokens=4096)
    return translate(writer, answer, "German", tokens=50), chat


def test_a_translation_has_no_marks_and_names_the_language() -> None:
    translation, chat = translated("It took 122 days [1][2].", "Es dauerte 122 Tage.")
    assert translation == Translation("Es dauerte 122 Tage.", ())
    assert chat.prompts[0].endswith("human: Translate into German: It took 122 days.")


@pytest.mark.parametrize(
    "reply",
    [
        "Es dauerte 123 Tage.",
        "Es dauerte Tage.",
        "Es dauerte 122 Tage, seit 2024.",
        "122 " + "Tage " * 40,
        "",
    ],
)
def test_a_translation_with_other_figures_or_of_another_length_is_not_taken(reply: str) -> None:
    assert translated("It took 122 days [1].", reply)[0] is None


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        ("Of 24 in 2025, xAI sold 7.", "Im Jahr 2025 verkaufte xAI 7 von 24."),
        ("It cost $1,500.75 in total.", "Es kostete insgesamt 1.500,75 Dollar."),
        ("It took 122 days.", "استغرق ١٢٢ يومًا."),
    ],
)
def test_another_order_or_script_of_the_same_figures_is_no_fault(answer: str, reply: str) -> None:
    assert translated(answer, reply)[0] == Translation(reply, ())


def test_names_that_a_language_writes_otherwise_are_told() -> None:
    translation, _ = translated("It is sold in Norway by Lamp Co.", "Lamp Co verkauft es in Norwegen.")
    assert translation == Translation("Lamp Co verkauft es in Norwegen.", ("Norway",))


@pytest.mark.parametrize("reply", ["Es gehört AXI.", "Es gehört Google."])
def test_a_translation_with_another_name_of_a_firm_is_not_taken(reply: str) -> None:
    assert translated("It belongs to xAI.", reply)[0] is None


def test_reasoning_is_no_part_of_a_translation() -> None:
    translation, _ = translated("It took 122 days.", "<think>122 days.</think>Es dauerte 122 Tage.")
    assert translation == Translation("Es dauerte 122 Tage.", ())
