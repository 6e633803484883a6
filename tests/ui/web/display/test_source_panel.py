"""The source panel: the cited words marked where they stand now, the verdict with its reason, both sides of a fault."""

from dataclasses import replace
from datetime import date

from rag.schema import Answer, Article, Citation, Contrary, Evidence, Span
from ui.web.display.source_panel import article_panel, source_panel

FIRST = "The mayor opened the bridge on 19 May."
SECOND = "It cost 12 million pounds."
TEXT = f"A day in Orrin.\n{FIRST} Crowds came. {SECOND}"
ARTICLE = Article(
    id="a", title="A <b>bridge</b>", text=TEXT, url="https://example.org/a", publisher="Coast News",
    date=date(2026, 5, 20), credit="Credit: Coast News",
)  # fmt: skip
CLAIM = "It opened on 20 May."


def evidence(label: int, words: str) -> Evidence:
    start = TEXT.index(words)
    return Evidence(
        label=label, article_id="a", span=Span(start, start + len(words)), text=words, score=0.9,
        title=ARTICLE.title, url=ARTICLE.url, publisher=ARTICLE.publisher, date=ARTICLE.date,
        credit=ARTICLE.credit, fingerprint=ARTICLE.fingerprint, page=3,
    )  # fmt: skip


PASSAGES = (evidence(1, FIRST), evidence(2, SECOND))
DAY = Span(TEXT.index("19 May"), TEXT.index("19 May") + len("19 May"))
WRONG = Citation(
    label=1, claim=Span(0, len(CLAIM)), article_id="a", span=PASSAGES[0].span, quote=FIRST, located="exact",
    support="unsupported", reason="‘20 May’ is not in the cited words",
    contrary=Contrary(claim=Span(13, 19), words=DAY),
)  # fmt: skip
RIGHT = replace(WRONG, support="supported", reason="", contrary=None)
ANSWER = Answer(
    question="When?", standalone_question="When?", text=f"{CLAIM} [1] It was dear [2].", citations=(WRONG,),
    evidence=PASSAGES, quotes=(1, 2),
)  # fmt: skip


def panel(answer: Answer = ANSWER, article: Article | None = ARTICLE, label: int = 1) -> str:
    return source_panel(answer, label, None, article, "unchanged" if article else "removed", turn="t1")


def test_the_cited_sentence_is_marked_and_the_others_of_the_answer_more_lightly() -> None:
    html = panel()
    assert '<mark class="current" id="mark-1"><sup>1</sup>' in html
    assert f'<mark class="other" id="mark-2"><sup>2</sup>{SECOND}</mark>' in html
    assert 'href="#t1.2."' in html
    assert "Crowds came." in html


def test_title_verdict_and_origin_are_in_the_head_which_stays_in_view() -> None:
    head = panel().partition("</header>")[0]
    for words in (
        "A &lt;b&gt;bridge&lt;/b&gt;",
        "✗ unsupported",
        "Coast News",
        "Open the original at this sentence",
    ):
        assert words in head
    assert "Credit: Coast News" not in head
    quoted = replace(RIGHT, support="quoted", claim=Span(0, len(FIRST)))
    assert "Quoted: these are the article&#x27;s words" in panel(
        replace(ANSWER, text=FIRST, citations=(quoted,))
    )


def test_only_passages_that_the_answer_shows_have_numbers() -> None:
    html = panel(replace(ANSWER, quotes=()))
    assert "mark-2" not in html
    assert "#t1.2." not in html


def test_it_names_the_source_its_page_and_credit_once_and_leads_to_the_sentence() -> None:
    html = panel()
    assert "Coast News · 2026-05-20 · p. 3" in html
    assert html.count("Credit: Coast News") == 1
    assert 'href="https://example.org/a#:~:text=The%20mayor' in html
    assert 'rel="noopener noreferrer"' in html
    assert "A &lt;b&gt;bridge&lt;/b&gt;" in html
    assert "\n" not in html


def test_a_refused_statement_has_its_reason_and_both_sides_with_what_differs_marked() -> None:
    html = panel()
    assert "✗ unsupported: ‘20 May’ is not in the cited words" in html
    assert '<dd dir="auto">It opened on <mark class="contrary">20 May</mark>.</dd>' in html
    assert '<mark class="contrary">19 May</mark>.</dd>' in html
    assert "on <u>19 May</u>." in html  # in the article too


def test_who_says_it_is_said_where_the_article_gives_it_as_a_report() -> None:
    html = panel(replace(ANSWER, citations=(replace(RIGHT, speaker="the mayor"),)))
    assert "✓ verified as what the mayor said" in html
    assert '<p class="says-who" dir="auto">the mayor says so</p>' in html
    assert "says-who" not in panel(replace(ANSWER, citations=(RIGHT,)))


def test_words_that_have_moved_are_marked_where_they_are_now() -> None:
    moved = replace(ARTICLE, text=f"A line before.\n{TEXT}")
    assert f"<sup>1</sup>{FIRST}</mark>" in panel(article=moved)


def test_words_that_are_gone_are_shown_as_they_were_cited() -> None:
    edited = replace(ARTICLE, text=TEXT.replace("19 May", "21 May"))
    html = panel(article=edited)
    assert "These words are no longer in the article:" in html
    assert f'<blockquote dir="auto">{FIRST}</blockquote>' in html
    assert "21 May" in html
    assert '<mark class="current"' not in html


def test_of_a_removed_article_the_quoted_words_are_left() -> None:
    html = panel(article=None)
    assert "Removed since it was cited" in html
    assert FIRST in html
    assert "Crowds came." not in html


def test_a_number_without_a_passage_says_so() -> None:
    assert "No such passage" in panel(label=9)


def test_an_article_is_read_whole_without_marks() -> None:
    html = article_panel(ARTICLE)
    assert "Crowds came." in html
    assert "<mark" not in html
    assert "Open the original ↗" in html


def test_what_is_not_ours_has_its_own_direction() -> None:
    html = panel(article=replace(ARTICLE, text=f"{TEXT} افتتح رئيس البلدية الجسر."))
    assert '<div class="article" dir="auto">' in html
