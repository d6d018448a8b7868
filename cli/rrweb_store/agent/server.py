"""The MCP server: lists the tools, runs one at a time, and answers failures in words.

https://modelcontextprotocol.io/specification
"""

import base64
import functools
import logging
import signal
import sys
from importlib.metadata import version
from typing import Any

import anyio
import anyio.to_thread
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ImageContent,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ListedTool
from pydantic import ValidationError

from rrweb_store.agent.answers import NOTICE, Answer
from rrweb_store.agent.delete_tool import DELETE_TOOLS
from rrweb_store.agent.find_tools import FIND_TOOLS
from rrweb_store.agent.page_tools import PAGE_TOOLS
from rrweb_store.agent.read_tools import READ_TOOLS
from rrweb_store.agent.tool import Desk, Tool
from rrweb_store.app import App
from rrweb_store.errors import StoreError
from rrweb_store.safe_text import printable

INSTRUCTIONS = (
    "An rrweb store keeps recordings of what people did on web pages: pages, clicks, input, "
    "console, requests. Find a recording by find_recordings, read it by read_timeline, then look "
    "closer around a moment by see_page, read_console and read_network. Moments are milliseconds "
    f"since the recording's start. {NOTICE} Asterisks stand for what was masked when it was "
    "recorded; nobody can unmask it."
)
_log = logging.getLogger(__name__)


def tools(*, may_delete: bool) -> tuple[Tool[Any], ...]:
    """Return the tools that a server has."""
    return (*FIND_TOOLS, *READ_TOOLS, *PAGE_TOOLS, *(DELETE_TOOLS if may_delete else ()))


def make_server(app: App, *, may_delete: bool = False, release: str = "") -> Server[Any]:
    """Return a server that works with the sign-in of an app."""
    named = {tool.name: tool for tool in tools(may_delete=may_delete)}
    desk = Desk(app)
    # The app's sign-in and the recordings that were read are shared, so one tool runs at a time.
    one_at_a_time = anyio.CapacityLimiter(1)

    async def on_list_tools(_: Any, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=[_listed(tool) for tool in named.values()])

    async def on_call_tool(_: Any, params: CallToolRequestParams) -> CallToolResult:
        tool = named.get(params.name)
        if tool is None:
            return _failed(f"there is no tool {printable(params.name, 60)}")
        arguments = params.arguments or {}
        return await anyio.to_thread.run_sync(
            lambda: _called(desk, tool, arguments), limiter=one_at_a_time
        )

    return Server(
        "rrweb-store",
        title="rrweb store",
        version=release,
        instructions=INSTRUCTIONS,
        on_list_tools=on_list_tools,
        on_call_tool=on_call_tool,
    )


def serve(app: App, *, may_delete: bool) -> None:
    """Serve on stdin and stdout until stdin ends. Logs go to stderr."""
    # The thread that reads stdin cannot be interrupted, so a handler in Python would wait for it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    server = make_server(app, may_delete=may_delete, release=version("rrweb-store-cli"))

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    anyio.run(run)


@functools.cache
def _listed(tool: Tool[Any]) -> ListedTool:
    return ListedTool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.given.model_json_schema(by_alias=True),
        output_schema=tool.output.model_json_schema(by_alias=True, mode="serialization"),
        annotations=ToolAnnotations(
            title=tool.title,
            read_only_hint=not tool.destroys,
            destructive_hint=tool.destroys,
            idempotent_hint=True,
            # What it answers with comes from strangers.
            open_world_hint=True,
        ),
    )


def _called(desk: Desk, tool: Tool[Any], arguments: dict[str, Any]) -> CallToolResult:
    # The command line may have signed in, or renewed the session, since the last call.
    desk.app.read_sign_in_again()
    try:
        # A later sign-in at another store does not move a server that has begun at this one.
        desk.app.site = desk.app.config.site_url
        given = tool.given.model_validate(arguments)
        answer = tool.run(desk, given)
    except ValidationError as error:
        return _failed(_what_is_wrong(error))
    except StoreError as error:
        return _failed(str(error))
    except RecursionError:
        return _failed("a value of the recording is nested too deeply to be read")
    except Exception:  # noqa: BLE001 - one call must not end the server
        # The protocol goes on, and no part of a failure that nobody foresaw gets to the model.
        _log.exception("%s failed", tool.name)
        return _failed("the tool failed: its log on stderr says why")
    return _result(answer)


def _result(answer: Answer) -> CallToolResult:
    content: list[ContentBlock] = [TextContent(text=answer.text)]
    content += [
        ImageContent(data=base64.b64encode(png).decode(), mime_type="image/png")
        for png in answer.images
    ]
    output = answer.output.model_dump(mode="json", by_alias=True, exclude_none=True)
    return CallToolResult(content=content, structured_content=output)


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=printable(message, 1_000))], is_error=True)


def _what_is_wrong(error: ValidationError) -> str:
    """Return each wrong argument and why."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    parts = [f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}" for one in found[:5]]
    return "; ".join(parts)
