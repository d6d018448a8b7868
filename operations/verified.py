"""Keeps the list of releases that a stack has verified, an export that the next stage reads.

Before `pulumi up`, `python -m operations.verified keep --stack dev` copies the list from the
deployed stack into its configuration. Before the end-to-end tests, `… runs --stack dev` prints the
release that they test; after them, `… add RELEASE --stack dev` adds it if it still runs, and a
second `pulumi up` exports it.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from components.release.release import release_of
from operations.outputs import OutputsError, add_options, outputs_of

PROJECT = Path(__file__).parents[1]
# Releases to which a stage can be rolled back.
KEPT = 10


class NotProvenError(RuntimeError):
    """The deployed release is not the tested one or not the checkout's; the message says which."""


def running(exports: dict[str, Any], checkout: str) -> str:
    """Return the deployed release, if the checkout's tests can verify it.

    Raises:
        NotProvenError: The checkout is another release. Its tests would not verify the deployed
            one, and the update that marks a release would deploy the checkout.
    """
    runs = exports.get("release")
    if runs != checkout:
        raise NotProvenError(
            f"{runs or 'nothing'} runs, and this checkout makes {checkout}: deploy it first, "
            "by make deploy, or check out what runs"
        )
    return checkout


def kept_releases(exports: dict[str, Any]) -> list[str]:
    """Return the releases that were verified before, latest first."""
    return list(exports.get("verifiedReleases") or [])[:KEPT]


def with_proven(exports: dict[str, Any], tested: str) -> list[str]:
    """Return the releases to export, the tested one first.

    >>> with_proven({"release": "b", "verifiedReleases": ["a"]}, "b")
    ['b', 'a']

    Raises:
        NotProvenError: Another release was deployed while the tests ran.
    """
    if exports.get("release") != tested:
        raise NotProvenError(
            f"the tests began with {tested}, and {exports.get('release')} runs now: "
            "nothing is marked. Begin again: make verify"
        )
    return [tested, *(one for one in kept_releases(exports) if one != tested)][:KEPT]


def main(
    arguments: Sequence[str] | None = None,
    run: Callable[..., Any] = subprocess.run,
    checkout: Callable[[], str] = lambda: release_of(PROJECT),
) -> int:
    """Return the exit code: 0 success, 1 failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.verified")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("keep", "runs", "add"):
        command = commands.add_parser(name)
        add_options(command)
    commands.choices["add"].add_argument(
        "release", help="the release that `runs` printed before the tests"
    )
    options = parser.parse_args(arguments)
    try:
        exports = outputs_of(options)
        if options.command == "runs":
            print(running(exports, checkout()))
            return 0
        is_new = options.command == "add"
        releases = with_proven(exports, options.release) if is_new else kept_releases(exports)
    except (OutputsError, NotProvenError) as error:
        print(f"verified: {error}", file=sys.stderr)
        return 1
    print(f"verified: {', '.join(releases) or 'none'}")
    stack = ["--stack", options.stack] if options.stack else []
    # A list is set member by member, so an earlier, longer list must be removed first.
    code: int = run(["pulumi", "config", "rm", "verifiedReleases", *stack], check=False).returncode
    if code or not releases:
        return code
    # By its path, since `config set` would store a list as a string, which Pulumi.yaml refuses.
    members = [f"verifiedReleases[{at}]={release}" for at, release in enumerate(releases)]
    set_all = ["pulumi", "config", "set-all", "--path"]
    for member in members:
        set_all += ["--plaintext", member]
    return run([*set_all, *stack], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
