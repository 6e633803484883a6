"""CSV and TSV files: one article a row; the first row names the columns."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line, trim
from rag.reading.decoding import decode
from rag.reading.fields import Origin, ReadArticle, article_from_fields, find_title, question_and_answer
from rag.reading.formats.embedded import without_embedded

COLUMNS = ("id", "title", "url", "date", "publisher", "credit", "text")
_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?[,;]*\r?\n", re.I)  # the first line that Excel reads and writes


def read_csv(data: bytes, origin: Origin) -> Iterator[ReadArticle | ArticleError]:
    """The articles of a file whose columns are separated by commas, semicolons, tabs or ``|``.

    A column ``text`` is required, or ``question`` and ``answer``; the others of ``COLUMNS`` are optional; any more are
    ignored. A row without an id gets that of ``origin`` and its number, from 1; one without a title, in whose text
    there is none, the file's name and its number. A bad row is an ``ArticleError`` among the articles.
    Raises ``ArticleError`` where the whole file is bad.
    """
    source = origin.source
    text, guess = decode(data, source)
    # Otherwise no field of over 131,072 characters is read.
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    named = _SEPARATOR.match(text)
    table = text[named.end() :] if named else text
    head = table.lstrip().partition("\n")[0]
    sign = named[1] if named else max(_DELIMITERS, key=head.count)
    rows = csv.reader(io.StringIO(table, newline=""), delimiter=sign, strict=True)
    columns = _columns(rows, source)
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
        line = f"{source}:{rows.line_num + bool(named)}"
        id, title = f"{origin.id}/{number}", f"{origin.title} {number}"
        try:
            yield _article(columns, row, line, id=id, title=title, guess=guess if number == 1 else "")
        except ArticleError as error:
            yield error
    if not number:
        raise ArticleError(source, "holds no rows: write one article in each")


def _columns(rows: Iterator[list[str]], source: str) -> list[str]:
    """The names in the first row, in lower case. Raises ``ArticleError`` where they name no text, or one twice."""
    try:
        first_row = next((row for row in rows if any(value.strip() for value in row)), [])
        columns = [one_line(name).lower() for name in first_row]
    except csv.Error as fault:
        raise ArticleError(source, f"is no table ({fault}): save it as CSV in UTF-8") from fault
    if "text" not in columns and not question_and_answer(dict.fromkeys(columns, "?"), source):
        first = ", ".join(name for name in columns[:8] if name) or "nothing"
        why = f"has no column 'text' but {first:.200}: name its columns {', '.join(COLUMNS)}"
        raise ArticleError(source, why)
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
    fields: Mapping[str, str] = dict(zip(columns, row, strict=False))
    text, removed = clean(fields.get("text") or question_and_answer(fields, line), line)
    text, embedded = without_embedded(text)
    text = trim(text, line)
    title = find_title(text, markdown=True) or title
    article, notes = article_from_fields(fields, source=line, id=id, title=title, text=text)
    return ReadArticle(line, article, tuple(note for note in (guess, removed, embedded, *notes) if note))
