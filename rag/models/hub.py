"""Downloads one file from the Hugging Face hub, continuing where an earlier attempt stopped."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Any, BinaryIO, cast

from rag.errors import ModelError

_ERROR_CHARS = 200


def download(repo: str, name: str, *, revision: str, into: FileIO, size: int) -> None:
    """Append the missing rest of a hub file to ``into``, which is positioned at its end.

    ``size`` is that of the whole file, in bytes. Raises ``ModelError`` if the hub cannot be reached or refuses.

    ``hf_hub_download`` is not used: it deletes its part when it fails, so a dropped connection would cost all of it.
    The library's own streaming call continues a part, and repeats a broken request five times.
    """
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of httpx, whichever it builds on
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils.tqdm import silent_tqdm

    # "identity": otherwise the server may compress, and then neither sizes nor ranges mean the file's own bytes.
    # The library's own headers are left out: to build them it asks the hub which program it runs in, and
    # they contain the user's token, which public files do not need.
    headers = {"User-Agent": "pincite", "Accept-Encoding": "identity"}
    try:
        with _without_warnings():
            http_get(
                hf_hub_url(repo, name, revision=revision),
                cast(BinaryIO, into),
                resume_size=into.tell(),
                headers=headers,
                expected_size=size,
                tqdm_class=cast(Any, silent_tqdm),
            )
    except (HTTPError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        short = reason if len(reason) <= _ERROR_CHARS else f"{reason[: _ERROR_CHARS - 1]}…"
        raise ModelError(short) from error


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep the library's warnings about retries off standard error; the last error is reported anyway."""
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
