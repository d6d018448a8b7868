"""Finds by tag what a stack left behind, and removes stacks that have expired.

`python -m operations.leftovers check --stack pr-12` fails if anything of the stack is left.
`python -m operations.leftovers janitor` destroys every stack whose `expires-on` has passed.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import boto3

PROJECT_TAG = "rrweb-store"
# Only such a stack is ever destroyed by the janitor, whatever tags something carries.
EPHEMERAL = "pr-"

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Tagged:
    """Something of this project in the account."""

    arn: str
    tags: Tags


def tagged(tagging: Any, iam: Any) -> Iterator[Tagged]:
    """Yield everything that has the project's tag.

    The tagging API knows no roles, so IAM is asked for them one by one:
    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
    """
    filters = [{"Key": "project", "Values": [PROJECT_TAG]}]
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=filters):
        for one in page["ResourceTagMappingList"]:
            yield Tagged(one["ResourceARN"], _tags(one["Tags"]))
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:
            tags = _tags(iam.list_role_tags(RoleName=role["RoleName"])["Tags"])
            if tags.get("project") == PROJECT_TAG:
                yield Tagged(role["Arn"], tags)


def _tags(pairs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs}


def left_of(stack: str, found: Iterator[Tagged]) -> list[str]:
    """Return the ARNs that belong to the stack, each once."""
    return sorted({one.arn for one in found if one.tags.get("stack") == stack})


def expired(found: Iterator[Tagged], today: date) -> list[str]:
    """Return the ephemeral stacks whose last day has passed."""
    stacks: set[str] = set()
    for one in found:
        stack, until = one.tags.get("stack", ""), one.tags.get("expires-on", "")
        if stack.startswith(EPHEMERAL) and until and date.fromisoformat(until) < today:
            stacks.add(stack)
    return sorted(stacks)


def destroy(stack: str, run: Callable[..., Any] = subprocess.run) -> bool:
    """Return whether Pulumi destroyed the stack and forgot it."""
    for command in (
        ["pulumi", "destroy", "--yes", "--stack", stack],
        ["pulumi", "stack", "rm", "--yes", stack],
    ):
        if run(command, check=False).returncode != 0:
            print(f"leftovers: {' '.join(command)} failed", file=sys.stderr)
            return False
    return True


def _check(options: argparse.Namespace, found: Callable[[], Iterator[Tagged]]) -> int:
    # What was deleted a moment ago may still be listed.
    deadline = time.monotonic() + options.patience
    while left := left_of(options.stack, found()):
        if time.monotonic() >= deadline:
            print(f"{len(left)} left of {options.stack}:", *left, sep="\n  ")
            return 1
        time.sleep(min(10, options.patience))
    print(f"nothing is left of {options.stack}")
    return 0


def _janitor(_: argparse.Namespace, found: Callable[[], Iterator[Tagged]]) -> int:
    stacks = expired(found(), datetime.now(UTC).date())
    print(f"{len(stacks)} expired: {', '.join(stacks) or 'none'}")
    refused = [stack for stack in stacks if not destroy(stack)]  # one does not stop the others
    return 1 if refused else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 all is clean, 1 something is left, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m operations.leftovers")
    parser.add_argument("--region", default=None, help="the environment's unless given")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="fail if anything of a stack is left")
    check.add_argument("--stack", required=True)
    check.add_argument("--patience", type=float, default=60, help="seconds to wait for less")
    check.set_defaults(run=_check)
    janitor = commands.add_parser("janitor", help="destroy the stacks that have expired")
    janitor.set_defaults(run=_janitor)
    options = parser.parse_args(arguments)
    session: Any = cast("Any", boto3).Session(region_name=options.region)
    tagging, iam = session.client("resourcegroupstaggingapi"), session.client("iam")
    return options.run(options, lambda: tagged(tagging, iam))


if __name__ == "__main__":
    sys.exit(main())
