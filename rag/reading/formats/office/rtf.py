"""Rich Text (RTF): headings, paragraphs, list items and tables, in order, with all changes accepted.

The format is a stream of control words, groups and bytes, each of which changes the meaning of what follows; it is
read once, from start to end. Footnotes, comments, pictures, objects, frames, page headers and footers are not read.
Control words are those of Microsoft's specification 1.9.1; ``_ANYWHERE`` and ``_IN_DESTINATION`` map them to methods.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from rag.errors import ArticleError
from rag.reading.formats.blocks import Block, BlockBuilder
from rag.reading.formats.document import Document, document_of_blocks
from rag.reading.formats.office.rtf_characters import CHARSETS, CODEPAGES, SIGNS, SYMBOLS, codec

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,9})? ?|\\'([0-9A-Fa-f]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S
)

_NAME_CHARS = 500  # of a title or the name of a style
_LIST_MARKS = frozenset(("listtext", "pntext"))  # destinations of the mark of an item, as a reader sees it

_NUMBER = re.compile(
    r"\s*(\(?(?:[0-9]+(?:\.[0-9]+)*[.)]?|(?:[A-Za-z]|[IVXLCivxlc]{1,6})[.)]))\s*$"
)  # of a list mark

_SKIPPED = frozenset(
    "colortbl filetbl pict object shprslt shptxt footnote annotation header headerl headerr headerf footer footerl "
    "footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn fldinst xe tc rxe txe nonesttables upr private "
    "atnid atnauthor bkmkstart bkmkend template".split()
)

_DESTINATIONS = {"rtf": "text", "fonttbl": "fonts", "stylesheet": "styles", "info": "info"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RtfLimits:
    """How much of a file is read."""

    tokens: int = 3_000_000  # half a minute's work at worst; a long book has a million
    text_bytes: int = 20_000_000
    depth: int = 500  # groups within groups; word processors stay below 50


RTF_LIMITS = RtfLimits()


def read_rtf(data: bytes, source: str, limits: RtfLimits = RTF_LIMITS) -> Document:
    """An RTF file as Markdown; its title is the first line in the style of a title, else the one in its properties.

    Raises ``ArticleError`` for one that is damaged, or beyond a limit.
    """
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start.startswith(b"{\\rtf"):
        why = "is no RTF file: give it the suffix of what it is, or save it again as .rtf"
        raise ArticleError(source, why)
    parser = _Parser(source, limits)
    parser.parse(start)
    bad = parser.undecodable
    note = f"{bad} character(s) are not in the encoding that the file names: save it again" if bad else ""
    return document_of_blocks(parser.output.blocks, source, title=parser.title, notes=(note,))


@dataclass(frozen=True, slots=True)
class _State:
    """The properties that a group inherits from the one around it, and restores at its end."""

    destination: str = ""  # text, fonts, styles, info or title; "" where nothing is read
    fallback_chars: int = 1  # characters after each \u, for readers that do not know it
    font: int | None = None
    raised: bool = False
    hidden_by: frozenset[str] = frozenset()  # the control words that hide text: deleted, v, strike
    style: int = 0
    outline: int | None = None
    in_table: bool = False


class _Parser:
    """Parses a file into ``output``; ``undecodable`` counts the characters that are not in the file's encoding."""

    def __init__(self, source: str, limits: RtfLimits) -> None:
        self.output = BlockBuilder()
        self.title = ""
        self.undecodable = 0
        self._source, self._limits, self._size = source, limits, 0
        self._state, self._outer_states = _State(), list[_State]()
        self._encoding = "cp1252"
        self._default_font: int | None = None
        self._font_encodings: dict[int, str] = {}
        self._styles: dict[int, tuple[str, int | None]] = {}  # name and level
        self._entry = 0  # number of the font or style that is being defined
        self._raw = bytearray()  # bytes whose encoding is that of the font
        self._chars_to_skip = 0  # of the fallback of a \u
        self._mark = ""  # of the item that is open, as a reader sees it

    def parse(self, data: bytes) -> None:
        """All of a file, to the end of its outermost group."""
        offset, count = 0, 0
        while token := _TOKEN.match(data, offset):
            offset, count = token.end(), count + 1
            word, number, byte, symbol, brace, text = token.groups()
            if count > self._limits.tokens:
                why = f"over {self._limits.tokens:,} marks in it: leave pictures out, or split it"
                raise ArticleError(self._source, why)
            if word == b"bin":
                offset += max(0, int(number or 0))
            elif word in _KNOWN_WORDS:  # most are of looks alone
                self._run_control_word(word.decode("ascii"), None if number is None else int(number))
            elif byte:
                self._add_bytes(bytes.fromhex(byte.decode("ascii")))
            elif symbol:
                self._run_control_symbol(symbol.decode("latin-1"))
            elif text:
                self._add_bytes(text)
            elif brace == b"{":
                self._open_group()
            elif brace == b"}":
                self._close_group()
                if not self._outer_states:
                    self.end_paragraph()
                    self.output.end_row()
                    return
        raise ArticleError(self._source, "was cut off, or is damaged: fetch or save it again")

    def _open_group(self) -> None:
        self._flush()
        if len(self._outer_states) >= self._limits.depth:
            why = f"groups in it are over {self._limits.depth} deep, as in traps: save it again"
            raise ArticleError(self._source, why)
        self._outer_states.append(self._state)

    def _close_group(self) -> None:
        self._flush()
        self._state = self._outer_states.pop()

    def _run_control_word(self, word: str, number: int | None) -> None:
        action = _ANYWHERE.get(word) or _IN_DESTINATION.get(self._state.destination, {}).get(word)
        if action:
            action(self, number)

    # --- what control words do -----------------------------------------------------------------------------

    def change(self, **changes: object) -> None:
        """Set properties of the state; the bytes before were in the old one."""
        self._flush()
        if any(getattr(self._state, name) != value for name, value in changes.items()):
            self._state = replace(self._state, **changes)  # type: ignore[arg-type]

    def hide(self, word: str, number: int) -> None:
        words = self._state.hidden_by
        self.change(hidden_by=words | {word} if number else words - {word})

    def read_list_mark(self, _: int | None) -> None:
        is_text = self._state.destination == "text"
        self.output.in_item = self.output.in_item or is_text
        self.change(destination="mark" if is_text else "")

    def set_encoding(self, name: str) -> None:
        self._encoding = name

    def set_default_font(self, number: int | None) -> None:
        self._default_font = number

    def reset_font(self, _: int | None) -> None:
        self.change(font=self._default_font, raised=False, hidden_by=frozenset())

    def define_entry(self, number: int | None) -> None:
        """A font or a style of its table begins."""
        self._entry = number or 0

    def define_charset(self, number: int | None) -> None:
        if (number or 0) in CODEPAGES:
            self._font_encodings[self._entry] = CODEPAGES[number or 0]

    def define_level(self, number: int | None) -> None:
        self._styles[self._entry] = (self._styles.get(self._entry, ("", None))[0], number or 0)

    def add_unicode(self, number: int | None) -> None:
        if number is not None:
            self._flush()
            self.add_text(
                chr(number % 0x10000)
            )  # perhaps half of a surrogate pair: the other half is the next
            self._chars_to_skip = self._state.fallback_chars

    def add_text(self, text: str) -> None:
        if self._chars_to_skip:
            self._chars_to_skip -= 1
            return
        self._flush()
        self._append(text)

    def end_paragraph(self, _: int | None = None, *, in_table: bool = False) -> None:
        self._flush()
        number = _NUMBER.match(self._mark)
        self._mark = ""
        in_table = in_table or self._state.in_table
        self.output.end_paragraph(self._heading(), in_table=in_table, number=number[1] if number else "")

    def end_nested_cell(self, _: int | None) -> None:
        """A table in a cell is words of that cell."""
        self.end_paragraph(in_table=True)

    def end_cell(self, _: int | None) -> None:
        self.end_paragraph(in_table=True)
        self.output.end_cell()

    def end_row(self, _: int | None) -> None:
        if self.output.has_open_cell:
            self.end_paragraph(in_table=True)
        self.output.end_row()

    # --- text ----------------------------------------------------------------------------------------------

    def _run_control_symbol(self, symbol: str) -> None:
        if symbol in "\r\n":
            self.end_paragraph()
        elif symbol == "*":  # readers that do not know the destination that follows may skip it
            self.change(destination="")
        elif symbol in SYMBOLS:
            self.add_text(SYMBOLS[symbol])

    def _add_bytes(self, data: bytes) -> None:
        skipped = min(self._chars_to_skip, len(data))
        self._chars_to_skip -= skipped
        if self._state.destination in ("text", "title", "styles", "mark"):
            self._raw += data[skipped:]
            self._size += len(data)
            if self._size > self._limits.text_bytes:
                why = f"holds over {self._limits.text_bytes:,} characters: split it"
                raise ArticleError(self._source, why)

    def _flush(self) -> None:
        """Decode the bytes so far; those that follow may be in another encoding."""
        self._chars_to_skip = 0
        if self._raw:
            font = self._state.font if self._state.font is not None else self._default_font
            encoding = self._encoding if font is None else self._font_encodings.get(font, self._encoding)
            text = self._raw.decode(encoding, "replace")
            self._raw.clear()
            self.undecodable += text.count("\ufffd")
            self._append(text)

    def _append(self, text: str) -> None:
        if self._state.destination == "text" and not self._state.hidden_by:
            self.output.add(text, raised=self._state.raised)
        elif self._state.destination == "mark":
            self._mark = (self._mark + text)[:_NAME_CHARS]
        elif self._state.destination == "title":
            self.title = (self.title + text)[:_NAME_CHARS]
        elif self._state.destination == "styles":
            name, level = self._styles.get(self._entry, ("", None))
            self._styles[self._entry] = ((name + text)[:_NAME_CHARS], level)

    def _heading(self) -> Block | None:
        """The kind and the Markdown mark of a paragraph in the style of a title or heading."""
        name, level = self._styles.get(self._state.style, ("", None))
        first, _, rest = name.strip().rstrip(";").lower().partition(" ")
        level = level if self._state.outline is None else self._state.outline
        if first == "title":
            return "title", "# "
        if first == "heading" and rest in tuple("123456789"):
            level = int(rest) - 1
        if level is not None and 0 <= level < 9:
            return "heading", "#" * min(level + 1, 6) + " "
        return None


# --- the tables of control words ---------------------------------------------------------------------------

_Action = Callable[[_Parser, int | None], None]


def _number_or_1(number: int | None) -> int:
    """The number after a control word, which is 1 where there is none."""
    return 1 if number is None else number


def _set_destination(destination: str) -> _Action:
    return lambda parser, _: parser.change(destination=destination)


def _add_text(text: str) -> _Action:
    return lambda parser, _: parser.add_text(text)


def _set_encoding(encoding: str) -> _Action:
    return lambda parser, _: parser.set_encoding(encoding)


_ANYWHERE: Mapping[str, _Action] = {
    "u": _Parser.add_unicode,
    "uc": lambda parser, number: parser.change(fallback_chars=max(0, _number_or_1(number))),
    **dict.fromkeys(_LIST_MARKS, _Parser.read_list_mark),
    **dict.fromkeys(_SKIPPED, _set_destination("")),
    **{word: _set_destination(destination) for word, destination in _DESTINATIONS.items()},
    **{word: _set_encoding(encoding) for word, encoding in CHARSETS.items()},
    "ansicpg": lambda parser, number: parser.set_encoding(codec(number or 0)),
    "deff": _Parser.set_default_font,
}

_DEFINITIONS: Mapping[str, _Action] = {
    "fcharset": _Parser.define_charset,
    "outlinelevel": _Parser.define_level,
}

_IN_DESTINATION: Mapping[str, Mapping[str, _Action]] = {
    "fonts": {"f": _Parser.define_entry, **_DEFINITIONS},
    "styles": {"s": _Parser.define_entry, **_DEFINITIONS},
    "info": {"title": _set_destination("title")},
    "text": {
        **{word: _add_text(sign) for word, sign in SIGNS.items()},
        "f": lambda parser, number: parser.change(font=_number_or_1(number)),
        "s": lambda parser, number: parser.change(style=_number_or_1(number)),
        "outlinelevel": lambda parser, number: parser.change(outline=_number_or_1(number)),
        "intbl": lambda parser, number: parser.change(in_table=bool(_number_or_1(number))),
        "deleted": lambda parser, number: parser.hide("deleted", _number_or_1(number)),
        "v": lambda parser, number: parser.hide("v", _number_or_1(number)),
        "strike": lambda parser, number: parser.hide("strike", _number_or_1(number)),
        "striked": lambda parser, number: parser.hide("striked", _number_or_1(number)),
        "super": lambda parser, number: parser.change(raised=bool(_number_or_1(number))),
        "up": lambda parser, number: parser.change(raised=bool(6 if number is None else number)),
        **dict.fromkeys(("nosupersub", "sub", "dn"), lambda parser, _: parser.change(raised=False)),
        "plain": _Parser.reset_font,
        "pard": lambda parser, _: parser.change(style=0, outline=None, in_table=False),
        **dict.fromkeys(("par", "sect", "page"), _Parser.end_paragraph),
        "cell": _Parser.end_cell,
        "nestcell": _Parser.end_nested_cell,
        "row": _Parser.end_row,
    },
}

_KNOWN_WORDS = frozenset(word.encode() for words in (_ANYWHERE, *_IN_DESTINATION.values()) for word in words)
