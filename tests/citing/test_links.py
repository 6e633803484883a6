"""Addresses: only ordinary ones become links, and a link to a sentence names that sentence."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citing.links import safe_url, text_fragment

PAGE = "https://example.org/a?b=1&c=2"


@pytest.mark.parametrize(
    "url", [PAGE, "http://[::1]:8080/x", "https://münchen.example/ä", "HTTPS://EXAMPLE.ORG/#x"]
)
def test_an_ordinary_address_stays_as_it_is(url: str) -> None:
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//example.org/x",
        "/x",
        "example.org",
        "https:example.org",
        "https:///x",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org@evil.example/",
        "https://example.org:port/",
        "https://example.org:0/",
        "https://[::1",
        "https://example.org/a b",
        "https://example.org/\x00",
        "https://example.org/\u202egpj",
        "https://example.org/\ud800",
        "https://example.org\\@evil.example",
        'https://example.org/"><script>',
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://example.org/" + "x" * 2000,
    ],
)
def test_any_other_address_becomes_none(url: str) -> None:
    assert safe_url(url) == ""


@given(st.text(alphabet="htps:/javcri.@#\\ \t\n\x00<>\"'`ab[]1", max_size=40))
def test_no_address_comes_through_that_a_browser_could_read_otherwise(url: str) -> None:
    found = safe_url(url)
    assert found in ("", url)
    if found:
        assert found.lower().startswith(("http://", "https://"))
        assert not set(found) & set(' \t\n\x00<>"`\\')


def test_a_short_quote_is_named_whole_with_its_dashes_commas_and_ampersands_coded() -> None:
    assert text_fragment(PAGE, "Air-gapped,  R&D\nrooms") == (
        f"{PAGE}#:~:text=Air%2Dgapped%2C%20R%26D%20rooms"
    )


def test_a_long_quote_is_named_by_its_first_and_last_words() -> None:
    words = [f"word{number}" for number in range(80)]
    assert text_fragment(PAGE, " ".join(words)) == (
        f"{PAGE}#:~:text=word0%20word1%20word2%20word3%20word4,word75%20word76%20word77%20word78%20word79"
    )


def test_a_fragment_of_the_page_stays_in_front_and_an_old_directive_goes() -> None:
    assert (
        text_fragment("https://example.org/a#part", "It rose")
        == "https://example.org/a#part:~:text=It%20rose"
    )
    assert (
        text_fragment("https://example.org/a#:~:text=old", "It rose")
        == "https://example.org/a#:~:text=It%20rose"
    )


def test_an_unsafe_address_has_no_fragment_and_an_empty_quote_needs_none() -> None:
    assert text_fragment("javascript:alert(1)", "It rose") == ""
    assert text_fragment(PAGE, " \n") == PAGE


@given(st.text(alphabet="ab -,&“é漢\n%#\ud800", max_size=900))
def test_the_two_ends_of_a_long_quote_stand_in_it_and_do_not_overlap(quote: str) -> None:
    whole = " ".join(quote.replace("\ud800", "?").split())
    found = text_fragment(PAGE, quote)
    if not whole:
        return
    parts = [unquote(part) for part in found.split(":~:text=")[1].split(",")]
    assert len(parts) == (1 if len(whole) <= 300 else 2)
    assert whole.startswith(parts[0])
    assert whole.endswith(parts[-1])
    assert sum(map(len, parts)) <= len(whole)


def test_several_quotes_are_named_in_order_as_long_as_the_address_stays_short() -> None:
    assert text_fragment(PAGE, "It rose", " ", "It fell") == f"{PAGE}#:~:text=It%20rose&text=It%20fell"
    many = text_fragment(PAGE, *(f"Sentence {number} of the page" for number in range(200)))
    assert many.startswith(f"{PAGE}#:~:text=Sentence%200%20of")
    assert 1900 < len(many) <= 2000
