"""Finds resources that a stack left behind, and destroys stacks that have expired.

`python -m operations.leftovers check --stack pr-12` fails if any resource of the stack is left.
`python -m operations.leftovers janitor` destroys every pull request's stack whose last day has
passed: the day in its tag `expires-on`, and at most `MAX_DAYS` after its oldest role was created,
since the pull request's own code writes the tag. It reports what it cannot read or destroy, goes
on, and ends with 1.
"""

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from operations.preview_stack import MAX_DAYS
from operations.stack_region import SHARED_BY_PULL_REQUESTS, stack_region

PROJECT_TAG = "rrweb-store"
# GetResources lists resources that belong to no Region here alone, as resource_types/ says.
HOME_OF_THE_GLOBAL = "us-east-1"
# The janitor destroys no other stack, whatever the tags of a resource say.
EPHEMERAL = re.compile(r"pr-[1-9][0-9]{0,8}")
# stack_tags.py and observability.py of components/ write these where AWS takes no tag.
_LABEL = re.compile(rf"{PROJECT_TAG} (\S+)")
_DASHBOARD = re.compile(rf"{PROJECT_TAG}-(.+)-watch-board")

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Tagged:
    """A resource of this project in the account."""

    arn: str
    """Its kind and id, where AWS lists no ARN."""
    tags: Tags
    created: date | None = None
    """The day of its creation by AWS's clock, where AWS lists it."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """Clients of the services that list leftovers: see `found_by` in `resource_types/`."""

    tagging: Any
    """Client in the stack's Region."""
    tagging_globally: Any
    """Client in us-east-1."""
    iam: Any
    cloudfront: Any
    cloudwatch: Any

    def found(self) -> Iterator[Tagged]:
        """Yield every resource of this project."""
        for source in self.sources():
            yield from source
        yield from self._labelled()

    def sources(self) -> list[Iterator[Tagged]]:
        """Return the lists of tagged resources. AWS may refuse each of them on its own."""
        return [_tagged(self.tagging), _tagged(self.tagging_globally), self._roles()]

    def _roles(self) -> Iterator[Tagged]:
        for page in self.iam.get_paginator("list_roles").paginate():
            for role in page["Roles"]:
                try:
                    tags = _tags(self.iam.list_role_tags(RoleName=role["RoleName"])["Tags"])
                except ClientError as error:
                    if error.response["Error"]["Code"] != "NoSuchEntity":
                        raise
                    continue  # it was deleted since it was listed
                if tags.get("project") == PROJECT_TAG:
                    yield Tagged(role["Arn"], tags, role["CreateDate"].astimezone(UTC).date())

    def _labelled(self) -> Iterator[Tagged]:
        for kind, id_, comment in self._comments():
            if label := _LABEL.fullmatch(comment):
                yield Tagged(f"CloudFront {kind} {id_}", {"stack": label[1]})
        for page in self.cloudwatch.get_paginator("list_dashboards").paginate():
            for one in page["DashboardEntries"]:
                if name := _DASHBOARD.fullmatch(one["DashboardName"]):
                    yield Tagged(one["DashboardArn"], {"stack": name[1]})

    def _comments(self) -> Iterator[tuple[str, str, str]]:
        """Yield kind, id and comment of CloudFront's resources that take no tags."""
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
            yield "function", one["Name"], one["FunctionConfig"].get("Comment", "")


def _items(call: Callable[..., Any], member: str, **request: str) -> Iterator[Any]:
    """Yield the items of a CloudFront list, page by page; botocore paginates only some of them."""
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
    """Return the stack's resources, each once."""
    return sorted({one.arn for one in found if one.tags.get("stack") == stack})


@dataclass(frozen=True, kw_only=True)
class Expired:
    """Expired stacks, and tags that cannot be read."""

    stacks: list[str]
    """Stacks of pull requests whose last day has passed."""
    unread: list[str]
    """A line for each tag that contains no valid last day."""


def expired(found: Iterable[Tagged], today: date) -> Expired:
    """Return which stacks have expired.

    A stack's last day is the latest in its tags, since an update writes them one by one.
    """
    latest: dict[str, date] = {}
    oldest: dict[str, date] = {}
    unread: set[str] = set()
    for one in found:
        stack, until = one.tags.get("stack", ""), one.tags.get("expires-on")
        if not EPHEMERAL.fullmatch(stack):
            continue
        if one.created:
            oldest[stack] = min(one.created, oldest.get(stack, one.created))
        if until is None:
            continue
        try:
            latest[stack] = max(date.fromisoformat(until), latest.get(stack, date.min))
        except ValueError:
            unread.add(f"{stack}: expires-on of {one.arn} is not a day: {until[:40]!r}")
    longest = timedelta(days=MAX_DAYS)
    for stack, until in latest.items():
        if stack not in oldest and until - today > longest:
            unread.add(f"{stack}: expires-on {until} is more than {MAX_DAYS} days ahead")
    last_days = {
        stack: min(
            latest.get(stack, date.max),
            oldest[stack] + longest if stack in oldest else date.max,
        )
        for stack in latest.keys() | oldest.keys()
    }
    return Expired(
        stacks=sorted(stack for stack, last_day in last_days.items() if last_day < today),
        unread=sorted(unread),
    )


def destroy(stack: str, run: Callable[..., Any] = subprocess.run) -> bool:
    """Return whether Pulumi destroyed and removed the stack."""
    for command in (
        ["pulumi", "destroy", "--yes", "--stack", stack],
        ["pulumi", "stack", "rm", "--yes", stack],
    ):
        if run(command, check=False).returncode != 0:
            print(f"leftovers: {' '.join(command)} failed", file=sys.stderr)
            return False
    return True


def _check(options: argparse.Namespace, account: Account) -> int:
    # A resource that was just deleted may still be listed.
    deadline = time.monotonic() + options.patience
    while left := left_of(options.stack, account.found()):
        if time.monotonic() >= deadline:
            print(f"{len(left)} left of {options.stack}:", *left, sep="\n  ")
            return 1
        time.sleep(min(10, options.patience))
    print(f"nothing is left of {options.stack} in {options.region}")
    return 0


def _janitor(_: argparse.Namespace, account: Account) -> int:
    found: list[Tagged] = []
    problems: list[str] = []
    for source in account.sources():
        try:
            found.extend(source)
        except (BotoCoreError, ClientError) as error:
            problems.append(f"a list is incomplete: {error}")
    todo = expired(found, datetime.now(UTC).date())
    print(f"{len(todo.stacks)} expired: {', '.join(todo.stacks) or 'none'}")
    problems += todo.unread
    problems += [f"{stack} is still there" for stack in todo.stacks if not destroy(stack)]
    for problem in problems:
        print(f"leftovers: {problem}", file=sys.stderr)
    return 1 if problems else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 clean, 1 a resource is left or a list failed, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.leftovers")
    parser.add_argument("--region", default=None, help="default: the stack's own")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="fail if any resource of a stack is left")
    check.add_argument("--stack", required=True)
    check.add_argument("--patience", type=float, default=60, help="seconds to wait for deletions")
    check.set_defaults(run=_check)
    janitor = commands.add_parser("janitor", help="destroy expired stacks")
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
