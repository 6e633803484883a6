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
