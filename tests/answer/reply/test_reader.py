"""Replies of chat models of all kinds: what is shown of them, and how they ended."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, AIMessageChunk

from rag.answer.reply.reader import ReplyReader
from tests.support.language_model import ScriptedChat

A = "Colossus stands in Memphis [1]. It took 122 days to build [2]."
LABELS = (1, 2)


def read(*chunks: AIMessageChunk | str) -> ReplyReader:
    reader = ReplyReader(LABELS)
    given = [statement for chunk in chunks for statement in reader.feed(chunk)]
    assert "".join((*given, *reader.finish())) == reader.text
    return reader


REASONING = {
    "<think>\nPassage [1] says 122 days.\n</think>\n\n" + A: A,
    "<think>\n\n</think>\n\n" + A: A,
    "<thinking>Passage [1] has it. Good [1].</thinking>" + A: A,
    "<reasoning>One.</reasoning>\n" + A: A,
    "<reflection>One.</reflection>" + A: A,
    "<seed:think>One.</seed:think>" + A: A,
    '<thinking effort="high">One.</thinking>' + A: A,
    "◁think▷Passage [1] says 122 days.◁/think▷" + A: A,
    "[THINK]One.[/THINK]" + A: A,
    "<|begin_of_thought|>One.<|end_of_thought|>" + A: A,
    "<|channel|>analysis<|message|>One [1].<|end|><|start|>assistant<|channel|>final<|message|>" + A: A,
    "<|channel|>final<|message|>" + A + "<|return|>": A,
    "<|channel>thought\nOne [1]. Two.<channel|>" + A: A,
    "The user asks about Colossus. Passage [1] says 122 days.\n</think>\n\n" + A: A,
    "Okay, so 122 days [1]. Let me check [2].\n\nYes.\n</think>\n" + A: A,
    "None of the passages says it. Wait, one does.</think>" + A: A,
    "<think>Let me look at every passage and": "",
    "Colossus stands in Memphis [1]. <think>Is it so?</think>It took 122 days [2].": (
        "Colossus stands in Memphis [1]. It took 122 days [2]."
    ),
    A + "<thi": A,
    A + "<|im_end|>": A,
    A + "<|im_end|>\n<|im_start|>user\nWho paid for it [1]?": A,
    A + "</s> And more [1].": A,
    "<|im_end|>" + A + "<|eot_id|>": A,
    "NOT IN THE ARTICLES, I should write, if none has it. One has it [1].</think>" + A: A,
}
WRAPPED = {
    f"```markdown\n{A}\n```": A,
    f"```\n{A}\n```": A,
    '{"answer": "Colossus stands in Memphis [1]."}': "Colossus stands in Memphis [1].",
    '```json\n{"answer": "Colossus stands in Memphis [1].", "sources": [1]}\n```': "Colossus stands in Memphis [1].",
    '{"answer": "Colossus stands in Memphis [1]. It to': "Colossus stands in Memphis [1]. It to",
    '{"response": ["One is here [1].", "Two is there [2]."]}': "One is here [1].\nTwo is there [2].",
    f"Answer: {A}": A,
    f"**Answer:** {A}": A,
    f"## Answer\n\n{A}": A,
    f"Sure! {A}": A,
    "Based on the provided passages, the plant opened [1].": "The plant opened [1].",
    "Based on the passages, xAI built Colossus [1].": "xAI built Colossus [1].",
    "According to the passages, it opened [1].": "It opened [1].",
    "According to the article, it opened [1].": "It opened [1].",
    "According to the union, it opened [1].": "According to the union, it opened [1].",
    "According to sources, it opened [1].": "According to sources, it opened [1].",
    f"{A}\n\nSources:\n[1] GogoAI News\n[2] GogoAI News": A,
    f"{A}\n\n**References**\n- GogoAI News\n- The Verge": A,
    f"{A}\n\n---\nSources: [1], [2]": A,
    f"{A}\n\n[1]: https://example.org": A,
    "They are:\n\nSources:\n\nAll are oil wells [1].": "They are:\n\nSources:\n\nAll are oil wells [1].",
    "The <b>plant</b> opened [1]. <img src=x onerror=alert(1)>": "The plant opened [1].",
    "The plant opened [1].<!-- hidden --><script>alert(1)</script>": "The plant opened [1].",
    "The plant <<b>img src=x>opened [1].": "The plant opened [1].",
    "It is 3 < 4 and 5 > 4 [1].": "It is 3 < 4 and 5 > 4 [1].",
    "One is here [1].\r\n\r\nTwo is there [2].": "One is here [1].\n\nTwo is there [2].",
    "xAI\u00a0built it in Memphis,\u202fTennessee [1].": "xAI\u00a0built it in Memphis,\u202fTennessee [1].",
    "The plant opened in May [1]. " * 60: "The plant opened in May [1].",
    "- The plant opened in May [1]\n" * 9: "- The plant opened in May [1]",
    "The plant opened in May [1]. It is big [2]. " * 9
    + "The plant ope": "The plant opened in May [1]. It is big [2].",
    "No. No. No. No. No. No.": "No. No.",
    "| Fact | Value |\n|---|---|\n| Days | 122 [1] |\n": "| Fact | Value |\n|---|---|\n| Days | 122 [1] |",
}
REFUSALS = [
    "NOT IN THE ARTICLES",
    "Not in the articles.",
    "The passages do not answer the question. NOT IN THE ARTICLES",
    "I'm sorry. The passages do not say.",
    "NOT IN THE ARTICLES. However, xAI built Colossus in Memphis [1].",
    "The passages do not say who paid. However, Colossus stands in Memphis [1].",
    "<think>\nNone.\n</think>\n\nNOT IN THE ARTICLES",
    '{"answer": "NOT IN THE ARTICLES"}',
    "```\nNOT IN THE ARTICLES\n```",
    "The question is who paid.\nNOT IN THE ARTICLES",
]


@pytest.mark.parametrize(("reply", "text"), (REASONING | WRAPPED).items())
def test_only_the_answer_is_shown(reply: str, text: str) -> None:
    reader = read(reply)
    assert (reader.text, reader.refused, reader.empty) == (text, False, not text)


@pytest.mark.parametrize("reply", REFUSALS)
def test_a_refusal_is_seen_and_nothing_of_it_is_shown(reply: str) -> None:
    reader = read(reply)
    assert (reader.text, reader.refused, reader.empty) == ("", True, False)


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (f"{A}\n\nNOT IN THE ARTICLES", A),
        ("Colossus took 122 days. NOT IN THE ARTICLES", "Colossus took 122 days."),
        (f"{A} The passages do not say who paid.", f"{A} The passages do not say who paid."),
        ("The report does not say who paid [1].", "The report does not say who paid [1]."),
        ("Not in Memphis alone, says xAI [1].", "Not in Memphis alone, says xAI [1]."),
    ],
)
def test_an_answer_stands_whatever_it_lacks(reply: str, text: str) -> None:
    reader = read(reply)
    assert (reader.text, reader.refused) == (text, False)


@pytest.mark.parametrize("reply", [*REASONING, *WRAPPED, *REFUSALS])
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_however_a_reply_is_cut_into_pieces_the_same_is_shown(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=20)))
    pieces = [reply[a:b] for a, b in zip([0, *cuts], [*cuts, len(reply)], strict=True)]
    whole, cut, letters = read(reply), read(*pieces), read(*reply)
    assert whole.text == cut.text == letters.text
    assert whole.refused == cut.refused == letters.refused


_PARTS = ("<think> </think> [1] [1 Memphis . “ ” { ``` Sources: <b> (1) ¹").split()
_PARTS += [" ", "\n", ". ", "NOT IN THE ARTICLES", "It is big"]


@given(
    st.lists(
        st.sampled_from([*_PARTS, " ", "\n", ". ", "NOT IN THE ARTICLES", "It is big"]), max_size=25
    ).map("".join)
)
@settings(deadline=None)
def test_any_text_is_read_alike_letter_by_letter(reply: str) -> None:
    assert read(reply).text == read(*reply).text


def test_text_is_given_out_a_statement_at_a_time_once_a_mark_has_come() -> None:
    reader = ReplyReader(LABELS)
    assert reader.feed("Colossus stands in Memphis [1]. It") == ()
    assert reader.feed(" took") == ("Colossus stands in Memphis [1].",)
    assert reader.feed(" 122 days [2].") == ()
    assert reader.finish() == (" It took 122 days [2].",)


def test_a_line_is_given_out_when_it_ends() -> None:
    reader = ReplyReader(LABELS)
    assert reader.feed("- Colossus stands in Memphis, U.S. [1]") == ()
    assert reader.feed("\n") == ("- Colossus stands in Memphis, U.S. [1]",)


def test_statements_that_come_at_once_are_given_out_one_by_one() -> None:
    reader = ReplyReader(LABELS)
    assert reader.feed("One stands here [1]. It is tall [1].\nTwo went.\n") == (
        "One stands here [1].",
        " It is tall [1].",
        "\nTwo went.",
    )


def test_a_mark_after_the_full_stop_is_given_out_whole_with_its_statement() -> None:
    reader = ReplyReader(LABELS)
    given = [reader.feed(char) for char in "It stands in Memphis. [1 and 2] It took 122 days. [2]"]
    assert [piece for piece in given if piece] == [("It stands in Memphis. [1][2]",)]
    assert reader.finish() == (" It took 122 days. [2]",)


@pytest.mark.parametrize(
    "reply",
    [
        "The plant opened in May [1]. " * 5,
        "NOT IN THE ARTICLES\n",
        "**NOT IN THE ARTICLES.**\n\nThe",
        "The plant opened in May [1].\n<|im_end|>\n",
        "The plant opened in May [1]. It is big [2]<|eot_id|> ",
    ],
)
def test_a_reply_after_which_nothing_useful_follows_may_be_stopped(reply: str) -> None:
    reader = ReplyReader(LABELS)
    reader.feed(reply)
    assert reader.stopped
    text, refused = read(reply).text, read(reply).refused
    assert (read(reply + "But it may be [2].\n").text, read(reply + " [2].\n").refused) == (text, refused)


def test_a_reply_that_was_stopped_before_its_provider_gave_a_reason_was_not_cut_off() -> None:
    metadata = {"model_provider": "openai"}
    chunk = AIMessageChunk(content="The plant opened in May [1]. " * 5, response_metadata=metadata)
    assert read(chunk).ending == "complete"


@pytest.mark.parametrize(
    "reply",
    [
        "The plant opened in May [1].\nIt is big [2].\n",
        "The passages do not say who paid.\n",  # what begins so may be reasoning that no tag opens
        "I should write NOT IN THE ARTICLES.\n",
        "Let me see.<|im_end|>\n",
        "<think>NOT IN THE ARTICLES\n",
    ],
)
def test_a_reply_that_may_yet_go_on_is_not_stopped(reply: str) -> None:
    reader = ReplyReader(LABELS)
    reader.feed(reply)
    assert not reader.stopped


def test_of_content_blocks_only_text_counts() -> None:
    blocks: list[str | dict[Any, Any]] = [
        {"type": "reasoning", "reasoning": "Hm [1]."},
        {"type": "thinking", "thinking": "Hm [1]."},
        {"type": "text", "text": A},
        {"type": "tool_use", "text": "no"},
    ]
    assert read(AIMessageChunk(content=blocks)).text == A


def test_reasoning_in_another_field_is_not_read() -> None:
    reader = read(AIMessageChunk(content="", additional_kwargs={"reasoning_content": "Let me think [1]."}))
    assert (reader.empty, reader.refused, reader.ending) == (True, False, "complete")


ENDINGS = [
    ({"finish_reason": "stop"}, "complete"),
    ({"stop_reason": "end_turn"}, "complete"),
    ({"done_reason": "stop"}, "complete"),
    ({"finish_reason": "length"}, "cut off"),
    ({"stop_reason": "max_tokens"}, "cut off"),
    ({"finish_reason": "MAX_TOKENS"}, "cut off"),
    ({"finish_reason": "FinishReason.MAX_TOKENS"}, "cut off"),
    ({"done_reason": "length"}, "cut off"),
    ({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}, "cut off"),
    ({"status": "incomplete", "incomplete_details": {"reason": "content_filter"}}, "filtered"),
    ({"status": "completed", "incomplete_details": None}, "complete"),
    ({"finish_reason": "error"}, "cut off"),
    ({"finish_reason": "content_filter"}, "filtered"),
    ({"finish_reason": "SAFETY"}, "filtered"),
    ({"stop_reason": "refusal"}, "filtered"),
    ({"stopReason": "guardrail_intervened"}, "filtered"),
    ({"prompt_feedback": {"block_reason": 1}}, "filtered"),
    ({"model_provider": "openai"}, "cut off"),
    ({"model_provider": "google_genai"}, "cut off"),
    ({"model_provider": "a-new-one"}, "complete"),
    ({}, "complete"),
]


@pytest.mark.parametrize(("metadata", "ending"), ENDINGS)
def test_the_metadata_say_how_the_reply_ended(metadata: dict[str, Any], ending: str) -> None:
    last = AIMessageChunk(content="", response_metadata=metadata)
    assert read(AIMessageChunk(content=A), last, AIMessageChunk(content="")).ending == ending


def test_a_refusal_of_the_provider_is_a_filtered_reply() -> None:
    field = read(AIMessageChunk(content="", additional_kwargs={"refusal": "I can't help with that."}))
    block = read(AIMessageChunk(content=[{"type": "refusal", "refusal": "I can't help with that."}]))
    assert (field.ending, field.empty, field.refused) == ("filtered", True, False)
    assert (block.ending, block.empty, block.refused) == ("filtered", True, False)


def test_models_that_give_no_reason_are_complete() -> None:
    fake = GenericFakeChatModel(messages=iter([AIMessage(A)]))
    for model in (fake, ScriptedChat(replies=[A])):
        reader = read(*model.stream("Where is it?"))
        assert (reader.text, reader.ending) == (A, "complete")
