"""What a visitor gives becomes articles. Its name, and all else it says of itself, is text: never a path or an id."""

import re
import secrets
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from rag.errors import ArticleError
from rag.reading.articles import article_from_text, read_articles
from rag.reading.cleaning import one_line
from rag.reading.documents import SUFFIXES
from rag.reading.sandbox import SandboxedReader
from rag.schema import Article
from ui.web.refusal import Refusal

TYPES = SUFFIXES  # whatever can be read can be added

_LINE_CHARS = 300  # of a title, a publisher, a credit line
_URL_CHARS = 2000
_NAME_CHARS = 60  # of a file's name in a message
_PLAIN = (".txt", ".md")
_PLAIN_BYTES = 300_000  # read within a tenth of a second, whatever it holds
_PROBLEMS = 20  # lines; a broken JSONL file has one for each of its lines
_ID = re.compile(r"own-[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """The articles of one file or text, ready to be kept, and one line for each thing that was wrong with it."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...] = ()


def uploaded(article_id: str) -> bool:
    """Whether an id is one that ``from_file`` or ``from_text`` gave."""
    return _ID.fullmatch(article_id) is not None


def from_file(
    name: str,
    data: bytes,
    *,
    whose: str,
    limit: int,
    apart: SandboxedReader,
    unwanted: Event | None = None,
    placed: Callable[[Article], Article] = lambda article: article,
) -> Upload:
    """The articles of a file that its owner calls ``name``; what cannot be read is in ``problems``.

    All but short plain text is read ``apart``, until ``unwanted`` is set; ``whose`` tells visitors apart. ``placed``
    gives an article its address. Raises ``Refusal``: 415 for a type that is not in ``TYPES``, 413 for more than
    ``limit`` bytes.
    """
    last = one_line(re.split(r"[/\\]", name)[-1])
    stem, dot, ending = last.rpartition(".")
    kind = f"{dot}{ending}".lower()
    shown = shortened(last, _NAME_CHARS)
    if kind not in TYPES:
        raise Refusal(f"{shown!r} is no {', '.join(TYPES)} file: save its text as one of these", status=415)
    if len(data) > limit:
        raise Refusal(f"{shown!r} has more than {limit:,} bytes: split it into several files", status=413)
    token = secrets.token_hex(16)
    try:
        with tempfile.TemporaryDirectory(prefix="pincite-") as folder:
            path = Path(folder) / f"{token}{kind}"
            path.write_bytes(data)
            reading = (
                read_articles(path)
                if _plain(kind, data)
                else apart.read(path, visitor=whose, cancelled=unwanted)
            )
    except OSError as error:
        why = f"{shown!r} cannot be read here ({error.strerror})"
        raise Refusal(f"{why}: the server's owner must make room for temporary files", status=507) from error
    # Nobody is told where the file lay meanwhile.
    said = [line.replace(str(path), shown) for line in (*map(str, reading.errors), *reading.warnings)]
    # Where the text names itself nowhere, the reader takes the name of the file, which is not the visitor's here.
    titled = (replace(one, title=one.title.replace(token, stem) or "Untitled") for one in reading.articles)
    return Upload(tuple(_kept(placed(one)) for one in titled), _first(said))


def from_text(text: str, *, title: str, url: str, limit: int) -> Upload:
    """One article from pasted text; raises ``Refusal``, 413 for more than ``limit`` bytes, 400 for a bad text."""
    size = len(text.encode("utf-8", "replace"))
    if size > limit:
        has = f"the text has {size:,} bytes"
        raise Refusal(f"{has}: give at most {limit:,}, or split it into several texts", status=413)
    try:
        article = article_from_text(text, title=title, id="pasted")
    except ArticleError as error:
        raise Refusal(str(error), status=400) from error
    return Upload((_kept(replace(article, url=one_line(url))),))


def _plain(kind: str, data: bytes) -> bool:
    """Whether a file is short text that is decoded and looked through once, which needs no process of its own.

    An encoding that must be guessed does, and so does a head of YAML, which begins with ``-``.
    """
    if kind not in _PLAIN or len(data) > _PLAIN_BYTES:
        return False
    try:
        first = data.decode("utf-8-sig")[:1]
    except UnicodeDecodeError:
        return False
    return first.isalnum() or first == "#"


def _kept(article: Article) -> Article:
    """The article with its id made from its words, and the lines about it cut to what a page can show."""
    return replace(
        article,
        id=f"own-{article.fingerprint[:32]}",
        title=shortened(article.title, _LINE_CHARS),
        publisher=shortened(article.publisher, _LINE_CHARS),
        credit=shortened(article.credit, _LINE_CHARS),
        url=article.url if len(article.url) <= _URL_CHARS else "",  # cut, it would lead elsewhere
    )


def shortened(line: str, limit: int) -> str:
    """``line``, or its beginning and an ellipsis: at most ``limit`` characters."""
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _first(lines: Iterable[str]) -> tuple[str, ...]:
    every = [shortened(one_line(line), _LINE_CHARS) for line in lines]
    more = len(every) - _PROBLEMS
    return (*every[:_PROBLEMS], *((f"and {more} more lines like these",) if more > 0 else ()))
