"""Cleans decoded text: line ends, control characters, and blank lines around it. No word is changed.

Every word is kept as published, without Unicode normalisation. What ``clean`` and ``trim`` change:

- CRLF and CR become LF; blank lines at the start and the end are removed, as is white space after the last word
- the control characters that break a line or a page (VT, FF, FS, GS, RS, NEL) become LF, and US becomes a space
- every other control character (C0, DEL, C1) is removed
- the bidirectional overrides (U+202D, U+202E) are removed: they show words in another order than they are stored in.
  Embeddings and isolates (U+202A to U+202C, U+2066 to U+2069) are kept, since right-to-left text needs them
- tag characters (U+E0000 to U+E007F), which are invisible, are removed, except in the emoji of a flag

In every function ``source`` is what an error names: a path, with ``:line`` for a record.
"""

import logging
import re
from collections import Counter

from rag.errors import ArticleError

_TO_LINE_FEED = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85", "\n") | {"\x1f": " "})


# A black flag, a region in tag characters, and the end of it.
_FLAG = "\U0001f3f4[\U000e0030-\U000e007a]{2,6}\U000e007f"
_HIDDEN = re.compile(f"({_FLAG})|[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202d\u202e\U000e0000-\U000e007f]")
_DIRECTIONS = re.compile("[\u202a-\u202c\u2066-\u2069]")
_BREAK = re.compile("[\x0b\x0c\x1c-\x1f\x85]")


def clean(text: str, source: str) -> tuple[str, str]:
    """The cleaned text, and a note on what was removed or may mislead; the note is empty where there is nothing.

    Raises ``ArticleError`` where the text is that of a binary file.
    """
    if "\0" in text:
        raise ArticleError(source, "looks like a binary file (it holds NUL): save its text as UTF-8")
    breaks = Counter(_BREAK.findall(text))
    hidden = Counter(m[0] for m in _HIDDEN.finditer(text) if not m[1])
    directions = Counter(_DIRECTIONS.findall(text))
    if hidden.total() * 10 > len(text):  # terminal logs, the worst real text, stay below one in twenty
        raise ArticleError(source, "looks like a binary file (full of controls): save its text as UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TO_LINE_FEED)
    text = _HIDDEN.sub(lambda m: m[1] or "", text)
    counts = (("turned into white space", breaks), ("removed", hidden), ("kept", directions))
    notes = (f"{c.total()} control character(s) {verb} ({_code_points(c)})" for verb, c in counts if c)
    return text, "; ".join(notes)


def hidden_note(text: str) -> str:
    """A note on the characters that ``clean`` would remove or report, for a text that is kept as given; else ``""``."""
    counts = Counter(_DIRECTIONS.findall(text)) + Counter(m[0] for m in _HIDDEN.finditer(text) if not m[1])
    return f"{counts.total()} control character(s) kept ({_code_points(counts)})" if counts else ""


def _code_points(counts: Counter[str]) -> str:
    points = [f"U+{ord(c):04X}" for c in sorted(counts)]
    return ", ".join(points[:8]) + (", …" if len(points) > 8 else "")


_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")


def trim(text: str, source: str) -> str:
    """``text`` without blank lines before and white space after its words. ``ArticleError`` where it has no words."""
    kept = _BLANK_LINES.sub("", text.rstrip())
    if not kept:
        raise ArticleError(source, "holds no words: write some, or leave it out")
    return kept


def one_line(value: str) -> str:
    """``value`` without hidden characters and line breaks; lone surrogates, as in a file's name, become ``?``."""
    text = _HIDDEN.sub(lambda m: m[1] or "", value.translate(_TO_LINE_FEED))
    return " ".join(text.encode("utf-8", "replace").decode().split())


def refuse_surrogates(text: str, name: str, source: str) -> None:
    """Raises ``ArticleError`` where ``text``, which messages call ``name``, holds a lone surrogate: UTF-8 has none."""
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        half = f"U+{ord(text[fault.start]):04X} at {fault.start}"
        raise ArticleError(source, f"{name} holds half a character ({half}): take it out") from fault


def too_large_reason(name: str, limit: int) -> str:
    """The reason why a file, line or text, as ``name`` says, of more than ``limit`` bytes is refused."""
    return f"{name} over {limit / 1e6:.0f} MB: split it into articles"


def silence(*libraries: str) -> None:
    """Keep what ``libraries`` log about odd files off the terminal, unless the program has set a handler for them."""
    for name in libraries:
        log = logging.getLogger(name)
        if not log.handlers:  # without one Python prints to the standard error
            log.addHandler(logging.NullHandler())
