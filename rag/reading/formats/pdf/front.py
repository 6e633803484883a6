"""The head of a paper: its title, and the lines between that and the abstract, which are no headings."""

import re
from collections.abc import Sequence

from rag.reading.formats.pdf.columns import Column
from rag.reading.formats.pdf.lines import Line

_PAGES = 2  # the first may be a cover
_ABSTRACT = re.compile(r"(?:abstract|summary|zusammenfassung|résumé|resumen)\b", re.I)
_NAMING = re.compile(r"(?<!\S)[^\W\d_]{2,}")  # a word, and no part of an address
_ALIKE = 0.05  # of the height: lines of a title differ by less
_LARGER = 1.12  # times the height of most lines
_TITLE_LINES, _TITLE_CHARS, _TITLE_WORDS = 4, 200, 2
_STEP = 1.8  # heights from one line of a title to the next


def front_lines(pages: Sequence[Sequence[Column]]) -> set[int]:
    """The identities of the lines above an abstract in smaller letters than the title: authors and their addresses."""
    found = set[int]()
    for page in pages[:_PAGES]:
        lines = [line for column in page for line in column]
        abstract = min((line.top for line in lines if _ABSTRACT.match(line.text)), default=0.0)
        above = [line for line in lines if line.top < abstract]
        largest = max((line.height for line in above), default=0.0)
        found.update(id(line) for line in above if line.height < (1 - _ALIKE) * largest)
    return found


def front_title(pages: Sequence[Sequence[Column]], body: float) -> str:
    """The lines in the largest letters on the first page with text; ``""`` where no few words stand out so.

    ``body`` is the height of the letters in which most of the document is set.
    """
    lines = [line for column in next(filter(None, pages), ()) for line in column]
    named = {id(line) for line in lines if len(_NAMING.findall(line.text)) >= _TITLE_WORDS}
    largest = max((line.height for line in lines if id(line) in named), default=0.0)
    if largest <= _LARGER * body:
        return ""
    title: list[Line] = []
    for line in lines:
        is_large = abs(line.height - largest) <= _ALIKE * largest
        follows = title and 0 < line.top - title[-1].top <= _STEP * largest
        if is_large and (follows or (not title and id(line) in named)):
            title.append(line)
        elif title:
            break
    text = " ".join(line.text for line in title)
    return text if len(title) <= _TITLE_LINES and len(text) <= _TITLE_CHARS else ""
