"""The server of the Model Context Protocol, over HTTP or standard input and output. The only file that imports mcp."""

import json
import logging
import time
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TextIO, TypeVar, cast

import anyio
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import TypeAdapter
from starlette.requests import Request

import rag
from rag.errors import PinciteError, SettingsError
from rag.system.async_stream import in_thread
from ui.protocol.access import Access, Use, Work
from ui.protocol.addresses import ARTICLE, WORDS, address
from ui.protocol.arguments import read_arguments
from ui.protocol.lines import standard_input
from ui.protocol.resources import list_page, read_parts
from ui.protocol.tools import ABOUT, TOOLS, Tool

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from starlette.types import ASGIApp, Receive, Scope, Send

    Context = ServerRequestContext[Any, Any]

_AT_ONCE = 40  # requests worked on at the same time; the others wait
_NOTICE_S = 0.5  # seconds between two notices of progress
_IDLE_S = 600.0  # seconds after which a session of HTTP that nobody uses is closed
_SESSIONS = 4000  # sessions of HTTP that may be open: of 40 kB each
_FAULT = "something went wrong here: try again, and tell the server's owner if it happens again"
_READ_ONLY = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_TEXT = "text/plain"
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The protocol over HTTP: an application, and what must run while it serves."""

    app: "ASGIApp"
    running: Callable[[], AbstractAsyncContextManager[None]]


def over_http(access: Access, admit: Callable[[Request, bool], None]) -> Endpoint:
    """The protocol as streamable HTTP.

    ``admit`` is called with each request and with whether it opens a session, as clients of the versions before
    2026-07-28 do; it raises where the request may not be made.
    """
    sessions = StreamableHTTPSessionManager(
        app=protocol_server(access), session_idle_timeout=_IDLE_S, max_sessions=_SESSIONS
    )

    async def app(scope: "Scope", receive: "Receive", send: "Send") -> None:
        request = Request(scope)
        stateless = request.headers.get("mcp-protocol-version") in MODERN_PROTOCOL_VERSIONS
        opens = request.method == "POST" and not stateless and "mcp-session-id" not in request.headers
        admit(request, opens)
        await sessions.handle_request(scope, receive, send)

    return Endpoint(app, sessions.run)


def serve_stdio(access: Access) -> None:
    """Serve one client on standard input and output until it goes away; what else is printed goes to standard error."""

    async def serve() -> None:
        server = protocol_server(access)
        # Its own reader would leave a line that it cannot parse without an answer.
        lines = anyio.wrap_file(cast("TextIO", standard_input()))
        async with stdio_server(stdin=lines) as (read, write):
            await server.run(read, write, server.create_initialization_options())

    try:
        anyio.run(serve)
    except* BrokenPipeError:  # it went away without closing what it writes
        pass


def protocol_server(access: Access) -> Server[Any]:
    """The server, for any transport."""
    return _Handlers(access).server


class _Handlers:
    """The handlers of the protocol's requests."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._tools = {tool.name: tool for tool in TOOLS}
        self._places = anyio.CapacityLimiter(_AT_ONCE)
        self.server: Server[Any] = Server(
            "pincite",
            version=rag.__version__,
            title="Pincite",
            instructions=ABOUT,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def _list_tools(
        self, _: "Context", __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS])

    async def _call_tool(
        self, context: "Context", asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = self._tools.get(asked.name)
        if tool is None:
            raise MCPError(
                code=types.INVALID_PARAMS,
                message=f"there is no tool {asked.name!r:.60}: there are {', '.join(self._tools)}",
            )
        try:
            given = read_arguments(tool.name, tool.takes, asked.arguments or {})
            found = await self._worked(context, tool.use, lambda bot: tool.work(bot, given))
        except PinciteError as error:
            return _failed(str(error))
        except Exception:  # noqa: BLE001 - it is logged
            _log.exception("the tool %s failed", tool.name)
            return _failed(_FAULT)  # of what it was the client learns nothing
        return types.CallToolResult(content=[_said(found)], structured_content=found)

    async def _list_resources(
        self, context: "Context", asked: types.PaginatedRequestParams | None
    ) -> types.ListResourcesResult:
        after = asked.cursor if asked else None
        page = await self._resource(context, lambda bot: list_page(bot, after))
        found = [
            types.Resource(
                uri=address(item.id),
                name=item.id,
                title=item.title,
                description=", ".join(
                    filter(None, (item.publisher, item.date.isoformat() if item.date else ""))
                ),
                mime_type=_TEXT,
            )
            for item in page.articles
        ]
        return types.ListResourcesResult(resources=found, next_cursor=page.after)

    async def _list_templates(
        self, _: "Context", __: types.PaginatedRequestParams | None
    ) -> types.ListResourceTemplatesResult:
        whole = types.ResourceTemplate(
            uri_template=ARTICLE,
            name="article",
            title="An article",
            description="The whole text of the article with this id.",
            mime_type=_TEXT,
        )
        words = types.ResourceTemplate(
            uri_template=WORDS,
            name="words",
            title="Words of an article",
            description="The words from start to end, in code points, exactly; then the same words in their context.",
            mime_type=_TEXT,
        )
        return types.ListResourceTemplatesResult(resource_templates=[whole, words])

    async def _read_resource(
        self, context: "Context", asked: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        parts = await self._resource(context, lambda bot: read_parts(bot, asked.uri))
        return types.ReadResourceResult(
            contents=[
                types.TextResourceContents(
                    uri=part.uri, text=part.text, mime_type=_TEXT, _meta={"pincite/words": part.about}
                )
                for part in parts
            ]
        )

    async def _resource(self, context: "Context", work: Work[_T]) -> _T:
        """What a request for resources gets. Raises ``MCPError``."""
        try:
            return await self._worked(context, "read", work)
        except PinciteError as error:
            code = types.INVALID_PARAMS if isinstance(error, SettingsError) else types.INTERNAL_ERROR
            raise MCPError(code=code, message=str(error)) from error
        except Exception as error:
            _log.exception("resources: %s failed", context.method)
            raise MCPError(code=types.INTERNAL_ERROR, message=_FAULT) from error

    async def _worked(self, context: "Context", use: Use, work: Work[_T]) -> _T:
        """The result of work, done in a thread; notices tell how it goes. It stops where its request is cancelled."""
        begun = time.monotonic()
        told = begun - _NOTICE_S
        async with self._places:
            steps = in_thread(partial(_steps, self._access, use, context.request, work))
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, _Result):
                        return step.found
                    if (now := time.monotonic()) - told >= _NOTICE_S:
                        told = now
                        await context.session.report_progress(round(now - begun, 2), message=step)
        raise TypeError("work ends with its result")


@dataclass(frozen=True, slots=True)
class _Result(Generic[_T]):
    """The last step of work."""

    found: _T


def _steps(
    access: Access,
    use: Use,
    request: Any,  # noqa: ANN401 - the transport's
    work: Work[_T],
) -> Generator[str | _Result[_T], None, None]:
    found = yield from access.worked(work, use=use, request=request)
    yield _Result(found)


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.about,
        input_schema=tool.takes.model_json_schema(),
        output_schema=TypeAdapter(tool.gives).json_schema(mode="serialization"),
        annotations=_READ_ONLY,
    )


def _said(found: object) -> types.TextContent:
    """The same result as text, for clients that read no other."""
    return types.TextContent(text=json.dumps(found, ensure_ascii=False))


def _failed(why: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=why)], is_error=True)
