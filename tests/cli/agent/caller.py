"""An agent that calls the tools by the SDK's own client."""

from dataclasses import dataclass
from typing import Any

import anyio
from mcp import Client
from mcp_types import CallToolResult, TextContent, Tool

from rrweb_store.agent.server import make_server
from tests.cli.fake_store import Terminal


@dataclass
class Agent:
    terminal: Terminal
    may_delete: bool = False

    def tools(self) -> list[Tool]:
        async def run() -> list[Tool]:
            async with self._client() as client:
                return (await client.list_tools()).tools

        return anyio.run(run)

    def call(self, tool: str, **arguments: Any) -> CallToolResult:
        """Return a result, whose structured content the client has compared with the schema."""

        async def run() -> CallToolResult:
            async with self._client() as client:
                return await client.call_tool(tool, arguments)

        return anyio.run(run)

    def found(self, tool: str, **arguments: Any) -> Any:
        result = self.call(tool, **arguments)
        assert not result.is_error, text_of(result)
        return result.structured_content

    def refused(self, tool: str, **arguments: Any) -> str:
        result = self.call(tool, **arguments)
        assert result.is_error
        return text_of(result)

    def _client(self) -> Client:
        return Client(make_server(self.terminal.app(), may_delete=self.may_delete))


def text_of(result: CallToolResult) -> str:
    (block,) = (one for one in result.content if isinstance(one, TextContent))
    return block.text
