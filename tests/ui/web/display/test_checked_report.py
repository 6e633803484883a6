"""A checked text as Markdown: what it says, and that nothing in it becomes markup."""

from datetime import date

import pytest
from markdown_it import MarkdownIt

from rag.checking import CheckedStatement, check_statements
from rag.schema import Evidence, Span
from ui.web.display.checked_report import report_markdown, statement_markdown, summary

DAY = date(2026, 5, 4)
ORRIN = "The lighthouse at Orrin was built in 1871."


def checked(
    text: str, quote: str = ORRIN, *, title: str = "", publisher: str = "", url: str = ""
) -> list[CheckedStatement]:
    found = Evidence(
        label=1,
        article_id="a",
        span=Span(10, 10 + len(quote)),
        text=quote,
        score=1.0,
        title=title,
        publisher=publisher,
        url=url,
    )
    return list(check_statements(text, passages=lambda _: [found]))


def test_a_supported_statement_has_its_quote_and_its_source() -> None:
    text = ORRIN
    (statement,) = checked(text, title="Orrin", publisher="Coast News", url="https://example.org/a")
    assert statement_markdown(statement, text, accessed=DAY) == (
        "**✓ Supported** The lighthouse at Orrin was built in 1871.\n\n"
        "> “The lighthouse at Orrin was built in 1871.”\n>\n"
        "> \\[1\\] — Orrin, Coast News, [https\\://example.org/a](<https://example.org/a>), accessed 2026-05-04"
    )


def test_the_one_thing_that_differs_is_marked_on_both_sides() -> None:
    text = f"Draft. {ORRIN.replace('1871', '1872')}"
    said = statement_markdown(checked(text)[-1], text, accessed=DAY)
    assert "**✗ Not supported** The lighthouse at Orrin was built in **1872**." in said
    assert "Why: ‘1872’ is not in the cited words." in said
    assert "> Nearest: “The lighthouse at Orrin was built in **1871**.”" in said


def test_a_statement_that_an_article_only_reports_is_said_to_be_so() -> None:
    text = "Critics said that the bridge would be closed in May."
    (statement,) = checked(text, text)
    assert statement.verdict == "supported"
    assert "\n\nSupported as what Critics said.\n\n" in statement_markdown(statement, text, accessed=DAY)


def test_a_statement_that_states_nothing_has_its_reason_and_no_quote() -> None:
    said = statement_markdown(checked("Who knew?")[0], "Who knew?", accessed=DAY)
    assert said == "**? Not checked** Who knew?\n\nWhy: a question states nothing."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (ORRIN, "1 of 1 statement is carried by the articles."),
        (f"{ORRIN} {ORRIN.replace('1871', '1872')}", "1 of 2 statements are carried by the articles."),
        (f"{ORRIN} Who? When?", "1 of 1 statement is carried by the articles; 2 were not checked."),
        ("Who knew?", "Nothing in it can be checked."),
    ],
)
def test_the_summary_counts_what_the_articles_carry(text: str, line: str) -> None:
    assert summary(checked(text)) == line


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)> was built in 1872.",
        "![x](https://evil.example/x.png) was built in 1872.",
        "[x](javascript:alert(1)) <https://evil.example> was built in 1872.",
        "https://evil.example and `code` and $x$ of ~~1872~~ |a|b|.",
        "# Heading of 1872\n\n---\n\n> quoted of 1872",
    ],
)
def test_neither_text_nor_article_makes_markup(hostile: str) -> None:
    statements = checked(hostile, hostile, title=hostile, publisher=hostile, url="javascript:alert(1)")
    report = report_markdown(statements, hostile, accessed=DAY)
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(report)
    inside = {child.type for token in tokens for child in token.children or ()} | {
        token.type for token in tokens
    }
    assert not inside & {
        "html_block",
        "html_inline",
        "image",
        "link_open",
        "code_inline",
        "s_open",
        "table_open",
    }
    assert sum(token.type == "heading_open" for token in tokens) == 1
