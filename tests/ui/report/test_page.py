"""The evaluation page: whole, harmless, and with the same numbers as the JSON."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rag.evaluation.questions import Kind, Question
from rag.evaluation.report_file import report_to_json
from rag.evaluation.results import QuestionResult
from rag.evaluation.run import Report
from rag.evaluation.verifier.agreement import EditKindVerdicts, Share
from rag.schema import Answer, Citation, Evidence, Span, Withheld
from ui.report.page import amount, good, page, percent
from ui.report.question import reason

HOSTILE = "<script>alert(1)</script><img src=//evil.example onerror=x>\" onload='x' &amp; \x1b[2J\x00"
VOID = {"meta", "img", "br"}
PICTURE = {"svg", "g", "path", "text"}
OF_PAGES = {"charset", "name", "content", "class", "http-equiv", "lang", "id", "href", "scope", "colspan"}
OF_PICTURES = {
    "xmlns",
    "viewbox",
    "role",
    "aria-label",
    "stroke-linejoin",
    "style",
    "d",
    "x",
    "y",
    "transform",
}


def row(
    kind: Kind, *, gold: bool = False, abstained: bool = False, words: str = "In 1871."
) -> QuestionResult:
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
    return QuestionResult(
        question=Question(id=words, question=words, kind=kind, answers=(words,)),
        answer=Answer(
            question=words,
            standalone_question=f"{words} again",
            text=words,
            citations=() if abstained else (citation,),
            evidence=(passage,),
            outcome="not_in_articles" if abstained else "answered",
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
    assert not {"script", "img", "iframe", "form", "link", "object", "base", "foreignobject"} & set(tags.seen)
    assert set(tags.seen) & PICTURE
    assert {name for name, _ in tags.attributes} <= OF_PAGES | OF_PICTURES
    assert not any("alert" in (value or "") for name, value in tags.attributes if name != "aria-label")
    assert "<script>alert(1)</script>" in "".join(tags.words)  # shown as words
    assert "\x1b" not in "".join(tags.words)
    assert tags.open == []


def test_only_what_was_checked_is_counted_and_what_was_withheld_is_told_as_text() -> None:
    one = row("answerable", gold=True)
    (failed,) = one.answer.citations
    carried = replace(failed, claim=Span(5, 8), support="supported")
    cut = replace(failed, claim=Span(8, 9), support="quoted", reason="")
    withheld = Withheld(text=HOSTILE, citations=(replace(failed, claim=Span(0, len(HOSTILE))),))
    answer = replace(one.answer, citations=(failed, carried, cut), withheld=withheld, note=HOSTILE)
    tags = Tags(page(Report(model="m", rows=(replace(one, answer=answer),))))
    words = "".join(tags.words)
    assert "1 of 2 statements verified, 1 quote" in words
    assert "Not shown: “" in words
    assert "<script>alert(1)</script>" in words
    assert not {"script", "img"} & set(tags.seen)


def test_the_page_needs_nothing_and_may_fetch_nothing() -> None:
    shown = page(REPORT)
    assert (
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    ) in Tags(shown).attributes
    assert "src=" not in shown
    assert "url(" not in shown
    assert "@import" not in shown


def test_every_link_leads_to_a_place_in_the_page_and_no_place_is_there_twice() -> None:
    attributes = Tags(page(REPORT)).attributes
    places = [value for name, value in attributes if name == "id"]
    targets = [value or "" for name, value in attributes if name == "href"]
    assert targets
    assert {target.removeprefix("#") for target in targets} <= set(places)
    assert all(target.startswith("#") for target in targets)
    assert len(set(places)) == len(places)


def test_the_page_shows_every_question_and_which_went_wrong() -> None:
    tags = Tags(page(REPORT))
    words = "".join(tags.words)
    assert tags.seen.count("article") == 4
    assert tags.seen.count("svg") == 5  # retrieval was not looked at
    assert "Nothing to draw: no question has ranks of what was retrieved." in words
    assert [value for name, value in tags.attributes if name == "class" and value == "bad"] == ["bad", "bad"]
    assert words.count("✓ In 1871.") == 2
    assert words.count("✗ In 1871.") == 2
    assert "50.0%" in words
    assert "1/2" in words
    assert "Searched forIn 1871. again" in words
    assert "✗ unsupported: In 1871., in: In 1" in words


def test_misses_come_first_and_the_table_leads_to_them() -> None:
    shown = page(REPORT)
    words = "".join(Tags(shown).words)
    assert "2 of 4 as wanted; misses: 2" in words
    assert words.index("Misses: 2") < words.index("✗ In 1871.") < words.index("As wanted: 2")
    assert words.rindex("✗ In 1871.") < words.index("As wanted: 2") < words.index("✓ In 1871.")
    row_of_table = re.search(r"<tr><td>answer holds gold</td>.*?</tr>", shown)
    assert row_of_table
    place = re.search(r'<a href="#(m\d+)">misses: 1</a>', row_of_table[0])
    assert place
    listing = re.search(rf'<section id="{place[1]}">.*?</section>', shown)
    assert listing
    assert re.findall('href="#([^"]+)"', listing[0]) == ["q2"]
    assert '<article id="q2" class="bad">' in shown


def test_measures_stand_in_their_groups() -> None:
    shown = page(REPORT)
    assert shown.count("<tbody>") == len({metric.measure.group for metric in REPORT.metrics})
    assert re.search(r"Abstaining</th></tr><tr><td>answerable declined", shown)


def test_a_miss_shows_all_that_bears_on_it() -> None:
    first, second = (
        Evidence(label=label, article_id="a", span=Span(0, 4), text=text, score=score, title="Orrin")
        for label, text, score in ((1, "It is tall.", 0.5), (2, "It was built in 1871.", 0.25))
    )
    one = row("answerable")
    answer = replace(
        one.answer, text="It is tall.", evidence=(first, second), confidence=0.625, unmentioned=("Keller",)
    )
    question = replace(one.question, id="q-7", question="When was it built?", answers=("1871", "in 1871"))
    miss = replace(
        one,
        question=question,
        answer=answer,
        passage_rank=2,
        chunk_ranks=(3, 9),
        relevant_chunks=4,
        string_rank=5,
        article_rank=6,
    )
    words = "".join(Tags(page(Report(model="quotes", rows=(miss,)))).words)
    for said in (
        "q-7, answerable",
        "Wanted1871 | in 1871",
        "OutcomeAnswered without a gold string, though passage 2 holds one.",
        "NotedThe cited words do not mention “Keller”.",
        "Ranksrelevant chunks at 3, 9, of 4; string 5; article 6; passage 2",
        "Confidence0.625",
        "Secondstotal 0.500",
        "[1] score 0.500, cited“It is tall.”Orrin",
        "[2] score 0.250, holds gold“It was built in 1871.”Orrin",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("kind", "gold", "abstained", "passage", "string", "said"),
    [
        ("answerable", True, False, 1, 1, "Answered with a gold string."),
        ("answerable", False, False, 2, 1, "without a gold string, though passage 2 holds one."),
        ("answerable", False, False, None, 4, "no passage holds one, though chunk 4 found does."),
        ("answerable", False, False, None, None, "none of the passages holds one."),
        ("answerable", False, True, 3, 1, "Declined, though the articles answer and passage 3 holds"),
        ("answerable", False, True, None, None, "Declined, though the articles answer."),
        ("adversarial", False, False, None, None, "Answered, though the articles do not say."),
        ("out_of_corpus", False, True, None, None, "Declined, as wanted."),
    ],
)
def test_the_reason_names_the_step_at_which_a_question_was_lost(
    kind: Kind, *, gold: bool, abstained: bool, passage: int | None, string: int | None, said: str
) -> None:
    one = replace(row(kind, gold=gold, abstained=abstained), passage_rank=passage, string_rank=string)
    assert said in reason(one)


def test_what_is_good_depends_on_the_kind_of_question() -> None:
    assert [good(one) for one in REPORT.rows] == [True, False, True, False]


def test_a_share_of_nothing_is_a_dash_and_null() -> None:
    empty = Report(model="quotes", rows=())
    assert {percent(metric) for metric in empty.metrics} == {"–"}
    assert {amount(metric) for metric in empty.metrics} == {"–"}
    assert json.loads(json.dumps(report_to_json(empty), allow_nan=False))["metrics"][0]["value"] is None
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
    assert "<dt>Wanted</dt><dd>that it is declined</dd>" in page(Report(model="quotes", rows=(bare,)))


def test_the_verifier_is_shown_kind_by_kind() -> None:
    judged = (
        EditKindVerdicts("number changed", supported=False, wrong=Share(1, 40)),
        EditKindVerdicts("words as they are", supported=True, wrong=Share(0, 10)),
    )
    words = "".join(Tags(page(replace(REPORT, verifier=judged))).words)
    assert "false claims passed2.5%1/40" in words
    assert "true claims refused0.0%0/10" in words
    assert "as labelled (kappa 0.94)98.0%49/50" in words
    assert "number changed2.5%1/40false claims, passed" in words
    assert "Verifier" not in "".join(Tags(page(REPORT)).words)
