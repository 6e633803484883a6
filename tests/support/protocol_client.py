"""A client of the Model Context Protocol, the official one, that a test calls without awaiting; and what it asks."""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, types
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError

ROOT = Path(__file__).parent.parent.parent
LIGHT = "The lighthouse at Orrin was built in 1871 by Maria Keller."
TALL = "It stands 42 metres tall."
LONG = "\n\n".join(f"Barge {number} carried {number + 7} crates of pears to Vell." for number in range(400))
ARTICLES = (
    {
        "id": "orrin",
        "title": "The lighthouse at Orrin",
        "text": f"{LIGHT} {TALL}\n\nIts lamp burns oil.",
        "publisher": "Coast News",
        "date": "2026-05-01",
        "url": "https://example.org/orrin",
        "credit": "Credit: Coast News",
    },
    {
        "id": "../notes/a b",
        "title": "The ferry",
        "text": "The ferry to Pell sails at seven. It takes 31 cars.",
        "publisher": "Bay Post",
        "date": "2026-05-09",
    },
    {
        "id": "..",
        "title": "The mill",
        "text": "The mill at Tarn ground rye until 1922. 🌾 Rye bread is dark.",
    },
    {"id": "naïve 😀?#%2F", "title": "The bridge", "text": "The bridge over the Ness is 812 metres long."},
    {"id": "barges", "title": "Barges", "text": LONG, "publisher": "Bay Post", "date": "2026-04-02"},
)


class Spoken:
    """A connection to a server. Each method waits for the reply."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def tools(self) -> dict[str, types.Tool]:
        return {tool.name: tool for tool in self._portal.call(self.client.list_tools).tools}

    def calling(
        self,
        name: str,
        notices: "list[tuple[float, str | None]] | None" = None,
        **given: Any,  # noqa: ANN401
    ) -> "Future[types.CallToolResult]":
        """A call that is under way; ``notices`` of its progress are asked for where they can be kept."""

        async def note(progress: float, total: float | None, message: str | None) -> None:
            if notices is not None:
                notices.append((progress, message))

        async def call() -> types.CallToolResult:
            return await self.client.call_tool(
                name, given, progress_callback=None if notices is None else note
            )

        return self._portal.start_task_soon(call)

    def call(self, name: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401
        """The result, which the client has validated against the tool's output schema."""
        called = self.calling(name, **given).result(60)
        assert not called.is_error, called.content
        assert isinstance(called.structured_content, dict)
        (text,) = called.content
        assert isinstance(text, types.TextContent)
        assert json.loads(text.text) == called.structured_content
        return called.structured_content

    def validate(self, name: str, result: types.CallToolResult) -> None:
        """What the client does with each result by itself; raises ``RuntimeError``."""
        self._portal.call(self.client.session.validate_tool_result, name, result)

    def refused(self, name: str, **given: Any) -> str:  # noqa: ANN401
        """What the server says of a call that it refuses."""
        called = self.calling(name, **given).result(60)
        assert called.is_error
        (text,) = called.content
        assert isinstance(text, types.TextContent)
        assert "\n" not in text.text
        return text.text

    def read(self, uri: str) -> list[types.TextResourceContents]:
        found = self._portal.call(self.client.read_resource, uri).contents
        return [part for part in found if isinstance(part, types.TextResourceContents)]

    def unread(self, uri: str) -> str:
        """What the server says of a resource that it does not give."""
        with pytest.raises(MCPError) as said:
            self.read(uri)
        assert "\n" not in str(said.value)
        return str(said.value)

    def resources(self) -> list[types.Resource]:
        """All pages of the list."""
        found: list[types.Resource] = []
        cursor = None
        while True:
            page = self._portal.call(lambda: self.client.list_resources(cursor=cursor))  # noqa: B023
            found += page.resources
            cursor = page.next_cursor
            if cursor is None:
                return found

    def templates(self) -> list[str]:
        found = self._portal.call(self.client.list_resource_templates).resource_templates
        return [template.uri_template for template in found]


@contextmanager
def spoken(server: Any, *, mode: str = "auto") -> Iterator[Spoken]:  # noqa: ANN401 - an address, or how to start one
    """A connection; ``mode`` "legacy" is the handshake of the versions before 2026-07-28."""
    client = Client(server, mode=mode, cache=None)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client):
        yield Spoken(portal, client)


def started(*argv: str | Path, home: Path, module: str = "ui.cli") -> StdioServerParameters:
    """How a client starts a server of its own: ``python -m module argv``."""
    return StdioServerParameters(
        command=sys.executable, args=["-m", module, *map(str, argv)], env=environment(home), cwd=ROOT
    )


def environment(home: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(ROOT)]), "PINCITE_HOME": str(home)}


def written_articles(folder: Path) -> Path:
    """The articles as a file."""
    path = folder / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in ARTICLES), encoding="utf-8")
    return path
