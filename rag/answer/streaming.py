"""Checks a model's answer while it streams: each statement as soon as it ends; one without a mark gets its marks."""

from collections.abc import Iterator, Sequence

import regex

from rag.schema import Cited, Delta, Evidence
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims, complete_claims

# What may still change at the end of a text: marks, whole or half, punctuation and space that a mark may follow, and
# the number of a list's next line. The loop is possessive, so that no text makes it slow.
_UNSETTLED = regex.compile(
    r"(?:\[[^\]\n]{0,40}(?:\]|$)|[【［][^】］\n]{0,40}(?:[】］]|$)|\n[^\p{L}\n]*|[^\p{L}\p{N}\n])++$"
)


class StreamChecker:
    """Takes the pieces of a model's answer; yields the text to show, and the citations of each finished statement.

    The deltas in order make ``text``. No half mark is ever shown, and nothing shown is taken back. A statement
    without marks gets those of the passages found to support it.
    """

    def __init__(self, evidence: Sequence[Evidence], question: str) -> None:
        self.text = ""
        self._evidence = evidence
        self._question = question
        self._checked = 0  # statements checked so far
        self._shown = 0  # characters shown so far

    def feed(self, piece: str) -> Iterator[Delta | Cited]:
        """Take the next piece of the model's text; yield what can be shown."""
        self.text += piece
        while len(complete_claims(self.text)) > self._checked:
            statements = claims(self.text)
            yield from self._check(statements[self._checked], statements[self._checked + 1].span.start)
        yield from self._show(self._settled_length())

    def finish(self) -> Iterator[Delta | Cited]:
        """The model has stopped: check and show the rest."""
        self.text = self.text[: self._shown] + self.text[self._shown :].rstrip()
        while len(statements := claims(self.text)) > self._checked:
            following = statements[self._checked + 1 : self._checked + 2]
            end = following[0].span.start if following else len(self.text)
            yield from self._check(statements[self._checked], end)
        yield from self._show(len(self.text))

    def _settled_length(self) -> int:
        """How much of the text can be shown: not past a statement that may have ended but is not checked yet."""
        unsettled = _UNSETTLED.search(self.text, self._shown)
        end = unsettled.start() if unsettled else len(self.text)
        unchecked = claims(self.text)[self._checked :]
        return min(end, unchecked[0].span.end) if len(unchecked) > 1 else end

    def _check(self, claim: Claim, end: int) -> Iterator[Delta | Cited]:
        """Show a statement up to ``end``, where the next one starts, with its marks; then yield its citations."""
        citations = check_claim(claim, self._evidence, question=self._question)
        labels: list[int] = []
        if not claim.labels:
            labels = sorted({c.label for c in citations if c.support == "supported" and c.label})
        if labels and claim.span.end >= self._shown:
            marks = " " + "".join(f"[{label}]" for label in labels)
            self.text = self.text[: claim.span.end] + marks + self.text[claim.span.end :]
            end += len(marks)
        self._checked += 1
        yield from self._show(len(self.text[:end].rstrip()))
        yield from (Cited(citation) for citation in citations)

    def _show(self, end: int) -> Iterator[Delta]:
        if end > self._shown:
            yield Delta(self.text[self._shown : end])
            self._shown = end
