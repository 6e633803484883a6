"""An article from its address on the web.

Nothing that answers visitors may reach this file: whoever can have a server fetch addresses can look into its network.
"""

import codecs
import hashlib
from dataclasses import replace
from pathlib import PurePath
from urllib.parse import unquote

from rag.errors import ArticleError
from rag.reading.articles import ReadResult
from rag.reading.cleaning import one_line
from rag.reading.decoding import in_encoding
from rag.reading.documents import PACKED_BYTES, limit_of, read_document
from rag.reading.fields import ReadArticle, slug
from rag.reading.web.download import Allowed, Fetched, Resolve, fetch, resolved
from rag.reading.web.url import PageURL, canonical, is_public

_KINDS = {  # one article each
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
}


_UNSAID = ("", "application/octet-stream", "binary/octet-stream")


_TEXTS = (".html", ".txt", ".md")


_ID_CHARS = 120


_HEAD_BYTES = 1024


def fetch_article(address: str, *, resolve: Resolve = resolved, allowed: Allowed = is_public) -> ReadResult:
    """The article at ``address``: of an HTML page, a PDF, a Word, OpenDocument or RTF text, a book or a plain text.

    Its ``url`` is the address that the page itself gives, where that is of the same site, else the one where the
    last redirect led; its id is made from that, so that the same page is the same article, whatever led to it.
    ``resolve`` and ``allowed`` say where names lead and which machines may be asked: those of the open internet alone.
    Never raises: what goes wrong is in ``errors``.
    """
    try:
        fetched = fetch(address, limit=_limit, resolve=resolve, allowed=allowed)
        read = _article(fetched, str(fetched.address))
    except ArticleError as error:
        return ReadResult(errors=(error,))
    return ReadResult(
        articles=(read.article,), warnings=tuple(f"{read.source!r}: {note}" for note in read.notes)
    )


def _limit(at: PageURL, kind: str) -> int:
    """The most bytes of a body of that kind. Raises ``ArticleError`` for a kind that cannot be read."""
    if kind in _UNSAID:
        return PACKED_BYTES
    if kind not in _KINDS:
        why = f"is {kind!r:.80}, which is not read: give the address of a page, a PDF, a Word document or a text"
        raise ArticleError(str(at), why)
    return limit_of(_KINDS[kind])


def _suffix(fetched: Fetched) -> str:
    """What the body is: its first bytes where they leave no doubt, else what the server says of it."""
    if fetched.data.startswith(b"%PDF-"):
        return ".pdf"
    if fetched.data.startswith(b"{\\rtf"):
        return ".rtf"
    head = fetched.data[:_HEAD_BYTES].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return ".html"
    if fetched.kind in _KINDS:
        return _KINDS[fetched.kind]
    named = PurePath(fetched.address.target.partition("?")[0]).suffix.lower()
    if named in _KINDS.values():
        return named
    raise ArticleError(
        str(fetched.address), "does not say what it is, and is no page or PDF: save it and add the file"
    )


def _article(fetched: Fetched, source: str) -> ReadArticle:
    suffix, data = _suffix(fetched), fetched.data
    if suffix in _TEXTS and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = in_encoding(data, fetched.charset)
        if text is not None:  # what the server says of the encoding goes before what stands in the page
            data = codecs.BOM_UTF8 + text.encode()
    path = unquote(fetched.address.target.partition("?")[0]).rstrip("/")
    stem = one_line(PurePath(path).stem.replace("\0", "")) or fetched.address.host
    for item in read_document(data, source, PurePath(f"{stem[:100]}{suffix}")):
        if isinstance(item, ReadArticle):
            return _addressed(item, canonical(item.article.url, fetched.address))
        if isinstance(item, ArticleError):
            raise item
    raise ArticleError(source, "holds no article: save it and add the file")


def _addressed(read: ReadArticle, address: PageURL) -> ReadArticle:
    """The article with the address for its own, and an id made from that: none that a page gives itself."""
    key = f"{address.site}{address.target}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    named = slug(unquote(key, errors="replace"))[:_ID_CHARS].strip("-/")
    article = replace(read.article, id=f"{named}-{digest}", url=str(address))
    return replace(read, article=article)
