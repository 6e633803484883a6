"""Addresses of articles and of their words, as resources: made and read. Pure.

``pincite://article/ID`` is an article, ``pincite://article/ID/START-END`` the words at a span of it, in code points.
The id is percent-encoded, so that one with slashes is one segment.
"""

import re
from urllib.parse import quote, unquote

from rag.errors import SettingsError
from rag.schema import Span

ARTICLE = "pincite://article/{id}"
WORDS = "pincite://article/{id}/{start}-{end}"
_ADDRESS = re.compile(r"pincite://article/([!-.0-~]+)(?:/([0-9]{1,12})-([0-9]{1,12}))?")


def address(article_id: str, span: Span | None = None) -> str:
    """The address of an article, or of the words at ``span`` of it.

    >>> address("notes/a b"), address("orrin", Span(4, 9))
    ('pincite://article/notes%2Fa%20b', 'pincite://article/orrin/4-9')
    """
    # A segment of dots would be taken for a step up by whoever normalises an address.
    segment = quote(article_id, safe="") if article_id.strip(".") else article_id.replace(".", "%2E")
    return f"pincite://article/{segment}" + (f"/{span.start}-{span.end}" if span else "")


def read_address(given: str) -> tuple[str, Span | None]:
    """The id and the span of an address; raises ``SettingsError`` for any other text."""
    found = _ADDRESS.fullmatch(given)
    if found is None:
        raise SettingsError(f"{given!r:.100} is no address of an article: give {ARTICLE} or {WORDS}")
    segment, start, end = found.groups()
    try:
        article_id = unquote(segment, errors="strict")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{given!r:.100} is not UTF-8 once decoded: encode the id as UTF-8") from error
    if start is None:
        return article_id, None
    if int(start) > int(end):
        raise SettingsError(f"the span {start}-{end} ends before it starts: give the smaller number first")
    return article_id, Span(int(start), int(end))
