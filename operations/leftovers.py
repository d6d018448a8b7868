"""Finds what a stack left behind, and removes stacks that have expired.

`python -m operations.leftovers check --stack pr-12` fails if anything of the stack is left.
`python -m operations.leftovers janitor` destroys every stack whose `expires-on` has passed.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import boto3

from operations.stack_region import SHARED_BY_PULL_REQUESTS, stack_region
from operations.stack_resources import HOME_OF_THE_GLOBAL

PROJECT_TAG = "rrweb-store"
# Only such a stack is ever destroyed by the janitor, whatever tags something carries.
EPHEMERAL = "pr-"
# What components/stack_tags.py and components/observability.py write where there is no tag.
_LABEL = re.compile(rf"{PROJECT_TAG} (\S+)")
_DASHBOARD = re.compile(rf"{PROJECT_TAG}-(.+)-watch-board")

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Tagged:
    """Something of this project in the account."""

    arn: str
    """Or, of what has none that is told, its kind and id."""
    tags: Tags


@dataclass(frozen=True, kw_only=True)
class Account:
    """Clients of what knows where something is left: see `operations.stack_resources`."""

    tagging: Any
    """In the stack's Region."""
    tagging_globally: Any
    """In us-east-1."""
    iam: Any
    cloudfront: Any
    cloudwatch: Any

    def found(self) -> Iterator[Tagged]:
        """Yield everything of this project's."""
        yield from _tagged(self.tagging)
        yield from _tagged(self.tagging_globally)
        yield from self._roles()
        yield from self._labelled()

    def _roles(self) -> Iterator[Tagged]:
        for page in self.iam.get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                tags = _tags(self.iam.list_role_tags(RoleName=role["RoleName"])["Tags"])
                if tags.get("project") == PROJECT_TAG:
                    yield Tagged(role["Arn"], tags)

    def _labelled(self) -> Iterator[Tagged]:
        for kind, id_, comment in self._comments():
            if label := _LABEL.fullmatch(comment):
                yield Tagged(f"CloudFront {kind} {id_}", {"stack": label[1]})
        for page in self.cloudwatch.get_paginator("list_dashboards").paginate():
            for one in page["DashboardEntries"]:
                if name := _DASHBOARD.fullmatch(one["DashboardName"]):
                    yield Tagged(one["DashboardArn"], {"stack": name[1]})

    def _comments(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, id and comment of what CloudFront has."""
        for one in _items(self.cloudfront.list_origin_access_controls, "OriginAccessControlList"):
            yield "origin access control", one["Id"], one.get("Description", "")
        policies = _items(
            self.cloudfront.list_response_headers_policies,
            "ResponseHeadersPolicyList",
            Type="custom",
        )
        for one in policies:
            policy = one["ResponseHeadersPolicy"]
            comment = policy["ResponseHeadersPolicyConfig"].get("Comment", "")
            yield "response headers policy", policy["Id"], comment
        for one in _items(self.cloudfront.list_functions, "FunctionList", Stage="DEVELOPMENT"):
            yield "function", one["Name"], one["FunctionConfig"]["Comment"]


def _items(call: Callable[..., Any], member: str, **request: str) -> Iterator[Any]:
    """Yield what CloudFront lists, page by page; botocore pages only some of its lists."""
    marker: dict[str, str] = {}
    while True:
        page = call(**request, **marker)[member]
        yield from page.get("Items", [])
        if not page.get("NextMarker"):
            return
        marker = {"Marker": page["NextMarker"]}


def _tagged(tagging: Any) -> Iterator[Tagged]:
    filters = [{"Key": "project", "Values": [PROJECT_TAG]}]
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=filters):
        for one in page["ResourceTagMappingList"]:
            yield Tagged(one["ResourceARN"], _tags(one["Tags"]))


def _tags(pairs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    return {pair["Key"]: pair["Value"] for pair in pairs}


def left_of(stack: str, found: Iterator[Tagged]) -> list[str]:
    """Return what belongs to the stack, each once."""
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


def _check(options: argparse.Namespace, account: Account) -> int:
    # What was deleted a moment ago may still be listed.
    deadline = time.monotonic() + options.patience
    while left := left_of(options.stack, account.found()):
        if time.monotonic() >= deadline:
            print(f"{len(left)} left of {options.stack}:", *left, sep="\n  ")
            return 1
        time.sleep(min(10, options.patience))
    print(f"nothing is left of {options.stack} in {options.region}")
    return 0


def _janitor(_: argparse.Namespace, account: Account) -> int:
    stacks = expired(account.found(), datetime.now(UTC).date())
    print(f"{len(stacks)} expired: {', '.join(stacks) or 'none'}")
    refused = [stack for stack in stacks if not destroy(stack)]  # one does not stop the others
    return 1 if refused else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 all is clean, 1 something is left, 2 wrong use."""
    parser = argparse.ArgumentParser(prog="python -m operations.leftovers")
    parser.add_argument("--region", default=None, help="the stack's own unless given")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="fail if anything of a stack is left")
    check.add_argument("--stack", required=True)
    check.add_argument("--patience", type=float, default=60, help="seconds to wait for less")
    check.set_defaults(run=_check)
    janitor = commands.add_parser("janitor", help="destroy the stacks that have expired")
    janitor.set_defaults(run=_janitor, stack=SHARED_BY_PULL_REQUESTS)
    options = parser.parse_args(arguments)
    options.region = options.region or stack_region(options.stack)
    session: Any = cast("Any", boto3).Session(region_name=options.region)
    account = Account(
        tagging=session.client("resourcegroupstaggingapi"),
        tagging_globally=session.client("resourcegroupstaggingapi", region_name=HOME_OF_THE_GLOBAL),
        iam=session.client("iam"),
        cloudfront=session.client("cloudfront"),
        cloudwatch=session.client("cloudwatch"),
    )
    return options.run(options, account)


if __name__ == "__main__":
    sys.exit(main())
