"""A checked text as Markdown: on the page while it is checked, and as a report to be kept. Pure.

Neither the text nor an article can make markup: see ``in_markdown``. A verdict is a sign and a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rag.checking import CheckedStatement, Verdict
from rag.citing.markdown import in_markdown
from rag.schema import Citation, Evidence, Span
from ui.web.display.copies import source_markdown
from ui.wording import credit_lines, finding_words

VERDICTS: dict[Verdict, str] = {
    "supported": "✓ Supported",
    "unsupported": "✗ Not supported",
    "unchecked": "? Not checked",
}


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands before and after the words in which a statement and an article differ."""

    before: str = "**"
    after: str = "**"


def statement_markdown(
    statement: CheckedStatement, text: str, *, accessed: date, marks: Marks | None = None
) -> str:
    """A statement with its verdict, the reason, and the words that carry it or come nearest, with their source.

    ``text`` is the whole text that was checked. Where one thing differs, it is marked on both sides.
    """
    marks = marks or Marks()
    differs = next((citation for citation in statement.citations if citation.contrary), None)
    said = in_markdown(statement.text)
    if differs and differs.contrary:
        said = _marked(text, statement.span, differs.contrary.claim, marks)
    blocks = [f"**{VERDICTS[statement.verdict]}** {said}"]
    blocks += [in_markdown(f"Supported{given}.") for given in _given(statement)]
    if statement.reason:
        blocks.append(f"Why: {in_markdown(statement.reason)}.")
    if statement.verdict != "unchecked":
        known = {item.label: item for item in statement.evidence}
        near = "" if statement.verdict == "supported" else "Nearest: "
        blocks += [
            _quoted(citation, known.get(citation.label), near, accessed, marks)
            for citation in statement.citations
            if citation.quote
        ]
    return "\n\n".join(blocks)


def summary(statements: Sequence[CheckedStatement]) -> str:
    """How many statements the articles carry: ``5 of 8 statements are carried by the articles; 1 was not checked.``"""
    verdicts = [statement.verdict for statement in statements]
    left = verdicts.count("unchecked")
    total = len(verdicts) - left
    if not total:
        return "Nothing in it can be checked."
    unchecked = f"; {left} {'was' if left == 1 else 'were'} not checked" if left else ""
    statement, verb = ("statement", "is") if total == 1 else ("statements", "are")
    return f"{verdicts.count('supported')} of {total} {statement} {verb} carried by the articles{unchecked}."


def report_markdown(statements: Sequence[CheckedStatement], text: str, *, accessed: date) -> str:
    """The whole report: the count, each statement with its verdict, and what publishers ask to be shown."""
    passages = {item.label: item for statement in statements for item in statement.evidence}
    blocks = ["# Checked against the articles", f"{summary(statements)} {accessed.isoformat()}"]
    for statement in statements:
        blocks += ["---", statement_markdown(statement, text, accessed=accessed)]
    named = [in_markdown(line) for line in credit_lines(tuple(passages.values()))]
    blocks += ["---", *named] if named else []
    return "\n\n".join(blocks) + "\n"


def _given(statement: CheckedStatement) -> tuple[str, ...]:
    """How an article gives a supported statement that it does not flatly say: `` as what critics said``."""
    said = [finding_words(citation) for citation in statement.citations if citation.verified]
    return tuple(dict.fromkeys(words.removeprefix("verified") for words in said if words != "verified"))


def _quoted(citation: Citation, passage: Evidence | None, near: str, accessed: date, marks: Marks) -> str:
    """A quote as a block of its own, over its source."""
    whole = Span(0, len(citation.quote))
    differs = citation.contrary
    if differs and citation.span.holds(differs.words):
        words = _marked(citation.quote, whole, differs.words.shift(-citation.span.start), marks)
    else:
        words = in_markdown(citation.quote)
    lines = [f"> {near}“{words}”"]
    if passage is not None:
        lines.append(f"> {source_markdown(citation.label, passage, accessed=accessed)}")
    return "\n>\n".join(lines)


def _marked(text: str, whole: Span, part: Span, marks: Marks) -> str:
    """The ``whole`` range of ``text`` on one line, its ``part`` between marks."""
    if not part or not whole.holds(part):
        return in_markdown(whole.of(text))
    before, after = text[whole.start : part.start], text[part.end : whole.end]
    gap = " " if before[-1:].isspace() else ""
    then = " " if after[:1].isspace() else ""
    marked = f"{marks.before}{in_markdown(part.of(text))}{marks.after}"
    return f"{in_markdown(before)}{gap}{marked}{then}{in_markdown(after)}"
