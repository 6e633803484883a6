from rag.evidence.sections import beginning, numbered_section, section_asked_for, sections
from rag.question.lookup.sections import asked_section
from rag.schema import Article

PAPER = Article(
    id="p",
    title="Counting eels",
    text="""# Counting eels

## Method
We placed two microphones above the river bed.

### Training
Two biologists labelled the sound by hand.

## Limitations
The rivers were all slow.

## Annex
### Data
The data are public.
""",
)
CONTRACT = Article(
    id="c",
    title="Agreement",
    text="""AGREEMENT

1. Definitions
1.1 "Company" means Nordhavn Boats Limited.

2. Transfers
2.1 Right of first refusal. A shareholder shall first offer the shares to the others. They have 30 days.
2.2 Drag along right. Holders of 75 percent may require the others to sell.
""",
)


def asked(question: str, *articles: Article, limit: int = 7) -> list[str]:
    section = asked_section(question)
    assert section is not None
    return [item.text for item in section_asked_for(section, articles, limit=limit)]


def test_a_section_is_given_with_those_below_it_and_ends_at_the_next() -> None:
    assert asked("What does the method say?", PAPER) == [
        "We placed two microphones above the river bed.",
        "Two biologists labelled the sound by hand.",
    ]
    assert asked("What are the limitations?", PAPER) == ["The rivers were all slow."]


def test_a_heading_with_nothing_but_headings_under_it_gives_what_stands_there() -> None:
    assert asked("What is in the annex?", PAPER) == ["The data are public."]


def test_several_articles_share_the_limit() -> None:
    assert len(asked("What does the method say?", PAPER, PAPER, limit=3)) == 3
    assert asked("What does the method say?", PAPER, CONTRACT) == asked("What does the method say?", PAPER)


def test_no_section_is_called_so() -> None:
    assert asked("What does the funding section say?", PAPER, CONTRACT) == []


def test_a_clause_that_begins_its_paragraph_with_a_title_is_asked_for_by_it() -> None:
    assert asked("Tell me about the drag along right", CONTRACT)[-1].startswith("Holders of 75 percent")


def test_a_section_is_asked_for_by_its_number() -> None:
    found = [item.text for item in numbered_section("What does clause 2.1 say?", [CONTRACT], limit=7)]
    assert found[-1] == "They have 30 days."
    assert not any("Drag along" in text for text in found)
    whole = [item.text for item in numbered_section("What does section 2 say?", [CONTRACT], limit=7)]
    assert whole[0] == "Transfers"
    assert any("Drag along" in text for text in whole)
    assert numbered_section("What does section 9 say?", [CONTRACT], limit=7) == ()


def test_sections_are_told_by_place_and_the_title_is_none() -> None:
    assert [one.title for one in sections(PAPER)] == ["Method", "Training", "Limitations", "Annex", "Data"]
    assert asked("What is the last section about?", PAPER) == ["The data are public."]


def test_a_text_without_headings_has_no_sections() -> None:
    assert sections(Article(id="t", title="T", text="It rained. Nobody came.")) == ()


def test_an_article_begins_with_its_first_whole_sentence() -> None:
    news = Article(
        id="n", title="News", text="News\n\nBy Lena Aasen\n\nThe museum opened again on Friday at noon.\n"
    )
    assert [item.text for item in beginning([news], limit=3)] == [
        "The museum opened again on Friday at noon."
    ]
