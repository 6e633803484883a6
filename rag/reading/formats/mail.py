"""Messages of electronic mail (EML): who wrote to whom, when, and what; attachments are counted."""

import email
import email.policy
from email.message import MIMEPart
from email.utils import parsedate_to_datetime

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.decoding import decode, decode_as
from rag.reading.formats.document import Document, clean_document
from rag.reading.formats.embedded import without_embedded
from rag.reading.formats.html.page import read_chapter

_HEADERS = ("From", "To", "Cc", "Date")


def read_eml(data: bytes, source: str) -> Document:
    """A message as Markdown: its subject, its headers as items, and its text, that of HTML where there is no other.

    Raises ``ArticleError`` for a file that is no message.
    """
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        headers = {name: one_line(str(message.get(name) or "")) for name in (*_HEADERS, "Subject")}
        body = message.get_body(("plain", "html"))
        text = _text(body, source) if body is not None else ""
        attachments = sum(1 for _ in message.iter_attachments())
    except ArticleError:
        raise
    except Exception as fault:  # a broken message may trip it in any way
        why = f"{type(fault).__name__}: {fault!s:.80}"
        raise ArticleError(source, f"is no whole message ({one_line(why)}): save it again as .eml") from fault
    if not any(headers.values()):
        raise ArticleError(source, "is no message (it has no headers): give it the suffix of what it is")
    text, embedded = without_embedded(text)
    items = "\n".join(f"- {name}: {headers[name]}" for name in _HEADERS if headers[name])
    title = headers["Subject"]
    parts = (f"# {title}" if title else "", items, text.strip())
    fields = {"title": title, "date": _day(headers["Date"]), "credit": headers["From"]}
    notes = (f"{attachments} attachment(s) not read" if attachments else "", embedded)
    return clean_document("\n\n".join(part for part in parts if part), source, fields=fields, notes=notes)


def _text(body: MIMEPart, source: str) -> str:
    payload = body.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    named = decode_as(payload, body.get_content_charset() or "utf-8")
    text = decode(payload, source)[0] if named is None else named
    if body.get_content_subtype() == "html":
        return read_chapter(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"), source)
    return text


def _day(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat() if text else ""
    except ValueError:
        return ""
