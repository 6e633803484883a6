"""The day that a field gives, in the forms that people write."""

from datetime import date

import pytest

from rag.reading.dates import read_day


@pytest.mark.parametrize(
    "written",
    [
        "2023-12-27",
        "2023/12/27",
        "2023.12.27",
        "20231227",
        "2023-12-27T23:59:59Z",
        "2023-12-27 23:59:59.10 -05:00",
        "  2023-12-27 ",
        "27.12.2023",
        "27. 12. 2023",
        "27/12/2023",
        "12/27/2023",
        "12/27/2023 10:30 AM",
        "27-12-2023",
        "27 December 2023",
        "27th of December 2023",
        "27. December 2023",
        "27-Dec-2023",
        "Dec 27 2023",
        "Dec. 27, 2023",
        "December 27th, 2023",
        "Wed, 27 Dec 2023 10:00:00 GMT",
        "Wednesday, December 27, 2023",
        "2023-Dec-27",
        "2023 December 27",
        "2023. 12. 27.",
        "2023年12月27日",
        "27-Dec-23",
        "Wednesday, 27-Dec-23 10:00:00 GMT",
        "Wed, 27 Dec 23 10:00 GMT",
        "20231227T100000Z",
        "2023-12-27 10:00:00 Europe/Oslo",
        "Wed Dec 27 10:00:00 2023",
        "Wed Dec 27 10:00:00 UTC 2023",
    ],
)
def test_a_day_is_read_in_the_forms_that_people_write(written: str) -> None:
    assert read_day(written) == date(2023, 12, 27)


def test_a_day_with_full_stops_has_the_day_first_and_a_double_one_needs_no_order() -> None:
    assert read_day("1.5.2024") == date(2024, 5, 1)
    assert read_day("05/05/2024") == date(2024, 5, 5)


@pytest.mark.parametrize(
    "written",
    [
        "01/05/2024",
        "2023-02-30",
        "yesterday",
        "2023-12/07",
        "2023-12-07 or so",
        "0000-01-01",
        "2024",
        "31/12/24",
    ],
)
def test_what_is_no_day_or_may_be_two_is_none(written: str) -> None:
    assert read_day(written) is None
