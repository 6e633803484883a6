"""What tests of the browser chat share."""

import pytest

from tests.support.manual_clock import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()
