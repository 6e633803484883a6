"""A real server on loopback that serves /v1 alone, for tests that leave nothing behind."""

from collections.abc import Iterator

import pytest

from tests.support.browser_chat import site
from tests.support.openapi import Document


@pytest.fixture(scope="module")
def v1(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of /v1, of the shipped article; answers are quotes."""
    with (
        pytest.MonkeyPatch.context() as patch,
        site(
            tmp_path_factory.mktemp("v1"),
            patch,
            page=False,
            rate="10000/minute",
            address_rate="10000/minute",
        ) as found,
    ):
        yield f"{found}/v1"


@pytest.fixture(scope="module")
def document(v1: str) -> Document:
    """What that server says of itself."""
    return Document(v1)
