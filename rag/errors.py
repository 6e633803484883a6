"""The exceptions that Pincite raises for what a user can cause or mend.

    PinciteError
    ├── SettingsError        an option is unknown, of the wrong type or out of range
    ├── QuestionError        a question or a history that cannot be asked
    ├── ArticleError         a file or record that cannot be read as an article
    │   ├── IdTaken          another article that was read in the same run has its id
    │   └── SiteAway         a web server that does not answer, or asks for fewer requests
    ├── IndexFault           the index cannot do what was asked
    │   ├── IndexStale       made with another embedder or chunk size; says how to rebuild
    │   ├── IndexBusy        another process is writing
    │   ├── IndexAway        a server that an index lies on cannot be reached for now
    │   └── IndexBroken      the database itself cannot be read
    ├── ModelError           a language or embedding model cannot be loaded, reached or used
    ├── CheckError           a text that cannot be checked against the articles
    ├── ReceiptError         a receipt that cannot be written, or read back
    └── ReportError          an evaluation that cannot be written, or read back

    KeyboardInterrupt
    └── Stopped              Ctrl-C during work that can be resumed; says how much is done

A message is one line: what was wrong (the value with ``!r``), the limit, and the fix. Exceptions of
other libraries are translated once, in the file that owns the library, with ``raise ... from``.
"""

import errno


class PinciteError(Exception):
    """The base class of every error that a user can cause or mend."""


class SettingsError(PinciteError):
    """An option is unknown, of the wrong type or out of range."""


class QuestionError(PinciteError):
    """The question or its history cannot be asked."""


class ArticleError(PinciteError):
    """A file or record cannot be read as an article.

    ``source`` is the path (with ``:line`` for a record of a JSONL file); ``reason`` says why.
    """

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source!r}: {reason}")
        self.source = source
        self.reason = reason


class IdTaken(ArticleError):
    """An article is left out, as another article that was read in the same run has its id."""


class SiteAway(ArticleError):
    """A web server does not answer, or asks for fewer requests (429, 503): its other pages would fare alike."""


class IndexFault(PinciteError):
    """The index cannot do what was asked."""


class IndexStale(IndexFault):
    """The index was made with another embedder or another chunk size."""


class IndexBusy(IndexFault):
    """Another process holds the lock for writing, or the lock for rebuilding snapshots."""


class IndexAway(IndexFault):
    """A server that the index is kept on cannot be reached, or does not answer in time. Trying again may help."""


class IndexBroken(IndexFault):
    """The database file cannot be read."""


class ModelError(PinciteError):
    """A language or embedding model cannot be loaded, reached or used."""


class CheckError(PinciteError):
    """A text cannot be checked against the articles: it is empty or too long."""


class ReceiptError(PinciteError):
    """A receipt cannot be written to its file, or read back from one."""


class ReportError(PinciteError):
    """An evaluation cannot be written to its file, or read back from one."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C stopped work of which a part is saved. The message says how much; the same call resumes it."""


def remedy(error: OSError, *, otherwise: str) -> str:
    """The fix to name in a message: to make room where a disk or a quota is full, ``otherwise`` in other cases."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "make room there and try again" if error.errno in full else otherwise
