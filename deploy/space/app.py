"""Starts Pincite in a Space: on the port that Spaces expect, over the articles in the folder beside this file.

The variables are Gradio's own: ``GRADIO_SERVER_NAME`` and ``GRADIO_SERVER_PORT`` say where it listens.
"""

import os
import sys
from pathlib import Path

from ui.cli import main

ARTICLES = Path(__file__).resolve().parent / "articles"


def options() -> list[str]:
    """The command line. Where there are no articles, the one that comes with Pincite is asked."""
    has_articles = ARTICLES.is_dir() and any(path.is_file() for path in ARTICLES.rglob("*"))
    return [
        "serve",
        f"--host={os.environ.get('GRADIO_SERVER_NAME', '0.0.0.0')}",  # noqa: S104 (a container's own network)
        f"--port={os.environ.get('GRADIO_SERVER_PORT', '7860')}",
        "--open",
        "--frame-ancestors=https://huggingface.co",
        # All visitors come from the addresses of the Space's proxies.
        "--address-rate=2400/minute",
        "--upload-rate=600/minute",
        *([f"--corpus={ARTICLES}"] if has_articles else []),
    ]


if __name__ == "__main__":
    sys.exit(main(options()))
