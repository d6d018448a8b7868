"""`rrweb-store`: the commands, and the exit code of each failure."""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from rrweb_store.account_commands import completion, login, logout, sites
from rrweb_store.app import App, say
from rrweb_store.erase_command import delete
from rrweb_store.errors import StoreError
from rrweb_store.export_command import export
from rrweb_store.find_commands import list_, open_, show
from rrweb_store.keep_command import keep
from rrweb_store.mcp_command import mcp
from rrweb_store.put_command import put
from rrweb_store.read_commands import console, events, network, tail, timeline

NAME = "rrweb-store"
INTERRUPTED = 130
# A browser nests 512 elements, each of which is an object and a list of JSON. What is nested more
# deeply is refused before it takes all of the stack.
_MOST_NESTED = 5_000


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--site",
    metavar="URL",
    envvar="RRWEB_STORE_SITE",
    help="Address of the replay site; default: that of the last login.",
)
@click.version_option(package_name="rrweb-store-cli", prog_name=NAME)
@click.pass_context
def cli(context: click.Context, site: str | None) -> None:
    """Find, read, export, import, keep and delete session recordings of an rrweb store.

    RECORDING is an id, SITE/ID, or the link of a replay.
    """
    app = context.obj if isinstance(context.obj, App) else App(folder=sign_in_folder())
    app.site = site or app.site
    context.obj = app


for command in (
    login,
    logout,
    sites,
    list_,
    show,
    open_,
    timeline,
    console,
    network,
    events,
    export,
    tail,
    put,
    mcp,
    keep,
    delete,
    completion,
):
    cli.add_command(command)


def sign_in_folder() -> Path:
    """Return the folder of this user's sign-ins, which RRWEB_STORE_HOME may name."""
    return Path(os.environ.get("RRWEB_STORE_HOME") or click.get_app_dir(NAME))


def main(arguments: Sequence[str] | None = None, app: App | None = None) -> int:
    """Run a command and return its exit code: docs/cli.md lists them."""
    sys.setrecursionlimit(_MOST_NESTED)
    try:
        code = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name=NAME,
            standalone_mode=False,
            obj=app,
        )
    except click.Abort:
        say("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except StoreError as error:
        say(f"{NAME}: {error}")
        return error.exit_code
    except RecursionError:
        say(f"{NAME}: a value is nested too deeply to be read")
        return StoreError.exit_code
    return code if isinstance(code, int) else 0


def _terminated(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)  # so that files that are half written are removed


def run() -> None:
    """Be the program."""
    signal.signal(signal.SIGTERM, _terminated)
    sys.exit(main())
