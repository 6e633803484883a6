"""Checks any text against the articles, statement by statement: a draft, or what another assistant wrote.

Each statement is compared with the passages nearest to it, as a statement of an answer is with those it cites. Marks
such as ``[1]``, links and addresses in the text are another's, and are ignored. Where a statement leans on the one
before (``It was built in 122 days.``), the passage must speak of what that one is about; the subject is told by rules,
not by a parse.
"""

import datetime
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import regex

from rag.answer.reply.marks import blank_marks
from rag.citing.forms import Form, written
from rag.citing.sources import gather
from rag.errors import CheckError
from rag.schema import Citation, Evidence, Span
from rag.serialization import Json, to_json
from rag.text.names import group_names, names
from rag.text.quantities import quantities
from rag.text.words import content, terms, words
from rag.verify import check_claim
from rag.verify.claims import Claim, claims

LONGEST_TEXT = 100_000  # characters: some 900 statements, a few minutes on two cores
Verdict = Literal["supported", "unsupported", "unchecked"]


# A statement that opens so cannot be understood without the one before it.
_LEANS = regex.compile(
    r"(?:(?:but|and|so|then|also|however|yet|instead|moreover|in addition|as a result),? )?"
    r"(?P<opening>he|she|it|they|this|that|these|those|his|her|its|their"
    r"|the (?:company|companies|firm|group|deal|agreement|facility|former|latter))\b",
    regex.IGNORECASE,
)

_GAP = regex.compile(r"[ \t]+(?=[.,;:!?)]|$)|(?<=\()[ \t]+|(?<=[ \t])[ \t]+")
_EXPLETIVE = regex.compile(r"it (?:is|was|has been|will be)\b.*\b(?:that|who|to)\b", regex.IGNORECASE)
_LEAD = regex.compile(r"(?:in|on|at|by|during|after|before|since|for|with)\b[^,.;]{2,60}, ", regex.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStatement:
    """One statement of a text, and whether the articles carry it.

    - ``span`` is its range in the text; ``text`` is it without marks and Markdown emphasis.
    - ``verdict``: *supported*; *unsupported*, with the ``reason``; *unchecked*, where it states nothing that can be
      checked, with the reason.
    - ``citations`` are the words that carry it, or the nearest, as in ``Answer.citations``; ``evidence`` is the
      passages that they cite. A passage has one label in the whole text, counted from 1.
    """

    span: Span
    text: str
    verdict: Verdict
    reason: str = ""
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A text, and the verdict on each of its statements in order."""

    text: str
    statements: tuple[CheckedStatement, ...] = ()

    @property
    def all_supported(self) -> bool:
        """Whether every statement that can be checked is supported, and there is at least one."""
        verdicts = {statement.verdict for statement in self.statements}
        return "supported" in verdicts and "unsupported" not in verdicts

    def __str__(self) -> str:
        """Each statement with its verdict and the reason, and below it the passages that it is compared with."""
        lines = []
        for statement in self.statements:
            reason = f" ({statement.reason})" if statement.reason else ""
            lines.append(f"{statement.verdict}: {statement.text}{reason}")
            lines += [f"    [{item.label}] “{item.text}” {item.source}" for item in statement.evidence]
        return "\n".join(lines)

    def cite(self, form: Form, *, accessed: datetime.date | None = None) -> str:
        """The articles that carry its statements, with their quotes, as ``Answer.cite`` gives an answer's."""
        citations = [citation for statement in self.statements for citation in statement.citations]
        return written(form, gather(self.evidence, citations), accessed=accessed)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The passages that are cited, each once, by their labels."""
        passages = {item.label: item for statement in self.statements for item in statement.evidence}
        return tuple(passages[label] for label in sorted(passages))


def check_length(text: str, *, limit: int = LONGEST_TEXT) -> None:
    """Raise ``CheckError`` where a text is blank, or has more than ``limit`` characters, to be checked."""
    if not text.strip():
        raise CheckError("the text is empty: give one with at least one statement")
    if len(text) > limit:
        raise CheckError(f"the text has {len(text):,} characters: the limit is {limit:,}; check it in parts")


def check_statements(
    text: str, *, passages: Callable[[str], Sequence[Evidence]]
) -> Generator[CheckedStatement, None, None]:
    """Check the statements of ``text`` in order, yielding each as soon as it is checked.

    ``passages`` returns the passages nearest to a statement, best first, with the labels 1, 2, …. Raises ``CheckError``
    at once where the text is blank or too long.
    """
    check_length(text)
    return _check(text, passages)


def checked_to_json(checked: Checked) -> dict[str, Json]:
    """The fields of ``Checked`` as plain JSON types, with the computed ``all_supported``."""
    return {
        "text": checked.text,
        "all_supported": checked.all_supported,
        "statements": to_json(checked.statements),
    }


def _check(
    text: str, passages: Callable[[str], Sequence[Evidence]]
) -> Generator[CheckedStatement, None, None]:
    labels: dict[tuple[str, Span], int] = {}
    before = ""  # the last statement that can be understood alone: what a leaning one is about
    for found in claims(blank_marks(text)):
        if not found.text:
            continue
        claim = _closed_up(found)
        leaning = _leaning(claim.text)
        yield _relabelled(_check_one(claim, leaning, before, passages), labels)
        if not leaning and not _is_question(claim.text):
            before = claim.text


def _check_one(
    claim: Claim, leaning: str, before: str, passages: Callable[[str], Sequence[Evidence]]
) -> CheckedStatement:
    """The verdict on one statement; labels are those of ``passages``."""
    if _is_question(claim.text):
        return _unchecked(claim, "a question states nothing")
    if claim.heading and not quantities(claim.text):
        return _unchecked(claim, "a heading or lead-in")
    if leaning and not before:
        return _unchecked(claim, f"no words before it say what ‘{leaning}’ stands for")
    evidence = passages(f"{before} {claim.text}" if leaning else claim.text)
    if not leaning:
        return _judged(claim, evidence)
    about = _subject_terms(before)
    speaking = [item for item in evidence if about & set(terms(f"{item.title} {item.text}"))]
    judged = _judged(claim, speaking)
    if judged.verdict == "unsupported":
        elsewhere = _judged(claim, evidence)
        if elsewhere.verdict == "supported":
            reason = f"these words do not say it of what ‘{leaning}’ stands for: “{_shortened(before)}”"
            return _refused(elsewhere, reason)
        return elsewhere
    return judged


def _judged(claim: Claim, evidence: Sequence[Evidence]) -> CheckedStatement:
    """The verdict of the verifier on one statement and the passages that its citations name."""
    citations = check_claim(claim, evidence)
    failed = [citation for citation in citations if not citation.verified]
    verdict: Verdict = "supported"
    if failed:
        verdict = "unchecked" if all(item.support == "unchecked" for item in failed) else "unsupported"
    cited = {citation.label for citation in citations}
    return CheckedStatement(
        span=claim.span,
        text=claim.text,
        verdict=verdict,
        reason="; ".join(dict.fromkeys(citation.reason for citation in failed if citation.reason)),
        citations=citations,
        evidence=tuple(item for item in evidence if item.label in cited),
    )


def _unchecked(claim: Claim, reason: str) -> CheckedStatement:
    return CheckedStatement(span=claim.span, text=claim.text, verdict="unchecked", reason=reason)


def _refused(judged: CheckedStatement, reason: str) -> CheckedStatement:
    citations = tuple(
        replace(citation, support="unsupported", reason=reason) for citation in judged.citations
    )
    return replace(judged, verdict="unsupported", reason=reason, citations=citations)


def _relabelled(judged: CheckedStatement, labels: dict[tuple[str, Span], int]) -> CheckedStatement:
    """The statement with the labels of the whole text, which ``labels`` remembers."""
    new = {
        item.label: labels.setdefault((item.article_id, item.span), len(labels) + 1)
        for item in judged.evidence
    }
    return replace(
        judged,
        citations=tuple(replace(item, label=new.get(item.label, 0)) for item in judged.citations),
        evidence=tuple(replace(item, label=new[item.label]) for item in judged.evidence),
    )


def _is_question(statement: str) -> bool:
    return statement.rstrip("\"'”’)] ").endswith(("?", "？"))


def _closed_up(claim: Claim) -> Claim:
    """A statement without its marks and without the gaps that they have left in it; each character keeps its origin."""
    kept = _without_gaps(claim.text)
    return replace(
        claim,
        text="".join(claim.text[i] for i in kept),
        raw="".join(claim.raw[i] for i in _without_gaps(claim.raw)),
        labels=(),
        origins=tuple(claim.origins[i] for i in kept),
    )


def _without_gaps(text: str) -> list[int]:
    """The offsets of the characters that stay."""
    gaps = {i for gap in _GAP.finditer(text) for i in range(*gap.span())}
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return [i for i in range(begin, end) if i not in gaps]


def _leaning(statement: str) -> str:
    """The word by which a statement leans on the one before it; empty where it can be understood alone."""
    match = _LEANS.match(statement)
    if match is None or _EXPLETIVE.match(statement):
        return ""
    return match["opening"]


def _subject_terms(statement: str) -> frozenset[str]:
    """The terms that name what a statement is about: its first name or else noun, after a lead such as ``In May,``."""
    lead = _LEAD.match(statement)
    text = statement[lead.end() :] if lead else statement
    sequence = words(text)
    begin = next((i for i, word in enumerate(sequence) if not word.function), 0)
    end = next((i for i in range(begin, len(sequence)) if sequence[i].function), len(sequence))
    found = names(text)
    runs = group_names(text, sorted((*found.sure, *found.maybe)))
    run = next((run for run in runs if begin <= run[0] < end), ())
    head = frozenset(sequence[i].term for i in run or range(begin, end))
    return head or frozenset(word.term for word in content(text))


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59].rstrip() + "…"
