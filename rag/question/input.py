"""A conversation as people have it at hand, made into turns."""

from collections.abc import Iterable, Mapping, Sequence

from rag.errors import QuestionError
from rag.schema import Answer, Turn
from rag.text.words import words

# A ``Turn``, an earlier ``Answer``, a ``{"role", "content"}`` mapping, or a LangChain message.
History = Iterable[object]


_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "ai": "assistant", "system": "system"}


def turns(history: History) -> tuple[Turn, ...]:
    """The turns of ``history``, oldest first. An answer belongs to the question before it.

    Messages of the system are passed over. Raises ``QuestionError`` where an item is none of the kinds known.
    """
    if isinstance(history, str | bytes | Mapping) or not isinstance(history, Iterable):
        raise QuestionError(f"history is a {type(history).__name__}: give a list of turns or messages")
    found: list[Turn] = []
    for place, item in enumerate(history):
        if isinstance(item, Turn):
            found.append(item)
        elif isinstance(item, Answer):
            found.append(Turn(question=item.standalone_question, answer=item.text))
        else:
            _append(found, *_message(item, place))
    return tuple(found)


def _append(found: list[Turn], role: str, content: str) -> None:
    if role == "user":
        found.append(Turn(question=content))
    elif role == "assistant" and found:
        found[-1] = Turn(question=found[-1].question, answer=f"{found[-1].answer}\n{content}".strip())


def _message(item: object, place: int) -> tuple[str, str]:
    role: object = item.get("role") if isinstance(item, Mapping) else getattr(item, "type", None)
    content: object = item.get("content") if isinstance(item, Mapping) else getattr(item, "content", None)
    known = _ROLES.get(role) if isinstance(role, str) else None
    text = _text(content)
    if known is None or text is None:
        raise QuestionError(
            f"history[{place}] is {item!r:.80}: each message needs a 'role' ('user' or 'assistant') and a 'content'"
        )
    return known, text


def _text(content: object) -> str | None:
    """The text of a message: itself, or the text parts of a list of parts."""
    if isinstance(content, str):
        return content
    if not isinstance(content, Sequence):
        return None
    parts = [part.get("text", "") if isinstance(part, Mapping) else part for part in content]
    return "\n".join(part for part in parts if isinstance(part, str))


def checked(question: object, *, limit: int) -> str:
    """``question`` on one line without outer space. Raises ``QuestionError`` where it cannot be asked."""
    if not isinstance(question, str):
        raise QuestionError(f"the question is a {type(question).__name__}: give a string")
    # A lone surrogate comes from a terminal that did not send UTF-8; it can be stored nowhere.
    asked = " ".join(question.encode("utf-8", "replace").decode().replace("\0", " ").split())
    if len(asked) > limit:
        raise QuestionError(f"the question has {len(asked)} characters, the limit is {limit}: shorten it")
    if not words(asked):
        raise QuestionError(f"the question {asked!r:.40} holds no words: ask one in words")
    return asked
