"""Commands about signing in: login, logout, sites."""

import sys
import webbrowser

import click

from rrweb_store.app import App, json_option, pass_app, print_json, print_table, say
from rrweb_store.errors import BadInputError
from rrweb_store.loopback import PORTS, listening, redirect_uri
from rrweb_store.safe_text import printable
from rrweb_store.store_config import fetch_config
from rrweb_store.tokens import Attempt


@click.command()
@click.option(
    "--site", metavar="URL", help="Address of the replay site; default: that of the last login."
)
@click.option(
    "--no-browser",
    is_flag=True,
    help="The browser is on another machine: open a link there and paste where it leads.",
)
@pass_app
def login(app: App, site: str | None, no_browser: bool) -> None:
    """Sign in by the store's own page. It stays valid for 30 days after its last use."""
    wanted = site or app.site
    config = fetch_config(app.http, wanted) if wanted else app.config
    if no_browser:
        attempt = Attempt(config=config, redirect_uri=redirect_uri(PORTS[0]))
        say("Open this link in any browser and sign in:")
        click.echo(attempt.address)
        say("The last page cannot be loaded. Copy its whole address and paste it here.")
        code = attempt.code_in(_pasted())
    else:
        with listening() as loopback:
            attempt = Attempt(config=config, redirect_uri=loopback.redirect_uri)
            say("Sign in by your browser. If none opens, open this link:")
            click.echo(attempt.address)
            sys.stdout.flush()
            webbrowser.open(attempt.address)
            code = loopback.code(attempt)
    sign_in = attempt.exchange(app.http, code)
    app.sign_ins.put(sign_in, is_current=True)
    say(f"You are signed in at {config.site_url} as {sign_in.email}.")


def _pasted() -> str:
    line = sys.stdin.readline()
    if not line.strip():
        raise BadInputError("nothing was pasted: start again")
    return line.strip()


@click.command()
@pass_app
def logout(app: App) -> None:
    """End the session and forget its tokens."""
    tokens = app.tokens
    tokens.revoke()
    app.sign_ins.remove(tokens.config.site_url)
    say(f"You are signed out of {tokens.config.site_url}.")


@click.command()
@json_option
@pass_app
def sites(app: App, as_json: bool) -> None:
    """List the sites whose recordings you may watch."""
    found = app.api.call("listSites").json()["sites"]
    if as_json:
        print_json(found)
    elif found:
        print_table(
            ("site", "privacy", "you may", "write key"),
            (
                (
                    one["siteId"],
                    one["privacy"],
                    "watch, administer" if one["isAdmin"] else "watch",
                    one["writeKey"],
                )
                for one in found
            ),
        )
    else:
        say("You watch no site. An operator adds you: make watcher")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a shell's script that completes commands and options."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - for this alone

    kind = get_completion_class(shell)
    if kind:
        root = context.find_root()
        click.echo(kind(root.command, {}, "rrweb-store", "_RRWEB_STORE_COMPLETE").source())
    else:
        raise BadInputError(f"{printable(shell)} is not known")
