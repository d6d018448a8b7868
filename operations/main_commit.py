"""Decides which commit the workflow `prod` deploys: one of main, by its full hash.

`make main-commit COMMIT=<hash>` runs `python -m operations.main_commit --commit=<hash>` in a
checkout of main with its whole history, before any job has a role. GitHub serves commits of forks
and of unmerged pull requests from the same repository, so any author's commit exists.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

PROJECT = Path(__file__).parent.parent
MAIN = "refs/remotes/origin/main"
_HASH = re.compile(r"[0-9a-f]{40}")


class CommitError(ValueError):
    """The commit must not be deployed; the message says why."""


def main_commit(requested: str, *, head: str, in_main: Collection[str]) -> str:
    """Return the commit to deploy.

    Args:
        requested: Full hash of a commit; empty for `head`.
        head: The checkout's commit, which GitHub took from main when the workflow was started.
        in_main: Full hashes of every commit of main.

    Raises:
        CommitError: It is not a full hash, or the commit is not in main.
    """
    commit = requested or head
    if not _HASH.fullmatch(commit):
        raise CommitError(
            f"commit must be 40 lower-case hex digits, as git rev-parse prints them, "
            f"got {commit[:80]!r}"
        )
    # Branch and tag names are not resolved, so a name that looks like a hash has no effect.
    if commit not in in_main:
        raise CommitError(f"{commit} is not in main: merge it first")
    return commit


def main(arguments: Sequence[str] | None = None, project: Path = PROJECT) -> int:
    """Return the exit code: 0 the commit is in main, 1 it is not or git failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.main_commit")
    parser.add_argument("--commit", default="", help="full hash; the checkout's own unless given")
    options = parser.parse_args(arguments)
    try:
        commit = main_commit(
            options.commit,
            head=_git(project, "rev-parse", "HEAD").strip(),
            in_main=set(_git(project, "rev-list", MAIN).split()),
        )
    except CommitError as error:
        print(f"main_commit: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:  # git prints the cause
        print(f"main_commit: {' '.join(error.cmd)} failed", file=sys.stderr)
        return 1
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"commit={commit}\n")
    print(f"{commit} is in main")
    return 0


def _git(project: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    found = subprocess.run(  # noqa: S603 - constant arguments
        command, cwd=project, stdout=subprocess.PIPE, text=True, check=True
    )
    return found.stdout


if __name__ == "__main__":
    sys.exit(main())
