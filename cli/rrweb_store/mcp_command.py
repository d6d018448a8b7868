"""The command that serves tools to agents: docs/agents.md."""

import click

from rrweb_store.app import App, pass_app
from rrweb_store.errors import StoreError


@click.command()
@click.option("--allow-delete", is_flag=True, help="Have a tool that erases recordings.")
@pass_app
def mcp(app: App, allow_delete: bool) -> None:
    """Serve tools for agents on stdin and stdout, by the Model Context Protocol."""
    try:
        from rrweb_store.agent.server import serve  # noqa: PLC0415 - of an extra
    except ModuleNotFoundError as error:
        missing = (error.name or "mcp").split(".")[0]
        raise StoreError(
            f"the server for agents needs the package {missing}: install the command line "
            "with its extra, such as by pipx install --force './cli[mcp]'"
        ) from error
    serve(app, may_delete=allow_delete)
