"""What docs/mcp.md tells an assistant's user to write works, and what it says of the tools is so."""

import base64
import json
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from mcp.client.streamable_http import streamable_http_client

from tests.support.browser_chat import site
from tests.support.protocol_client import LIGHT, ROOT, spoken, started
from ui.protocol.addresses import ARTICLE, WORDS
from ui.protocol.results import Origin
from ui.protocol.tools import TOOLS
from ui.web.access.users import Users
from ui.web.options import Serving

PAGE = (ROOT / "docs" / "mcp.md").read_text("utf-8")
WHEN = "When was the lighthouse at Orrin built?"


def entries() -> list[dict[str, Any]]:
    """The server of each block of JSON, which a client reads without mercy."""
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)]
    assert all(list(block) == ["mcpServers"] and list(block["mcpServers"]) == ["pincite"] for block in blocks)
    return [block["mcpServers"]["pincite"] for block in blocks]


@asynccontextmanager
async def with_headers(address: str, headers: dict[str, str]) -> AsyncIterator[Any]:
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        streamable_http_client(address, http_client=http) as streams,
    ):
        yield streams


@pytest.mark.slow
def test_the_command_that_is_to_be_written_down_serves_the_articles(articles: Path, tmp_path: Path) -> None:
    entry, _ = entries()
    assert set(entry) == {"command", "args"}
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts[Path(entry["command"]).name] == "ui.cli:main"
    argv = [articles if word == "/home/ada/articles" else word for word in entry["args"]]
    assert argv != entry["args"]
    with spoken(started(*argv, "--model", "quotes", home=tmp_path)) as there:
        assert there.call("ask", question=WHEN)["statements"][0]["quote"] == LIGHT


@pytest.mark.slow
def test_the_address_that_is_to_be_written_down_lets_its_user_in(
    articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, entry = entries()
    assert set(entry) == {"url", "headers"}
    said = base64.b64decode(entry["headers"]["Authorization"].removeprefix("Basic ")).decode()
    assert f"`{said}` in Base64" in PAGE
    address = urlsplit(entry["url"])
    assert (address.hostname, address.port) == (Serving().host, Serving().port)
    name, _, password = said.partition(":")
    Users(tmp_path / "users").add(name, password)
    users = tmp_path / "users"
    with (
        site(tmp_path / "home", monkeypatch, corpus=articles, users=users, mcp=True) as found,
        spoken(with_headers(found + address.path, entry["headers"])) as there,
    ):
        assert there.call("ask", question=WHEN)["statements"][0]["quote"] == LIGHT


def own_fields(gives: type) -> set[str]:
    """The fields of a result but those of its article and place, which the page has once for all."""
    return set(gives.__annotations__) - set(Origin.__annotations__) - {"start", "end", "characters", "uri"}


def test_every_tool_argument_and_address_is_on_the_page() -> None:
    rows = {
        row[0]: row[1:] for row in re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", PAGE, flags=re.MULTILINE)
    }
    assert list(rows) == [tool.name for tool in TOOLS]
    for tool in TOOLS:
        takes, gives = rows[tool.name]
        shared = {"publishers", "after", "before", "articles"}
        assert set(re.findall(r"`(\w+)`", takes)) == set(tool.takes.model_fields) - (
            shared if tool.name != "read_article" else set()
        ), tool.name
        assert set(re.findall(r"`(\w+)`", gives)) >= own_fields(tool.gives), tool.name
        default = re.search(r"`limit`, 1 to ([\d,]+)[^(]*\((\d+)\)", takes)
        if default:
            schema = tool.takes.model_json_schema()["properties"]["limit"]
            assert (int(default[1].replace(",", "")), int(default[2])) == (
                schema["maximum"],
                schema["default"],
            )
    assert f"`{ARTICLE}`" in PAGE
    assert f"`{WORDS}`" in PAGE
