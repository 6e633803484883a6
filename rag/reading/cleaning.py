"""rag.reading.cleaning."""

import logging
import re
from collections import Counter

from rag.errors import ArticleError

_BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85", "\n") | {"\x1f": " "})


# A black flag, a region in tag characters, and the end of it.
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f"


_HIDDEN = re.compile(f"({_FLAG})|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e\U000e0000-\U000e007f]")


_DIRECTIONS = re.compile("[\u202a-\u202c\u2066-\u2069]")


_BREAK = re.compile("[\x0b\x0c\x1c-\x1f\x85]")


def clean(text: str, source: str) -> tuple[str, str]:
    """The text as the head of this file says it is kept, and a note on what went or may mislead.

    Raises ``ArticleError`` where the text is that of a binary file.
    """
    if "\0" in text:
        raise ArticleError(source, "looks like a binary file (it holds NUL): save its text as UTF-8")
    broken = Counter(_BREAK.findall(text))
    hidden = Counter(m[0] for m in _HIDDEN.finditer(text) if not m[1])
    turned = Counter(_DIRECTIONS.findall(text))
    if hidden.total() * 10 > len(text):  # terminal logs, the worst real text, stay below one in twenty
        raise ArticleError(source, "looks like a binary file (full of controls): save its text as UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    text = _HIDDEN.sub(lambda m: m[1] or "", text)
    counts = (("turned into white space", broken), ("removed", hidden), ("kept", turned))
    said = (f"{c.total()} control character(s) {what} ({_points(c)})" for what, c in counts if c)
    return text, "; ".join(said)


def hidden_in(text: str) -> str:
    """A note on what ``clean`` would remove or report, for a text that is kept as given; else nothing."""
    counts = Counter(_DIRECTIONS.findall(text)) + Counter(m[0] for m in _HIDDEN.finditer(text) if not m[1])
    return f"{counts.total()} control character(s) kept ({_points(counts)})" if counts else ""


def _points(found: Counter[str]) -> str:
    points = [f"U+{ord(c):04X}" for c in sorted(found)]
    return ", ".join(points[:8]) + (", …" if len(points) > 8 else "")


_BLANK = re.compile(r"\A(?:[^\S\n]*\n)+")


def trimmed(text: str, source: str) -> str:
    """Without blank lines before and white space after the words. ``ArticleError`` where it has no words."""
    kept = _BLANK.sub("", text.rstrip())
    if not kept:
        raise ArticleError(source, "holds no words: write some, or leave it out")
    return kept


def one_line(value: str) -> str:
    """Without hidden characters and line breaks; half characters of a file's name become ``?``."""
    text = _HIDDEN.sub(lambda m: m[1] or "", value.translate(_BREAKS))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def refuse_surrogates(text: str, what: str, source: str) -> None:
    """Raises ``ArticleError`` where ``text`` holds half of a surrogate pair, which UTF-8 cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        half = f"U+{ord(text[fault.start]):04X} at {fault.start}"
        raise ArticleError(source, f"{what} holds half a character ({half}): take it out") from fault


def too_large(what: str, limit: int) -> str:
    """Why ``what``, of more than ``limit`` bytes, is refused."""
    return f"{what} over {limit / 1e6:.0f} MB: split it into articles"


def unheard(*libraries: str) -> None:
    """Keep what ``libraries`` log of odd files off the terminal, unless the program listens to them."""
    for name in libraries:
        log = logging.getLogger(name)
        if not log.handlers:  # with none, Python prints
            log.addHandler(logging.NullHandler())
