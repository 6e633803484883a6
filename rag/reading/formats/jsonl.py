"""JSONL files: one article a line, as a JSON object. Its text is kept as given, code point for code point."""

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from rag.errors import ArticleError
from rag.reading.cleaning import hidden_note, one_line, refuse_surrogates, too_large_reason
from rag.reading.decoding import decode
from rag.reading.field_names import named
from rag.reading.fields import (
    Origin,
    ReadArticle,
    article_from_fields,
    find_title,
    json_type,
    question_and_answer,
    text_field,
)


def read_records(file: BinaryIO, origin: Origin, *, line_bytes: int) -> Iterator[ReadArticle | ArticleError]:
    """The articles of a file as it streams; each line has at most ``line_bytes``, the file has no limit.

    A record without an id gets that of ``origin`` and its number, from 1; one without a title, in whose text there is
    none, its id, or the file's name and its number. A bad line is an ``ArticleError`` among the articles. Raises
    ``ArticleError`` where the whole file is UTF-16 or holds no records.
    """
    source, number, count = origin.source, 0, 0
    while line := file.readline(line_bytes + 1):
        number += 1
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise ArticleError(source, "is UTF-16: save it as UTF-8")
            line = line.removeprefix(codecs.BOM_UTF8)
        if len(line) > line_bytes:
            while line and not line.endswith(b"\n"):
                line = file.readline(line_bytes)
            count += 1
            yield ArticleError(f"{source}:{number}", too_large_reason("line", line_bytes))
        elif line.strip():
            count += 1
            try:
                yield _record(
                    line, f"{source}:{number}", id=f"{origin.id}/{count}", title=f"{origin.title} {count}"
                )
            except ArticleError as error:
                yield error
    if not count:
        raise ArticleError(source, "holds no records: write one JSON object a line")


def _record(line: bytes, source: str, *, id: str, title: str) -> ReadArticle:
    decoded, replaced = decode(line, source)
    try:
        fields: object = json.loads(decoded)
    except json.JSONDecodeError as fault:
        raise ArticleError(source, f"not JSON ({fault.msg}, column {fault.colno}): mend the line") from fault
    except (ValueError, RecursionError) as fault:
        why = "a number too long or nesting too deep"
        raise ArticleError(source, f"cannot be read ({why}): mend the line") from fault
    if not isinstance(fields, dict):
        raise ArticleError(source, f'not an object but {json_type(fields)}: write {{"text": …}}')
    fields = named(fields)
    text = text_field(fields, "text", source) or question_and_answer(fields, source)
    if not text.strip():
        raise ArticleError(source, "'text' holds no words: give some or take the line out")
    refuse_surrogates(text, "'text'", source)
    title = find_title(text, markdown=True) or one_line(text_field(fields, "id", source)) or title
    article, notes = article_from_fields(fields, source=source, id=id, title=title, text=text)
    return ReadArticle(source, article, tuple(note for note in (replaced, hidden_note(text), *notes) if note))
