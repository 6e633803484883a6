"""The forms in which citations are handed to other programs, by name. Pure."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from rag.citing.bibtex import bibtex
from rag.citing.csl import csl
from rag.citing.markdown import markdown
from rag.citing.ris import ris
from rag.citing.sources import Source
from rag.errors import SettingsError

Form = Literal["bibtex", "csl", "markdown", "ris"]


class _Writer(Protocol):
    def __call__(self, sources: Sequence[Source], *, accessed: datetime.date) -> str: ...


FORMS: Mapping[str, _Writer] = {"bibtex": bibtex, "csl": csl, "markdown": markdown, "ris": ris}


def written(form: str, sources: Sequence[Source], *, accessed: datetime.date | None = None) -> str:
    """The sources in a form, with the day on which they were looked at: today where none is given.

    Raises ``SettingsError`` for no form.
    """
    if form not in FORMS:
        raise SettingsError(f"citations in the form {form!r:.80} are not written: give {', '.join(FORMS)}")
    return FORMS[form](sources, accessed=accessed or datetime.date.today())
