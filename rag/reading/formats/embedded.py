"""Pictures and other files that are written into a text as letters: left out, as nobody reads them."""

import re

_LEAST = 200  # characters: a shorter one may be an example of what is written about
_FEWEST_LETTERS = 20  # of the 64
_KINDS = (re.compile("[0-9]"), re.compile("[a-z]"), re.compile("[A-Z]"))
_DATA_URL = re.compile(rf"data:[\w.+-]+/[\w.+-]+(?:;[\w=.+-]+)*;base64,[A-Za-z0-9+/=_%-]{{{_LEAST},}}")
_LINES = re.compile(r"(?:^[A-Za-z0-9+/]{60,80}\r?\n){8,}[A-Za-z0-9+/]{0,80}={0,2}$", re.M)
_RUN = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{2000,}={0,2}")


def without_embedded(text: str, *, stand_in: str = "") -> tuple[str, str]:
    """The text without files in Base64, and a note that counts them; the note is empty where there are none.

    ``stand_in`` is put in the place of each address that holds one.
    """
    count = 0
    for pattern in (_DATA_URL, _LINES, _RUN):
        text, found = pattern.subn(lambda match: _left(match, stand_in), text)
        count += found
    kept = text.count(_MARK)
    text = text.replace(_MARK, "")
    return text, f"{count - kept} embedded file(s) left out" if count - kept else ""


_MARK = "\ufdd0"  # no character: stands for nothing in any text


def _left(match: "re.Match[str]", stand_in: str) -> str:
    """Nothing, or ``stand_in`` for an address; the match itself, if it is no Base64.

    That has digits and letters of both cases, and no repetition.
    """
    run = match[0]
    body = run.rpartition(",")[2]
    varied = len(set(body)) >= _FEWEST_LETTERS and all(kind.search(body) for kind in _KINDS)
    if run.startswith("data:"):
        return stand_in
    return "" if varied else run + _MARK
