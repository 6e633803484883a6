"""Bytes become text, once: the encoding, the line ends, and the characters that are not words.

What is kept: every word as published, without Unicode normalisation. What ``clean`` and ``trimmed`` change:

- CRLF and CR become LF; blank lines at the start and the end go, as does white space after the last word
- the controls that break a line or a page (VT, FF, FS, GS, RS, NEL) become LF, and US becomes a space
- every other control character (C0, DEL, C1) goes
- the bidirectional overrides (U+202D, U+202E) go: they show words in another order than they are held in.
  Embeddings and isolates (U+202A to U+202C, U+2066 to U+2069) stay, since right-to-left text needs them
- tag characters (U+E0000 to U+E007F), which are invisible, go, except in the emoji of a flag

In every function ``source`` is what an error names: a path, with ``:line`` for a record.
"""

import codecs
import logging
import re
from collections import Counter

from rag.errors import ArticleError

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]


def decode(data: bytes, source: str) -> tuple[str, str]:
    """The text of ``data``, and a note where its encoding was guessed, else an empty one.

    Raises ``ArticleError`` where no encoding fits.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    wide = marked is None and b"\0" in data
    try:
        if not wide:
            return data.decode(marked or "utf-8"), ""
    except UnicodeDecodeError as fault:
        if marked:
            raise ArticleError(
                source, f"not the {fault.encoding} its first bytes say: save it as UTF-8"
            ) from fault
    # UTF-16 and UTF-32 of anything with spaces and full stops hold many NULs; a few are a binary file's.
    name = "" if wide and data.count(0) * 8 <= len(data) else _guess(data, wide=wide)
    if not name:
        why = "looks like a binary file" if wide else "not UTF-8, and no other encoding fits"
        raise ArticleError(source, f"{why}: save its text as UTF-8")
    try:
        return data.decode(name), f"not UTF-8, read as {name}: save it as UTF-8 if words look wrong"
    except UnicodeDecodeError as fault:
        raise ArticleError(source, f"not UTF-8, nor wholly {name}: save it as UTF-8") from fault


# What browsers read these two as: everybody who names them means Windows' letters as well.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# Python's own, which no text is in; some of them take hours over a long one.
_NOT_MEANT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")


def in_encoding(data: bytes, name: str) -> str | None:
    """The text of ``data`` in the encoding that a page or its server names; ``None`` where it is not in that."""
    try:
        known = codecs.lookup(name).name
        return None if known in _NOT_MEANT else data.decode(_MEANT.get(known, known))
    except (LookupError, ValueError):  # unknown, or not what it says
        return None


def _guess(data: bytes, *, wide: bool) -> str:
    """The most likely encoding, or nothing. ``wide``: among UTF-16 and UTF-32 alone, else among the others.

    Few bytes are often taken for UTF-16 (``b"caf\\xe9"`` for two Chinese characters), though without a NUL
    they hardly can be, and text with NULs can be nothing else. Few bytes also leave many encodings equally
    likely: of those the common one wins, not the first by name.
    """
    import charset_normalizer  # here because it costs 0.1 s and few files need it

    found = charset_normalizer.from_bytes(
        data, cp_isolation=_WIDE if wide else None, cp_exclusion=None if wide else _WIDE
    )
    best = found.best()
    if best is None:
        return ""
    equal = (m for m in found if (m.chaos, m.coherence) == (best.chaos, best.coherence))
    common = any("cp1252" in m.could_be_from_charset for m in equal)
    return "cp1252" if common else best.encoding


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
