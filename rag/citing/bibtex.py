"""Sources as BibTeX: for LaTeX, with BibTeX's own styles and with biblatex. Pure."""

import datetime
import re
from collections.abc import Sequence

from rag.citing.sources import Source

# A bare brace would count in BibTeX's search for the end of a value, also behind a backslash.
_COMMANDS = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "<": r"{\textless}",
    ">": r"{\textgreater}",
    "|": r"{\textbar}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_COMMANDS)) + "]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(sources: Sequence[Source], *, accessed: datetime.date) -> str:
    """An entry ``@misc`` for each source, in UTF-8; nothing where there is none.

    ``howpublished`` is the publisher, ``urldate`` the day of access. The quotes are in ``annote``, which a style prints
    only where it is made for annotations.
    """
    return "\n".join(_entry(source, accessed) for source in sources)


def _entry(source: Source, accessed: datetime.date) -> str:
    day = source.date
    fields = {
        # The inner braces keep a style from changing capitals.
        "title": f"{{{{{escaped(source.title)}}}}}",
        "howpublished": f"{{{escaped(source.publisher)}}}" if source.publisher else "",
        "year": f"{{{day.year:04}}}" if day else "",
        "month": _MONTHS[day.month - 1] if day else "",  # a name that BibTeX knows, in the style's language
        "day": f"{{{day.day}}}" if day else "",
        # Read as it is, without commands: in a safe address only braces could end the value.
        "url": f"{{{source.url.replace('{', '%7B').replace('}', '%7D')}}}" if source.url else "",
        "urldate": f"{{{accessed.isoformat()}}}",
        "annote": f"{{{escaped('; '.join(source.quotes))}}}",
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{{source.key},\n{lines}}}\n"


def escaped(text: str) -> str:
    """``text`` as LaTeX that prints it.

    >>> escaped("R&D: 5% {of} a_b")
    'R\\\\&D: 5\\\\% {\\\\textbraceleft}of{\\\\textbraceright} a\\\\_b'
    """
    return _SPECIAL.sub(lambda found: _COMMANDS[found[0]], text)
