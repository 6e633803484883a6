"""The default language model, for tests that need a real one."""

from pathlib import Path

import pytest

from rag.models.catalogue import DEFAULT_MODEL
from rag.models.download import install_model


@pytest.fixture(scope="session")
def default_model() -> Path:
    """The file of the default model, downloaded if it is not installed."""
    return install_model(DEFAULT_MODEL)
