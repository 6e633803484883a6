"""What an answer or a checked text cites, printed for another program."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.citing.forms import Form
from ui.terminal.screen import say

if TYPE_CHECKING:
    from rag.checking import Checked
    from rag.schema import Answer


def write_citations(cited: "Answer | Checked", form: Form) -> None:
    """Print the citations, with today in UTC as the day of access; a line on standard error where there are none."""
    entries = cited.cite(form, accessed=datetime.now(UTC).date())
    sys.stdout.write(entries)
    if not entries.strip("[]\n"):
        say("nothing is cited: no statement rests on words of the articles")
