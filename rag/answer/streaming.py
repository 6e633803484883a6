"""A model's answer as it streams: each statement is checked as soon as it ends, and gets a mark if it has none."""

from collections.abc import Iterator, Sequence

import regex

from rag.schema import Cited, Delta, Evidence
from rag.verify.citations import check_claim
from rag.verify.claims import Claim, claims, complete_claims

# What may still change at the end of a text: marks, whole or half, punctuation and space that one may follow, and
# the number of a list's next line. The loop is possessive, so that no text makes it slow.
_UNSETTLED = regex.compile(
    r"(?:\[[^\]\n]{0,40}(?:\]|$)|[【［][^】］\n]{0,40}(?:[】］]|$)|\n[^\p{L}\n]*|[^\p{L}\p{N}\n])++$"
)


class StreamChecker:
    """Takes the pieces of an answer; gives back the text to show and the citations found.

    The deltas in order make ``text``. No half mark is ever shown, and nothing shown is taken back.
    """

    def __init__(self, evidence: Sequence[Evidence], question: str) -> None:
        self.text = ""
        self._evidence = evidence
        self._question = question
        self._checked = 0  # statements checked so far
        self._shown = 0  # characters shown so far

    def feed(self, piece: str) -> Iterator[Delta | Cited]:
        """Take the next piece of the model's text."""
        self.text += piece
        while len(complete_claims(self.text)) > self._checked:
            whole = claims(self.text)
            yield from self._check(whole[self._checked], whole[self._checked + 1].span.start)
        yield from self._show(self._settled())

    def finish(self) -> Iterator[Delta | Cited]:
        """The model has stopped: check what is left."""
        self.text = self.text[: self._shown] + self.text[self._shown :].rstrip()
        while len(whole := claims(self.text)) > self._checked:
            later = self._checked + 1 < len(whole)
            yield from self._check(
                whole[self._checked], whole[self._checked + 1].span.start if later else len(self.text)
            )
        yield from self._show(len(self.text))

    def _settled(self) -> int:
        """How much of the text can be shown: not past a statement that may have ended but is not checked yet."""
        unsettled = _UNSETTLED.search(self.text, self._shown)
        end = unsettled.start() if unsettled else len(self.text)
        waiting = claims(self.text)[self._checked :]
        return min(end, waiting[0].span.end) if len(waiting) > 1 else end

    def _check(self, claim: Claim, end: int) -> Iterator[Delta | Cited]:
        """Show the statement up to ``end``, where the next one starts, with its mark; then its citations."""
        found = check_claim(claim, self._evidence, question=self._question)
        labels = (
            sorted({c.label for c in found if c.support == "supported" and c.label})
            if not claim.labels
            else []
        )
        if labels and claim.span.end >= self._shown:
            mark = " " + "".join(f"[{label}]" for label in labels)
            self.text = self.text[: claim.span.end] + mark + self.text[claim.span.end :]
            end += len(mark)
        self._checked += 1
        yield from self._show(len(self.text[:end].rstrip()))
        yield from (Cited(citation) for citation in found)

    def _show(self, end: int) -> Iterator[Delta]:
        if end > self._shown:
            yield Delta(self.text[self._shown : end])
            self._shown = end
