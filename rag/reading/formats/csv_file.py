"""CSV and TSV files: one article a row; the first row names the columns."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line, trim
from rag.reading.decoding import decode
from rag.reading.field_names import named
from rag.reading.fields import (
    Origin,
    ReadArticle,
    article_from_fields,
    find_title,
    question_and_answer,
    text_field,
)
from rag.reading.formats.embedded import without_embedded

if TYPE_CHECKING:
    from _csv import Reader

COLUMNS = ("id", "title", "url", "date", "publisher", "credit", "text")
_DELIMITERS = ",;\t|"
_HEAD_LINES = 20  # of which one names the columns
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?[,;]*\r?\n", re.I)  # the first line that Excel reads and writes


def read_csv(data: bytes, origin: Origin) -> Iterator[ReadArticle | ArticleError]:
    """The articles of a file whose columns are separated by commas, semicolons, tabs or ``|``.

    A column ``text`` is required, or ``question`` and ``answer``, or other names of these (see ``field_names``);
    the others of ``COLUMNS`` are optional; any more are ignored. A row without an id gets that of ``origin`` and its
    number, from 1; one without a title, in whose text there is none, the file's name and its number. A bad row is an
    ``ArticleError`` among the articles.
    Raises ``ArticleError`` where the whole file is bad.
    """
    source = origin.source
    text, guess = decode(data, source)
    # Otherwise no field of over 131,072 characters is read.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    first = _SEPARATOR.match(text)
    table = text[first.end() :] if first else text
    rows, columns = _named_table(table, first[1] if first else "", source)
    number = 0
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as fault:  # after an open quotation mark rows cannot be told apart
            yield ArticleError(f"{source}:{rows.line_num}", f"is no row ({fault}): mend its quotation marks")
            return
        if row is None:
            break
        if not any(value.strip() for value in row):
            continue
        number += 1
        line = f"{source}:{rows.line_num + bool(first)}"
        id, title = f"{origin.id}/{number}", f"{origin.title} {number}"
        try:
            yield _article(columns, row, line, id=id, title=title, guess=guess if number == 1 else "")
        except ArticleError as error:
            yield error
    if not number:
        raise ArticleError(source, "holds no rows: write one article in each")


def _named_table(table: str, sign: str, source: str) -> tuple["Reader", list[str]]:
    """The rows below the one that names the columns, and these names; columns are parted by ``sign``, if given.

    Above it a program may have written what the table is. Raises ``ArticleError`` where no row names a text.
    """
    head = "\n".join(table.lstrip().split("\n", _HEAD_LINES)[:_HEAD_LINES])
    signs = [sign] if sign else sorted(_DELIMITERS, key=lambda one: -head.partition("\n")[0].count(one))
    # Programs that write \\" for a quotation mark do not double it.
    escape = "\\" if '\\"' in table and '""' not in table else None
    for one in signs:
        rows = csv.reader(
            io.StringIO(table, newline=""),
            delimiter=one,
            strict=True,
            skipinitialspace=True,
            escapechar=escape,
            doublequote=escape is None,
        )
        if columns := _columns(itertools.islice(rows, _HEAD_LINES), source):
            return rows, columns
    first = next((line for line in head.split("\n") if line.strip()), "")
    names = ", ".join(one_line(name).lower() for name in first.split(signs[0])[:8] if name.strip())
    why = f"has no column 'text' but {names or 'nothing':.200}: name its columns {', '.join(COLUMNS)}"
    raise ArticleError(source, why)


def _columns(rows: Iterator[list[str]], source: str) -> list[str]:
    """The names in the first of ``rows`` that names a text, in lower case; none where none does.

    Raises ``ArticleError`` where it names one twice.
    """
    try:
        for row in rows:
            columns = [one_line(name).strip("\ufeff ").lower() for name in row]
            known = named(dict.fromkeys(columns, "?"))
            if "text" in known or question_and_answer(known, source):
                break
        else:
            return []
    except csv.Error as fault:
        raise ArticleError(source, f"is no table ({fault}): save it as CSV in UTF-8") from fault
    if repeated := sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1}):
        raise ArticleError(source, f"has two columns {repeated[0]!r}: rename one")
    return columns


def _article(
    columns: list[str], row: list[str], line: str, *, id: str, title: str, guess: str
) -> ReadArticle:
    while len(row) > len(columns) and not row[-1].strip():
        row = row[:-1]
    if len(row) > len(columns):
        why = f"has {len(row)} values for {len(columns)} columns: quote those with commas"
        raise ArticleError(line, why)
    fields = named(dict(zip(columns, row, strict=False)))
    text, removed = clean(text_field(fields, "text", line) or question_and_answer(fields, line), line)
    text, embedded = without_embedded(text)
    text = trim(text, line)
    title = find_title(text, markdown=True) or title
    article, notes = article_from_fields(fields, source=line, id=id, title=title, text=text)
    return ReadArticle(line, article, tuple(note for note in (guess, removed, embedded, *notes) if note))
