"""Tables of contents: headings with the numbers of their pages, which say nothing that the headings do not."""

import re
from collections.abc import Sequence

from rag.reading.formats.pdf.columns import Column
from rag.reading.formats.pdf.lines import Line

_PAGE = re.compile(r"(?<![^\W_]|[,$€£%/-])(?:[0-9]{1,4}|[ivxlc]{1,7})$")
_LEADER = " .·…_‥"  # what stands between a title and its page
_LEADER_CHARS = 4  # so many and no page: an entry whose page could not be read

_HEADING = re.compile(
    r"(?:table of )?contents|list of (?:figures|tables)|inhalt(?:sverzeichnis)?"
    r"|sommaire|table des matières|índice|indice",
    re.I,
)

_FEWEST = 3  # entries
_ENTRY_CHARS = 120
_UNCOUNTED = 200  # a part of a larger work may count its pages from there


def contents_lines(pages: Sequence[Sequence[Column]]) -> tuple[set[int], frozenset[str]]:
    """The identities of the lines of the tables of contents, and the titles in them, as ``plain`` writes them.

    These are their heading, and entries whose pages go up.

    With a heading, or with titles that come again as lines in the text, it is such a table and not a list of prices.
    """
    lines = [line for page in pages for column in page for line in column]
    texts = {plain(line.text) for line in lines}
    found, named = set[int](), set[str]()
    index = 0
    while index < len(lines):
        end = _end_of_entries(lines, index, len(pages))
        entries = lines[index:end]
        titles = [entry[0] for line in entries if (entry := _entry(line.text))[0]]
        if len(titles) >= _FEWEST:
            headed = index > 0 and _HEADING.fullmatch(lines[index - 1].text.strip(" :"))
            again = sum(plain(title) in texts for title in titles)
            if headed or again * 2 >= len(titles):
                found.update(map(id, lines[index - bool(headed) : end]))
                named.update(map(plain, titles))
            index = end
        else:
            index += 1
    return found, frozenset(named)


def _entry(text: str) -> tuple[str, int, bool]:
    """The title in an entry, its page (0 for a Roman number), and whether a leader of dots is in the line.

    The title is empty where the line is no entry.
    """
    match = _PAGE.search(text)
    head = text[: match.start()] if match else text
    title = head.rstrip(_LEADER)
    leader = head[len(title) :].replace(" ", "")
    has_leader = len(leader) >= _LEADER_CHARS
    if match is None or len(head) == len(title) or not any(c.isalpha() for c in title):
        return "", 0, has_leader
    return title, int(match[0]) if match[0].isdigit() else 0, has_leader


def _end_of_entries(lines: Sequence[Line], start: int, pages: int) -> int:
    """The index behind the entries that begin at ``start``; one line between two may be the first part of an entry."""
    last, end, waiting = 0, start, 0
    for index in range(start, len(lines)):
        text = lines[index].text
        title, page, has_leader = _entry(text)
        if title and (page == 0 or last <= page <= pages + _UNCOUNTED):
            last, end, waiting = max(last, page), index + 1, 0
        elif has_leader and not title:
            end, waiting = index + 1, 0
        else:
            waiting += 1
            if end == start or waiting > 1 or len(text) > _ENTRY_CHARS:
                break
    return end


def plain(text: str) -> str:
    """The letters and digits of a text alone, as two copies of a title may differ in all else."""
    return "".join(re.findall(r"[^\W_]", text)).lower()
