"""How findings are worded wherever they are shown: verdicts, notes, limits, credits; and text made safe."""

from collections.abc import Sequence
from typing import Literal

from rag.answer.nearest import CLOSEST
from rag.citing.one_line import one_line as one_line
from rag.citing.one_line import safe as safe
from rag.schema import Answer, Citation, Evidence, Span
from rag.text.words import quoted_list

Finding = Literal["verified", "quoted", "unsupported", "unchecked"]


# Words that were only quoted have no sign: nothing about them was checked.
_SIGNS: dict[Finding, str] = {"verified": "✓ ", "quoted": "", "unsupported": "✗ ", "unchecked": "? "}


def searched(question: str, standalone: str) -> str:
    """A line that names the question searched where it is not the one asked; else nothing."""
    asked = " ".join(question.split())
    return "" if asked == standalone else f"Searched for: {one_line(standalone)}\n\n"


def finding(citation: Citation) -> Finding:
    """The finding in one word. Words that were cut from the article are *quoted*, never *verified*."""
    if citation.located not in ("exact", "normalized"):
        return "unsupported"
    return "verified" if citation.support == "supported" else citation.support


def finding_words(citation: Citation, text: str = "") -> str:
    """The finding and its reason: ``verified``, ``quoted``, ``unsupported: …`` or ``unchecked: …``.

    A verified statement that the article gives as a report, as a plan or under a condition says so; one that differs
    from its quote in one thing shows what the quote has, and, with the ``text`` that it is of, what it has itself.
    """
    found = finding(citation)
    if found == "verified":
        folded = citation.located == "normalized"
        return (
            "verified"
            + (", apart from case, quotation marks, dashes or spaces" if folded else "")
            + _given(citation)
        )
    if found == "quoted":
        return "quoted"
    reason = one_line(citation.reason) or _UNLOCATED.get(citation.located, "")
    return (f"{found}: {reason}" if reason else found) + _instead(citation, text)


def _given(citation: Citation) -> str:
    """How the article gives a supported statement where it does not say so itself; else nothing."""
    if citation.speaker:
        return f" as what {one_line(citation.speaker)} said"
    if citation.condition:
        return f" under a condition: ‘{one_line(citation.condition)}’"
    return f" as the article gives it: ‘{one_line(citation.mood)}’" if citation.mood else ""


def contrary_words(citation: Citation, text: str) -> tuple[str, str] | None:
    """The words in which a statement of ``text`` (or empty) and its quote differ; ``None`` where no single ones do."""
    differs = citation.contrary
    if differs is None or not citation.span.holds(differs.words):
        return None
    words = differs.words.shift(-citation.span.start).of(citation.quote)
    return one_line(differs.claim.of(text)) if text else "", one_line(words)


def _instead(citation: Citation, text: str) -> str:
    """The words that differ, on both sides where ``text`` is given; nothing where no single thing does."""
    found = contrary_words(citation, text)
    if found is None:
        return ""
    mine, words = found
    if mine:
        return f" (‘{mine}’ ↔ ‘{words}’)"
    return "" if f"‘{words}’" in citation.reason else f" (the article has ‘{words}’)"


def verdict(citation: Citation, text: str = "") -> str:
    """``finding_words`` behind a sign: ``✓ verified``, ``✗ unsupported: …``, ``? unchecked: …``, or bare ``quoted``."""
    return _SIGNS[finding(citation)] + finding_words(citation, text)


def tally(answer: Answer) -> tuple[str, Finding]:
    """What was checked, in words, and a finding for all of it: ``1 of 1 statements verified``, ``3 quotes``.

    Only statements that were checked are counted as statements, each once however many passages it cites, and as
    verified where all its citations are. The words are empty where there is neither a statement nor a quote.
    """
    checked: dict[Span, bool] = {}
    quotes = 0
    for citation in answer.citations:
        if finding(citation) == "quoted":
            quotes += 1
        else:
            checked[citation.claim] = checked.get(citation.claim, True) and citation.verified
    good = sum(checked.values())
    counts = [
        f"{good} of {len(checked)} statements verified" if checked else "",
        f"{quotes} quote{'s' if quotes != 1 else ''}" if quotes else "",
    ]
    overall: Finding = "quoted" if not checked else "verified" if good == len(checked) else "unchecked"
    return ", ".join(filter(None, counts)), overall


_UNLOCATED = {
    "missing": "the quoted words are not in the article",
    "unknown_label": "no passage has this number",
    "stale": "the article has changed",
}


def outcome_text(answer: Answer) -> str:
    """The text without the words that lead to the passages below it, for a display that heads those itself."""
    if answer.outcome != "nearest":
        return answer.text
    return answer.text.rstrip().removesuffix(f"{CLOSEST}:").rstrip()


def labels_shown(answer: Answer, passages: Sequence[Evidence]) -> tuple[int, ...]:
    """The labels under which something is shown below an answer: those cited, then those of ``passages``; each once.

    A failed citation may name no passage; it is shown all the same.
    """
    cited = (citation.label for citation in answer.citations)
    return tuple(dict.fromkeys((*cited, *(passage.label for passage in passages))))


def limited(answer: Answer) -> str:
    """One line that says which articles were asked; nothing where all were, or where the text says it."""
    return "" if answer.outcome == "not_in_articles" else one_line(answer.limited)


def note(answer: Answer) -> str:
    """One line that says what went wrong in writing; mostly nothing."""
    return one_line(answer.note)


def withheld(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Each statement that the model wrote and that is not shown, on one line, with the reason; it may be empty."""
    if answer.withheld is None:
        return ()
    text = answer.withheld.text
    reasons: dict[Span, list[str]] = {}
    for citation in answer.withheld.citations:
        reasons.setdefault(citation.claim, []).append(finding_words(citation, text))
    if not reasons:
        return ((one_line(text), ""),) if text.strip() else ()
    return tuple(
        (one_line(text[claim.start : claim.end]), "; ".join(dict.fromkeys(words)))
        for claim, words in reasons.items()
    )


def withheld_lines(answer: Answer) -> tuple[str, ...]:
    """A line for each statement that is not shown: ``Not shown: “…” (unsupported: …)``."""
    return tuple(
        f"Not shown: “{statement}”" + (f" ({reason})" if reason else "")
        for statement, reason in withheld(answer)
    )


def unmentioned(answer: Answer) -> str:
    """One line that names what was asked about and the cited words do not have; else nothing."""
    if not answer.unmentioned or answer.outcome == "nearest":  # the text says it
        return ""
    return f"The cited words do not mention {quoted_list([one_line(name) for name in answer.unmentioned])}."


def differing(answer: Answer) -> tuple[str, ...]:
    """A line for each thing that the cited articles give different numbers or days for."""
    return tuple(one_line(one.described) for one in answer.differing)


def credit_lines(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the publishers ask to be shown, each once."""
    return tuple(dict.fromkeys(one_line(item.credit) for item in evidence if item.credit))
