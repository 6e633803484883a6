"""Whose pages may frame the chat: what is taken for an origin, and what headers and cookies make of it."""

import pytest

from rag.errors import SettingsError
from ui.web.framing import NOWHERE, read_framing

HUB = "https://huggingface.co"


def test_no_page_may_frame_the_chat_unless_told() -> None:
    framing = read_framing([])
    assert framing == NOWHERE
    assert framing.directive == "frame-ancestors 'none'"
    assert framing.frame_options == "DENY"


@pytest.mark.parametrize(
    ("origin", "source"),
    [
        (HUB, HUB),
        ("https://Intranet.Example.org/", "https://intranet.example.org"),
        ("https://*.hf.space", "https://*.hf.space"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://intranet", "http://intranet"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("self", "'self'"),
        ("'self'", "'self'"),
    ],
)
def test_origins_and_self_are_taken(origin: str, source: str) -> None:
    assert read_framing([origin]).directive == f"frame-ancestors {source}"


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "https:",
        "https://",
        "https://*",
        "https://*.com",
        "https://a.*.example",
        "huggingface.co",
        "'none'",
        "data:text/html,x",
        "javascript:alert(1)",
        "ftp://example.org",
        "https://example.org/page",
        "https://example.org?x",
        "https://ada@example.org",
        "https://example.org:0",
        "https://example.org:65536",
        "https://example.org:",
        "https://-example.org",
        "https://1.2.3.256",
        "https://[::1]",
        "https://münchen.example",
        "https://example.org; script-src *",
        "https://example.org https://evil.example",
        "https://example.org\n",
        "https://example.org\r\nx: y",
        "https://example.org,https://evil.example",
    ],
)
def test_what_is_no_origin_is_refused_in_one_line_that_names_it(origin: str) -> None:
    with pytest.raises(SettingsError, match="is no origin: give https://HOST") as refused:
        read_framing(["self", origin])
    assert repr(origin) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_each_origin_is_named_once() -> None:
    assert read_framing([HUB, "self", f"{HUB}/"]).sources == (HUB, "'self'")


def test_the_header_of_old_browsers_never_says_more_than_the_policy() -> None:
    assert read_framing(["self"]).frame_options == "SAMEORIGIN"
    assert read_framing(["self", HUB]).frame_options == ""


def test_a_cookie_reaches_a_frame_in_another_site_over_https_alone() -> None:
    framed = read_framing([HUB])
    assert framed.cookie_attributes(https=True) == "SameSite=None; Secure; Partitioned"
    assert framed.cookie_attributes(https=False) == "SameSite=Strict"
    for same_site in (read_framing([]), read_framing(["self"])):
        assert same_site.cookie_attributes(https=True) == "SameSite=Strict; Secure"
