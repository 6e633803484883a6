"""A checked text, and a receipt that was verified again, as text for a terminal or a pipe. Pure: nothing is printed."""

from typing import TYPE_CHECKING

from ui.terminal.answer_text import PLAIN, Colour, Style, passages, wrapped
from ui.wording import contrary_words, one_line

if TYPE_CHECKING:
    from rag.checking import Checked, CheckedStatement, Verdict
    from rag.receipts import Recheck, RecheckedQuote, RecheckedStatement

_SIGNS: "dict[Verdict, tuple[str, Colour]]" = {
    "supported": ("✓", "green"),
    "unsupported": ("✗", "red"),
    "unchecked": ("?", "yellow"),
}

_INDENT = "    "


def statement_text(statement: "CheckedStatement", text: str, style: Style = PLAIN) -> str:
    """A statement of ``text`` with its verdict, the reason, and the words that carry it or come nearest.

    Where it differs from them in one thing, both sides are named: ``‘12%’ ↔ ‘21%’``.
    """
    sign, colour = _SIGNS[statement.verdict]
    lines = [_line(f"{sign} {one_line(statement.text)}", style, colour, indent="  ")]
    if statement.reason:
        lines.append(_line(f"{statement.verdict}: {one_line(statement.reason)}", style))
    for mine, words in filter(None, (contrary_words(item, text) for item in statement.citations)):
        lines.append(_line(f"‘{mine}’ ↔ ‘{words}’", style, "bold"))
    if statement.verdict != "unchecked":
        quoted = [item for item in statement.citations if item.quote]
        nearest = "" if statement.verdict == "supported" else "nearest: "
        lines += [_line(f"{nearest}[{item.label}] “{one_line(item.quote)}”", style, "dim") for item in quoted]
    return "".join(lines)


def summary_text(checked: "Checked", style: Style = PLAIN) -> str:
    """How many of the statements are supported, and the passages that were cited."""
    verdicts = [statement.verdict for statement in checked.statements]
    good, total = verdicts.count("supported"), len(verdicts) - verdicts.count("unchecked")
    counted = f"{good} of {total} statements supported" if total else "nothing in it can be checked"
    left = verdicts.count("unchecked")
    more = f", {left} unchecked" if left and total else ""
    return f"\n{style.paint(counted + more, 'bold')}\n" + passages(checked.evidence, "Sources", style)


def rechecked_text(recheck: "Recheck", style: Style = PLAIN) -> str:
    """What was asked, then each quote and statement as it was and is, and how much has changed."""
    answer = recheck.receipt.answer
    lines = [
        f"Asked {recheck.receipt.written.date().isoformat()}: {one_line(answer.question)}\n\n",
        *(_quote(item, style) for item in recheck.quotes),
        *(_statement(item, style) for item in recheck.statements),
    ]
    for article in recheck.articles:
        name = one_line(article.title or article.id)
        if article.state == "gone":
            lines.append(_line(f"✗ the article is gone: {name}", style, "red", indent="  "))
        elif article.state == "changed":
            lines.append(_line(f"? the article has changed: {name}", style, "yellow", indent="  "))
    count = recheck.changes
    changed = "Nothing has changed." if not count else f"{count} change{'s' if count != 1 else ''}."
    return "".join(lines) + f"\n{style.paint(changed, 'bold')}\n"


def _quote(quote: "RecheckedQuote", style: Style) -> str:
    words = f"[{quote.label}] “{one_line(quote.quote)}”"
    if quote.state == "same":
        return _line(f"✓ {words} stands where it stood", style, "green", indent="  ")
    if quote.state == "gone":
        return _line(f"✗ {words} is gone", style, "red", indent="  ")
    if quote.state == "moved" and quote.now:
        moved = f"? {words} has moved from {quote.span.start} to {quote.now.start}"
        return _line(moved, style, "yellow", indent="  ")
    changed = _line(f"✗ {words} has changed", style, "red", indent="  ")
    return changed + _line(f"now: “{one_line(quote.words)}”", style)


def _statement(statement: "RecheckedStatement", style: Style) -> str:
    words = f"“{one_line(statement.text)}”"
    if statement.then == statement.now:
        return _line(f"✓ {statement.now}, as before: {words}", style, "green", indent="  ")
    line = _line(f"✗ was {statement.then}, is now {statement.now}: {words}", style, "red", indent="  ")
    return line + (_line(one_line(statement.reason), style) if statement.reason else "")


def _line(text: str, style: Style, colour: Colour | None = None, *, indent: str = "") -> str:
    """One line, wrapped; its continuation is indented deeper, so that none can pass for a verdict."""
    head = "" if indent else _INDENT
    laid = head + wrapped(text, width=style.width, indent=_INDENT + indent + "  ")
    return (style.paint(laid, colour) if colour else laid) + "\n"
