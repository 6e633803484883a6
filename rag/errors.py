"""Everything Pincite raises on purpose.

    PinciteError
    ├── SettingsError        an option is unknown, of the wrong type or out of range
    ├── QuestionError        a question or a history that cannot be asked
    ├── ArticleError         a file or record that cannot be read as an article
    │   └── IdTaken          another one that was read with it has its id
    ├── IndexFault           the index cannot do what was asked
    │   ├── IndexStale       made with another embedder or chunk size; says how to rebuild
    │   ├── IndexBusy        another process is writing
    │   ├── IndexAway        a server that an index lies on cannot be reached for now
    │   └── IndexBroken      the database itself cannot be read
    ├── ModelError           a language or embedding model cannot be loaded, reached or used
    └── ReportError          an evaluation that cannot be written, or read back

    KeyboardInterrupt
    └── Stopped              Ctrl-C, amid work that goes on from there; says how far it came

A message is one line: what was wrong (the value with ``!r``), the limit, and the fix. Exceptions of
other libraries are translated once, in the file that owns the library, with ``raise ... from``.
"""

import errno


class PinciteError(Exception):
    """The root: catching it catches every error a user can cause or mend."""


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
    """An article is left out, as another one that was read with it has its id."""


class IndexFault(PinciteError):
    """The index cannot do what was asked."""


class IndexStale(IndexFault):
    """The index was made with another embedder or another chunk size."""


class IndexBusy(IndexFault):
    """Another process holds the lock, of those who write or of those who make an index fast to search."""


class IndexAway(IndexFault):
    """A server that the index lies on cannot be reached, or does not answer in time; it may come back."""


class IndexBroken(IndexFault):
    """The database file cannot be read."""


class ModelError(PinciteError):
    """A language or embedding model cannot be loaded, reached or used."""


class ReportError(PinciteError):
    """An evaluation cannot be written to its file, or read back from one."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C stopped work of which some is done for good; the message says how much, and the same call goes on."""


def remedy(error: OSError, *, otherwise: str) -> str:
    """The fix to name in a message: room where a disk or a quota is full, ``otherwise`` for all else."""
    full = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "make room there and try again" if error.errno in full else otherwise
