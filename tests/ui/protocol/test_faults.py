"""What goes wrong within the server: the client learns that it did, and nothing else of it; the log has the rest."""

import logging
from typing import Any, TypeVar

import pytest
from mcp.shared.exceptions import MCPError

from rag.errors import IndexBroken
from tests.support.protocol_client import spoken
from ui.protocol.access import Steps, Use, Work
from ui.protocol.server import protocol_server

_T = TypeVar("_T")


class Failing:
    """Articles that raise an error whenever they are to be opened."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def worked(self, work: Work[_T], *, use: Use, request: Any) -> Steps[_T]:  # noqa: ANN401
        yield "opening"
        raise self._error


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_fault_of_ours_keeps_its_details_to_the_log(mode: str, caplog: pytest.LogCaptureFixture) -> None:
    with spoken(protocol_server(Failing(ZeroDivisionError("secret"))), mode=mode) as there:
        assert there.refused("list_articles").startswith("something went wrong here: try again")
        with pytest.raises(MCPError) as said:
            there.resources()
    assert str(said.value).startswith("something went wrong here: try again")
    logged = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert [one.name for one in logged] == ["ui.protocol.server"] * 2
    assert all(one.exc_info and "secret" in str(one.exc_info[1]) for one in logged)


def test_a_broken_index_says_so_to_whoever_asks(caplog: pytest.LogCaptureFixture) -> None:
    with spoken(protocol_server(Failing(IndexBroken("the index is damaged: rebuild it")))) as there:
        assert there.refused("ask", question="Who?") == "the index is damaged: rebuild it"
        assert "the index is damaged: rebuild it" in there.unread("pincite://article/a")
    assert caplog.records == []
