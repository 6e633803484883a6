"""Addresses that may be put on a page, and addresses of a sentence on somebody else's page. Pure."""

import re
from urllib.parse import quote as percent
from urllib.parse import urlsplit

_LONGEST = 2000  # characters of an address; browsers and servers refuse much longer ones
_WHOLE = 300  # characters of a quote that is named whole; of a longer one, its first and last words
_ENDS = 5  # words that name the beginning, and the end, of a long quote
_MOST_ENDS = 100  # characters of each, where words are long or not spaced
_UNFIT = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\\<>\"`]"
)


def safe_url(url: str) -> str:
    """``url`` where it is an ordinary http or https address with a host and no credentials; else nothing.

    >>> safe_url("https://example.org/a"), safe_url("javascript:alert(1)"), safe_url("//example.org")
    ('https://example.org/a', '', '')
    """
    if not url or len(url) > _LONGEST or _UNFIT.search(url):
        return ""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        return url if plain and parts.port != 0 else ""
    except ValueError:  # a port that is no number, a broken IPv6 address
        return ""


def text_fragment(url: str, *quotes: str) -> str:
    """The address that opens ``url`` at the words of ``quotes``; nothing where ``url`` is not a ``safe_url``.

    By the URL Fragment Text Directives draft of the WICG (https://wicg.github.io/scroll-to-text-fragment/):
    ``#:~:text=start[,end]``, joined by ``&``. A fragment that ``url`` has stays in front. A browser marks all of the
    words that it finds and shows the first; where it finds none it opens the page at its top. Quotes that would make
    the address too long are left out, but for the first.
    """
    address = safe_url(url)
    named = [f"text={','.join(_named(words))}" for words in map(str.split, quotes) if words]
    if not address or not named:
        return address
    page, _, fragment = address.partition("#")
    first, *others = named
    whole = f"{page}#{fragment.partition(':~:')[0]}:~:{first}"
    for directive in others:
        if len(whole) + 1 + len(directive) <= _LONGEST:
            whole += f"&{directive}"
    return whole


def _named(words: list[str]) -> list[str]:
    """The directive's start and end; only a start where the quote is short, or too few words to make two ends."""
    whole = " ".join(words)
    if len(whole) <= _WHOLE:
        return [_coded(whole)]
    if len(words) < 2 * _ENDS:
        # The two ends must not share a character: half of the words at most go to each.
        half = len(words) // 2
        start, end = words[:half], words[len(words) - half :]
    else:
        start, end = words[:_ENDS], words[-_ENDS:]
    return [
        _coded((" ".join(start) or whole)[:_MOST_ENDS]),
        _coded((" ".join(end) or whole)[-_MOST_ENDS:]),
    ]


def _coded(text: str) -> str:
    """``text`` percent-encoded; a dash, a comma and an ampersand too, since they separate a directive's parts."""
    return percent(" ".join(text.split()), safe="", errors="replace").replace("-", "%2D")
