"""The sandbox's command line: `python -m sandbox serve`, `token` and `demo`."""

import argparse
import os
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from sandbox.cloud import CloudError
from sandbox.deployment import DeploymentError
from sandbox.program import PROJECT, ConfigError

FOLDER = PROJECT / ".sandbox"
_SHOP = "a shop of another origin, whose script tag records its visitors"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 success, 1 failure, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    for end_signal in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end_signal, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup ignores it
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        # If the interrupt came inside an exec, which creates dataclasses, Python would exit by
        # SIGINT even though it is caught here. Another exec resets that: run_eval_code_obj in
        # https://github.com/python/cpython/blob/3.11/Python/pythonrun.c
        exec("")  # noqa: S102
        print("ended", file=sys.stderr)
        return 0 if options.until_interrupted else 1
    except (CloudError, ConfigError, DeploymentError) as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="The whole rrweb store on this machine, without an account.",
    )
    parser.set_defaults(until_interrupted=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="deploy the program here and serve it until Ctrl-C")
    serve.set_defaults(run=_serve, until_interrupted=True)
    token = commands.add_parser(
        "token", help="print an ID token for the sandbox that is being served"
    )
    token.add_argument(
        "--user", default="demo", metavar="NAME", help="name of the user, created if missing"
    )
    token.add_argument(
        "--groups",
        metavar="A,B",
        help="the groups that the user is in from then on, created if missing; '' for none",
    )
    token.set_defaults(run=_token)
    demo = commands.add_parser("demo", help="send a real rrweb session through the whole program")
    demo.add_argument(
        "--once",
        dest="until_interrupted",
        action="store_false",
        help="replay it, use the site and visit the shop in Chromium, then exit",
    )
    demo.set_defaults(run=_demo, until_interrupted=True)
    for command in (serve, demo):
        command.add_argument("--port", type=int, default=8080, help="port of the API, on 127.0.0.1")
        command.add_argument(
            "--site-port",
            type=int,
            help="port of the site, on 127.0.0.1; default: the one after the API's",
        )
        command.add_argument(
            "--shop-port",
            type=int,
            help="port of the shop, on 127.0.0.1; default: the one after the site's",
        )
        command.add_argument("--site", type=Path, help="folder of another built site")
        command.add_argument("--stack", default="dev", help="deploys Pulumi.<stack>.yaml")
        command.add_argument(
            "--keep", action="store_true", help="continue with the data of the last run"
        )
        command.add_argument(
            "--speed",
            type=float,
            default=1.0,
            help="speed of Firehose, as a multiple of AWS's",
        )
    for command in (serve, token, demo):
        command.add_argument(
            "--folder", type=Path, default=FOLDER, help="folder of its data and outputs.json"
        )
    return parser


_interrupts: list[int] = []


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """Interrupt the program once: a second Ctrl-C must not leave a process behind."""
    _interrupts.append(number)
    if len(_interrupts) == 1:
        raise KeyboardInterrupt


def _wait_for_interrupt() -> None:
    if not _interrupts:  # Python drops an exception that is raised in a finalizer
        threading.Event().wait()


def _serve(options: argparse.Namespace) -> int:
    from sandbox.serving import serving  # noqa: PLC0415 - Pulumi takes a second to import

    with serving(options) as sandbox:
        print(f"shop     {sandbox.shop_url}  {_SHOP}")
        print(f"watch    {sandbox.watch_url}  {_sign_in()}")
        print(f"API      {sandbox.api_url}")
        print(f"exports  {options.folder / 'outputs.json'}")
        print(f"token    {_token_command(options)}")
        print("Ctrl-C ends it.", flush=True)
        _wait_for_interrupt()
    return 0


def _sign_in() -> str:
    from sandbox.users import PASSWORD, email_of  # noqa: PLC0415

    return f"sign in as {email_of('demo')} with {PASSWORD}"


def _token_command(options: argparse.Namespace) -> str:
    at = "" if options.folder == FOLDER else f" --folder {shlex.quote(str(options.folder))}"
    return f"{_python()} -m sandbox token{at}"


def _python() -> str:
    """Return the shortest path of this Python, relative or absolute."""
    return shlex.quote(min(os.path.relpath(sys.executable), sys.executable, key=len))


def _token(options: argparse.Namespace) -> int:
    from sandbox.serving import running_cloud_token  # noqa: PLC0415

    groups = None if options.groups is None else [one for one in options.groups.split(",") if one]
    print(running_cloud_token(options.folder, options.user, groups))
    return 0


def _demo(options: argparse.Namespace) -> int:
    from sandbox.demo import run_demo  # noqa: PLC0415
    from sandbox.serving import serving  # noqa: PLC0415

    print("Deploying the program into the sandbox …", flush=True)
    with serving(options) as sandbox:
        print(f"It runs: {sandbox.site_url}  {_sign_in()}")
        print("A recorded session now goes through it, which takes a minute:", flush=True)
        replayed = run_demo(sandbox, replay=not options.until_interrupted)
        if not options.until_interrupted:
            return 0 if replayed else 1
        print(
            "\nThe store runs on this machine until Ctrl-C.",
            f"visit    {sandbox.shop_url}  {_SHOP}",
            f"watch    {sandbox.watch_url}  {_sign_in()}",
            "try      typing into the form in the shop's cart while you watch it live: all texts "
            "are asterisks",
            f"also     {sandbox.site_url}/playground  records you as this user",
            f"API      {sandbox.api_url}  by openapi.yaml",
            f"token    {_token_command(options)}",
            "next     docs/README.md",
            sep="\n",
            flush=True,
        )
        _wait_for_interrupt()
    return 0


if __name__ == "__main__":
    sys.exit(main())
