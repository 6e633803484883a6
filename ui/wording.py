"""How findings are worded wherever they are shown: verdicts, limits, disagreements, credits; and text made safe."""

from collections.abc import Sequence

from rag.schema import Answer, Citation, Evidence

# What a terminal obeys, or shows in another order, becomes a dot; what only directs, unseen, goes.
_SAFE: dict[int, str] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x202D, 0x202E), "·"),
    **dict.fromkeys((0x202A, 0x202B, 0x202C, *range(0x2066, 0x2070), *range(0xFFF9, 0xFFFC)), ""),
    **dict.fromkeys((0x09, 0x0C, 0x0D, 0x2028, 0x2029), " "),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    0x0A: "\n",
}


def safe(text: str) -> str:
    """``text`` without anything that a terminal obeys, character by character; line feeds stay."""
    return text.translate(_SAFE)


def one_line(text: str) -> str:
    """``safe`` text on one line."""
    return " ".join(safe(text).split())


def searched(question: str, standalone: str) -> str:
    """A line that names the question searched where it is not the one asked; else nothing."""
    asked = " ".join(question.split())
    return "" if asked == standalone else f"Searched for: {one_line(standalone)}\n\n"


def verdict(citation: Citation) -> str:
    """The finding in words behind a sign: ``✓ verified``, ``✗ unsupported: …`` or ``? unchecked: …``."""
    if citation.verified:
        folded = citation.located == "normalized"
        return "✓ verified" + (", apart from case, quotation marks, dashes or spaces" if folded else "")
    reason = one_line(citation.reason) or _UNLOCATED.get(citation.located, "")
    placed = citation.located in ("exact", "normalized")
    sign = "? unchecked" if placed and citation.support == "unchecked" else "✗ unsupported"
    return f"{sign}: {reason}" if reason else sign


_UNLOCATED = {
    "missing": "the quoted words are not in the article",
    "unknown_label": "no passage has this number",
    "stale": "the article has changed",
}


def limited(answer: Answer) -> str:
    """One line that says which articles were asked; nothing where all were, or where the text says it."""
    return "" if answer.abstained else one_line(answer.limited)


def unmentioned(answer: Answer) -> str:
    """One line that names what was asked about and the cited words do not have; else nothing."""
    names = [f"“{one_line(name)}”" for name in answer.unmentioned]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"The cited words do not mention {listed}."


def differing(answer: Answer) -> tuple[str, ...]:
    """A line for each thing that the cited articles give different numbers or days for."""
    return tuple(one_line(one.described) for one in answer.differing)


def credit_lines(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What the publishers ask to be shown, each once."""
    return tuple(dict.fromkeys(one_line(item.credit) for item in evidence if item.credit))
