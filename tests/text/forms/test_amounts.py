import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.text.forms.amounts import amounts, mentions_amount, other_weekdays


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("What happened in 1995?", ["1995"]),
        ("What was decided on 4 May 2020?", ["4 May 2020"]),
        ("Why was it bought for 50 million crowns?", ["50 million"]),
        ("Which city grew by 3%?", ["3%"]),
        ("What changed in the 1990s?", ["1990s"]),
        ("What are the top 5 risks?", []),
        ("How did Windows 10 change?", []),
        ("Who earns more than 4000 crowns?", []),
        ("Who is the 44th president?", ["44th"]),
    ],
)
def test_the_numbers_and_dates_that_narrow_a_question_are_found(question: str, texts: list[str]) -> None:
    assert [amount.text for amount in amounts(question)] == texts


@pytest.mark.parametrize(
    ("question", "passage", "near", "there"),
    [
        ("What happened in 1995?", "In 1991 a fire broke out.", "It was mended in 1995.", False),
        ("What happened in 1995?", "A fire broke out.", "Chronicle of 1995", True),
        ("When is invoice 4711 due?", "The total is 431 crowns.", "Invoice 4711", True),
        ("When is invoice 4711 due?", "The total is 431 crowns.", "Invoice 4712", False),
        ("What were the sales in January?", "Sales were 400 units.", "Report for January", True),
        ("What were the sales in January?", "Sales were 400 units.", "Report for May", False),
        ("What happened in 1995?", "On 3 May 1995 a fire broke out.", "", True),
        ("What happened in 1995?", "It burnt throughout the 1990s.", "", True),
        ("What happened on 4 May 2020?", "It was decided on 4 May 2021.", "", False),
        ("What happened on 4 May 2020?", "It was decided on 4 May.", "", True),
        ("Why did it cost 50 million crowns?", "It cost 30 million crowns.", "", False),
        ("Why did it cost 50 million crowns?", "It cost 40 to 60 million crowns.", "", True),
        ("Why did it cost 50 million crowns?", "It cost too much.", "", False),
        ("Who gets 15%?", "The keeper gets 15 percent.", "", True),
    ],
)
def test_another_number_or_date_in_the_passage_is_not_the_one_asked_about(
    question: str, passage: str, near: str, there: bool
) -> None:
    (amount,) = amounts(question)
    assert mentions_amount(amount, passage, near=near) == there


@given(st.integers(min_value=1000, max_value=2100))
def test_a_year_is_mentioned_by_the_text_that_asks_for_it(year: int) -> None:
    (amount,) = amounts(f"What happened in {year}?")
    assert mentions_amount(amount, f"Much happened in {year}.")


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("When does it end on Saturday?", "It ends at 11:00 am Sunday.", ["Saturday"]),
        ("Do I work on Fridays in summer?", "In summer we work four days a week.", []),
        ("When does it open on Mondays?", "It opens at 8 on Monday and Tuesday.", []),
    ],
)
def test_another_weekday_is_not_the_one_asked_about(question: str, text: str, missing: list[str]) -> None:
    assert [day.text for day in other_weekdays(question, [text])] == missing


def test_an_anniversary_is_not_another() -> None:
    (amount,) = amounts("How many shares do I get on my 15th anniversary?")
    assert not mentions_amount(amount, "When you celebrate your 10th anniversary, you get 20 shares.")
    assert mentions_amount(amount, "On your 15th anniversary you get 30.")
