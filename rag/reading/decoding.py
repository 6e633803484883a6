"""Decodes bytes into text: by their byte order mark, as UTF-8 with bad bytes replaced, or in a guessed encoding.

In every function ``source`` is what an error names: a path, with ``:line`` for a record.
"""

import codecs
import re

from rag.errors import ArticleError

_MARKS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_WIDE = ["utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"]
_MOST_BAD = 0.1  # of the characters: with more, it is another encoding or no text
_MOST_BAD_DECLARED = 0.02  # where a page says so itself
_MOST_NULS = 0.01  # of the bytes
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SHORT_BYTES = 500

_SHIFTED = (  # encodings that switch between alphabets by ASCII alone, and how to know them
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$\(?[@BD]|\x1b\([IJ]"), "iso2022_jp_ext"),
    (re.compile(rb"~\{(?:[!-~]{2})+~\}"), "hz"),
)


# ą, ś, š, ź and ž in ISO 8859-2, beside a letter: in the encodings of Windows these bytes are no letters, or others.
_LATIN_2 = re.compile(
    rb"(?<=[A-Za-z\xc0-\xff])[\xb1\xb6\xb9\xbc\xbe]|[\xb1\xb6\xb9\xbc\xbe](?=[A-Za-z\xc0-\xff])"
)


# ł, ą and ż of Windows-1250 within a word, where Windows-1252 has ³, ¹ and ¿.
_POLISH = re.compile(rb"(?<=[a-z\xe0-\xff])[\xb3\xb9\xbf](?=[a-z\xe0-\xff])")
_WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")  # quotation marks, dashes and letters there, nothing in ISO 8859


def decode(data: bytes, source: str) -> tuple[str, str]:
    """The text of ``data``, and a note where bytes in it were replaced or its encoding was guessed, else an empty one.

    Bytes that are no UTF-8, in a text that otherwise is, become U+FFFD. Raises ``ArticleError`` where no encoding fits.
    """
    mark_encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if mark_encoding:
        return _decode_marked(data, mark_encoding, source)
    if b"\0" in data:
        return _decode_with_nul(data, source)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _mostly_utf8(data) or _decode_guessed(data, source, wide=False)
    name = next((name for pattern, name in _SHIFTED if pattern.search(data)), "")
    return (shifted, _guess_note(name)) if (shifted := _strictly(data, name)) is not None else (text, "")


def _decode_marked(data: bytes, name: str, source: str) -> tuple[str, str]:
    try:
        return data.decode(name), ""
    except UnicodeDecodeError as fault:
        text = data.decode(name, "replace")
        bad = text.count("\ufffd")
        if bad > _MOST_BAD * len(text):
            why = f"not the {fault.encoding} its first bytes say: save it as UTF-8"
            raise ArticleError(source, why) from fault
        return text, _replaced_note(bad, fault.encoding)


def _decode_with_nul(data: bytes, source: str) -> tuple[str, str]:
    """UTF-16 and UTF-32 of anything with spaces and full stops hold many NULs; text in UTF-8 a few, by mishap."""
    count = data.count(0)
    if count * 8 > len(data):
        return _decode_guessed(data, source, wide=True)
    rest = data.replace(b"\0", b"")
    text = _strictly(rest, "utf-8")
    if text is None or count > _MOST_NULS * len(data) or len(_CONTROLS.findall(rest)) > count:
        raise ArticleError(source, "looks like a binary file: save its text as UTF-8")
    return text, f"{count} NUL character(s) removed"


def _mostly_utf8(data: bytes) -> tuple[str, str] | None:
    """The text where at least as many characters beyond ASCII are UTF-8 as bytes are not; else ``None``."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    good = sum(not c.isascii() for c in text) - bad
    return (text, _replaced_note(bad, "UTF-8")) if good >= bad else None


def _replaced_note(count: int, name: str) -> str:
    return f"{count} byte(s) are not {name} and stand as \ufffd: save it as UTF-8 if words are missing"


def _guess_note(name: str) -> str:
    return f"not UTF-8, read as {name}: save it as UTF-8 if words look wrong"


def _decode_guessed(data: bytes, source: str, *, wide: bool) -> tuple[str, str]:
    name = _guess(data, wide=wide)
    if not name:
        why = "looks like a binary file" if wide else "not UTF-8, and no other encoding fits"
        raise ArticleError(source, f"{why}: save its text as UTF-8")
    text = _strictly(data, name)
    if text is None:
        raise ArticleError(source, f"not UTF-8, nor wholly {name}: save it as UTF-8")
    return text, _guess_note(name)


def _strictly(data: bytes, name: str) -> str | None:
    """The text; ``None`` where a byte is not in the encoding, or there is no name of one."""
    try:
        return data.decode(name) if name else None
    except UnicodeDecodeError:
        return None


# How browsers decode these two: whoever names them uses the characters of Windows-1252 as well.
_BROWSER_CODECS = {"iso8859-1": "cp1252", "ascii": "cp1252"}


# Python's own, which no text is in; some of them take hours over a long one.
_NOT_FOR_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")


def decode_as(data: bytes, charset: str) -> str | None:
    """``data`` decoded as the charset that a page or its server names; ``None`` where it is not in that."""
    codec = _codec(charset)
    try:
        return data.decode(codec) if codec else None
    except ValueError:
        return None


def decode_mostly_as(data: bytes, charset: str) -> tuple[str, str] | None:
    """Likewise with a few bad bytes as U+FFFD, and a note on these; ``None`` where many are, or it is UTF-8."""
    codec = _codec(charset)
    if not codec or codec == "utf-8" or _strictly(data, "utf-8") is not None:
        return None
    text = data.decode(codec, "replace")
    bad = text.count("\ufffd")
    return (text, _replaced_note(bad, codec)) if bad <= _MOST_BAD_DECLARED * len(text) else None


def _codec(charset: str) -> str:
    """Python's name of the encoding that a page names; ``""`` for one that no text is in."""
    try:
        codec = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ""
    return "" if codec in _NOT_FOR_TEXT else _BROWSER_CODECS.get(codec, codec)


def _guess(data: bytes, *, wide: bool) -> str:
    """The most likely encoding, or ``""``. ``wide``: among UTF-16 and UTF-32 alone, else among the others.

    Few bytes are often taken for UTF-16 (``b"caf\\xe9"`` for two Chinese characters), though UTF-16 without a NUL
    is rare, and text with NULs can be nothing else. Few bytes also leave many encodings equally likely: of those
    cp1252, the common one, is taken, not the first by name.
    """
    if not wide and _is_latin_2(data):
        return "iso8859_2"
    if not wide and len(_POLISH.findall(data)) > 1:
        return "cp1250"
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


def _is_latin_2(data: bytes) -> bool:
    """Whether letters of Polish, Czech and their neighbours stand where ISO 8859-2 has them, and Windows has none."""
    if _WINDOWS_ONLY.search(data) or sum(byte > 0xBF for byte in data) * 4 > len(data):
        return False
    return len(_LATIN_2.findall(data)) >= (1 if len(data) < _SHORT_BYTES else 3)
