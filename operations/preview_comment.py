"""Puts what a pull request would change into a comment of it, and changes that one comment anew.

It runs `make preview` with the environment's STACK and posts by GitHub's own command, gh.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

# Of GitHub, less what stands around the text.
MAX_CHARACTERS = 65_536 - 1_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def comment(stack: str, said: str, *, succeeded: bool) -> str:
    """Return the comment; a long preview loses its beginning, as the summary is at its end.

    >>> print(comment("dev", "+ a bucket", succeeded=True))
    ### What `dev` would get
    <BLANKLINE>
    ~~~~~~~~diff
    + a bucket
    ~~~~~~~~
    """
    # Nothing that a preview says may end the block: then it could write the comment.
    plain = re.sub(r"~{8,}", "~~~~~~~", _COLOUR.sub("", said)).strip()
    if len(plain) > MAX_CHARACTERS:
        plain = (
            f"… the first {len(plain) - MAX_CHARACTERS} characters are in the job's log\n"
            + (plain[-MAX_CHARACTERS:])
        )
    title = f"What `{stack}` would get" if succeeded else f"The preview of `{stack}` failed"
    return f"### {title}\n\n~~~~~~~~diff\n{plain}\n~~~~~~~~"


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code: of the preview, or of gh when only that failed."""
    parser = argparse.ArgumentParser(prog="python -m operations.preview_comment")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--pull-request", required=True, type=int, metavar="NUMBER")
    options = parser.parse_args(arguments)
    preview = run(
        ["make", "--no-print-directory", "preview", f"STACK={options.stack}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(preview.stdout)
    body = comment(options.stack, preview.stdout, succeeded=preview.returncode == 0)
    number = str(options.pull_request)
    posted = run(
        ["gh", "pr", "comment", number, "--edit-last", "--create-if-none", "--body-file", "-"],
        input=body,
        text=True,
        check=False,
    )
    return preview.returncode or posted.returncode


if __name__ == "__main__":
    sys.exit(main())
