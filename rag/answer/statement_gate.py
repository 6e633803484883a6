"""Checks a model's reply while it comes: each statement as soon as it ends, and shows it only if it is carried."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import regex

from rag.events import Cited, Delta
from rag.schema import Citation, Evidence, Span, Withheld
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims, complete_claims

# Marks and space at the end of a statement, where marks that were put right go in their place.
_CLOSING_MARKS = regex.compile(r"(?:\s*\[[\d,;\s–-]+\])+(?P<stop>[.!?。]?)\s*$")


class StatementGate:
    """Takes the pieces of a model's reply; yields the statements that the evidence carries, and their citations.

    The deltas in order make ``text``. A statement that fails verification is never yielded: it is in ``withheld``. A
    statement without marks gets those of the passages that support it. So does one whose mark names another passage
    than the one that carries it. A heading is shown with the first statement below it that is.
    """

    def __init__(self, evidence: Sequence[Evidence], question: str) -> None:
        self.text = ""
        self._evidence = evidence
        self._question = question
        self._reply = ""
        self._checked = 0  # statements checked so far
        self._taken = 0  # characters of the reply that were shown or withheld
        self._headings = ""  # those that no shown statement follows yet
        self._withheld: list[tuple[Claim, tuple[Citation, ...]]] = []

    @property
    def withheld(self) -> Withheld | None:
        """The statements that failed, each with its citations; ``None`` where none did."""
        if not self._withheld:
            return None
        text, citations = "", list[Citation]()
        for claim, failed in self._withheld:
            text += "\n" if text else ""
            span = Span(len(text), len(text) + len(claim.raw))
            text += claim.raw
            citations += [replace(citation, claim=span) for citation in failed]
        return Withheld(text=text, citations=tuple(citations))

    def feed(self, piece: str) -> Iterator[Delta | Cited]:
        """Take the next piece of the reply; yield the statements that it completes."""
        self._reply += piece
        while len(complete_claims(self._reply)) > self._checked:
            statements = claims(self._reply)
            yield from self._check(statements[self._checked], statements[self._checked + 1].span.start)

    def finish(self) -> Iterator[Delta | Cited]:
        """The model has stopped: check the rest."""
        self._reply = self._reply.rstrip()
        while len(statements := claims(self._reply)) > self._checked:
            following = statements[self._checked + 1 : self._checked + 2]
            end = following[0].span.start if following else len(self._reply)
            yield from self._check(statements[self._checked], end)

    def _check(self, claim: Claim, end: int) -> Iterator[Delta | Cited]:
        """Check the statement that reaches up to ``end``, where the next one starts; show it or withhold it."""
        # What leads the next line, such as a bullet, belongs to the next statement.
        end = claim.span.end + len(_up_to_line_end(self._reply[claim.span.end : end]).rstrip())
        lead = self._reply[self._taken : claim.span.start]
        closing = self._reply[claim.span.end : end]
        self._taken = end
        self._checked += 1
        if claim.heading:
            self._headings += lead + claim.span.of(self._reply) + closing
            return
        citations = check_claim(claim, self._evidence, question=self._question)
        if claim.labels and not _is_carried(citations) and _CLOSING_MARKS.match(closing):
            found = check_claim(replace(claim, labels=()), self._evidence, question=self._question)
            if all(citation.verified for citation in found):
                citations, claim = found, replace(claim, labels=())
                closing = _CLOSING_MARKS.sub(r"\g<stop>", closing)
        if not _is_carried(citations):
            self._withheld.append((claim, citations))
            return
        yield from self._show(claim, lead, closing, citations)

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
        piece = opening + body + marks + closing.rstrip()
        self.text += piece
        yield Delta(piece)
        span = Span(start, start + len(body))
        yield from (Cited(replace(citation, claim=span)) for citation in citations)


def _is_carried(citations: Sequence[Citation]) -> bool:
    """Whether a statement may be shown: each citation is verified, or holds nothing that can be checked."""
    return bool(citations) and all(
        citation.verified or (citation.support == "unchecked" and citation.located in ("exact", "normalized"))
        for citation in citations
    )


def _up_to_line_end(text: str) -> str:
    """The part of ``text`` before its first line break."""
    return regex.split(r"[\n\r]", text, maxsplit=1)[0]
