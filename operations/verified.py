"""Keeps which releases a stack has proven, as an export that the next stage reads.

`python -m operations.verified keep --stack dev` before `pulumi up` takes the list over from what is
deployed; `… add --stack dev`, after the end-to-end tests and before a second `pulumi up`, puts the
release that runs in front.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

from operations.outputs import OutputsError, add_options, outputs_of

# How far back a stage may be rolled.
KEPT = 10


def releases_after(exports: dict[str, Any], *, add: bool) -> list[str]:
    """Return the releases to export, the latest first.

    >>> releases_after({"release": "b", "verifiedReleases": ["a"]}, add=True)
    ['b', 'a']
    """
    known: list[str] = list(exports.get("verifiedReleases") or [])
    if add:
        known = [exports["release"], *(one for one in known if one != exports["release"])]
    return known[:KEPT]


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code: 0 the configuration is set, 1 it could not be, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m operations.verified")
    parser.add_argument("what", choices=("keep", "add"))
    add_options(parser)
    options = parser.parse_args(arguments)
    try:
        releases = releases_after(outputs_of(options), add=options.what == "add")
    except OutputsError as error:
        print(f"verified: {error}", file=sys.stderr)
        return 1
    print(f"verified: {', '.join(releases) or 'none'}")
    if not releases:
        return 0
    # By its path, since `config set` would store a list as a string, which Pulumi.yaml refuses.
    members = [f"verifiedReleases[{at}]={release}" for at, release in enumerate(releases)]
    command = ["pulumi", "config", "set-all", "--path"]
    for member in members:
        command += ["--plaintext", member]
    stack = ["--stack", options.stack] if options.stack else []
    return run([*command, *stack], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
