"""The characters of Rich Text: code pages of files and fonts, and the control words and symbols that are characters."""

import codecs

CODEPAGES = {  # of a font's \fcharset, as Windows numbers them
    0: "cp1252",
    2: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}

CHARSETS = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}  # of a whole file

SIGNS = dict.fromkeys(("tab", "line", "column", "softline", "emspace", "enspace", "qmspace"), " ") | {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "zwj": "\N{ZERO WIDTH JOINER}",
    "zwnj": "\N{ZERO WIDTH NON-JOINER}",
}

SYMBOLS = {
    "\\": "\\",
    "{": "{",
    "}": "}",
    "~": "\N{NO-BREAK SPACE}",
    "_": "\N{NON-BREAKING HYPHEN}",
    "\t": " ",
}


def codec(page: int) -> str:
    """Python's name of a Windows code page; cp1252 for one that Python does not know."""
    name = {10000: "mac_roman", 65001: "utf-8", 1361: "johab"}.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
