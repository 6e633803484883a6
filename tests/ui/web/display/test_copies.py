"""Copies of an answer: whole, with every source and finding, and inert wherever they are pasted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.citing.markdown import in_markdown
from rag.schema import Answer, Span, Withheld
from rag.serialization import answer_from_json
from tests.support import quoted_passage as orrin
from tests.support.quoted_passage import CITED, DIFFERING
from ui.web.display import copies
from ui.web.display.copies import in_html
from ui.wording import one_line

TODAY = date(2026, 11, 24)
PASSAGE = replace(orrin.PASSAGE, url="https://example.org/orrin?a=1&b=2")
ANSWER = replace(orrin.ANSWER, question="When?", standalone_question="When?", evidence=(PASSAGE,))
SAID = "It was built in 1872."
WRONG = replace(
    CITED, claim=Span(0, len(SAID)), support="unsupported", reason="‘1872’ is not there", verbatim=False
)

# Characters of which Markdown and HTML make markup, and words that some readers make links of.
NASTY = st.lists(
    st.sampled_from(
        [
            *"ab1 \n\t\\`*_[]()<>#+-=.!|~&;:'\"$@^{}/“”•\u202e\x00\x1b",
            "1.",
            "https://x.y",
            "www.x.y",
            "&lt;",
            "<b>",
            "<!--",
            "![a](b)",
            "[1]: /x",
            "---",
            "```",
            "    ",
            "    x",
            "- ",
            "> ",
            "|-|-|",
            "]]>",
        ]
    ),
    max_size=25,
).map("".join)


class _Reader(HTMLParser):
    """What a reader of HTML sees: the text, and which elements there are with which attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")


def _rendered(markdown: str) -> _Reader:
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return _Reader(reader.render(markdown))


def _words(text: str) -> str:
    return " ".join(text.split())


def test_a_copy_says_what_the_cited_words_do_not_mention() -> None:
    noted = replace(ANSWER, unmentioned=("<b>Hale",))
    assert "The cited words do not mention “\\<b\\>Hale”.\n\n**Sources**" in copies.markdown(
        noted, accessed=TODAY
    )
    assert "The cited words do not mention “<b>Hale”.\n\nSources" in copies.plain(noted, accessed=TODAY)
    assert "<p>The cited words do not mention “&lt;b&gt;Hale”.</p>" in copies.html(noted, accessed=TODAY)


def test_a_copy_says_where_the_articles_differ() -> None:
    noted = replace(ANSWER, differing=(DIFFERING,))
    line = "The articles differ: 12 (Coast· News, 2026-05-01) and 19 (Bay Post, 2026-05-02, the newer)."
    assert f"{line}\n\nSources" in copies.plain(noted, accessed=TODAY)
    assert f"{line}\n\n**Sources**" in copies.markdown(noted, accessed=TODAY)
    assert f"<p>{line}</p>" in copies.html(noted, accessed=TODAY)


def test_a_copy_says_which_articles_were_asked() -> None:
    some = replace(ANSWER, limited="Only 1 article by “<i>A” was searched.")
    assert "Only 1 article by “\\<i\\>A” was searched.\n\n**Sources**" in copies.markdown(
        some, accessed=TODAY
    )
    assert "Only 1 article by “<i>A” was searched.\n\nSources" in copies.plain(some, accessed=TODAY)
    assert "<p>Only 1 article by “&lt;i&gt;A” was searched.</p>" in copies.html(some, accessed=TODAY)
    assert "was searched" in copies.conversation_markdown("t", [("q", some)], accessed=TODAY)


def test_a_markdown_copy_has_the_text_and_for_each_source_quote_origin_and_credit() -> None:
    assert copies.markdown(ANSWER, accessed=TODAY) == (
        "“The lighthouse was built in 1871.” \\[1\\]\n"
        "\n"
        "**Sources**\n"
        "\n"
        "\\[1\\] “The lighthouse was built in 1871.”\\\n"
        "— Orrin, Coast News, 2026-05-01, [https\\://example.org/orrin?a=1\\&b=2]"
        "(<https://example.org/orrin?a=1\\&b=2>), accessed 2026-11-24\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_a_plain_copy_is_readable_as_it_is() -> None:
    assert copies.plain(ANSWER, accessed=TODAY) == (
        "“The lighthouse was built in 1871.” [1]\n"
        "\n"
        "Sources\n"
        "\n"
        "[1] “The lighthouse was built in 1871.”\n"
        "— Orrin, Coast News, 2026-05-01, https://example.org/orrin?a=1&b=2, accessed 2026-11-24\n"
        "\n"
        "Credit: Coast News\n"
    )


def test_an_html_copy_links_the_address_without_giving_the_new_page_hold_of_this_one() -> None:
    assert copies.html(ANSWER, accessed=TODAY) == (
        "<p>“The lighthouse was built in 1871.” [1]</p>\n"
        "<p><strong>Sources</strong></p>\n"
        "<p>[1] “The lighthouse was built in 1871.”<br>— Orrin, Coast News, 2026-05-01, "
        '<a href="https://example.org/orrin?a=1&amp;b=2" rel="noopener noreferrer">'
        "https://example.org/orrin?a=1&amp;b=2</a>, accessed 2026-11-24</p>\n"
        "<p>Credit: Coast News</p>\n"
    )


def test_a_list_stays_a_list() -> None:
    text = "- “A.” [1]\n- “B.” [1]\n\nIn short: C"
    answer = replace(ANSWER, text=text, citations=(), evidence=())
    assert copies.markdown(answer, accessed=TODAY) == "- “A.” \\[1\\]\n- “B.” \\[1\\]\n\nIn short: C\n"
    assert (
        copies.html(answer, accessed=TODAY)
        == "<ul><li>“A.” [1]</li><li>“B.” [1]</li></ul>\n<p>In short: C</p>\n"
    )


@pytest.mark.parametrize("form", [copies.markdown, copies.plain, copies.html])
def test_a_finding_that_failed_is_written_out_in_every_form(form: Callable[..., str]) -> None:
    nowhere = replace(WRONG, label=99, quote="", located="unknown_label", reason="no passage has this number")
    stale = replace(CITED, located="stale")
    answer = replace(
        ANSWER, text=f"{SAID} [1][99]", citations=(WRONG, nowhere, replace(nowhere, label=0), stale)
    )
    copied = form(answer, accessed=TODAY).replace("\\", "")
    assert "✗ unsupported: ‘1872’ is not there, in: It was built in 1872." in copied
    assert "[99] ✗ unsupported: no passage has this number" in copied
    assert "[–] ✗ unsupported" in copied
    assert "✗ unsupported: the article has changed" in copied
    assert "✓ verified" not in copied


@pytest.mark.parametrize("form", [copies.markdown, copies.plain, copies.html])
def test_a_quote_is_copied_without_a_finding_and_so_is_a_source_that_no_statement_cites(
    form: Callable[..., str],
) -> None:
    other = replace(PASSAGE, label=2, text="Nobody cites this.")
    answer = replace(
        ANSWER, citations=(replace(CITED, support="quoted"),), evidence=(PASSAGE, other), quotes=(1, 2)
    )
    copied = form(answer, accessed=TODAY)
    assert "Nobody cites this." in copied
    assert "verified" not in copied
    assert not set("✓✗?") & set(copied.replace("orrin?a", ""))


@pytest.mark.parametrize("form", [copies.markdown, copies.plain, copies.html])
def test_what_was_withheld_and_why_is_copied_below_the_text(form: Callable[..., str]) -> None:
    answer = replace(ANSWER, withheld=Withheld(text=SAID, citations=(WRONG,)), note="It was cut off.")
    copied = form(answer, accessed=TODAY).replace("\\", "")
    assert copied.index("1871") < copied.index("It was cut off.") < copied.index("Sources")
    assert f"Not shown: “{SAID}” (unsupported: ‘1872’ is not there)" in copied


def test_a_conversation_turn_is_copied_as_its_text_alone() -> None:
    hello = Answer(question="Hello", standalone_question="Hello", text="Hello!", outcome="conversation")
    assert copies.plain(hello, accessed=TODAY) == "Hello!\n"


def test_an_abstention_copies_the_nearest_passages() -> None:
    declined = replace(ANSWER, text="The articles do not say.", citations=(), outcome="not_in_articles")
    assert "Nearest passages\n\n[1] “The lighthouse was built in 1871.”\n— Orrin" in copies.plain(
        declined, accessed=TODAY
    )


@pytest.mark.parametrize("form", [copies.markdown, copies.html])
def test_an_address_that_is_not_safe_is_shown_and_never_linked(form: Callable[..., str]) -> None:
    answer = replace(ANSWER, evidence=(replace(PASSAGE, url="javascript:alert(1)"),))
    copied = form(answer, accessed=TODAY)
    read = _rendered(copied) if form is copies.markdown else _Reader(copied)
    assert "a" not in read.tags
    assert "javascript:alert(1)" in read.text


def test_a_conversation_is_headed_by_its_title_and_each_answer_by_its_question() -> None:
    copied = copies.conversation_markdown("On *Orrin*", [("When?\n# x", ANSWER)], accessed=TODAY)
    assert copied.startswith("# On \\*Orrin\\*\n\n## When? \\# x\n\n“The lighthouse")
    assert copied.endswith("Credit: Coast News\n")


def test_a_conversation_as_data_gives_each_answer_back() -> None:
    data = copies.conversation_json("Orrin", [("When?", ANSWER)], accessed=TODAY)
    assert (data["title"], data["accessed"]) == ("Orrin", "2026-11-24")
    turns = data["turns"]
    assert isinstance(turns, list)
    (turn,) = turns
    assert isinstance(turn, dict)
    assert turn["question"] == "When?"
    assert answer_from_json(turn["answer"]) == ANSWER


@given(NASTY)
def test_escaped_text_is_one_paragraph_of_these_very_characters(text: str) -> None:
    shown = one_line(text)
    read = _rendered(in_markdown(text))
    assert set(read.tags) <= {"p"}
    assert _words(read.text) == shown
    assert _words(_rendered(f"# {in_markdown(text)}").text) == shown
    assert _words(_rendered(f"- {in_markdown(text)}").text) == shown


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("https://x.y/z", "https\\://x.y/z"),
        ("WWW.x.y", "WWW\\.x.y"),
        ("mailto:a@b.c", "mailto\\:a\\@b.c"),
        ("a | b ~~c~~", "a \\| b \\~\\~c\\~\\~"),
        ("2) no item", "2\\) no item"),
        ("$1 to $2", "\\$1 to \\$2"),
        ("3.5 per cent: fine-ish", "3.5 per cent: fine-ish"),
    ],
)
def test_bare_addresses_sums_and_numbers_stay_text_for_readers_with_extensions(
    text: str, escaped: str
) -> None:
    assert in_markdown(text) == escaped
    assert _words(_rendered(escaped).text) == text


@given(NASTY)
def test_escaped_html_has_no_element_and_these_very_characters(text: str) -> None:
    read = _Reader(f'<p title="{in_html(text)}">{in_html(text)}</p>')
    assert read.tags == ["p"]
    assert [name for name, _ in read.attributes] == ["title"]
    assert _words(read.text) == one_line(text)


@given(text=NASTY, field=NASTY, quote=NASTY)
def test_no_text_of_an_article_or_a_model_makes_markup_in_a_copy(text: str, field: str, quote: str) -> None:
    passage = replace(PASSAGE, title=field, publisher=field, credit=field, text=quote, url="")
    wrong = replace(WRONG, quote=quote, reason=field, claim=Span(0, len(text)))
    # A list in the model's own words is a list: taken out, so that no list can come from anywhere else.
    said = re.sub(r"[-•*]", "x", text)
    withheld = Withheld(text=text, citations=(wrong,))
    answer = replace(
        ANSWER, text=said, citations=(wrong,), evidence=(passage,), withheld=withheld, note=quote
    )
    from_markdown = _rendered(copies.markdown(answer, accessed=TODAY))
    from_html = _Reader(copies.html(answer, accessed=TODAY))
    assert set(from_markdown.tags) <= {"p", "strong", "br"}
    assert set(from_html.tags) <= {"p", "strong", "br"}
    assert from_html.attributes == from_markdown.attributes == []
    shown = _words(copies.plain(answer, accessed=TODAY))
    assert _joined(from_markdown.text) == _joined(from_html.text) == _joined(shown)
    assert not set("\u202e\x1b\x00") & set(from_markdown.text + from_html.text + shown)


def test_an_article_cannot_make_an_item_of_ours() -> None:
    quote = "It said “so”\n- buy this\n# now"
    answer = replace(
        ANSWER, text=f"“{quote}” [1]", citations=(replace(CITED, quote=quote, claim=Span(1, 1 + len(quote))),)
    )
    read = _rendered(copies.markdown(answer, accessed=TODAY))
    assert not {"ul", "li", "h1"} & set(read.tags)
    assert "- buy this" in read.text
    assert "<li>" not in copies.html(answer, accessed=TODAY)


def _joined(text: str) -> str:
    return "".join(text.split())
