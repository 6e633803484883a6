"""The evaluation page: whole, harmless, and with the same numbers as the JSON."""

import json
from dataclasses import replace
from html.parser import HTMLParser

from rag.evaluate import Report
from rag.measures import Row
from rag.questions import Kind, Question
from rag.reporting import record
from rag.schema import Answer, Citation, Evidence, Span
from ui.report import amount, good, page, percent

HOSTILE = "<script>alert(1)</script><img src=//evil.example onerror=x>\" onload='x' &amp; \x1b[2J\x00"
VOID = {"meta", "img", "br"}


def row(kind: Kind, *, gold: bool = False, abstained: bool = False, words: str = "In 1871.") -> Row:
    passage = Evidence(
        label=1,
        article_id=words,
        span=Span(0, 4),
        text=words,
        score=0.5,
        title=words,
        url=words,
        credit=words,
    )
    citation = Citation(
        label=1,
        claim=Span(0, 4),
        article_id=words,
        span=Span(0, 4),
        quote=words,
        located="exact",
        support="unsupported",
        reason=words,
    )
    return Row(
        question=Question(id=words, question=words, kind=kind, answers=(words,)),
        answer=Answer(
            question=words,
            standalone_question=f"{words} again",
            text=words,
            citations=() if abstained else (citation,),
            evidence=(passage,),
            abstained=abstained,
            model=words,
            timings={"total": 0.5},
        ),
        contains_gold=gold,
        passage_rank=1 if gold else None,
        exact_quotes=1,
    )


class Tags(HTMLParser):
    """All tags of a page with their attributes, its text, and whether every tag is closed in turn."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


REPORT = Report(
    model="quotes",
    rows=(
        row("answerable", gold=True),
        row("answerable"),
        row("adversarial", abstained=True),
        row("out_of_corpus"),
    ),
)


def test_every_value_is_escaped() -> None:
    kinds: tuple[Kind, ...] = ("answerable", "out_of_corpus")
    rows = tuple(
        row(kind, abstained=abstained, words=HOSTILE) for kind in kinds for abstained in (True, False)
    )
    tags = Tags(page(Report(model=HOSTILE, rows=rows)))
    assert not {"script", "img", "a", "iframe", "form", "link"} & set(tags.seen)
    assert {name for name, _ in tags.attributes} <= {
        "charset",
        "name",
        "content",
        "class",
        "http-equiv",
        "lang",
    }
    assert "<script>alert(1)</script>" in "".join(tags.words)  # shown as words
    assert "\x1b" not in "".join(tags.words)
    assert tags.open == []


def test_the_page_needs_nothing_and_may_fetch_nothing() -> None:
    shown = page(REPORT)
    assert (
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    ) in Tags(shown).attributes
    assert "src=" not in shown
    assert "href=" not in shown
    assert "url(" not in shown


def test_the_page_shows_every_question_and_which_went_wrong() -> None:
    tags = Tags(page(REPORT))
    words = "".join(tags.words)
    assert tags.seen.count("article") == 4
    assert [value for name, value in tags.attributes if name == "class" and value == "bad"] == ["bad", "bad"]
    assert words.count("✓ In 1871.") == 2
    assert words.count("✗ In 1871.") == 2
    assert "50.0%" in words
    assert "1/2" in words
    assert "Searched for: In 1871. again" in words
    assert "✗ unsupported: In 1871., in: In 1" in words


def test_what_is_good_depends_on_the_kind_of_question() -> None:
    assert [good(one) for one in REPORT.rows] == [True, False, True, False]


def test_a_share_of_nothing_is_a_dash_and_null() -> None:
    empty = Report(model="quotes", rows=())
    assert {percent(metric) for metric in empty.metrics} == {"–"}
    assert {amount(metric) for metric in empty.metrics} == {"–"}
    assert json.loads(json.dumps(record(empty), allow_nan=False))["metrics"][0]["value"] is None
    assert Tags(page(empty)).open == []


def test_a_value_is_shown_in_its_unit() -> None:
    shown = {metric.name: amount(metric) for metric in REPORT.metrics}
    assert shown["answer holds gold"] == "50.0%"
    assert shown["answer words"] == "2.0"
    assert shown["seconds, total, median"] == "0.50 s"
    assert shown["risk-coverage area, out of corpus"] == "0.667"


def test_a_question_without_gold_says_what_was_wanted() -> None:
    one = row("out_of_corpus", abstained=True)
    bare = replace(one, question=replace(one.question, answers=()))
    assert "Wanted: that it is declined" in page(Report(model="quotes", rows=(bare,)))
