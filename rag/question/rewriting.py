"""Rewrite a follow-up question by a language model: the prompt, and the check of what comes back."""

from collections.abc import Sequence

import regex

from rag.question.followup import needs_history, refers_back
from rag.question.phrases import ASKING_WORDS, plain
from rag.question.referents import list_names
from rag.schema import Turn
from rag.text.lexicon import FILLERS
from rag.text.words import Word, content, words

_SYSTEM = "Rewrite the last question so that it can be understood alone. Keep its words. Do not answer it."


# Questions, an answer, the question that leans, and the reply wanted.
_EXAMPLES = (
    (
        "How much is a ticket to Oslo?",
        "A ticket to Oslo costs 40 euros.",
        "And Bergen?",
        "How much is a ticket to Bergen?",
    ),
    (
        "Who designed the tower?",
        "Ann Lee designed the tower.",
        "When was she born?",
        "When was Ann Lee born?",
    ),
    ("Who runs the museum?", "Tom Ray runs the museum.", "When is it closed?", "When is the museum closed?"),
)

_TURNS = 3  # of the history
_ANSWER_CHARS = 200  # of each answer
_LONGEST = 300  # characters of a rewritten question

_LABEL = regex.compile(
    r"^(?:(?:rewritten |standalone )?question|rewritten|standalone)\s*:\s*", regex.IGNORECASE
)


# Words that lead a follow-up and that a question which stands alone need not keep.
_LEADS = frozenset("one ones really exactly".split()) | FILLERS

_REFUSES = regex.compile(
    r"\b(?:i['’]m sorry|i cannot|i can['’]t|as an ai|the last question)\b", regex.IGNORECASE
)

_ASKS = regex.compile(
    rf"^(?:(?:and|in|at|on|for|to|from|by|of|with|under|since)\s+)?(?:{ASKING_WORDS}|please)\b",
    regex.IGNORECASE,
)


def needs_rewriting(question: str, history: Sequence[Turn]) -> bool:
    """Whether ``question`` leans on ``history``, so that a model has to be asked. Without history never."""
    return bool(history) and needs_history(question.strip())


def rewrite_messages(question: str, history: Sequence[Turn]) -> list[tuple[str, str]]:
    """The prompt as pairs of role (``system``, ``human``, ``ai``) and text.

    The system message and the examples are always the same and come first, so that a local model reads them once. Of
    ``history`` the last three turns are shown, with 200 characters of each answer.
    """
    messages = [("system", _SYSTEM)]
    for asked, answer, leaning, wanted in _EXAMPLES:
        messages += [("human", _prompt([Turn(question=asked, answer=answer)], leaning)), ("ai", wanted)]
    return [*messages, ("human", _prompt(history[-_TURNS:], question))]


def accept_rewrite(reply: str, question: str, history: Sequence[Turn]) -> str | None:
    """The question that stands alone which a model has replied; ``None`` where it is not to be trusted.

    It is one line of at most 300 characters that asks something and no longer leans on the conversation. It holds
    the content words of ``question``, and has no name and no number that neither ``question`` nor ``history`` has.
    """
    line = _LABEL.sub("", reply.strip().strip('"“”')).strip().strip('"“”')
    if "\n" in line or not 0 < len(line) <= _LONGEST or not line.endswith("?"):
        return None
    if not _ASKS.match(line) or _REFUSES.search(line) or len(regex.findall(r"[?!.](?=\s|$)", line)) > 1:
        return None
    if refers_back(line) or plain(line) == plain(question):
        return None
    known = [question, *(text for turn in history for text in (turn.question, turn.answer))]
    return line if _adds_nothing(line, known) and _keeps_words(line, question) else None


def _prompt(turns: Sequence[Turn], question: str) -> str:
    """The conversation and the question to rewrite, a line each."""
    lines = []
    for turn in turns:
        answer = " ".join(regex.sub(r"\s*\[\d+\]", "", turn.answer).split())
        lines += [f"Q: {turn.question}", f"A: {answer[:_ANSWER_CHARS].rstrip()}"]
    return "\n".join([*lines, f"Last question: {question}"])


def _adds_nothing(line: str, known: Sequence[str]) -> bool:
    """Whether each name and number, and each content word, of ``line`` comes from ``known``, but for one plain word."""
    terms_known = {word.term for text in known for word in words(text)}
    fresh = [word for word in content(line) if word.term not in terms_known]
    named = {part.norm for name in list_names(line) for part in words(name)}
    return len(fresh) <= 1 and not any(word.number or word.norm in named for word in fresh)


def _keeps_words(line: str, question: str) -> bool:
    """Whether ``line`` has the content words of ``question``."""
    kept = {word.term for word in words(line)}
    return all(word.term in kept for word in content(question) if not _may_go(word))


def _may_go(word: Word) -> bool:
    return word.norm in _LEADS
