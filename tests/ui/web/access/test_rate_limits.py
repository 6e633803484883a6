"""How many questions and articles are allowed in a period."""

import time
from contextlib import suppress

import pytest

from rag.errors import SettingsError
from tests.support.manual_clock import DAY_S, ManualClock
from ui.web.access.rate_limits import Limits, Rate, Window
from ui.web.refusal import Refusal


def test_a_visitor_who_asks_too_often_is_told_how_long_to_wait_and_others_are_not() -> None:
    limits = Limits(per_visitor="2/minute", per_address="4/minute")
    limits.ask("anna", "192.0.2.1")
    limits.ask("anna", "192.0.2.1")
    with pytest.raises(
        Refusal, match=r"You have asked 2 questions within 60 seconds.*: wait \d+ s"
    ) as refused:
        limits.ask("anna", "192.0.2.1")
    assert refused.value.status == 429
    limits.ask("bert", "192.0.2.1")


def test_many_visitors_at_one_address_meet_its_limit() -> None:
    limits = Limits(per_visitor="2/minute", per_address="3/minute")
    for at in range(3):
        limits.ask(f"visitor {at}", "192.0.2.1")
    with pytest.raises(Refusal, match="This address has asked 3 questions"):
        limits.ask("visitor 4", "192.0.2.1")
    limits.ask("visitor 4", "192.0.2.2")


def test_a_visitor_who_goes_on_asking_over_the_limit_leaves_the_others_at_the_address_theirs() -> None:
    limits = Limits(per_visitor="2/minute", per_address="4/minute")
    for _ in range(20):
        with suppress(Refusal):
            limits.ask("greedy", "192.0.2.1")
    limits.ask("bert", "192.0.2.1")
    limits.ask("bert", "192.0.2.1")
    with pytest.raises(Refusal, match="This address has asked 4 questions"):
        limits.ask("carl", "192.0.2.1")


def test_a_visitor_who_goes_on_calling_over_the_limit_leaves_the_others_at_the_address_theirs() -> None:
    limits = Limits()
    for _ in range(3000):
        with suppress(Refusal):
            limits.call("greedy", "192.0.2.1")
    limits.call("bert", "192.0.2.1")


def test_adding_articles_has_a_limit_of_its_own() -> None:
    limits = Limits(uploads="1/hour")
    limits.upload("anna", "here")
    with pytest.raises(Refusal, match="You have added 1 articles within 3600 seconds"):
        limits.upload("anna", "there")
    with pytest.raises(Refusal, match="This address has added 1 articles"):
        limits.upload("bert", "here")
    limits.ask("anna", "192.0.2.1")


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20/minute", Rate(20, 60)),
        ("5/10 seconds", Rate(5, 10)),
        ("1 per hour", Rate(1, 3600)),
        (" 3 / 2 DAYS ", Rate(3, 2 * 24 * 3600)),
        ("100/month", Rate(100, 30 * 24 * 3600)),
        ("1/year", Rate(1, 360 * 24 * 3600)),
    ],
)
def test_a_rate_is_a_number_of_events_in_a_period(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize(
    "rate",
    [
        "",
        "often",
        "0/minute",
        "-1/minute",
        "20/fortnight",
        "5/0 seconds",
        "1/minute;9/hour",
        "9" * 5000 + "/minute",
    ],
)
def test_a_rate_that_cannot_be_read_is_named(rate: str) -> None:
    with pytest.raises(SettingsError, match="the rate"):
        Limits(per_visitor=rate)


def test_limits_go_by_no_clock_that_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(per_visitor="1/minute")
    limits.ask("anna", "192.0.2.1")
    for jump in (-400 * DAY_S, 400 * DAY_S):
        monkeypatch.setattr(time, "time", lambda jump=jump: 1_800_000_000.0 + jump)
        with pytest.raises(Refusal, match=r"wait (60|59|58) s"):
            limits.ask("anna", "192.0.2.1")


def test_what_was_counted_is_over_in_time_and_not_before(clock: ManualClock) -> None:
    limits = Limits(per_visitor="2/minute", now=clock)
    limits.ask("anna", "here")
    clock.seconds += 40
    limits.ask("anna", "here")
    with pytest.raises(Refusal, match="wait 20 s"):
        limits.ask("anna", "here")
    clock.seconds += 20
    limits.ask("anna", "here")
    with pytest.raises(Refusal, match="wait 40 s"):
        limits.ask("anna", "here")


def test_a_key_whose_events_are_over_is_forgotten(clock: ManualClock) -> None:
    window, rate = Window(clock), Rate.parse("2/minute")
    window.hit(rate, ("visitor", "anna"))
    clock.seconds += 3600
    window.hit(rate, ("visitor", "bert"))
    assert len(window) == 1
