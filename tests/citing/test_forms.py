"""The citations of an answer in the forms of other programs, each read back by a parser of that form."""

import json
import re
import warnings
from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from citeproc import Citation as Cluster
from citeproc import CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from rag.checking import Checked, CheckedStatement
from rag.citing.forms import FORMS
from rag.citing.one_line import one_line
from rag.errors import SettingsError
from rag.schema import Answer, Citation, Evidence, Span
from tests.support.quoted_passage import ANSWER, CITED, PASSAGE, QUOTE

TODAY = date(2026, 11, 24)
SECOND = "It stands 42 metres tall."
# A second quote of the same article, on a page.
TALL = replace(PASSAGE, label=2, span=Span(34, 59), text=SECOND, page=3)
CITES_TALL = replace(CITED, label=2, span=Span(34, 59), quote=SECOND)
# An article of which nothing is known but its words.
BARE = replace(PASSAGE, label=3, article_id="Notes/Pell.txt", title="", url="", publisher="", date=None)
CITES_BARE = replace(CITED, label=3, article_id=BARE.article_id)

# Characters that one of the forms gives a meaning to, or that end a line somewhere.
NASTY = st.lists(
    st.sampled_from(
        [*"\\{}$&%#_~^<>|@\"'`*[]()=,;-“”é漢 \t\n\r", "\u2028", "\x85", "\x1b", "\ud800", "ER  - ", "\\end"]
    ),
    max_size=12,
).map("".join)


def answer(*cited: tuple[Citation, Evidence]) -> Answer:
    return replace(
        ANSWER, citations=tuple(one for one, _ in cited), evidence=tuple(item for _, item in cited)
    )


TWO_QUOTES = answer((CITED, PASSAGE), (CITES_TALL, TALL), (CITED, PASSAGE))


# Commands of LaTeX's own that the decoder does not know, or prints as another character.
_KNOWN = {"textbraceleft": "{", "textbraceright": "}", "textless": "<", "textgreater": ">", "textbar": "|"}
_LATEX = get_default_latex_context_db()
_LATEX.add_context_category(
    "kernel",
    prepend=True,
    macros=[MacroTextSpec(name, shown) for name, shown in {**_KNOWN, "textasciicircum": "^"}.items()],
)


def bibtex_entries(text: str) -> list[dict[str, str]]:
    """The entries as BibTeX reads them, their LaTeX decoded to text; addresses stay as they are."""
    library = parse_string(text)
    assert library.failed_blocks == []
    assert len(library.blocks) == len(library.entries)  # nothing stands between them
    latex = LatexNodes2Text(latex_context=_LATEX, keep_comments=True)
    return [
        {"ID": entry.key}
        | {
            name: field.value if name == "url" else latex.latex_to_text(field.value)
            for name, field in entry.fields_dict.items()
        }
        for entry in library.entries
    ]


def test_bibtex_has_one_entry_for_an_article_with_both_its_quotes() -> None:
    (entry,) = bibtex_entries(TWO_QUOTES.cite("bibtex", accessed=TODAY))
    assert entry == {
        "ID": "orrin",
        "title": "Orrin",
        "howpublished": "Coast News",
        "year": "2026",
        "month": "may",
        "day": "1",
        "url": f"https://example.org/orrin#:~:text={QUOTE.replace(' ', '%20')}&text={SECOND.replace(' ', '%20')}",
        "urldate": "2026-11-24",
        "annote": f"“{QUOTE}”; “{SECOND}” (p. 3)",
    }


@given(title=NASTY, publisher=NASTY, quote=NASTY, article_id=NASTY)
def test_bibtex_gives_back_the_very_characters(
    title: str, publisher: str, quote: str, article_id: str
) -> None:
    passage = replace(PASSAGE, title=title, publisher=publisher, article_id=article_id, url="")
    text = answer((replace(CITED, quote=f"x{quote}"), passage)).cite("bibtex", accessed=TODAY)
    (entry,) = bibtex_entries(text)
    assert plain(entry["title"]) == plain(one_line(title) or one_line(article_id))
    assert plain(entry.get("howpublished", "")) == plain(one_line(publisher))
    assert plain(entry["annote"]) == plain(f"“{one_line(f'x{quote}')}”")
    assert re.fullmatch("[a-z0-9-]+", entry["ID"])


def plain(text: str) -> str:
    """``text`` without what LaTeX joins to other characters: quotation marks and dashes."""
    return re.sub(r"[`'\"“”‘’–—\s-]", "", text)


def test_braces_of_an_address_cannot_end_the_value() -> None:
    passage = replace(PASSAGE, url="https://example.org/}{")
    (entry,) = bibtex_entries(answer((CITED, passage)).cite("bibtex", accessed=TODAY))
    assert entry["url"].startswith("https://example.org/%7D%7B#:~:text=")


def test_ris_has_one_record_for_an_article_and_a_note_for_each_quote() -> None:
    text = TWO_QUOTES.cite("ris", accessed=TODAY)
    (record,) = rispy.loads(text)
    assert record["type_of_reference"] == "ELEC"
    assert (record["id"], record["title"], record["publisher"]) == ("orrin", "Orrin", "Coast News")
    assert (record["year"], record["date"], record["access_date"]) == ("2026", "2026/05/01", "2026/11/24")
    assert record["notes"] == [f"“{QUOTE}”", f"“{SECOND}” (p. 3)"]
    assert unquote(record["urls"][0]) == f"https://example.org/orrin#:~:text={QUOTE}&text={SECOND}"


@given(title=NASTY, publisher=NASTY, quote=NASTY, article_id=NASTY)
def test_a_ris_record_is_lines_of_a_tag_and_a_value_whatever_an_article_holds(
    title: str, publisher: str, quote: str, article_id: str
) -> None:
    passage = replace(PASSAGE, title=title, publisher=publisher, article_id=article_id)
    text = answer((replace(CITED, quote=f"x{quote}"), passage)).cite("ris", accessed=TODAY)
    lines = text.split("\r\n")
    assert lines.pop() == ""
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n\x85\u2028]*", line) for line in lines)
    assert [line[:2] for line in lines].count("TY") == [line[:2] for line in lines].count("ER") == 1
    assert (lines[0], lines[-1]) == ("TY  - ELEC", "ER  - ")
    text.encode()  # half characters have no UTF-8


def test_several_ris_records_are_read_as_several() -> None:
    text = answer((CITED, PASSAGE), (CITES_BARE, BARE)).cite("ris", accessed=TODAY)
    assert [record["type_of_reference"] for record in rispy.loads(text)] == ["ELEC", "GEN"]


def test_csl_json_is_set_by_a_citation_processor() -> None:
    items = json.loads(answer((CITED, PASSAGE), (CITES_BARE, BARE)).cite("csl", accessed=TODAY))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the processor says of the style that it comes with
        source = CiteProcJSON(items)
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Cluster([CitationItem(item["id"]) for item in items]))
        printed = "\n".join(map(str, bibliography.bibliography()))
    assert "Orrin. Coast News. Available at: https://example.org/orrin#:~:text=" in printed
    assert "(Accessed: November 24, 2026)" in printed
    assert "Notes/Pell.txt" in printed


def test_csl_json_has_the_fields_of_its_schema() -> None:
    first, second = json.loads(
        answer((CITED, PASSAGE), (CITES_TALL, TALL), (CITES_BARE, BARE)).cite("csl", accessed=TODAY)
    )
    assert first.pop("URL").startswith("https://example.org/orrin#:~:text=")
    assert first == {
        "id": "orrin",
        "type": "webpage",
        "title": "Orrin",
        "publisher": "Coast News",
        "issued": {"date-parts": [[2026, 5, 1]]},
        "accessed": {"date-parts": [[2026, 11, 24]]},
        "note": f"“{QUOTE}”; “{SECOND}” (p. 3)",
    }
    assert set(second) == {"id", "type", "title", "accessed", "note"}
    assert (second["type"], second["title"]) == ("document", "Notes/Pell.txt")


def test_markdown_is_a_list_of_linked_titles_with_their_quotes() -> None:
    text = answer((CITED, PASSAGE), (CITES_BARE, BARE)).cite("markdown", accessed=TODAY)
    first, second = text.split("\n- ")
    assert first == (
        f"- [Orrin](<https://example.org/orrin#:~:text={QUOTE.replace(' ', '%20')}>), Coast News, 2026-05-01, "
        f"accessed 2026-11-24\\\n  “{QUOTE}”"
    )
    assert second == f"Notes/Pell.txt, accessed 2026-11-24\\\n  “{QUOTE}”\n"


@given(title=NASTY, publisher=NASTY, quote=NASTY)
def test_no_text_of_an_article_makes_markup_in_markdown(title: str, publisher: str, quote: str) -> None:
    passage = replace(PASSAGE, title=title, publisher=publisher)
    text = answer((replace(CITED, quote=f"x{quote}"), passage)).cite("markdown", accessed=TODAY)
    tags = re.findall(r"<(\w+)", MarkdownIt("commonmark").render(text))
    assert tags == ["ul", "li", "a", "br"]


@pytest.mark.parametrize("form", FORMS)
def test_an_article_without_date_publisher_and_address_is_cited_by_what_is_known(form: str) -> None:
    text = FORMS[form]((), accessed=TODAY)
    assert text in ("", "[]\n")
    cited = answer((CITES_BARE, BARE)).cite(form, accessed=TODAY)  # type: ignore[arg-type]
    assert QUOTE in cited
    assert "Pell.txt" in cited
    assert "None" not in cited


def test_keys_are_the_same_in_every_answer_and_never_those_of_another_article() -> None:
    ids = ["orrin", "Orrin", "ORRIN", "orrin ", "a/b", "a-b", "a.b", "漢字", "東京", "", "x" * 200, "x" * 201]
    alone = [keys(answer((CITED, replace(PASSAGE, article_id=id)))) for id in ids]
    cited = [
        (replace(CITED, label=at), replace(PASSAGE, article_id=id, label=at)) for at, id in enumerate(ids, 1)
    ]
    together = keys(answer(*reversed(cited)))
    assert [key for (key,) in alone] == together[::-1]
    assert len(set(together)) == len(ids)
    assert together[-1] == "orrin"


def keys(cited: Answer) -> list[str]:
    return [item["id"] for item in json.loads(cited.cite("csl", accessed=TODAY))]


@pytest.mark.parametrize(
    "failed",
    [
        replace(CITED, support="unsupported"),
        replace(CITED, located="missing"),
        replace(CITED, located="stale"),
        replace(CITED, label=9, located="unknown_label"),
    ],
)
def test_a_citation_that_failed_is_not_handed_on(failed: Citation) -> None:
    assert answer((failed, PASSAGE)).cite("bibtex", accessed=TODAY) == ""
    both = answer((failed, PASSAGE), (CITES_TALL, TALL)).cite("csl", accessed=TODAY)
    assert [item["note"] for item in json.loads(both)] == [f"“{SECOND}” (p. 3)"]


def test_an_answer_that_declines_cites_nothing_though_passages_stand_below_it() -> None:
    declined = replace(ANSWER, outcome="nearest", citations=(), quotes=(1,))
    assert [declined.cite(form, accessed=TODAY) for form in ("bibtex", "csl", "markdown", "ris")] == [
        "",
        "[]\n",
        "",
        "",
    ]


def test_a_checked_text_cites_what_carries_its_statements() -> None:
    wrong = replace(CITES_BARE, support="unsupported")
    checked = Checked(
        text="x",
        statements=(
            CheckedStatement(
                span=Span(0, 1), text="x", verdict="supported", citations=(CITED,), evidence=(PASSAGE,)
            ),
            CheckedStatement(
                span=Span(0, 1), text="x", verdict="unsupported", citations=(wrong,), evidence=(BARE,)
            ),
        ),
    )
    assert checked.cite("ris", accessed=TODAY) == answer((CITED, PASSAGE)).cite("ris", accessed=TODAY)


def test_an_unknown_form_names_those_that_are_written() -> None:
    with pytest.raises(SettingsError, match=r"'endnote' are not written: give bibtex, csl, markdown, ris"):
        ANSWER.cite("endnote", accessed=TODAY)  # type: ignore[arg-type]


def test_the_day_of_access_is_today_where_none_is_given() -> None:
    days = (date.today(), date.today())  # as midnight may pass
    assert ANSWER.cite("bibtex") in {ANSWER.cite("bibtex", accessed=day) for day in days}
    assert date.today().isoformat() in ANSWER.cite("ris") + ANSWER.cite("bibtex")
