"""Messages of electronic mail (EML): who wrote to whom, when, and what; attachments are counted."""

import codecs
import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from rag.errors import ArticleError
from rag.reading.cleaning import one_line
from rag.reading.decoding import decode, decode_as
from rag.reading.formats.document import Document, clean_document
from rag.reading.formats.embedded import without_embedded
from rag.reading.formats.html.page import read_chapter

_STUB_CHARS = 300
_OF_HTML = re.compile(r"\bHTML\b|\bbrowser\b", re.I)
_STUB = 4  # times as long is the HTML beside a plain text that is none of its own
_HEADERS = ("From", "To", "Cc", "Date")


def read_eml(data: bytes, source: str) -> Document:
    """A message as Markdown: its subject, its headers as items, and its text.

    That of HTML is read where there is hardly any other.

    Raises ``ArticleError`` for a file that is no message.
    """
    try:
        message = email.message_from_bytes(data.removeprefix(codecs.BOM_UTF8), policy=email.policy.default)
        headers = {name: one_line(str(message.get(name) or "")) for name in (*_HEADERS, "Subject")}
        body = _body(message, source)
        more = [part for part in message.iter_attachments() if _is_shown(part)]
        text = "\n\n".join(filter(None, (body, *(_text(part, source).strip() for part in more))))
        attachments = sum(1 for _ in message.iter_attachments()) - len(more)
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


def _body(message: EmailMessage, source: str) -> str:
    """The text of the message; that of its HTML where the plain one only says that there is some."""
    plain, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    texts = [_text(part, source).strip() if part is not None else "" for part in (plain, html)]
    is_stub = len(texts[0]) * _STUB < len(texts[1]) or (
        len(texts[0]) <= _STUB_CHARS and bool(_OF_HTML.search(texts[0]))
    )
    return texts[1] if is_stub and texts[1] else texts[0]


def _is_shown(part: MIMEPart) -> bool:
    """Whether it is text that a reader sees below the body, as mail of Apple's has it behind each picture."""
    named = part.get_content_disposition() == "attachment" or part.get_filename()
    return not named and part.get_content_type() in ("text/plain", "text/html")


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
