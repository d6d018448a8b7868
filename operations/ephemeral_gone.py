"""Destroys the stack of a pull request, if there is one.

`python -m operations.ephemeral_gone --number 12` is what `make ephemeral-gone PR=12` runs. One that
never deployed, or is gone already, has nothing to destroy: that is no failure.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

from operations.preview_stack import stack_name

# It reads this stack's state alone; a list of stacks reads every one's.
FIND = ("pulumi", "stack", "select", "--non-interactive", "--stack")
# https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/cmd/exit_codes.go, since 3.227
NO_SUCH_STACK = 6
DESTROY = ("pulumi", "destroy", "--yes", "--remove", "--non-interactive", "--stack")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 there is no such stack now, 2 wrong use, else Pulumi's own."""
    parser = argparse.ArgumentParser(prog="python -m operations.ephemeral_gone")
    parser.add_argument("--number", required=True, help="of the pull request")
    options = parser.parse_args(arguments)
    try:
        stack = stack_name(options.number)
    except ValueError as error:
        parser.error(str(error))
    # Pulumi says why it failed, where it does.
    found = subprocess.run([*FIND, stack], check=False).returncode  # noqa: S603
    if found == NO_SUCH_STACK:
        print(f"there is no stack {stack}: nothing to destroy")
        return 0
    if found:
        return found
    return subprocess.run([*DESTROY, stack], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
