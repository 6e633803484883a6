"""What tests of the protocol share."""

from pathlib import Path

import pytest

from tests.support.protocol_client import written_articles


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of five articles, whose ids are hard to write in an address."""
    return written_articles(tmp_path_factory.mktemp("articles"))
