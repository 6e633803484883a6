"""Fetches an article, or the file that holds it, from its URL.

Whoever can make a server fetch URLs could look into its network: requests go to the open internet alone, and of the
code that answers visitors one file alone may import this one.
"""

import codecs
import hashlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from urllib.parse import unquote

from rag.errors import ArticleError
from rag.reading.articles import ReadResult
from rag.reading.cleaning import one_line
from rag.reading.decoding import decode_as
from rag.reading.documents import FILE_LIMITS, FORMATS, FileLimits, read_document
from rag.reading.fields import ReadArticle, slug
from rag.reading.web.download import (
    DOWNLOAD_LIMITS,
    Allowed,
    Download,
    DownloadLimits,
    Resolve,
    download,
    resolve_name,
)
from rag.reading.web.url import PageURL, canonical_url, is_public, parse
from rag.schema import Article

# Of a media type that several suffixes have, the first.
_SUFFIXES = {
    media_type: suffix
    for suffix, format in reversed(tuple(FORMATS.items()))
    for media_type in format.media_types
}

_UNSPECIFIED = (
    "",
    "application/octet-stream",
    "binary/octet-stream",
)  # media types that do not name a format

_TEXTS = (".html", ".txt", ".md")
_ID_CHARS = 120
_HEAD_BYTES = 1024


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """What is at a URL, as the file that it would be once saved: ``name`` has no folder and ends in the suffix."""

    name: PurePath
    data: bytes
    url: PageURL

    def placed(self, article: Article) -> Article:
        """The article with its own URL, if that is of the same site as ``url``, else with ``url``; without tracking."""
        return replace(article, url=str(canonical_url(article.url, self.url)))


def fetch_file(
    address: str,
    *,
    resolve: Resolve = resolve_name,
    allowed: Allowed = is_public,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
    file_limits: FileLimits = FILE_LIMITS,
) -> FetchedFile:
    """The HTML page, PDF, Word, OpenDocument or RTF text, book or plain text at ``address``.

    ``resolve`` looks up names and ``allowed`` decides which IP addresses requests may be sent to: by default those of
    the open internet alone. Raises ``ArticleError``.
    """
    page = download(
        address,
        size_limit=partial(size_limit, limits=file_limits),
        resolve=resolve,
        allowed=allowed,
        limits=limits,
    )
    return _as_file(page)


def _as_file(page: Download) -> FetchedFile:
    suffix, data = _suffix(page), page.data
    if suffix in _TEXTS and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = decode_as(data, page.charset)
        if text is not None:  # the charset that the server names takes precedence over the one in the page
            data = codecs.BOM_UTF8 + text.encode()
    path = unquote(page.url.target.partition("?")[0]).rstrip("/")
    stem = one_line(PurePath(path).stem.replace("\0", "")) or page.url.host
    return FetchedFile(PurePath(f"{stem[:100]}{suffix}"), data, page.url)


def fetch_article(
    address: str,
    *,
    resolve: Resolve = resolve_name,
    allowed: Allowed = is_public,
    limits: DownloadLimits = DOWNLOAD_LIMITS,
    file_limits: FileLimits = FILE_LIMITS,
) -> ReadResult:
    """The article at ``address``, which is as for ``fetch_file``.

    Its ``url`` is the one that the page states, if that is of the same site, else the one where the last redirect
    led; its id is made from that, so that the same page is the same article, whatever led to it.
    Never raises: what goes wrong is in ``errors``.
    """
    try:
        fetched = fetch_file(
            address, resolve=resolve, allowed=allowed, limits=limits, file_limits=file_limits
        )
        return _result(fetched, file_limits)
    except ArticleError as error:
        return ReadResult(errors=(error,))


def article_of(page: Download, file_limits: FileLimits = FILE_LIMITS) -> ReadResult:
    """The article of what was downloaded, as ``fetch_article`` has it. Never raises."""
    try:
        return _result(_as_file(page), file_limits)
    except ArticleError as error:
        return ReadResult(errors=(error,))


def _result(fetched: FetchedFile, file_limits: FileLimits) -> ReadResult:
    read = _read_article(fetched, file_limits)
    return ReadResult(
        articles=(read.article,), warnings=tuple(f"{read.source!r}: {note}" for note in read.notes)
    )


def size_limit(url: PageURL, media_type: str, *, limits: FileLimits) -> int:
    """The most bytes of a body of that media type. Raises ``ArticleError`` for one that cannot be read."""
    if media_type in _UNSPECIFIED:
        return limits.packed_bytes
    if media_type not in _SUFFIXES:
        why = f"is {media_type!r:.80}, which is not read: give the address of a page, a PDF, a Word document or a text"
        raise ArticleError(str(url), why)
    return limits.for_suffix(_SUFFIXES[media_type])


def _suffix(page: Download) -> str:
    """The suffix of the body's format: by its first bytes where they are certain, else by its media type and URL."""
    for suffix, format in FORMATS.items():
        if format.magic and page.data.startswith(format.magic):
            return suffix
    head = page.data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if page.media_type in _SUFFIXES:
        return _SUFFIXES[page.media_type]
    suffix = PurePath(page.url.target.partition("?")[0]).suffix.lower()
    if suffix in _SUFFIXES.values():
        return suffix
    why = "does not say what it is, and is no page or PDF: save it and add the file"
    raise ArticleError(str(page.url), why)


def _read_article(fetched: FetchedFile, limits: FileLimits) -> ReadArticle:
    source = str(fetched.url)
    for item in read_document(fetched.data, source, fetched.name, limits):
        if isinstance(item, ReadArticle):
            return replace(item, article=named(fetched.placed(item.article)))
        if isinstance(item, ArticleError):
            raise item
    raise ArticleError(source, "holds no article: save it and add the file")


def named(article: Article) -> Article:
    """The article with an id made from its URL, whatever id it states itself."""
    url = parse(article.url)
    key = f"{url.site}{url.target}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    prefix = slug(unquote(key, errors="replace"))[:_ID_CHARS].strip("-/")
    return replace(article, id=f"{prefix}-{digest}")
