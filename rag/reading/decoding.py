"""Decodes bytes into text: by their byte order mark, as UTF-8, or in a guessed encoding.

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
    mark_encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    wide = mark_encoding is None and b"\0" in data
    try:
        if not wide:
            return data.decode(mark_encoding or "utf-8"), ""
    except UnicodeDecodeError as fault:
        if mark_encoding:
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


# How browsers decode these two: whoever names them uses the characters of Windows-1252 as well.
_BROWSER_CODECS = {"iso8859-1": "cp1252", "ascii": "cp1252"}


# Python's own, which no text is in; some of them take hours over a long one.
_NOT_FOR_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")


def decode_as(data: bytes, charset: str) -> str | None:
    """``data`` decoded as the charset that a page or its server names; ``None`` where it is not in that."""
    try:
        codec = codecs.lookup(charset).name
        return None if codec in _NOT_FOR_TEXT else data.decode(_BROWSER_CODECS.get(codec, codec))
    except (LookupError, ValueError):  # unknown, or not the encoding of these bytes
        return None


def _guess(data: bytes, *, wide: bool) -> str:
    """The most likely encoding, or ``""``. ``wide``: among UTF-16 and UTF-32 alone, else among the others.

    Few bytes are often taken for UTF-16 (``b"caf\\xe9"`` for two Chinese characters), though UTF-16 without a NUL
    is rare, and text with NULs can be nothing else. Few bytes also leave many encodings equally likely: of those
    cp1252, the common one, is taken, not the first by name.
    """
    import charset_normalizer  # here because it costs 0.1 s and few files need it

    matches = charset_normalizer.from_bytes(
        data, cp_isolation=_WIDE if wide else None, cp_exclusion=None if wide else _WIDE
    )
    best = matches.best()
    if best is None:
        return ""
    equal = (m for m in matches if (m.chaos, m.coherence) == (best.chaos, best.coherence))
    common = any("cp1252" in m.could_be_from_charset for m in equal)
    return "cp1252" if common else best.encoding
