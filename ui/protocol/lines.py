"""Standard input as lines that the protocol's parser reads: none may go unanswered."""

import json
import os
import re
import sys
from io import TextIOWrapper
from typing import Any

# Halves of characters as JavaScript writes them, numbers beyond all digits, and what is nested deeply: the parser
# refuses the whole line, and its sender would wait for ever.
_REFUSED = re.compile(r"\\u[dD][89a-fA-F]|[0-9]{1000}")
_NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{\]}]')
_DEEPEST = 100  # objects and lists within one another; the parser takes 200
_DIGITS = 999  # of a number: it stays beyond every limit


class Lines:
    """A text file of the lines at ``wire``, each mended where the parser would refuse it."""

    def __init__(self, wire: int) -> None:
        self._file = TextIOWrapper(os.fdopen(wire, "rb", closefd=False), encoding="utf-8", errors="replace")

    def readline(self) -> str:
        """The next line; empty at the end."""
        return mended(self._file.readline())


def standard_input() -> Lines:
    """What is on standard input from now on; the process's own, and that of its children, is empty afterwards."""
    fd = sys.stdin.fileno()
    wire, nothing = os.dup(fd), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, fd)
    os.close(nothing)
    return Lines(wire)


def mended(line: str) -> str:
    """A line of JSON with whole characters, numbers of some digits and some depth alone; no JSON stays as it is.

    >>> mended('{"q": "a\\\\ud800", "n": 7}')
    '{"q": "a?", "n": 7}'
    """
    if line.count("[") + line.count("{") > _DEEPEST:
        line = _shallow(line)
    if not _REFUSED.search(line):
        return line
    try:
        read = json.loads(line, parse_int=lambda digits: int(digits[:_DIGITS]))
    except (ValueError, RecursionError):
        return line
    return json.dumps(whole_characters(read)) + "\n" * line.endswith("\n")


def _shallow(line: str) -> str:
    """The same JSON with ``null`` for what is nested too deeply."""
    kept, depth, end = [], 0, 0
    for found in _NESTING.finditer(line):
        if found[0] in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept += [line[end : found.start()], "null"]
        elif found[0] in "]}":
            if depth == _DEEPEST + 1:
                end = found.end()
            depth -= 1
    return "".join((*kept, line[end:])) if depth == 0 else line


def whole_characters(given: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same JSON with a question mark for each half of a character, a lone surrogate: UTF-8 has none."""
    if isinstance(given, str):
        return given.encode("utf-8", "replace").decode()
    if isinstance(given, dict):
        return {whole_characters(key): whole_characters(value) for key, value in given.items()}
    return [whole_characters(item) for item in given] if isinstance(given, list) else given
