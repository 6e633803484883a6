"""Tables in text (CSV): one article a row, its columns named in the first."""

import csv
import io
from collections.abc import Iterator, Mapping

from rag.errors import ArticleError
from rag.reading.cleaning import clean, one_line, trimmed
from rag.reading.decoding import decode
from rag.reading.fields import ReadArticle, article_from_fields, title_in

COLUMNS = ("id", "title", "url", "date", "publisher", "credit", "text")


_DELIMITERS = ",;\t"


def read_sheet(data: bytes, source: str, *, id: str, name: str) -> Iterator[ReadArticle | ArticleError]:
    """The articles of a CSV file whose columns are parted by commas, semicolons or tabs.

    A column ``text`` must be there, the others of ``COLUMNS`` may; any more are passed over. A row that has no id
    gets ``id`` and its number, from 1; one that has no title and whose text has none gets ``name`` and that.
    A bad row is an ``ArticleError`` among the articles. Raises ``ArticleError`` where the whole file is bad.
    """
    text, note = decode(data, source)
    csv.field_size_limit(
        max(csv.field_size_limit(), len(text))
    )  # else no field over 131,072 characters is read
    head = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=head.count), strict=True)
    try:
        names = [one_line(name).lower() for name in next(rows, [])]
    except csv.Error as fault:
        raise ArticleError(source, f"is no table ({fault}): save it as CSV in UTF-8") from fault
    _check(names, source)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as fault:  # what comes after an open quotation mark cannot be told apart
            yield ArticleError(f"{source}:{rows.line_num}", f"is no row ({fault}): mend its quotation marks")
            return
        if row is None:
            break
        if not any(value.strip() for value in row):
            continue
        number += 1
        place = f"{source}:{rows.line_num}"
        try:
            own = note if number == 1 else ""
            yield _article(names, row, place, id=f"{id}/{number}", name=f"{name} {number}", note=own)
        except ArticleError as error:
            yield error
    if not number:
        raise ArticleError(source, "holds no rows: write one article in each")


def _check(names: list[str], source: str) -> None:
    if "text" not in names:
        seen = ", ".join(name for name in names[:8] if name) or "nothing"
        raise ArticleError(
            source, f"has no column 'text' but {seen:.200}: name its columns {', '.join(COLUMNS)}"
        )
    if twice := sorted({name for name in names if name in COLUMNS and names.count(name) > 1}):
        raise ArticleError(source, f"has two columns {twice[0]!r}: rename one")


def _article(names: list[str], row: list[str], place: str, *, id: str, name: str, note: str) -> ReadArticle:
    if len(row) > len(names):
        raise ArticleError(place, f"has {len(row)} values for {len(names)} columns: quote those with commas")
    fields: Mapping[str, str] = dict(zip(names, row, strict=False))
    text, cleaned = clean(fields.get("text", ""), place)
    text = trimmed(text, place)
    title = title_in(text, markdown=True) or name
    article = article_from_fields(fields, source=place, id=id, title=title, text=text)
    return ReadArticle(place, article, tuple(said for said in (note, cleaned) if said))
