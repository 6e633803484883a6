import datetime

import pytest

from rag.evidence.particulars import particulars
from rag.question.lookup.particulars import Particular
from rag.schema import Article

HANDBOOK = Article(
    id="h",
    title="Handbook of Kite Logistics",
    text="""# Handbook of Kite Logistics

This handbook is for all employees. It was last revised in March 2023 by the people team.

## Travel
Meals are covered by a per diem (PD) of 28 euros. The depot was approved in 1999 by the town.

## Sick leave
Call Mara Osei before nine. This handbook does not cover contractors.
""",
)
NEWS = Article(
    id="n",
    title="Museum reopens",
    text="Museum reopens\n\nDirector Ruth Calloway opened the doors. The architect Daniel Hsu led the repairs.\n",
    publisher="Torvik Courier",
    date=datetime.date(2022, 6, 18),
)
OLDER = Article(
    id="o", title="Museum closes", text="Museum closes\n\nIt rained.\n", date=datetime.date(2020, 1, 2)
)


def found(kind: Particular, *articles: Article) -> tuple[str, list[str]]:
    known = particulars(kind, articles, limit=7)
    return (known.lead, [item.text for item in known.sentences]) if known else ("", [])


def test_the_date_of_an_article_is_said_before_its_title() -> None:
    assert found("date", NEWS) == ("Dated 18 June 2022:", ["Museum reopens"])


def test_a_sentence_that_dates_the_article_is_quoted_and_one_that_dates_something_else_is_not() -> None:
    assert found("date", HANDBOOK) == ("", ["It was last revised in March 2023 by the people team."])


def test_a_line_at_the_head_or_the_foot_dates_an_article() -> None:
    body = "The bridge stands. " * 20
    for line in ("Published 4 May 2021", "Last updated: 12 June 2020", "Version 3, March 2019"):
        assert found("date", Article(id="d", title="D", text=f"D\n\n{line}\n\n{body}\n"))[1] == [line]
        assert found("date", Article(id="d", title="D", text=f"D\n\n{body}\n\n{line}\n"))[1] == [line]


def test_of_several_articles_the_newest_comes_first() -> None:
    lead, titles = found("date", OLDER, NEWS)
    assert lead == "Dated 2 January 2020 to 18 June 2022, the newest first:"
    assert titles == ["Museum reopens", "Museum closes"]


def test_what_no_article_has_is_not_known() -> None:
    undated = Article(id="u", title="U", text="The bridge was built in 1999. It stands.")
    for kind in (
        "date",
        "publisher",
        "audience",
        "purpose",
        "abbreviations",
        "definitions",
        "exclusions",
        "people",
    ):
        assert found(kind, undated) == ("", [])
    for kind in ("date", "length", "contents", "title", "kind", "people"):
        assert particulars(kind, [], limit=7) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "lead", "quoted"),
    [
        ("length", "About 58 words:", ["Handbook of Kite Logistics"]),
        ("contents", "2 sections:", ["Travel", "Sick leave"]),
        ("title", "", ["Handbook of Kite Logistics"]),
        ("audience", "", ["This handbook is for all employees."]),
        ("abbreviations", "", ["Meals are covered by a per diem (PD) of 28 euros."]),
        ("exclusions", "", ["This handbook does not cover contractors."]),
        ("kind", "", ["Handbook of Kite Logistics", "This handbook is for all employees."]),
    ],
)
def test_what_is_known_of_a_document(kind: Particular, lead: str, quoted: list[str]) -> None:
    assert found(kind, HANDBOOK) == (lead, quoted)


def test_the_publisher_and_the_people_of_an_article() -> None:
    assert found("publisher", NEWS) == ("Published by Torvik Courier:", ["Museum reopens"])
    assert len(found("people", NEWS)[1]) == 2


def test_pages_are_counted_and_signs_where_there_are_no_spaces() -> None:
    assert (
        found("length", Article(id="p", title="P", text="One page.\fTwo pages."))[0]
        == "About 4 words, 2 pages:"
    )
    assert found("length", Article(id="z", title="桥", text="青石桥建于1623年。"))[0] == "11 characters:"


def test_a_heading_for_it_comes_before_sentences_that_only_sound_so() -> None:
    scope = Article(
        id="s",
        title="S",
        text="# S\n\nThis guide is for all.\n\n## Scope\nSites in the north.\n\n## End\nDone.\n",
    )
    assert found("audience", scope) == ("", ["Sites in the north."])


def test_the_parties_of_a_contract_are_named_at_its_head() -> None:
    lease = Article(
        id="l",
        title="Lease",
        text="LEASE\n\nbetween Marta Olsen (the Landlord) and Finn Dahl (the Tenant)\n\nThe rent is 950 euros.\n",
    )
    assert found("parties", lease)[1] == ["between Marta Olsen (the Landlord) and Finn Dahl (the Tenant)"]
    assert found("parties", NEWS) == ("", [])
