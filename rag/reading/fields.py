"""Makes an article of text fields: checks its id, looks for a title in the text."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from rag.errors import ArticleError
from rag.reading.cleaning import one_line, refuse_surrogates
from rag.reading.dates import read_day
from rag.reading.field_names import asked_and_said, named
from rag.schema import Article

ID_CHARS = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9A-Za-z])")
TITLE_CHARS = 120  # a longer first line is a sentence, not a title


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article with where it was read from, and ``notes`` on what was guessed, removed or may mislead in it."""

    source: str  # the path, with ":line" for a record
    article: Article
    notes: tuple[str, ...] = ()


# What readers yield: an article, a warning, the error of a file or record.
ReadItem = ReadArticle | str | ArticleError


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a file lies: ``source`` is what errors name, ``path`` its path below the folder that is read."""

    source: str
    path: PurePath

    @property
    def id(self) -> str:
        """The id of an article that states none."""
        return slug(self.path.with_suffix("").as_posix())

    @property
    def title(self) -> str:
        """The title of an article that has none: the name of the file without its suffix."""
        return one_line(self.path.stem)

    @property
    def day(self) -> str:
        """The day with which the file's name begins, as the names of posts and minutes do; ``""`` for none."""
        match = _DAY.match(self.path.name)
        return match[0] if match and read_day(match[0]) else ""


def article_from_fields(
    fields: Mapping[str, object], *, source: str, id: str, title: str, text: str
) -> tuple[Article, tuple[str, ...]]:
    """The article, and notes on fields that could not be read; each of these costs itself alone.

    ``id`` and ``title`` are used where ``fields`` has none. Raises ``ArticleError`` for a bad id.
    """
    fields = named(fields)
    notes: list[str] = []
    line = {
        name: _line_field(fields, name, source, notes) for name in ("title", "url", "publisher", "credit")
    }
    own = text_field(fields, "id", source)
    article = Article(
        id=check_id(own if own.strip() else id, source),
        title=line["title"] or title,
        text=text,
        url=line["url"],
        publisher=line["publisher"],
        date=_date(_line_field(fields, "date", source, notes), notes),
        credit=line["credit"],
    )
    return article, tuple(notes)


def _line_field(fields: Mapping[str, object], name: str, source: str, notes: list[str]) -> str:
    """The field on one line; of a list of texts, all of them. What cannot be read is ``""`` and a note."""
    value = fields.get(name)
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        value = ", ".join(value)
    try:
        return one_line(text_field({name: value}, name, source))
    except ArticleError as error:
        notes.append(f"{error.reason} (left out)")
        return ""


def _date(value: str, notes: list[str]) -> date | None:
    if not value.strip():
        return None
    day = read_day(value)
    if day is None:
        notes.append(f"'date' {value[:40]!r} is no certain day (left out): write it as 2023-12-07")
    return day


def text_field(fields: Mapping[str, object], name: str, source: str) -> str:
    """The field of this name, a number as it is written; ``""`` where it is missing or null.

    Raises ``ArticleError`` where it is neither text nor number.
    """
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise ArticleError(source, f"{name!r} is {json_type(value)}: give a text")
    refuse_surrogates(value, repr(name), source)
    return value


def question_and_answer(fields: Mapping[str, object], source: str) -> str:
    """The text of a record that has a question and an answer instead: the question is its heading. ``""`` without."""
    asked, said = asked_and_said(fields)
    question = one_line(text_field(fields, asked, source)).lstrip("# ") if asked else ""
    return f"# {question}\n\n{text_field(fields, said, source)}" if question else ""


def json_type(value: object) -> str:
    """The type of a JSON value in words, for messages."""
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def check_id(id: str, source: str) -> str:
    """``id`` unchanged. Raises ``ArticleError`` where it is blank, too long or holds a control character."""
    if not id.strip():
        raise ArticleError(source, f"'id' is {id!r}: give 1 to {ID_CHARS} characters")
    if len(id) > ID_CHARS:
        raise ArticleError(source, f"'id' has {len(id)} characters, {id[:20]!r}…: give at most {ID_CHARS}")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in id):
        raise ArticleError(source, f"'id' {id!r} holds a control character: take it out")
    return id


_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_HEADING = re.compile(r"[ ]{0,3}#[ \t]+(\S.*)")


def find_title(text: str, *, markdown: bool) -> str:
    """The title in a text: its first ``# `` heading outside code, else its first line where that reads as one.

    ``""`` where there is neither. Only in ``markdown`` are headings looked for.
    """
    in_code = False
    for line in text.split("\n") if markdown else ():
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code and (match := _HEADING.fullmatch(line)):
            return one_line(match[1][0] + _without_closing_marks(match[1][1:]))
    first = one_line(text.lstrip().partition("\n")[0])
    plain = first.lstrip("#").strip() if markdown else first
    if len(first) > TITLE_CHARS or first.endswith((".", "。", "．", "।", "؟", "…", ",", ";", ":", "|")):
        return ""
    if first.startswith(("- ", "* ", "|", ">", "```")) or not any(c.isalnum() for c in plain):
        return ""
    return plain


def _without_closing_marks(heading: str) -> str:
    """Without the ``#`` marks that may close a heading. A regular expression would take quadratic time in spaces."""
    return heading.rstrip(" \t").rstrip("#").rstrip(" \t")


def slug(name: str) -> str:
    """``name`` as an id in lower case: letters, marks and digits of any script, ``_`` and ``/``; hyphens for the rest.

    A name without letters, or too long, has a hash in its id.
    """
    composed = unicodedata.normalize("NFC", name).lower()  # file systems differ in how they compose letters
    characters = (c if unicodedata.category(c)[0] in "LMN" or c in "_/" else "-" for c in composed)
    parts = (re.sub("-+", "-", part).strip("-") for part in "".join(characters).split("/"))
    joined = "/".join(part for part in parts if part)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if not joined:
        return f"article-{digest}"
    return joined if len(joined) <= ID_CHARS else f"{joined[: ID_CHARS - 13]}-{digest}"
