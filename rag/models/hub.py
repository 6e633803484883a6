"""Downloads one file from the Hugging Face hub, going on where an earlier try stopped."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from typing import Any, BinaryIO, cast

from rag.errors import ModelError


def download(repo: str, name: str, *, revision: str, into: FileIO, size: int) -> None:
    """Appends what is missing of the file to ``into``, which stands at its end; ``size`` is the whole, bytes.

    ``hf_hub_download`` deletes its part when it fails, so a dropped connection would cost all of it. The
    library's own streaming call takes up a part, and repeats a broken request five times by itself.
    Raises ``ModelError`` where the hub cannot be reached or refuses.
    """
    from huggingface_hub import hf_hub_url
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of httpx, whichever it builds on
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils.tqdm import silent_tqdm

    # Identity, else the server may compress, and then neither sizes nor ranges mean the file's own bytes.
    # The library's own headers are left out: to make them it asks the hub which program it runs in, and
    # they carry the user's token, which public files do not need.
    headers = {"User-Agent": "pincite", "Accept-Encoding": "identity"}
    try:
        with _quiet():
            http_get(
                hf_hub_url(repo, name, revision=revision),
                cast(BinaryIO, into),
                resume_size=into.tell(),
                headers=headers,
                expected_size=size,
                tqdm_class=cast(Any, silent_tqdm),
            )
    except (HTTPError, OSError) as fault:
        said = " ".join(str(fault).split()) or type(fault).__name__
        raise ModelError(said if len(said) <= 200 else f"{said[:199]}…") from fault


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the library's warnings about retries off standard error; the last fault is reported anyway."""
    logger = logging.getLogger("huggingface_hub")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
