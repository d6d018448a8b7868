"""Looks whether somebody changed a stack by hand, and keeps one open issue while that is so.

It runs `make drift` with the environment's STACK and speaks to GitHub by its own command, gh.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Run = Callable[..., Any]


def title(stack: str) -> str:
    """Return the issue's title, by which it is found again.

    >>> title("prod")
    'prod is not what was deployed'
    """
    return f"{stack} is not what was deployed"


def run_url(environment: Mapping[str, str]) -> str:
    """Return the address of this job's log; empty outside of GitHub.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if run else ""


def body(stack: str, log: str) -> str:
    """Return what the issue says. What differs is in the log alone: an issue may be public."""
    return (
        f"`make drift STACK={stack}` found a difference, or could not look: {log or 'its log'}\n\n"
        "docs/operations.md, *What somebody changed by hand*, says what to do. The issue closes by "
        "itself when the difference is gone."
    )


def open_issue(stack: str, run: Run) -> str:
    """Return the number of the stack's open issue; empty if there is none.

    Raises:
        CalledProcessError: gh may not look.
    """
    found = run(
        # A search would be an hour late.
        ["gh", "issue", "list", "--state", "open", "--limit", "1000", "--json", "number,title"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return next(
        (str(one["number"]) for one in json.loads(found.stdout) if one["title"] == title(stack)), ""
    )


def main(arguments: Sequence[str] | None = None, run: Run = subprocess.run) -> int:
    """Return the exit code: of `make drift`, or 1 when only gh failed."""
    parser = argparse.ArgumentParser(prog="python -m operations.drift_issue")
    parser.add_argument("--stack", required=True)
    stack = parser.parse_args(arguments).stack
    drift = run(["make", "--no-print-directory", "drift", f"STACK={stack}"], check=False)
    try:
        number = open_issue(stack, run)
        if drift.returncode and not number:
            text = body(stack, run_url(os.environ))
            run(["gh", "issue", "create", "--title", title(stack), "--body", text], check=True)
        elif drift.returncode:
            again = f"Still so: {run_url(os.environ)}"
            run(["gh", "issue", "comment", number, "--body", again], check=True)
        elif number:
            run(["gh", "issue", "close", number, "--comment", "It is again."], check=True)
    except subprocess.CalledProcessError as error:
        print(f"drift: {' '.join(error.cmd[:3])} failed", file=sys.stderr)
        return drift.returncode or 1
    return drift.returncode


if __name__ == "__main__":
    sys.exit(main())
