"""The proxy that signs visitors in: which header says who it is, and whose connections are believed."""

import ipaddress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import SettingsError
from ui.web.options import Serving
from ui.web.proxy import Proxy, read_proxy


def proxy(*peers: str) -> Proxy:
    found = read_proxy("X-Forwarded-User", peers)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("peers", "peer"),
    [
        (("127.0.0.1",), "127.0.0.1"),
        (("127.0.0.1",), "::ffff:127.0.0.1"),  # as a server that listens on :: sees it
        (("10.1.2.0/24",), "10.1.2.255"),
        (("10.1.2.0/24",), "::ffff:a01:203"),
        (("::1", "192.0.2.7"), "192.0.2.7"),
        (("::1",), "0:0:0:0:0:0:0:1"),
        (("2001:db8::/32",), "2001:DB8::5"),
    ],
)
def test_the_proxy_is_believed_however_its_address_is_written(peers: tuple[str, ...], peer: str) -> None:
    assert proxy(*peers).believes(peer)


@pytest.mark.parametrize(
    ("peers", "peer"),
    [
        (("127.0.0.1",), "127.0.0.2"),
        (("127.0.0.1",), "::1"),
        (("127.0.0.1",), ""),
        (("127.0.0.1",), "localhost"),
        (("127.0.0.1",), "127.0.0.1, 127.0.0.1"),
        (("127.0.0.1",), "127.1"),
        (("127.0.0.1",), "0127.0.0.1"),
        (("10.1.2.0/24",), "10.1.3.0"),
        (("10.1.2.0/24",), "64:ff9b::a01:203"),
        (("fe80::1",), "fe80::1%eth1"),
    ],
)
def test_nobody_else_is_believed(peers: tuple[str, ...], peer: str) -> None:
    assert not proxy(*peers).believes(peer)


@given(st.ip_addresses(v=4), st.integers(1, 32), st.ip_addresses(v=4))
def test_a_network_holds_its_own_addresses_alone_also_in_ipv6(
    base: ipaddress.IPv4Address, prefix: int, peer: ipaddress.IPv4Address
) -> None:
    network = ipaddress.ip_network((base, prefix), strict=False)
    believed = proxy(str(network)).believes
    same = int(peer) >> (32 - prefix) == int(base) >> (32 - prefix)
    assert believed(str(peer)) == believed(f"::ffff:{peer}") == same


@pytest.mark.parametrize(
    ("header", "peers", "said"),
    [
        ("X-Forwarded-User", [], "would believe everybody: add --auth-from"),
        (None, ["127.0.0.1"], "add --auth-header NAME"),
        (
            "X_Forwarded_User",
            ["127.0.0.1"],
            "cannot be used: give 1 to 64 letters, digits or dashes",
        ),
        ("", ["127.0.0.1"], "--auth-header '' cannot be used"),
        ("X-User:", ["127.0.0.1"], "cannot be used"),
        ("X-Üser", ["127.0.0.1"], "cannot be used"),
        ("X-User\n", ["127.0.0.1"], "cannot be used"),
        ("x" * 65, ["127.0.0.1"], "cannot be used"),
        ("Cookie", ["127.0.0.1"], "does not say who signed in"),
        ("x-forwarded-for", ["127.0.0.1"], "does not say who signed in"),
        ("Remote-User", ["proxy.example"], "--auth-from 'proxy.example' is no address or network"),
        ("Remote-User", ["10.0.0.5/24"], "has host bits set"),
        ("Remote-User", ["10.0.0.0/33"], "is no address or network"),
        ("Remote-User", [""], "--auth-from '' is no address"),
        ("Remote-User", ["0.0.0.0/0"], "would believe everybody"),
        ("Remote-User", ["127.0.0.1", "::/0"], "--auth-from '::/0' would believe everybody"),
        ("Remote-User", ["::ffff:10.0.0.1"], "give it as an IPv4 address"),
    ],
)
def test_what_cannot_be_safe_is_refused_with_the_fix(header: str | None, peers: list[str], said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_proxy(header, peers)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_without_either_option_there_is_no_proxy() -> None:
    assert read_proxy(None, []) is None


def test_there_is_one_way_to_sign_in(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="--auth and --auth-header are two ways"):
        Serving(users=tmp_path / "users", proxy=proxy("127.0.0.1"))


def test_behind_a_proxy_a_visitor_is_not_this_machines_user() -> None:
    """So nobody has addresses fetched that the server's machine alone may reach."""
    assert Serving().fetching
    assert not Serving(proxy=proxy("127.0.0.1")).fetching
