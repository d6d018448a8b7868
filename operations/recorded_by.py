"""Warns of the promotion of a release that has no recordings in tests/recorded-by.

`make preview` and `make deploy` run `python -m operations.recorded_by --stack prod`. It never
fails: what a missing recording weakens is the tests of later releases, and a fix must not wait.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from components.release.release import release_of
from operations.contract_breaks import stack_setting

PROJECT = Path(__file__).parents[1]
FOLDER = "tests/recorded-by"


def warning_of(project: Path, release: str) -> str:
    """Return why later releases will not be tested with what this one stores; empty if they are."""
    if (project / FOLDER / release / "expected.json").is_file():
        return ""
    return (
        f"release {release} has no recordings, so no later release is tested with what it stores. "
        f"Run make recorded-by in this checkout, and commit {FOLDER}/{release}"
    )


def main(
    arguments: Sequence[str] | None = None,
    project: Path = PROJECT,
    checkout: Callable[[Path], str] = release_of,
) -> int:
    """Return the exit code: 0, or 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.recorded_by")
    parser.add_argument(
        "--stack", metavar="NAME", required=True, help="name of the stack in Pulumi"
    )
    options = parser.parse_args(arguments)
    if not stack_setting(options.stack, "promoteFrom", project):
        return 0
    release = checkout(project)
    warning = warning_of(project, release)
    # https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-a-warning-message
    before = "::warning::" if "GITHUB_ACTIONS" in os.environ and warning else ""
    print(f"{before}recorded-by: {warning or f'release {release} has its recordings'}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
