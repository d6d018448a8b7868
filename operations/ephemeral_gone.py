"""Destroys the stack of a pull request, if there is one.

`python -m operations.ephemeral_gone --number 12` is what `make ephemeral-gone PR=12` runs. One that
never deployed, or is gone already, has nothing to destroy: that is no failure.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from operations.preview_stack import stack_name

LIST = ("pulumi", "stack", "ls", "--json")
DESTROY = ("pulumi", "destroy", "--yes", "--remove", "--non-interactive", "--stack")


def has_stack(listed: str, stack: str) -> bool:
    """Return whether Pulumi's list, as JSON, has the stack; some backends put an owner before it.

    >>> has_stack('[{"name": "organization/rrweb-store/pr-12"}]', "pr-12")
    True
    >>> has_stack('[{"name": "pr-123"}]', "pr-12")
    False
    """
    return any(one["name"].rpartition("/")[2] == stack for one in json.loads(listed))


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 there is no such stack now, 2 wrong use, else Pulumi's own."""
    parser = argparse.ArgumentParser(prog="python -m operations.ephemeral_gone")
    parser.add_argument("--number", required=True, help="of the pull request")
    options = parser.parse_args(arguments)
    try:
        stack = stack_name(options.number)
    except ValueError as error:
        parser.error(str(error))
    # Pulumi says why it failed, where it does, on the standard error that is ours, too.
    listed = subprocess.run(LIST, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603
    if listed.returncode:
        return listed.returncode
    if not has_stack(listed.stdout, stack):
        print(f"there is no stack {stack}: nothing to destroy")
        return 0
    return subprocess.run([*DESTROY, stack], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
