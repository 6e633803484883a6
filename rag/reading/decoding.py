"""Decodes bytes into text: by their byte order mark, as UTF-8 with bad bytes replaced, or in a guessed encoding.

In every function ``source`` is what an error names: a path, with ``:line`` for a record.
"""

import codecs
import re
import unicodedata
from collections import Counter

from rag.errors import ArticleError
from rag.reading.alphabets import guess_by_alphabet

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
_MOST_IN_TWO_ROWS = 0.97  # of the letters: bytes in the wrong order are letters of many alphabets
_COMMON_SIGNS = " \n。、，"  # in UTF-16 all have a byte below 13, which no text in letters of one byte has
_SURELY = 6  # bytes that continue a character
_MOST_NULS = 0.01  # of the bytes
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")

_SHIFTED = (  # encodings that switch between alphabets by ASCII alone, and how to know them
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"\x1b\$\(?[@BD]|\x1b\([IJ]"), "iso2022_jp_ext"),
    (re.compile(rb"~\{(?:[!-~]{2})+~\}"), "hz"),
)


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
        return _mostly_utf8(data) or _decode_guessed(data, source, wide=bool(_wide_by_letters(data)))
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
    if count * 8 > len(data) or _wide_by_letters(data):
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


# How browsers decode these: whoever names them uses the characters of the larger ones as well. A page that names
# UTF-16 in letters of one byte is not in that.
_BROWSER_CODECS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    **dict.fromkeys(("utf-16", "utf-16-le", "utf-16-be"), "utf-8"),
}

_LABELS = {  # names that browsers know, and Python does not
    "windows-31j": "cp932",
    "sjis": "cp932",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "mac-roman": "mac_roman",
    "mac-cyrillic": "mac_cyrillic",
}


# Python's own, which no text is in; some of them take hours over a long one.
_NOT_FOR_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")


def is_surely_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8, and so many characters beyond ASCII that it is nothing else by chance."""
    text = None if data.isascii() else _strictly(data, "utf-8")
    return text is not None and len(data) - len(text) >= _SURELY


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
        plain = re.sub(r"^(?:x-)+", "", charset.strip().lower())
        codec = codecs.lookup(_LABELS.get(plain, plain)).name
    except (LookupError, ValueError):
        return ""
    return "" if codec in _NOT_FOR_TEXT else _BROWSER_CODECS.get(codec, codec)


def _guess(data: bytes, *, wide: bool) -> str:
    """The most likely encoding, or ``""``. ``wide``: among UTF-16 and UTF-32 alone, else among the others.

    Few bytes are often taken for UTF-16 (``b"caf\\xe9"`` for two Chinese characters), though UTF-16 without a NUL
    is rare, and text with NULs can be nothing else. Few bytes also leave many encodings equally likely: of those
    cp1252, the common one, is taken, not the first by name.
    """
    name = _wide_by_letters(data) if wide else guess_by_alphabet(data)
    if _strictly(data, name) is not None:
        return name
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


def _wide_by_letters(data: bytes) -> str:
    """UTF-16 without a mark, in the order of bytes that makes text of it: one alphabet, spaces and known characters."""
    for name in _WIDE[:2] if len(data) % 2 == 0 else ():
        text = _strictly(data, name)
        if text is None or not any(sign in text for sign in _COMMON_SIGNS):
            continue
        kinds = Counter(unicodedata.category(c) for c in set(text) - set("\t\r\n"))
        rows = Counter(_row(c) for c in text if c.isalpha())
        most = sum(count for _, count in rows.most_common(2))
        if not kinds.keys() & {"Cc", "Cn", "Co", "Cs"} and most >= _MOST_IN_TWO_ROWS * max(rows.total(), 1):
            return name
    return ""


def _row(letter: str) -> int:
    """The block of 256 characters in which a letter is; one for all of Chinese, Japanese and Korean."""
    return 0x4E if 0x3000 <= ord(letter) < 0xD800 else ord(letter) >> 8
