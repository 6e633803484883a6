"""Validate a question and a conversation as callers pass them, and convert the conversation to turns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.errors import QuestionError
from rag.schema import Answer, Turn
from rag.text.words import words

# Each item is a ``Turn``, an earlier ``Answer``, a ``{"role", "content"}`` mapping, or a LangChain message.
History = Iterable[object]
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant", "system": "system"}
_TURNS = 40  # of a conversation: what a question refers to is looked for in each turn with all before it


def parse_history(history: History) -> tuple[Turn, ...]:
    """Convert ``history`` to turns, oldest first. An answer belongs to the question before it.

    System messages are skipped. Raises ``QuestionError`` where ``history`` is no sequence of items or an item is of
    another kind than those of ``History``.
    """
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise QuestionError(f"history is a {type(history).__name__}: give a list of turns or messages")
    converted: list[Turn] = []
    for position, item in enumerate(history):
        if isinstance(item, Turn):
            converted.append(item)
        elif isinstance(item, Answer):
            converted.append(Turn(question=item.standalone_question, answer=item.text))
        else:
            _append_message(converted, *_message(item, position))
    return tuple(converted)


def recent_turns(turns: Sequence[Turn], *, limit: int) -> tuple[Turn, ...]:
    """The last 40 of ``turns``, the ``limit`` characters at the head of each question: what later ones may refer to."""
    return tuple(replace(turn, question=turn.question[:limit]) for turn in turns[-_TURNS:])


def _append_message(converted: list[Turn], role: str, content: str) -> None:
    """Begin a turn with a question of the user, or add to the answer of the last turn."""
    if role == "user":
        converted.append(Turn(question=content))
    elif role == "assistant" and converted:
        last = converted[-1]
        converted[-1] = Turn(question=last.question, answer=f"{last.answer}\n{content}".strip())


def _message(item: object, position: int) -> tuple[str, str]:
    """The role and the text of a message. Raises ``QuestionError`` where it has no such."""
    role: object = item.get("role") if isinstance(item, Mapping) else getattr(item, "type", None)
    content: object = item.get("content") if isinstance(item, Mapping) else getattr(item, "content", None)
    turn_role = _ROLES.get(role) if isinstance(role, str) else None
    text = _text(content)
    if turn_role is None or text is None:
        raise QuestionError(
            f"history[{position}] is {item!r:.80}: each message needs a 'role' ('user' or 'assistant') and a 'content'"
        )
    return turn_role, text


def _text(content: object) -> str | None:
    """The text of a message: its content, or the text parts of a list of parts; ``None`` for another content."""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence):
        return None
    parts = [part.get("text", "") if isinstance(part, Mapping) else part for part in content]
    return "\n".join(part for part in parts if isinstance(part, str))


def check_question(question: object, *, limit: int) -> str:
    """Normalise ``question`` to one line without outer space.

    Raises ``QuestionError`` where it is no string, has more than ``limit`` characters, or holds no words.
    """
    if not isinstance(question, str):
        raise QuestionError(f"the question is a {type(question).__name__}: give a string")
    # A lone surrogate comes from a terminal that did not send UTF-8, and no store accepts it.
    line = " ".join(question.encode("utf-8", "replace").decode().replace("\0", " ").split())
    if len(line) > limit:
        raise QuestionError(f"the question has {len(line)} characters, the limit is {limit}: shorten it")
    if not words(line):
        raise QuestionError(f"the question {line!r:.40} holds no words: ask one in words")
    return line
