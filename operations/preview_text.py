"""Previews a stack and writes the output to a file, which `operations.preview_comment` posts.

It runs the code of a pull request, so its job has a role that may read and no token that may write:
another job posts the text and runs none of that code.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

# GitHub masks these in a log, but not in a file.
_SECRET = re.compile(r".*(_TOKEN|_KEY|_KEY_ID|_SECRET|_PASSWORD|_PASSPHRASE)")


def masked(text: str, environment: Mapping[str, str]) -> str:
    """Return the text without the values of the environment's keys and tokens.

    >>> masked("key ASIA0123", {"AWS_ACCESS_KEY_ID": "ASIA0123"})
    'key ***'
    """
    secrets = {value for name, value in environment.items() if _SECRET.fullmatch(name) and value}
    for secret in sorted(secrets, key=len, reverse=True):  # one may contain another
        text = text.replace(secret, "***")
    return text


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code of the preview."""
    parser = argparse.ArgumentParser(prog="python -m operations.preview_text")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--to", required=True, type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    preview = run(
        ["make", "--no-print-directory", "preview"],
        # make would expand it in an argument.
        env={**os.environ, "STACK": options.stack},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(preview.stdout)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    options.to.write_text(masked(preview.stdout, os.environ), encoding="utf-8")
    return preview.returncode


if __name__ == "__main__":
    sys.exit(main())
