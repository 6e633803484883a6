"""Checks a model's reply while it comes: each statement as soon as it ends, and shows it only if it is carried."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from rag.answer.opinion import Opinion, weigh
from rag.events import Cited, Delta
from rag.schema import Citation, Evidence, Span, Withheld
from rag.system.tracing import Attributes, spanned
from rag.text.words import words
from rag.verify.asked import is_sentence
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims
from rag.verify.syntax.modality.differs import lower_first

# Marks and space at the end of a statement, where marks that were put right go in their place.
_CLOSING_MARKS = regex.compile(r"(?:\s*\[[\d,;\s–-]+\])+(?P<stop>[.!?。]?)\s*$")
_SHORT = 8  # words of an answer that is no sentence


_Verified = tuple[Claim, str, tuple[Citation, ...]]


def _counted(found: _Verified) -> Attributes:
    *_, citations = found
    return {"pincite.citations": len(citations), "pincite.carried": _is_carried(citations)}


class StatementGate:
    """Takes the statements of a model's reply; yields those that the evidence carries, and their citations.

    The deltas in order make ``text``. A statement that fails verification is never yielded: it is in ``withheld``. A
    statement without marks gets those of the passages that support it. So does one whose mark names another passage
    than the one that carries it alone. A heading is shown with the first statement below it that is.

    Statements come whole, as ``ReplyReader`` gives them. One that ends in its marks is checked at once. Another waits
    for the next, as a mark may stand in a line of its own, and so does one in which “ is not closed yet.
    """

    def __init__(self, evidence: Sequence[Evidence], question: str, opinion: Opinion | None = None) -> None:
        self.text = ""
        self._opinion = opinion
        self._evidence = evidence
        self._question = question
        self._reply = ""  # what is neither shown nor withheld yet
        self._headings = ""  # those that no shown statement follows yet
        self._withheld: list[
            tuple[str, tuple[Citation, ...]]
        ] = []  # ranges count from the statement's beginning

    @property
    def withheld(self) -> Withheld | None:
        """The statements that failed, each with its citations; ``None`` where none did."""
        if not self._withheld:
            return None
        text, citations = "", list[Citation]()
        for statement, failed in self._withheld:
            text += "\n" if text else ""
            citations += [_shifted(citation, len(text)) for citation in failed]
            text += statement
        return Withheld(text=text, citations=tuple(citations))

    def feed(self, statement: str) -> Iterator[Delta | Cited]:
        """Take the next statement of the reply; yield what is certain now."""
        self._reply += statement
        if self._reply.count("“") <= self._reply.count("”"):
            yield from self._check_all(is_whole=False)

    def finish(self) -> Iterator[Delta | Cited]:
        """The model has stopped: check the rest."""
        self._reply = self._reply.rstrip()
        yield from self._check_all(is_whole=True)

    def _check_all(self, *, is_whole: bool) -> Iterator[Delta | Cited]:
        """Check the statements that have come; the last one only if it is over or ``is_whole`` says that all came."""
        reply = self._reply
        statements = claims(reply)
        if not statements:
            return
        is_over = is_whole or _CLOSING_MARKS.match(reply[statements[-1].span.end :]) is not None
        starts = [following.span.start for following in statements[1:]]
        taken = 0
        for claim, end in zip(statements, [*starts, len(reply)] if is_over else starts, strict=False):
            lead, closing = reply[taken : claim.span.start], _closing(reply[claim.span.end : end])
            taken = claim.span.end + len(closing)
            yield from self._check(claim, lead, closing)
        self._reply = "" if is_over else reply[taken:]

    def _check(self, claim: Claim, lead: str, closing: str) -> Iterator[Delta | Cited]:
        """Check the statement that stands between ``lead`` and ``closing``; show it or withhold it."""
        if claim.heading:
            self._headings += lead + claim.span.of(self._reply) + closing
            return
        claim, closing, citations = self._verify(claim, closing)
        if not _is_carried(citations):
            whole = Span(0, len(claim.raw))
            placed = tuple(_placed(one, claim, whole, self._reply, claim.raw) for one in citations)
            self._withheld.append((claim.raw, placed))
            return
        yield from self._show(claim, lead, closing, citations)

    @spanned("verify", _counted)
    def _verify(self, claim: Claim, closing: str) -> _Verified:
        """The verdicts on a statement; without its marks, where other passages than those they name carry it."""
        citations = check_claim(claim, self._evidence, question=self._question)
        if claim.labels and not _is_carried(citations) and _CLOSING_MARKS.match(closing):
            found = check_claim(replace(claim, labels=()), self._evidence, question=self._question)
            alone = len(found) == 1 or is_sentence(claim.text)
            if found and alone and all(citation.verified for citation in found):
                citations, claim = found, replace(claim, labels=())
                closing = _CLOSING_MARKS.sub(r"\g<stop>", closing)
        if self._opinion and is_sentence(claim.text):
            citations = weigh(self._opinion, claim.text, citations, self._evidence)
        return claim, closing, citations

    def _show(
        self, claim: Claim, lead: str, closing: str, citations: tuple[Citation, ...]
    ) -> Iterator[Delta | Cited]:
        opening = self._headings + lead
        self._headings = ""
        if not self.text:
            opening = opening.lstrip()
        start = len(self.text) + len(opening)
        body = claim.span.of(self._reply)
        labels = [] if claim.labels else sorted({c.label for c in citations if c.verified and c.label})
        marks = f" {''.join(f'[{label}]' for label in labels)}" if labels else ""
        piece = opening + body + _attribution(claim, citations) + marks + closing.rstrip()
        self.text += piece
        yield Delta(piece)
        span = Span(start, start + len(body))
        yield from (Cited(_placed(citation, claim, span, self._reply, body)) for citation in citations)


def _is_carried(citations: Sequence[Citation]) -> bool:
    """Whether a statement may be shown: each citation is verified, or holds nothing that can be checked."""
    return bool(citations) and all(
        citation.verified or (citation.support == "unchecked" and citation.located in ("exact", "normalized"))
        for citation in citations
    )


def _attribution(claim: Claim, citations: Sequence[Citation]) -> str:
    """What to put after a short answer that leaves out on whose word it is: ", reportedly"; mostly nothing.

    A whole sentence that leaves it out is not carried, and so never shown.
    """
    citation = next((one for one in citations if one.mood and one.verified), None)
    if (
        citation is None
        or len(words(claim.text)) > _SHORT
        or citation.mood.casefold() in claim.text.casefold()
    ):
        return ""
    if citation.mood.casefold().startswith("according to") or citation.mood.endswith("ly"):
        return f", {citation.mood[:1].lower()}{citation.mood[1:]}"
    return f", {lower_first(citation.speaker)} {citation.mood}" if citation.speaker else ""


def _closing(following: str) -> str:
    """What of the text between two statements closes the first: its marks, else the rest of its line.

    What leads the next line, such as a bullet, belongs to the next statement.
    """
    if _CLOSING_MARKS.fullmatch(following):
        return following.rstrip()
    return regex.split(r"[\n\r]", following, maxsplit=1)[0].rstrip()


def _placed(citation: Citation, claim: Claim, span: Span, reply: str, shown: str) -> Citation:
    """A citation of a statement of the reply, with its ranges in the text that the statement is shown in at ``span``.

    ``shown`` is the statement as it stands there: marks may have gone, so what differs is looked for in it.
    """
    differs = citation.contrary
    if differs is not None:
        words = differs.claim.of(reply)
        at = shown.find(
            words, max(0, differs.claim.start - claim.span.start - (len(claim.span) - len(shown)))
        )
        differs = (
            replace(differs, claim=Span(span.start + at, span.start + at + len(words))) if at >= 0 else None
        )
    return replace(citation, claim=span, contrary=differs)


def _shifted(citation: Citation, by: int) -> Citation:
    """A citation whose ranges in the text of its statement lie ``by`` characters further on."""
    differs = citation.contrary
    if differs is not None:
        differs = replace(differs, claim=differs.claim.shift(by))
    return replace(citation, claim=citation.claim.shift(by), contrary=differs)
