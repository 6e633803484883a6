"""Rich Text (RTF): headings, paragraphs, list items and tables, in order, as they stand with all changes accepted.

The format is a stream of control words, groups and bytes, each of which changes what the next ones mean; it is read
once, from start to end. Notes, comments, pictures, objects, frames, and heads and feet of pages are not read.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.formats.blocks import joined

MARKS = 3_000_000  # half a minute's work at worst; a long book has a million


TEXT_BYTES = 20_000_000


DEPTH = 500  # groups within groups; word processors stay below 50


_MARK = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S
)


_CODEPAGES = {  # of a font's \fcharset, as Windows numbers them
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


_WHOLE = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


_SIGNS = dict.fromkeys(("tab", "line", "column", "softline", "emspace", "enspace", "qmspace"), " ") | {
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


_SYMBOLS = {
    "\\": "\\",
    "{": "{",
    "}": "}",
    "~": "\N{NO-BREAK SPACE}",
    "_": "\N{NON-BREAKING HYPHEN}",
    "\t": " ",
}


_NAME_CHARS = 500  # of a title or the name of a style


_LISTED = frozenset(("listtext", "pntext"))  # the mark of an item, as a reader sees it


_UNREAD = _LISTED.union(
    "colortbl filetbl pict object shprslt shptxt footnote annotation header headerl headerr headerf footer footerl "
    "footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn fldinst xe tc rxe txe nonesttables upr private "
    "atnid atnauthor bkmkstart bkmkend template".split()
)


_READ = {"fonttbl": "fonts", "stylesheet": "styles", "info": "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rtf:
    """``title`` is the first line in the style of a title, else the one the file names; it may be empty."""

    text: str
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits from the one it is in, and gives back at its end."""

    read: str = ""  # text, fonts, styles, info, title; nothing where it is not read
    after: int = 1  # how many characters stand behind each \u for readers that do not know it
    font: int | None = None
    unseen: frozenset[str] = frozenset()  # deleted, hidden
    style: int = 0
    outline: int | None = None
    in_table: bool = False


def read_rtf(data: bytes, source: str) -> Rtf:
    """The text of an RTF file, marked up as Markdown is. Raises ``ArticleError`` for one that is bad or a trap."""
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start.startswith(b"{\\rtf"):
        raise ArticleError(
            source, "is no RTF file: give it the suffix of what it is, or save it again as .rtf"
        )
    reader = _Reader(source)
    reader.read(start)
    named = next(
        (line.lstrip("# ") for kind, line in reader.found if kind == "title"), one_line(reader.title)
    )
    lost = f"{reader.lost} character(s) are not in the encoding that the file names: save it again"
    return Rtf(text=joined(reader.found), title=named, note=lost if reader.lost else "")


class _Reader:
    """Blocks as they are ``found``, each with its kind: title, heading, item, row or paragraph."""

    def __init__(self, source: str) -> None:
        self.found: list[tuple[str, str]] = []
        self.title = ""
        self.lost = 0
        self._source, self._size = source, 0
        self._now, self._outer = _State(), list[_State]()
        self._encoding = "cp1252"
        self._usual_font: int | None = None
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, tuple[str, int | None]] = {}  # name and level
        self._entry = 0  # the font or style that is being described
        self._raw = bytearray()  # bytes whose encoding is that of the font
        self._skip = 0
        self._line: list[str] = []
        self._item = False
        self._cell: list[str] = []
        self._row: list[str] = []

    def read(self, data: bytes) -> None:
        """All of a file, to the end of its outermost group."""
        place, count = 0, 0
        while found := _MARK.match(data, place):
            place, count = found.end(), count + 1
            word, number, byte, symbol, brace, text = found.groups()
            if count > MARKS:
                raise ArticleError(
                    self._source, f"over {MARKS:,} marks in it: leave pictures out, or split it"
                )
            if word:
                if word == b"bin":
                    place += max(0, int(number or 0))
                elif word in _KNOWN:  # most are of looks alone
                    self._word(word.decode("ascii"), None if number is None else int(number))
            elif byte:
                self._bytes(bytes.fromhex(byte.decode("ascii")))
            elif symbol:
                self._symbol(symbol.decode("latin-1"))
            elif text:
                self._bytes(text)
            elif brace == b"{":
                self._open()
            elif brace == b"}":
                self._close()
                if not self._outer:
                    self._paragraph()
                    self._end_row()
                    return
        raise ArticleError(self._source, "was cut off, or is damaged: fetch or save it again")

    def _open(self) -> None:
        self._flush()
        if len(self._outer) >= DEPTH:
            raise ArticleError(
                self._source, f"groups in it are over {DEPTH} deep, as in traps: save it again"
            )
        self._outer.append(self._now)

    def _close(self) -> None:
        self._flush()
        self._now = self._outer.pop()

    # --- what is said of the text --------------------------------------------------------------------------

    def _word(self, word: str, number: int | None) -> None:
        now = self._now
        if word in ("u", "uc"):
            self._unicode(word, number)
        elif word in _UNREAD:
            self._item = self._item or (word in _LISTED and now.read == "text")
            self._be(read="")
        elif word in _READ:
            self._be(read=_READ[word])
        elif word == "rtf":
            self._be(read="text")
        elif word in _WHOLE:
            self._encoding = _WHOLE[word]
        elif word == "ansicpg":
            self._encoding = _codec(number or 0)
        elif word == "deff":
            self._usual_font = number
        elif now.read == "text":
            self._in_text(word, number)
        elif now.read in ("fonts", "styles"):
            self._described(word, number or 0)
        elif now.read == "info" and word == "title":
            self._be(read="title")

    def _be(self, **changes: object) -> None:
        self._flush()
        if all(getattr(self._now, name) == value for name, value in changes.items()):
            return
        self._now = replace(self._now, **changes)  # type: ignore[arg-type]

    def _unicode(self, word: str, number: int | None) -> None:
        if word == "uc":
            self._be(after=max(0, 1 if number is None else number))
        elif number is not None:
            self._flush()
            self._say(chr(number % 0x10000))  # perhaps half of one: the other half is the next
            self._skip = self._now.after

    def _described(self, word: str, number: int) -> None:
        """A font's or a style's entry in its table."""
        if word == ("f" if self._now.read == "fonts" else "s"):
            self._entry = number
        elif word == "fcharset" and number in _CODEPAGES:
            self._fonts[self._entry] = _CODEPAGES[number]
        elif word == "outlinelevel":
            self._styles[self._entry] = (self._styles.get(self._entry, ("", None))[0], number)

    def _in_text(self, word: str, number: int | None) -> None:
        if word in _SIGNS:
            self._say(_SIGNS[word])
        elif (change := _CHANGES.get(word)) is not None:
            self._be(**change(self._now, 1 if number is None else number))
        elif word == "plain":
            self._be(font=self._usual_font, unseen=frozenset())
        elif word == "pard":
            self._be(style=0, outline=None, in_table=False)
        elif word in ("par", "sect", "page"):
            self._paragraph()
        elif word == "cell":
            self._end_cell()
        elif word == "nestcell":
            self._paragraph(in_table=True)
        elif word == "row":
            self._end_row()

    # --- the text ------------------------------------------------------------------------------------------

    def _symbol(self, symbol: str) -> None:
        if symbol in "\r\n":
            self._paragraph()
        elif symbol == "*":  # what follows may be passed over by whoever does not know it
            self._be(read="")
        elif symbol in _SYMBOLS:
            self._say(_SYMBOLS[symbol])

    def _bytes(self, data: bytes) -> None:
        passed = min(self._skip, len(data))
        self._skip -= passed
        if self._now.read in ("text", "title", "styles"):
            self._raw += data[passed:]
            self._size += len(data)
            if self._size > TEXT_BYTES:
                raise ArticleError(self._source, f"holds over {TEXT_BYTES:,} characters: split it")

    def _say(self, text: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        self._flush()
        self._add(text)

    def _flush(self) -> None:
        """The bytes so far as text; what comes next may be in another encoding."""
        self._skip = 0
        if self._raw:
            font = self._now.font if self._now.font is not None else self._usual_font
            encoding = self._fonts.get(font, self._encoding) if font is not None else self._encoding
            text = self._raw.decode(encoding, "replace")
            self._raw.clear()
            self.lost += text.count("\ufffd")
            self._add(text)

    def _add(self, text: str) -> None:
        if self._now.read == "text" and not self._now.unseen:
            self._line.append(text)
        elif self._now.read == "title":
            self.title = (self.title + text)[:_NAME_CHARS]
        elif self._now.read == "styles":
            name, level = self._styles.get(self._entry, ("", None))
            self._styles[self._entry] = ((name + text)[:_NAME_CHARS], level)

    def _paragraph(self, *, in_table: bool = False) -> None:
        self._flush()
        words, self._line = _whole(self._line), []
        if not words:
            return
        if in_table or self._now.in_table:
            self._cell.append(words)
            return
        self._end_row()
        kind, mark = self._kind(words)
        self.found.append((kind, mark + words.removeprefix("• ") if kind == "item" else mark + words))
        self._item = False

    def _kind(self, words: str) -> tuple[str, str]:
        name, level = self._styles.get(self._now.style, ("", None))
        first, _, rest = name.strip().rstrip(";").lower().partition(" ")
        level = level if self._now.outline is None else self._now.outline
        if first == "title":
            return "title", "# "
        if first == "heading" and rest in tuple("123456789"):
            level = int(rest) - 1
        if level is not None and 0 <= level < 9:
            return "heading", "#" * min(level + 1, 6) + " "
        return ("item", "- ") if self._item or words.startswith("• ") else ("paragraph", "")

    def _end_cell(self) -> None:
        self._paragraph(in_table=True)
        self._row.append(" ".join(self._cell))
        self._cell = []
        self._item = False

    def _end_row(self) -> None:
        if self._cell:
            self._end_cell()
        if any(self._row):
            self.found.append(("row", f"| {' | '.join(self._row)} |"))
        self._row = []


def _unseen(word: str) -> Callable[[_State, int], dict[str, object]]:
    return lambda now, on: {"unseen": now.unseen | {word} if on else now.unseen - {word}}


_CHANGES: Mapping[str, Callable[[_State, int], dict[str, object]]] = {
    "f": lambda _, number: {"font": number},
    "s": lambda _, number: {"style": number},
    "outlinelevel": lambda _, number: {"outline": number},
    "intbl": lambda _, on: {"in_table": bool(on)},
    "deleted": _unseen("deleted"),
    "v": _unseen("v"),
}


_KNOWN = frozenset(
    word.encode()
    for word in (
        *_UNREAD,
        *_READ,
        *_WHOLE,
        *_SIGNS,
        *_CHANGES,
        *"u uc rtf ansicpg deff fcharset title plain pard par sect page cell nestcell row".split(),
    )
)


def _codec(page: int) -> str:
    """Python's name of a Windows code page; that of the West for one that it does not know."""
    name = {10000: "mac_roman", 65001: "utf-8", 1361: "johab"}.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name


def _whole(pieces: list[str]) -> str:
    """Pieces as one line, halves of a character put together."""
    text = "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return one_line(text)
