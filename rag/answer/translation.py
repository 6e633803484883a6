"""The translation of a verified answer by a language model, for a reader who asked for another language.

Only words in the articles' language can be compared with them. So the answer stays in that language, verified, and its
translation is said to be unchecked.
"""

from dataclasses import dataclass

import regex

from rag.answer.prompts import Messages
from rag.answer.reply.reader import ReplyReader
from rag.models.writers import Writer
from rag.text.names import group_names, names, run_text

_SYSTEM = "You translate. Reply with the translation and nothing else. Keep names and numbers as they are."

_EXAMPLES = (
    ("French", "In 1932, after eight years of work.", "En 1932, après huit ans de travaux."),
    ("German", "No, Lamp Co sells it in Norway only.", "Nein, Lamp Co verkauft sie nur in Norwegen."),
)

_MARK = regex.compile(r"\s*\[\d+\]")
_DIGITS = regex.compile(r"\p{Nd}+")


# What other languages write alike: a name with a digit, or with a capital that does not begin it.
_KEPT_NAME = regex.compile(r"\d|\p{L}\p{Lu}")
_LONGEST_RATIO = 4  # times the characters of the answer: beyond it the model went on writing of its own


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation, and the ``names`` of what was translated that it writes otherwise, as "Norway" is "Norwegen"."""

    text: str
    names: tuple[str, ...]


def translate(writer: Writer, answer: str, language: str, *, tokens: int) -> Translation | None:
    """Return ``answer`` in ``language``, its English name, as the model puts it; ``None`` where it cannot be right.

    The figures of ``answer`` must all come back and no others, and so must names such as ``xAI`` and ``H100``. Raises
    ``ModelError``.
    """
    text = _MARK.sub("", answer).strip()
    reader = ReplyReader()
    for chunk in writer.stream(_messages(text, language), tokens=tokens):
        reader.feed(chunk)
    reader.finish()
    translated = reader.text.strip()
    too_long = len(translated) > _LONGEST_RATIO * len(text)
    if reader.refused or not translated or too_long or _figures(translated) != _figures(text):
        return None
    changed = tuple(name for name in _names(text) if name.casefold() not in translated.casefold())
    return None if any(_KEPT_NAME.search(name) for name in changed) else Translation(translated, changed)


def _figures(text: str) -> list[int]:
    """The groups of digits of ``text``, in any script and, as languages order words differently, sorted."""
    return sorted(map(int, _DIGITS.findall(text)))


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(run_text(text, run) for run in group_names(text, names(text).sure)))


def _messages(text: str, language: str) -> Messages:
    messages: Messages = [("system", _SYSTEM)]
    for example, source, target in _EXAMPLES:
        messages += [("human", _asked(source, example)), ("ai", target)]
    return [*messages, ("human", _asked(text, language))]


def _asked(text: str, language: str) -> str:
    return f"Translate into {language}: {text}"
