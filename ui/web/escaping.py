"""Text made inert for Markdown and HTML: whatever it holds, a reader sees these very characters. Pure."""

import html
import re

from ui.render import one_line, safe

# What Markdown takes for markup anywhere in a line, or at both ends of a heading; $ is mathematics and @ a person
# to some of its readers.
_ANYWHERE = re.compile(r"[\\`*_\[\]<>&|~$@#]")
# What begins a list, a rule, a definition or the underline of a heading, at the head of a line alone.
_HEAD = re.compile(r"(?P<before>[0-9]*)(?P<sign>(?<=[0-9])[.)](?= |$)|^[-+=:])")
# Many readers make links of bare addresses; not where the colon or the first dot is escaped.
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)


def in_markdown(text: str) -> str:
    """``text`` on one line, as Markdown that shows it and nothing else.

    >>> in_markdown("1. see [this](https://example.org)")
    '1\\\\. see \\\\[this\\\\](https\\\\://example.org)'
    """
    line = _ANYWHERE.sub(r"\\\g<0>", one_line(text))
    line = _ADDRESS.sub(r"\\\g<0>", line)
    head = _HEAD.match(line)
    return f"{head['before']}\\{line[head.start('sign') :]}" if head else line


def in_html(text: str) -> str:
    """``text`` as HTML, for between tags and for an attribute in double quotes."""
    return html.escape(safe(text), quote=True)
