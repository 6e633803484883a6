"""What is at a web address becomes articles of a visitor. The only file of the chat that has anything fetched.

Requests go to the open internet alone (``rag.reading.web``), so nobody looks into the server's network through it.
"""

from threading import Event

from rag.errors import ArticleError
from rag.reading.sandbox import SandboxedReader
from rag.reading.web.article import fetch_file
from ui.web.library.uploads import Upload, from_file
from ui.web.refusal import Refusal


def from_address(
    address: str,
    *,
    whose: str,
    limit: int,
    apart: SandboxedReader,
    unwanted: Event | None = None,
) -> Upload:
    """The articles of the page or file at ``address``, each with its URL; read as those of ``from_file`` are.

    Raises ``Refusal``: 400 for an address that is not fetched or does not answer, else as ``from_file``.
    """
    try:
        fetched = fetch_file(address.strip())
    except ArticleError as error:
        raise Refusal(str(error), status=400) from error
    return from_file(
        str(fetched.name),
        fetched.data,
        whose=whose,
        limit=limit,
        apart=apart,
        unwanted=unwanted,
        placed=fetched.placed,
    )
