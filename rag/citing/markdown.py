"""Sources as a list in Markdown, and any text as Markdown that shows it and nothing else. Pure."""

import datetime
import re
from collections.abc import Sequence

from rag.citing.one_line import one_line
from rag.citing.sources import Source

# What Markdown takes for markup anywhere in a line, or at both ends of a heading; $ is mathematics and @ a person
# to some of its readers.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~$@#]")


# What begins a list, a rule, a definition or the underline of a heading, at the head of a line alone.
_HEAD = re.compile(r"(?P<before>[0-9]*)(?P<sign>(?<=[0-9])[.)](?= |$)|^[-+=:])")


# Many readers make links of bare addresses; not where the colon or the first dot is escaped.
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)


def markdown(sources: Sequence[Source], *, accessed: datetime.date) -> str:
    """An item of a list for each source, with a line for each of its quotes; nothing where there is none."""
    return "".join(_item(source, accessed) for source in sources)


def _item(source: Source, accessed: datetime.date) -> str:
    title = in_markdown(source.title)
    named = (
        link(title, source.url) if source.url else title,
        in_markdown(source.publisher),
        source.date.isoformat() if source.date else "",
        f"accessed {accessed.isoformat()}",
    )
    lines = [", ".join(part for part in named if part), *map(in_markdown, source.quotes)]
    return "- " + "\\\n  ".join(lines) + "\n"


def link(shown: str, address: str) -> str:
    """A link: ``shown`` is Markdown, ``address`` a ``safe_url``, which has no > that could end it."""
    target = address.replace("&", "\\&")
    return f"[{shown}](<{target}>)"


def in_markdown(text: str) -> str:
    """``text`` on one line, as Markdown that shows it and nothing else.

    >>> in_markdown("1. see [this](https://example.org)")
    '1\\\\. see \\\\[this\\\\](https\\\\://example.org)'
    """
    line = _ANYWHERE.sub(r"\\\g<0>", one_line(text))
    line = _ADDRESS.sub(r"\\\g<0>", line)
    head = _HEAD.match(line)
    return f"{head['before']}\\{line[head.start('sign') :]}" if head else line
