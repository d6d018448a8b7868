"""Keeps one issue open on GitHub while a stack differs from its deployment.

Another job runs `make drift` and passes on its result, so that the token that writes issues and the
AWS role are never in one job. Requires GitHub's command, gh.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

FIELDS = "number,title,author"

Run = Callable[..., Any]


def title(stack: str) -> str:
    """Return the issue's title, which identifies it.

    >>> title("prod")
    'prod is not what was deployed'
    """
    return f"{stack} is not what was deployed"


def run_url(environment: Mapping[str, str]) -> str:
    """Return the URL of this job's log; empty outside of GitHub.

    Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if run else ""


def body(stack: str, log: str) -> str:
    """Return the issue's text. The differences are in the log alone: an issue may be public."""
    return (
        f"`make drift STACK={stack}` found a difference, or failed: {log or 'its log'}\n\n"
        "docs/operations.md, *Drift: changes made by hand*, says what to do. The issue closes by "
        "itself when the difference is gone."
    )


def open_issue(stack: str, run: Run) -> str:
    """Return the number of the stack's open issue; empty if there is none.

    Raises:
        CalledProcessError: gh failed.
    """
    found = run(
        # `--search` would be up to an hour behind.
        [*("gh", "issue", "list", "--state", "open"), *("--limit", "1000", "--json", FIELDS)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return next(
        (
            str(one["number"])
            for one in json.loads(found.stdout)
            # Any user can open an issue with this title: comment on and close a bot's only.
            if one["title"] == title(stack) and one["author"].get("is_bot")
        ),
        "",
    )


def main(arguments: Sequence[str] | None = None, run: Run = subprocess.run) -> int:
    """Return the exit code: 0 the issue is up to date, 1 gh failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.drift_issue")
    parser.add_argument("--stack", required=True)
    parser.add_argument("--result", required=True, help="result of make drift, such as success")
    options = parser.parse_args(arguments)
    stack, has_drift = options.stack, options.result != "success"
    try:
        number = open_issue(stack, run)
        if has_drift and not number:
            text = body(stack, run_url(os.environ))
            run(["gh", "issue", "create", "--title", title(stack), "--body", text], check=True)
        elif has_drift:
            again = f"The difference remains: {run_url(os.environ)}"
            run(["gh", "issue", "comment", number, "--body", again], check=True)
        elif number:
            run(
                ["gh", "issue", "close", number, "--comment", "The difference is gone."], check=True
            )
    except subprocess.CalledProcessError as error:
        print(f"drift_issue: {' '.join(error.cmd[:3])} failed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
