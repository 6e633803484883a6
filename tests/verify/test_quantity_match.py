import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.text.quantities import quantities
from rag.verify.quantity_match import missing, same

UNTIMED = settings(deadline=None)  # the machine may be busy


def carried(claim: str, evidence: str) -> bool:
    """Whether every quantity of ``claim`` follows from those of ``evidence``."""
    claimed = quantities(claim)
    assert claimed, claim
    return not any(missing(quantity, quantities(evidence)) for quantity in claimed)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("$6 billion", "6,000 million dollars"),
        ("USD 6bn", "$6 billion"),
        ("six billion dollars", "US$6bn"),
        ("€1.5m", "1,500,000 euros"),
        ("122 days", "a 122-day effort"),
        ("one hundred and twenty-two days", "122 days"),
        ("two years", "24 months"),
        ("18 to 24 months", "18–24 months"),
        ("between 18 and 24 months", "18-24 months"),
        ("at least 18 months", "18-24 months"),
        ("up to $40,000", "$30,000-$40,000"),
        ("about $30,000 to $40,000", "$30,000-$40,000"),
        ("from 5 to 6%", "rose from 5% to 6%"),
        ("5%", "between 2020 and 2021 it rose to 5 per cent"),
        ("half", "50%"),
        ("two-thirds of it", "two thirds of them"),
        ("a dozen eggs", "12 eggs"),
        ("3rd", "the third time"),
        ("5 May 2023", "May 5, 2023"),
        ("May 5th, 2023", "2023-05-05"),
        ("2023", "5 May 2023"),
        ("in May", "on 5 May 2023"),
        ("in the 1990s", "in 1994"),
        ("100,000", "over 100,000 GPUs"),
        ("about 120 days", "122 days"),
        ("tens of millions", "tens of millions of dollars"),
        ("billions", "$15 billion"),
        ("٣ days", "3 days"),
        ("-5 degrees", "−5 degrees"),
        ("100,000 GPUs", "a 100,000-GPU cluster"),
        ("from 2015 to 2018", "2015–2018"),
        ("at least 7", "7"),
        ("7", "about 7"),
    ],
)
def test_the_same_quantity_is_known_in_other_words(claim: str, evidence: str) -> None:
    assert carried(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("123 days", "122 days"),
        ("122 months", "122 days"),
        ("$6 million", "$6 billion"),
        ("€6 billion", "$6 billion"),
        ("1923", "1932"),
        ("18 months", "18-24 months"),
        ("$40,000", "roughly $30,000-$40,000"),
        ("5%", "5"),
        ("5", "5%"),
        ("5 percent", "5 percentage points"),
        ("over 100,000", "100,000"),
        ("under 100,000", "over 100,000"),
        ("$4 billion", "up to $4 billion"),
        ("more than 7", "about 7"),
        ("6 May 2023", "5 May 2023"),
        ("5 May 2023", "2023"),
        ("in June", "on 5 May 2023"),
        ("the 1980s", "the 1990s"),
        ("tens of billions", "tens of millions"),
        ("billions", "$900 million"),
        ("third", "second"),
        ("about 100", "122"),
        ("1,000", "10,000"),
        ("3.5", "35"),
        ("-5", "5"),
        ("two", "three"),
        ("half", "a third of it"),
        ("cut by a quarter", "cut by a third"),
    ],
)
def test_another_quantity_is_never_taken_for_it(claim: str, evidence: str) -> None:
    assert not carried(claim, evidence)


@UNTIMED
@given(st.integers(0, 10**12), st.sampled_from(["{:,}", "{}", "${:,}", "{} days", "{:,} people"]))
def test_a_number_follows_from_itself_and_not_from_the_next(value: int, form: str) -> None:
    claim, other = form.format(value), form.format(value + 1)
    assert carried(claim, claim)
    assert not carried(claim, other)


@UNTIMED
@given(st.integers(1, 10**6), st.sampled_from(["thousand", "million", "billion"]))
def test_a_scale_is_its_zeros(value: int, scale: str) -> None:
    zeros = {"thousand": 1000, "million": 10**6, "billion": 10**9}[scale]
    assert same(quantities(f"${value} {scale}")[0], quantities(f"{value * zeros:,} dollars")[0])
