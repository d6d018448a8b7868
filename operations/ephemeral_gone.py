"""Destroys the stack of a pull request, if it exists.

`make ephemeral-gone PR=12` runs `python -m operations.ephemeral_gone --number 12`. A stack that was
never deployed, or is already destroyed, is not a failure.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

from operations.preview_stack import stack_name

# Reads the state of this stack only; listing the stacks would read all.
FIND = ("pulumi", "stack", "select", "--non-interactive", "--stack")
# https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/cmd/exit_codes.go, since 3.227
NO_SUCH_STACK = 6
DESTROY = ("pulumi", "destroy", "--yes", "--remove", "--non-interactive", "--stack")


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 the stack does not exist any more, 2 wrong usage, else Pulumi's."""
    parser = argparse.ArgumentParser(prog="python -m operations.ephemeral_gone")
    parser.add_argument("--number", required=True, help="number of the pull request")
    options = parser.parse_args(arguments)
    try:
        stack = stack_name(options.number)
    except ValueError as error:
        parser.error(str(error))
    # Pulumi prints the cause of its failures.
    found = subprocess.run([*FIND, stack], check=False).returncode  # noqa: S603
    if found == NO_SUCH_STACK:
        print(f"there is no stack {stack}: nothing to destroy")
        return 0
    if found:
        return found
    return subprocess.run([*DESTROY, stack], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
