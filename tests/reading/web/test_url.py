"""Which addresses are fetched and which machines are asked, against every spelling that hides one."""

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading.web.url import (
    URL_CHARS,
    PageURL,
    canonical_url,
    is_address,
    is_public,
    parse,
    redirect_target,
)


def refusal(text: str) -> str:
    with pytest.raises(ArticleError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- which machines ----------------------------------------------------------------------------------------

PRIVATE = (
    "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.8.8.8 169.254.169.254 "
    "172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255 198.51.100.7 "
    "203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255"
).split()
PUBLIC = (
    "1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 223.255.255.255".split()
)
PRIVATE_6 = (
    ":: ::1 ::2 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 "
    "64:ff9b:1::a00:1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1 "
    "2002:7f00:1::1 2002:808:808::1 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%1 fec0::1 ff02::1 "
    "2a00:1450::5efe:10.0.0.1 2a00:1450::200:5efe:10.0.0.1 4000::1 2600::1%3"
).split()
PUBLIC_6 = "2606:4700:4700::1111 2a00:1450:4001:81b::200e 2001:4860:4860::8888 2400:cb00::1".split()


@pytest.mark.parametrize("text", [*PRIVATE, *PRIVATE_6])
def test_what_is_not_on_the_open_internet_is_never_asked(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", [*PUBLIC, *PUBLIC_6])
def test_the_open_internet_is_asked(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses())
def test_what_is_public_here_is_global_to_python_too(ip: IPv4Address | IPv6Address) -> None:
    if is_public(ip):
        assert ip.is_global
        assert not any((ip.is_private, ip.is_loopback, ip.is_link_local, ip.is_multicast, ip.is_unspecified))


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_reached_in_the_form_of_an_ipv6_one(ip: IPv4Address) -> None:
    number = int(ip)
    forms = (
        number,  # compatible
        0xFFFF << 32 | number,  # mapped
        0xFFFF << 48 | number,  # translated
        0x64FF9B << 96 | number,  # NAT64
        0x64FF9B0001 << 80 | number,  # NAT64 of a network of its own
        0x2002 << 112 | number << 80 | 1,  # 6to4
        0x20010000 << 96 | number ^ 0xFFFFFFFF,  # Teredo, the client's
        0x20010000 << 96 | number << 64,  # Teredo, the server's
        0x2A001450 << 96 | 0x5EFE << 32 | number,  # ISATAP
    )
    for form in forms:
        assert not is_public(IPv6Address(form)), IPv6Address(form)


# --- which addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7F.1",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.0x1",
        "127.0.0.01",
        "1.2.3.4.5",
        "256.1.1.1",
        "10.0.0.1.0x",
        "example.0",
        "１２７.0.0.0x1",
        "①②⑦.1",
        "0x",
    ],
)
def test_an_ipv4_address_in_another_spelling_is_refused(host: str) -> None:
    assert "another spelling of an IPv4 address" in refusal(f"http://{host}/")


@pytest.mark.parametrize(
    ("spelt", "host"),
    [
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://127.0.0.1./", "127.0.0.1"),
        ("http://１２７.0.0.1/", "127.0.0.1"),
        ("http://127。0。0。1/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://[0:0:0:0:0:ffff:7f00:1]/", "::ffff:127.0.0.1"),
        ("http://LOCALHOST./", "localhost"),
        ("http://ⓛocalhost/", "localhost"),
    ],
)
def test_a_host_comes_out_in_the_one_spelling_that_is_checked(spelt: str, host: str) -> None:
    assert (
        ipaddress.ip_address(parse(spelt).host) == ipaddress.ip_address(host)
        if host[0] in ":1"
        else (parse(spelt).host == host)
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file:///etc/passwd", "'file' is not fetched"),
        ("ftp://example.org/a", "'ftp' is not fetched"),
        ("data:text/html,hi", "'data' is not fetched"),
        ("javascript:alert(1)", "'javascript' is not fetched"),
        ("gopher://example.org/", "'gopher' is not fetched"),
        ("//example.org/", "no address"),
        ("http://ada:secret@example.org/", "user name"),
        ("http://@example.org/", "user name"),
        ("http://example.org\\@127.0.0.1/", "user name"),
        ("http://127.0.0.1\\.example.org/", "no host name"),
        ("http://example.org:8080/", "port 8080"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:0/", "port 0"),
        ("http://example.org:x/", "no address"),
        ("http://example.org:99999/", "no address"),
        ("http:///a", "no host name"),
        ("http:example.org", "no host name"),
        ("http://", "no host name"),
        ("http://.example.org/", "no host name"),
        ("http://a..b/", "no host name"),
        ("http://exa mple.org/", "no host name"),
        ("http://example.org%2f@x/", "user name"),
        ("http://%31%32%37.0.0.1/", "no host name"),
        ("http://example.org%00.evil/", "no host name"),
        (f"http://{'a' * 64}.org/", "no host name"),
        (f"http://{'abc.' * 70}org/", "no host name"),
        ("http://[::1", "no address"),
        ("http://[fe80::1%25eth0]/", "no IPv6 address"),
        ("http://[v1.a]/", "no "),
        ("http://[127.0.0.1]/", "no "),
        ("http://exa\tmple.org/", "control character"),
        ("http://example.org/\r\nHost: evil", "control character"),
        ("http://example.org/\0", "control character"),
        ("http://example.org/\ud800", "control character"),
        ("http://example\u2100.org/", "no address"),
        ("http://☃\u200d.org/", "no host name"),
        (f"http://example.org/{'a' * URL_CHARS}", "over 4,000 characters"),
        ("", "no address"),
    ],
)
def test_an_address_that_is_not_plain_is_refused_with_the_reason(text: str, why: str) -> None:
    assert why in refusal(text)


def test_a_password_in_an_address_is_not_repeated() -> None:
    assert "secret" not in refusal("https://ada:secret@example.org/")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("https://Example.ORG", "https://example.org/"),
        (" HTTPS://example.org:443/a#part ", "https://example.org/a"),
        ("http://example.org?q=1", "http://example.org/?q=1"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("https://bücher.example/straße?q=ä b", "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4%20b"),
        ("https://example.org/a%20b%2Fc\\d", "https://example.org/a%20b%2Fc%5Cd"),
        ("https://a_b.example/", "https://a_b.example/"),
        ("http://[2606:4700::1111]/", "http://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_put_together_anew_from_its_parts(text: str, plain: str) -> None:
    assert str(parse(text)) == plain


@given(st.text())
def test_any_text_is_a_plain_address_or_one_error(text: str) -> None:
    try:
        result = parse(text)
    except ArticleError:
        return
    assert str(result).isascii()
    assert parse(str(result)) == result


HOSTILE = st.text(st.sampled_from("0123456789abcdefx.:[]%@\\/?#１。ⓛ"), min_size=1, max_size=20)


@given(HOSTILE)
def test_a_host_that_is_taken_is_one_name_or_one_address_to_the_system_too(host: str) -> None:
    try:
        result = parse(f"http://{host}/").host
    except ArticleError:
        return
    try:
        system = socket.inet_aton(result)  # takes all the spellings that the system's resolver does
    except OSError:
        return
    assert ipaddress.ip_address(result).packed == system


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://example.org/", True),
        ("FTP://example.org/", True),
        ("javascript:alert(1)", True),
        ("data:text/html,x", True),
        ("C:\\articles\\a.txt", False),
        ("C:/articles", False),
        ("articles/a.txt", False),
        ("notes:1.txt", False),
        ("example.org/a", False),
        ("//server/share", False),
    ],
)
def test_addresses_are_told_from_paths(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


# --- where a redirect leads, and what a page says of itself ------------------------------------------------

HERE = parse("https://news.example/2024/lamp?page=2")


@pytest.mark.parametrize(
    ("location", "to"),
    [
        ("/oil", "https://news.example/oil"),
        ("oil", "https://news.example/2024/oil"),
        ("?page=3", "https://news.example/2024/lamp?page=3"),
        ("//other.example/a", "https://other.example/a"),
        ("http://other.example", "http://other.example/"),
        ("/Öl", "https://news.example/%C3%96l"),
    ],
)
def test_a_redirect_is_followed_from_where_it_was_met(location: str, to: str) -> None:
    assert str(redirect_target(HERE, location)) == to


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "javascript:1",
        "http://a:b@c/",
        "http://x:25/",
        "ht\ntp://x",
        "http://[",
        "http://0x7f.1/",
    ],
)
def test_a_redirect_to_what_is_not_fetched_is_refused(location: str) -> None:
    with pytest.raises(ArticleError, match=r"redirects to"):
        redirect_target(HERE, location)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("", HERE),
        ("https://news.example/lamp", parse("https://news.example/lamp")),
        ("https://www.news.example/lamp", parse("https://www.news.example/lamp")),
        ("http://news.example/lamp", parse("https://news.example/lamp")),
        ("https://news.example/lamp?utm_source=x&id=4&fbclid=1", parse("https://news.example/lamp?id=4")),
        ("https://news.example/lamp?utm_source=x", parse("https://news.example/lamp")),
        ("https://other.example/lamp", HERE),
        ("https://evil-news.example/lamp", HERE),
        ("https://news.example/", HERE),
        ("javascript:alert(1)", HERE),
    ],
)
def test_a_page_may_give_its_own_address_within_its_site(stated: str, expected: PageURL) -> None:
    assert canonical_url(stated, HERE) == expected


def test_a_page_without_an_address_of_its_own_has_the_one_it_was_fetched_from_without_what_tracks() -> None:
    assert str(canonical_url("", parse("http://a.example/?utm_id=1&b=2"))) == "http://a.example/?b=2"
