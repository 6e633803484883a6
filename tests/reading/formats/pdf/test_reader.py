"""PDF files: paragraphs, pages, titles, and files made to take for ever."""

from datetime import date
from pathlib import Path

import pytest

from rag.errors import ArticleError
from rag.evidence.sentences import as_evidence
from rag.reading.articles import read_articles
from rag.reading.formats.pdf.reader import PdfLimits, read_pdf
from rag.schema import Answer, Article, Citation, Evidence, Span
from rag.text.sentences import blocks
from tests.support.files import (
    FILES,
    SENTENCE,
    encrypted_pdf,
    only,
    pdf_file,
    reason,
    write,
)
from ui.terminal import answer_text
from ui.web.display import copies
from ui.web.display.chat_messages import Shown, chat_messages


def test_a_printed_page_gives_its_paragraphs_and_each_place_its_page() -> None:
    result = read_articles(FILES / "lamp.pdf")
    article = only(result)
    assert article.title == "The lamp of Orrin"
    assert "took turns to fill it with oil that was brought over the ice" in article.text
    assert "\n## What it cost\nThe harbour paid 300 crowns" in article.text
    assert [article.page(article.text.index(words)) for words in ("300", "Ada Merrin", "19 metres")] == [
        1,
        2,
        3,
    ]
    assert "lamp.html" not in article.text
    assert any("running titles" in warning for warning in result.warnings)


def test_a_passage_names_its_page_and_one_of_a_text_without_pages_none() -> None:
    text = "One stands here.\n\fTwo stands here.\fThree."
    paged = Article(id="a", title="T", text=text)
    assert [paged.page(text.index(word)) for word in ("One", "Two", "Three")] == [1, 2, 3]
    passage = as_evidence(paged, Span(18, 34), label=1, score=1.0)
    assert (passage.text, passage.page) == ("Two stands here.", 2)
    assert passage.source == "— T, p. 2"
    plain = as_evidence(Article(id="a", title="T", text="One."), Span(0, 4), label=1, score=1.0)
    assert (plain.page, plain.source) == (None, "— T")


def test_a_sentence_that_runs_over_a_page_stays_one(tmp_path: Path) -> None:
    first = "The keepers of the harbour wrote that the lamp of Orrin went"
    article = only(read_articles(write(tmp_path / "a.pdf", pdf_file(first, "out twice before it held."))))
    assert article.text == f"{first}\fout twice before it held."
    assert len(blocks(article.text)) == 1


def test_pages_without_words_are_counted_all_the_same(tmp_path: Path) -> None:
    result = read_articles(write(tmp_path / "a.pdf", pdf_file("", "", SENTENCE, "")))
    assert only(result).page(only(result).text.index("keepers")) == 3
    assert any("3 of 4 pages hold no text" in warning for warning in result.warnings)


def test_a_scan_without_text_says_so(tmp_path: Path) -> None:
    assert "text recognition" in reason(read_articles(write(tmp_path / "a.pdf", pdf_file("", ""))))


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    assert "locked by a password" in reason(
        read_articles(write(tmp_path / "a.pdf", encrypted_pdf(opens_with="secret")))
    )
    assert "keepers" in only(read_articles(write(tmp_path / "b.pdf", encrypted_pdf(opens_with="")))).text


def test_a_pdf_of_ten_thousand_pages_is_refused(tmp_path: Path) -> None:
    once = pdf_file(SENTENCE).replace(
        b"/Kids [4 0 R] /Count 1", b"/Kids [" + b"4 0 R " * 10_000 + b"] /Count 10000"
    )
    many = write(tmp_path / "a.pdf", once)
    assert "has 10,000 pages: split it into parts of 3,000" in reason(read_articles(many))


@pytest.mark.parametrize("cut", [0, 8, 100, 400, 700])
def test_a_broken_pdf_costs_itself_alone(tmp_path: Path, cut: int, capfd: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "a.pdf", pdf_file(SENTENCE)[:cut])
    write(tmp_path / "b.txt", "One.")
    result = read_articles(tmp_path)
    assert "b" in [article.id for article in result.articles]
    assert len(result.articles) + len(result.errors) == 2
    assert capfd.readouterr() == ("", "")


def test_a_page_drawn_without_end_is_left_out() -> None:
    document = read_pdf(pdf_file(SENTENCE, "x" * 2000), "a.pdf", PdfLimits(page_chars=1000))
    assert document.text == SENTENCE
    assert any("page 2 left out" in note for note in document.notes)


def test_a_pdf_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(ArticleError, match="not read within 0 s"):
        read_pdf(pdf_file(SENTENCE, SENTENCE), "a.pdf", PdfLimits(seconds=0))


def test_a_pdf_of_too_many_words_is_refused() -> None:
    with pytest.raises(ArticleError, match="over 50 characters"):
        read_pdf(pdf_file(SENTENCE), "a.pdf", PdfLimits(text_chars=50))


def test_every_way_to_show_a_source_names_its_page() -> None:
    passage = Evidence(label=1, article_id="a", span=Span(0, 4), text="Yes.\f", score=1.0, title="T", page=3)
    cited = Citation(
        label=1,
        claim=Span(0, 4),
        article_id="a",
        span=Span(0, 4),
        quote="Yes.",
        located="exact",
        support="supported",
        verbatim=True,
    )
    answer = Answer(
        question="Is it?",
        standalone_question="Is it?",
        text="Yes. [1]",
        citations=(cited,),
        evidence=(passage,),
    )
    assert "— T, p. 3" in str(answer)
    assert "— T, p. 3" in answer_text.sources(answer)
    assert "— T, p. 3" in copies.plain(answer, accessed=date(2026, 5, 1))
    *_, passages = chat_messages([Shown(id="", question="Is it?", answer=answer)])
    assert "T · p. 3" in passages["content"]
