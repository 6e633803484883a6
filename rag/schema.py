"""The data types: articles and questions that go in, and answers that come out.

All spans are half-open ranges of code points in ``Article.text``; never bytes, never tokens. The one
exception is the claim of a ``Citation`` and of its ``Contrary``, a range of ``Answer.text``.
"""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from rag.citing.forms import Form, written
from rag.citing.sources import gather
from rag.filters import EVERYTHING, Filter


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points; ``0 <= start <= end``.

    >>> Span(4, 10).of("The treaty was signed.")
    'treaty'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"Span({self.start!r}, {self.end!r}): need 0 <= start <= end")

    def of(self, text: str) -> str:
        """The slice of ``text``; ``IndexError`` where the span reaches past its end."""
        if self.end > len(text):
            raise IndexError(f"{self!r} reaches past the end of a text of {len(text)} characters")
        return text[self.start : self.end]

    def shift(self, by: int) -> "Span":
        """The same range, ``by`` code points further on."""
        return Span(self.start + by, self.end + by)

    def holds(self, other: "Span") -> bool:
        """Whether ``other`` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[int]:
        yield self.start
        yield self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as it was read: ``text`` is never changed after this point.

    ``id`` is unique in an index. ``credit`` is what the publisher asks to be shown where the article is
    cited; empty where nothing is asked. Where the article has pages, a form feed stands between two of them.
    """

    id: str
    title: str
    text: str
    url: str = ""
    publisher: str = ""
    date: datetime.date | None = None
    credit: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text, hexadecimal: two articles with the same one have the same words."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def page(self, offset: int) -> int | None:
        """The page, from 1, of the code point at ``offset``; ``None`` where the text has no pages.

        It is the number counted from the first page of the file, not the one printed on it.
        """
        return self.text.count("\f", 0, offset) + 1 if "\f" in self.text else None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of an article; ``text`` is ``article.text[span.start:span.end]``."""

    article_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """The rank of a chunk in each of the two rankings, from 1; ``None`` where it was not among the candidates."""

    vector: int | None
    keyword: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A chunk that a search returned. ``score`` is the fused score: higher is better, comparable within one search.

    ``cosine`` is the cosine between question and chunk, -1 to 1, comparable across searches.
    """

    chunk: Chunk
    score: float
    cosine: float
    ranks: Ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage that may answer the question, numbered from 1 by ``label``.

    ``span`` is one sentence, with the sentence before it where it refers back to that. ``score`` is how much of the
    question it answers, 0 to 1. ``title``, ``url``, ``publisher``, ``date`` and ``credit`` are the article's,
    so that an answer can be shown without the index; ``fingerprint`` is the article's when it was read.
    ``page`` is the one it begins on, from 1; ``None`` where the article has no pages.
    """

    label: int
    article_id: str
    span: Span
    text: str
    score: float
    title: str = ""
    url: str = ""
    publisher: str = ""
    date: datetime.date | None = None
    credit: str = ""
    fingerprint: str = ""
    page: int | None = None

    @property
    def source(self) -> str:
        """Title, publisher, date, page and address, those that are known: ``— A title, 2026-05-01, p. 3, https://…``."""
        day = self.date.isoformat() if self.date else ""
        page = f"p. {self.page}" if self.page else ""
        parts = (self.title or self.article_id, self.publisher, day, page, self.url)
        return "— " + ", ".join(filter(None, parts))


Located = Literal["exact", "normalized", "missing", "unknown_label", "stale"]
Support = Literal["supported", "unsupported", "unchecked", "quoted"]
Outcome = Literal["answered", "nearest", "not_in_articles", "conversation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrary:
    """The one thing in which a statement and its cited words differ, in ``Answer.text`` and in ``Article.text``."""

    claim: Span
    words: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One statement of an answer with the words it cites, and the verdict on both.

    ``claim`` is the statement's range in ``Answer.text``. ``quote`` is ``article.text[span]``, character for
    character; it is empty (and ``span`` is ``[0, 0)``) where ``label`` names no evidence.

    ``located`` says where the claim's *quoted* words stand. A claim quotes when it is wholly the article's
    words or sets some between quotation marks; a claim that quotes nothing is located by its label alone.

    - exact: found character for character, or nothing was quoted and the label names evidence
    - normalized: found after folding case, quotation marks, dashes and spaces
    - missing: quoted, and not in the cited article's words
    - unknown_label: the label names no evidence
    - stale: the article has changed or gone since; read from JSON alone, as the verifier never gives it

    ``support`` says whether the cited words carry the claim, and ``reason`` says in words why not:

    - supported: every number, date, name, direction and key word agrees, and the same things are denied
    - unsupported: at least one of them does not
    - unchecked: the claim holds nothing that can be checked
    - quoted: cut from the article, so there is nothing to check; whether it answers is another matter

    ``speaker``, ``mood`` and ``condition`` are the article's words where a supported claim is a report, a plan or
    conditional. ``contrary`` is the one thing in which an unsupported one differs from the words; ``other_words`` says
    that its wording alone does, on which a model decides. ``opinion`` is the log-odds by which that changed a verdict.
    """

    label: int
    claim: Span
    article_id: str
    span: Span
    quote: str
    located: Located
    support: Support
    reason: str = ""
    verbatim: bool = False  # the claim is wholly the article's words
    speaker: str = ""
    mood: str = ""
    condition: str = ""
    contrary: Contrary | None = None
    other_words: bool = False
    opinion: float | None = None

    @property
    def verified(self) -> bool:
        """Whether a statement was checked, what it quotes is in the article, and the cited words carry it."""
        return self.located in ("exact", "normalized") and self.support == "supported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a conversation and the answer it got, oldest first in a history."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedValue:
    """A number or day that one cited passage gives: ``text``. The other fields are of its article."""

    label: int
    text: str
    title: str = ""
    publisher: str = ""
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Cited passages of several articles that give different numbers, or days, for the same thing.

    ``said`` is what each gives, in the order of the labels.
    """

    said: tuple[ReportedValue, ...]

    @property
    def newest(self) -> int:
        """The label of the passage whose article is newest; 0 where that cannot be told."""
        days = [value.date for value in self.said if value.date]
        if len(days) < len(self.said) or days.count(max(days)) > 1:
            return 0
        return next(value.label for value in self.said if value.date == max(days))

    @property
    def described(self) -> str:
        """A sentence with what each passage gives, its source, and which is newest."""
        newest = self.newest
        values = [value.text + self._source(value, newest=value.label == newest) for value in self.said]
        return f"The articles differ: {', '.join(values[:-1])} and {values[-1]}."

    def _source(self, value: ReportedValue, *, newest: bool) -> str:
        # Two articles of one publisher on one day are distinguished by their titles.
        same = [(other.publisher, other.date) for other in self.said].count((value.publisher, value.date))
        name = value.publisher if value.publisher and same == 1 else value.title
        day = value.date.isoformat() if value.date else "no date"
        age = ("the newer" if len(self.said) == 2 else "the newest") if newest else ""
        return f" ({', '.join(part for part in (name, day, age) if part)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What a model wrote and the cited words do not carry, so that it is no part of the answer.

    ``claim`` of each citation is a range of this ``text``.
    """

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question, with its evidence and the verdicts on its statements.

    - ``text`` has ``[n]`` marks. Quoted words stand between “ and ”, a model's own words do not.
    - ``outcome``: *answered*; *nearest*, where the articles do not say and ``quotes`` are the closest they come;
      *not_in_articles*, where they have nothing on it; *conversation*, where nothing was asked of them.
    - ``standalone_question`` is the question that was searched: it differs from ``question`` where that referred to the
      history, or was misspelled.
    - ``citations`` is empty when ``abstained``, that is, when the articles do not answer.
    - ``evidence`` holds every passage considered, in label order; when ``abstained``, the nearest passages.
    - ``quotes`` are the labels of the evidence that the answer rests on, best first, a row behind its table's head.
    - ``withheld`` is what a model wrote that failed verification; ``None`` where nothing did.
    - ``note`` says in a sentence what went wrong in writing: a reply cut off, empty, or withheld. Mostly empty.
    - ``confidence`` is how likely the articles answer, 0 to 1: by the evidence, and by what the model makes of it.
    - ``unmentioned``: names, and things by their numbers, of the question that no cited word has. The answer may be
      about something else.
    - ``differing``: where cited passages give different numbers or days for the same thing.
    - ``model`` is the name of the language model, or ``"quotes"``; ``timings`` are seconds of each stage and in total.
    - ``within`` is the filter that says which articles were searched. ``limited`` says so in a sentence, and is empty
      where all were searched; the text of an abstention has that sentence too.
    """

    question: str
    standalone_question: str
    text: str
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    outcome: Outcome = "answered"
    quotes: tuple[int, ...] = ()
    withheld: Withheld | None = None
    note: str = ""
    confidence: float = 0.0
    unmentioned: tuple[str, ...] = ()
    differing: tuple[Disagreement, ...] = ()
    model: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    within: Filter = EVERYTHING
    limited: str = ""

    @property
    def abstained(self) -> bool:
        """Whether the articles do not answer the question."""
        return self.outcome in ("nearest", "not_in_articles")

    @property
    def sources(self) -> tuple[Evidence, ...]:
        """The passages to show beneath the text: those cited, then the other quotes; when abstained, the nearest."""
        labels = dict.fromkeys((*(citation.label for citation in self.citations), *self.quotes))
        known = {passage.label: passage for passage in self.evidence}
        return tuple(known[label] for label in labels if label in known)

    def cite(self, form: Form, *, accessed: datetime.date | None = None) -> str:
        """The articles it cites with their quotes, in a form of ``rag.citing``, seen on a day, today if left out."""
        return written(form, gather(self.evidence, self.citations), accessed=accessed)

    def __str__(self) -> str:
        """The text, then a line for each of its sources."""
        note = [f"({self.note})"] if self.note else []
        limited = [f"({self.limited})"] if self.limited and self.outcome != "not_in_articles" else []
        names = ", ".join(self.unmentioned if self.outcome == "answered" else ())
        unmentioned = [f"(not in the cited words: {names})"] if names else []
        lines = [
            self.text,
            *note,
            *limited,
            *unmentioned,
            *(f"({disagreement.described})" for disagreement in self.differing),
            *(f"[{e.label}] “{e.text}” {e.source}" for e in self.sources),
        ]
        return "\n".join(lines)
