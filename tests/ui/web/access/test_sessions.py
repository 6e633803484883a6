"""Signing in and out, and how often it may fail."""

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.manual_clock import DAY_S, ManualClock
from ui.web.access.rate_limits import Limits
from ui.web.access.sessions import Sessions
from ui.web.access.users import Users
from ui.web.refusal import Refusal


@pytest.fixture
def users(tmp_path: Path) -> Users:
    users = Users(tmp_path / "users")
    users.add("ada", "correct horse")
    return users


@pytest.fixture
def sessions(users: Users, clock: ManualClock) -> Sessions:
    return Sessions(users, limits=Limits(), now=clock)


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_token_is_the_user_until_signed_out(sessions: Sessions) -> None:
    token = sessions.sign_in("ada", "correct horse", address="127.0.0.1")
    assert sessions.name(token) == "ada"
    sessions.sign_out(token)
    assert sessions.name(token) == ""


def test_no_other_token_is_anybody(sessions: Sessions) -> None:
    token = sessions.sign_in("ada", "correct horse", address="127.0.0.1")
    for other in ("", "x", token[:-1], token.swapcase()):
        assert sessions.name(other) == ""


def test_two_tokens_of_a_user_end_apart(sessions: Sessions) -> None:
    one, two = (sessions.sign_in("ada", "correct horse", address="127.0.0.1") for _ in range(2))
    sessions.sign_out(one)
    assert (sessions.name(one), sessions.name(two)) == ("", "ada")


def test_a_month_without_a_request_signs_one_out_and_each_request_begins_it_anew(
    sessions: Sessions, clock: ManualClock
) -> None:
    token = sessions.sign_in("ada", "correct horse", address="127.0.0.1")
    for _ in range(3):
        clock.seconds += 29 * DAY_S
        assert sessions.name(token) == "ada"
    clock.seconds += 31 * DAY_S
    assert sessions.name(token) == ""


def test_a_user_who_was_removed_is_signed_in_no_more(sessions: Sessions, users: Users) -> None:
    token = sessions.sign_in("ada", "correct horse", address="127.0.0.1")
    header = basic("ada", "correct horse")
    assert sessions.basic(header, address="127.0.0.1") == "ada"
    users.remove("ada")
    assert sessions.name(token) == ""
    with pytest.raises(Refusal):
        sessions.basic(header, address="127.0.0.1")


def test_a_wrong_name_and_a_wrong_password_are_told_the_same(sessions: Sessions) -> None:
    errors = []
    for name, password in (("ada", "wrong password"), ("nobody", "correct horse")):
        with pytest.raises(Refusal) as refused:
            sessions.sign_in(name, password, address="127.0.0.1")
        errors.append((str(refused.value), refused.value.status))
    assert errors == [("The name or the password is wrong.", 400)] * 2


def test_after_five_failures_a_name_waits_at_its_address_even_with_the_right_password(
    sessions: Sessions,
) -> None:
    for _ in range(5):
        with pytest.raises(Refusal, match="wrong"):
            sessions.sign_in("ada", "wrong password", address="192.0.2.7")
    with pytest.raises(Refusal, match=r"5 sign-ins have failed within 60 seconds.*wait \d+ s") as refused:
        sessions.sign_in("ada", "correct horse", address="192.0.2.7")
    assert refused.value.status == 429
    assert sessions.sign_in("ada", "correct horse", address="192.0.2.8")


def test_behind_a_proxy_a_strangers_failures_lock_nobody_else_out(sessions: Sessions) -> None:
    for at in range(6):
        with pytest.raises(Refusal, match="wrong"):
            sessions.sign_in(f"guess{at}", "wrong password", address="192.0.2.7")
    assert sessions.sign_in("ada", "correct horse", address="192.0.2.7")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "address", "most"), [("ada", "192.0.2.{}", 30), ("guess{}", "192.0.2.7", 60)]
)
def test_a_name_at_many_addresses_waits_and_so_does_an_address_with_many_names(
    sessions: Sessions, name: str, address: str, most: int
) -> None:
    for at in range(most):
        with pytest.raises(Refusal, match="wrong"):
            sessions.sign_in(name.format(at), "wrong password", address=address.format(at))
    with pytest.raises(Refusal, match="sign-ins have failed"):
        sessions.sign_in(name.format("x"), "correct horse", address=address.format("x"))


def test_passwords_tried_at_once_are_counted_before_they_are_compared(sessions: Sessions) -> None:
    def attempt(_: int) -> str:
        try:
            return sessions.sign_in("ada", "wrong password", address="192.0.2.7")
        except Refusal as refusal:
            return str(refusal)

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(attempt, range(20)))
    assert sum("wrong" in one for one in said) == 5


def test_a_new_password_ends_the_sessions_of_the_old_one(sessions: Sessions, users: Users) -> None:
    token = sessions.sign_in("ada", "correct horse", address="127.0.0.1")
    header = basic("ada", "correct horse")
    assert sessions.basic(header, address="127.0.0.1") == "ada"
    users.add("ada", "battery staple")
    assert sessions.name(token) == ""
    with pytest.raises(Refusal, match="wrong"):
        sessions.basic(header, address="127.0.0.1")


def test_a_program_signs_in_with_each_request(sessions: Sessions, clock: ManualClock) -> None:
    header = basic("ada", "correct horse")
    assert sessions.basic(header, address="127.0.0.1") == "ada"
    assert sessions.basic(header, address="127.0.0.1") == "ada"
    clock.seconds += 61
    assert sessions.basic(header, address="127.0.0.1") == "ada"
    with pytest.raises(Refusal, match="wrong"):
        sessions.basic(basic("ada", "correct hors"), address="127.0.0.1")


@pytest.mark.parametrize("header", ["Basic", "Basic !!!", "Basic /w==", "Basic Zm9v"])
def test_a_header_that_cannot_be_read_lets_nobody_in(sessions: Sessions, header: str) -> None:
    with pytest.raises(Refusal):
        sessions.basic(header, address="127.0.0.1")


def test_sessions_go_by_no_clock_that_can_be_set(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions = Sessions(users, limits=Limits())
    token = sessions.sign_in("ada", "correct horse", address="192.0.2.1")
    for jump in (-400 * DAY_S, 400 * DAY_S):
        monkeypatch.setattr(time, "time", lambda jump=jump: 1_800_000_000.0 + jump)
        assert sessions.name(token) == "ada"
