"""The bytes of a page to a tree of elements, without scripts, styles and drawings."""

import codecs
import re
from typing import TYPE_CHECKING

from rag.errors import ArticleError
from rag.reading.decoding import decode, decode_as, decode_mostly_as, is_surely_utf8

if TYPE_CHECKING:
    from lxml.html import HtmlElement


TAGS = 200_000  # half of a minute's work; a long encyclopedia article has 30,000
_HEAD_BYTES = 4096  # a page names its encoding in the first 1,024, those of careless tools a little later

_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I
)

_UNSEEN = "//" + " | //".join(
    "comment() processing-instruction() script style noscript template svg annotation annotation-xml datalist".split()
)


def decode_page(data: bytes, source: str, *, max_tags: int = TAGS) -> tuple[str, str]:
    """The page as text, and a note where its encoding was guessed.

    The encoding is that of its byte order mark, else UTF-8 where all of it is, else the one that the page names, else a
    guess.
    Raises ``ArticleError`` where the page is too large or in no known encoding.
    """
    if data.count(b"<") > max_tags:
        raise ArticleError(source, f"page of over {max_tags:,} tags: save its text as .txt, or split it")
    charset = _CHARSET.search(data[:_HEAD_BYTES])
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data
    if charset is None or marked:
        return decode(data, source)
    name = charset[1].decode("ascii")
    if is_surely_utf8(data):  # saved again in UTF-8 by a tool that left the old name in it
        return data.decode("utf-8"), ""
    text = decode_as(data, name)
    if text is not None:
        return text, ""
    return decode_mostly_as(data, name) or decode(data, source)  # pages are often saved in another one


def remove_unseen(root: "HtmlElement") -> None:
    """Take out what a page does not show as text: scripts but for metadata, styles, drawings, comments."""
    for element in root.xpath(_UNSEEN):
        if element.getparent() is None:
            continue
        if not isinstance(element.tag, str):  # a comment
            _drop_keeping_tail(element)
        elif "ld+json" not in (element.get("type") or ""):
            element.drop_tree()


def _drop_keeping_tail(element: "HtmlElement") -> None:
    parent, previous, tail = element.getparent(), element.getprevious(), element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
