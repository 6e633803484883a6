"""Fields become an article: its id, title and day; and the records of a JSONL file, one article a line.

The text of a record is kept as given, code point for code point.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rag.errors import ArticleError
from rag.reading.cleaning import one_line, refuse_surrogates
from rag.schema import Article

ID_CHARS = 200


TITLE_CHARS = 120  # a longer first line is a sentence, not a title


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was read from one file or record; ``notes`` say what may mislead in it."""

    source: str  # the path, with ":line" for a record
    article: Article
    notes: tuple[str, ...] = ()


def article_from_fields(
    fields: Mapping[str, object], *, source: str, id: str, title: str, text: str
) -> Article:
    """The article; ``id`` and ``title`` are for where ``fields`` has none. Raises ``ArticleError``."""
    line = {name: one_line(_string(fields, name, source)) for name in ("title", "url", "publisher", "credit")}
    return Article(
        id=checked_id(_string(fields, "id", source) or id, source),
        title=line["title"] or title,
        text=text,
        url=line["url"],
        publisher=line["publisher"],
        date=_date(_string(fields, "date", source), source),
        credit=line["credit"],
    )


def _string(fields: Mapping[str, object], name: str, source: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ArticleError(source, f"{name!r} is {_kind(value)}: give a text")
    refuse_surrogates(value, repr(name), source)
    return value


def _kind(value: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def checked_id(id: str, source: str) -> str:
    """``id`` as it is. ``ArticleError`` where it is blank, too long or holds a control character."""
    if not id.strip():
        raise ArticleError(source, f"'id' is {id!r}: give 1 to {ID_CHARS} characters")
    if len(id) > ID_CHARS:
        raise ArticleError(source, f"'id' has {len(id)} characters, {id[:20]!r}…: give at most {ID_CHARS}")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in id):
        raise ArticleError(source, f"'id' {id!r} holds a control character: take it out")
    return id


_DAY = re.compile(
    r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})(?:[Tt ][ ]*[0-9]{1,2}:[0-9]{2}[0-9:.,Zz+ -]*)?"
)


def _date(value: str, source: str) -> date | None:
    """The day of ``2023-12-07``, ``2023/12/07`` or either with a time, as written; ``None`` for no date."""
    if not value.strip():
        return None
    try:
        if match := _DAY.fullmatch(value.strip()):
            return date(int(match[1]), int(match[3]), int(match[4]))
        return date.fromisoformat(value.strip())
    except ValueError as fault:
        raise ArticleError(source, f"'date' {value[:40]!r} is no day: write it as 2023-12-07") from fault


_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")


_HEADING = re.compile(r"[ ]{0,3}#[ \t]+(\S.*)")


def title_in(text: str, *, markdown: bool) -> str:
    """The first ``# `` heading outside code, else the first line where it reads as a title; else nothing."""
    code = False
    for line in text.split("\n") if markdown else ():
        if _FENCE.match(line):
            code = not code
        elif not code and (match := _HEADING.fullmatch(line)):
            return one_line(match[1][0] + _unclosed(match[1][1:]))
    first = one_line(text.lstrip().partition("\n")[0])
    plain = first.lstrip("#").strip() if markdown else first
    if len(first) > TITLE_CHARS or first.endswith((".", "。", "．", "।", "؟", "…", ",", ";", ":", "|")):
        return ""
    if first.startswith(("- ", "* ", "|", ">", "```")) or not any(c.isalnum() for c in plain):
        return ""
    return plain


def _unclosed(heading: str) -> str:
    """Without the marks that may close a heading: an expression would try each space of a long row with each other."""
    return heading.rstrip(" \t").rstrip("#").rstrip(" \t")


def slug(name: str) -> str:
    """``name`` as an id: letters, marks and digits of any script, ``_`` and ``/``; hyphens for the rest."""
    composed = unicodedata.normalize("NFC", name).lower()  # one name is spelt two ways by two systems
    kept = (c if unicodedata.category(c)[0] in "LMN" or c in "_/" else "-" for c in composed)
    parts = (re.sub("-+", "-", part).strip("-") for part in "".join(kept).split("/"))
    joined = "/".join(part for part in parts if part)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if not joined:
        return f"article-{digest}"
    return joined if len(joined) <= ID_CHARS else f"{joined[: ID_CHARS - 13]}-{digest}"
