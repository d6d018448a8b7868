"""Carries recordings into the table of this release: `python -m operations.carry_over --stack dev`.

In: the table of a release without sites, which the setting `earlierTable` keeps in the stack. Out:
every item of it that has not expired, in the table of this release. The earlier table stays as it
is, and so do all objects.

It can be interrupted and run again, also twice at once and while recordings are made: an item that
is in the new table already is never written again. Setting and deployment come first, if the stack
still runs the release before.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from components.release.promotion import CARRIED_OVER
from operations.outputs import OutputsError, add_options, outputs_of

# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
MAX_KEYS = 100
# Writes at a time: enough to use what a new table takes, 4,000 a second.
WRITERS = 16
# Without this, a client of an old page that never stops writing would keep the command running.
MAX_PASSES = 5
PROGRESS_ITEMS = 10_000

_REMEDIES = {
    "AccessDeniedException": (
        "Your credentials need dynamodb:Scan on the earlier table, and dynamodb:BatchGetItem and "
        "dynamodb:PutItem on the new one: see docs/deploy.md."
    ),
    "ResourceNotFoundException": (
        "Both tables must be in the Region that the stack exports, in the account of your "
        "credentials: aws sts get-caller-identity names the account."
    ),
}

Item = Mapping[str, Any]
"""An item in DynamoDB's typed JSON."""


class NothingToCarryError(RuntimeError):
    """There is no earlier table; the message says why, and how to name one."""


class StillWritingError(RuntimeError):
    """New recordings keep coming into the earlier table."""


@dataclass(kw_only=True)
class Pass:
    """What one pass over the earlier table found."""

    seen: int = 0
    copied: int = 0
    there: int = 0
    """Items that were in the new table already."""
    expired: int = 0

    def __str__(self) -> str:
        return (
            f"{self.seen} seen, {self.copied} copied, {self.there} already there, "
            f"{self.expired} expired"
        )


@dataclass(frozen=True, kw_only=True)
class CarryOver:
    """Two tables: the earlier one, which is only read, and the new one."""

    dynamodb: Any
    earlier: str
    table: str
    say: Callable[[str], object] = print

    def run(self) -> list[Pass]:
        """Return the passes, of which the last one has found every item in the new table.

        Raises:
            ClientError: AWS refused a call. It can be run again.
            StillWritingError: Each pass found new recordings.
        """
        passes: list[Pass] = []
        with ThreadPoolExecutor(WRITERS) as writers:
            while len(passes) < MAX_PASSES:
                one = self._pass(writers)
                passes.append(one)
                self.say(f"pass {len(passes)}: {one}")
                if not one.copied:
                    return passes
        raise StillWritingError(
            f"recordings are still being made in {self.earlier}: run it again when no page uses "
            "an API of the release before"
        )

    def _pass(self, writers: ThreadPoolExecutor) -> Pass:
        found = Pass()
        # Consistent: an item that an old page has just made is seen, too.
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.earlier, ConsistentRead=True
        )
        told = 0
        for page in pages:
            items = page["Items"]
            current = [carried(one) for one in items if not has_expired(one, time.time())]
            missing = [one for batch in _batches(current) for one in self._missing(batch)]
            copied = sum(writers.map(self._put, missing))
            found.seen += len(items)
            found.copied += copied
            found.there += len(current) - copied
            found.expired += len(items) - len(current)
            if found.seen - told >= PROGRESS_ITEMS:
                told = found.seen
                self.say(f"  {found}")
        return found

    def _missing(self, items: Sequence[Item]) -> list[Item]:
        """Return the items that the new table lacks, or does not say that it has.

        A read is cheaper than a write that is refused, and does not use what the table takes.
        """
        keys = [{"owner": one["owner"], "recordingId": one["recordingId"]} for one in items]
        answer = self.dynamodb.batch_get_item(
            RequestItems={
                self.table: {
                    "Keys": keys,
                    "ConsistentRead": True,
                    # `owner` is a reserved word.
                    "ProjectionExpression": "#owner, recordingId",
                    "ExpressionAttributeNames": {"#owner": "owner"},
                }
            }
        )
        there = {_key(one) for one in answer["Responses"].get(self.table, [])}
        return [one for one in items if _key(one) not in there]

    def _put(self, item: Item) -> bool:
        """Return whether the item was written: one that is there is newer, and stays."""
        try:
            self.dynamodb.put_item(
                TableName=self.table,
                Item=item,
                ConditionExpression="attribute_not_exists(recordingId)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def carried(item: Item) -> Item:
    """Return the item as this release writes it.

    >>> carried({"userId": {"S": "u"}, "recordingId": {"S": "r"}})
    {'owner': {'S': 'user#u'}, 'recordingId': {'S': 'r'}}

    Raises:
        NothingToCarryError: It is not an item of such a table.
    """
    if "userId" not in item:
        raise NothingToCarryError("its items have no userId: it is no table of an earlier release")
    rest = {name: value for name, value in item.items() if name != "userId"}
    return {"owner": {"S": f"user#{item['userId']['S']}"}, **rest}


def has_expired(item: Item, now: float) -> bool:
    """Return whether no reader would find it. DynamoDB may delete it days later.

    >>> has_expired({"expiresAt": {"N": "100"}}, 100), has_expired({"expiresAt": {"N": "101"}}, 100)
    (True, False)
    """
    return float(item.get("expiresAt", {}).get("N", "0")) <= now


def _key(item: Item) -> tuple[str, str]:
    return item["owner"]["S"], item["recordingId"]["S"]


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), MAX_KEYS):
        yield items[start : start + MAX_KEYS]


def is_before(exports: Mapping[str, Any]) -> bool:
    """Return whether the stack still runs a release of the layout before."""
    return exports.get("storageLayout") == CARRIED_OVER[0]


def earlier_table(exports: Mapping[str, Any]) -> str:
    """Return the name of the table that the stack keeps.

    Raises:
        NothingToCarryError: It keeps none.
    """
    if name := exports.get("earlierTableName"):
        return name
    if not exports.get("tableName"):
        raise NothingToCarryError("nothing is deployed, so there is nothing to carry over")
    if is_before(exports):
        raise NothingToCarryError(
            f"{exports['tableName']} is a table of the release before: deploy this one first, with "
            "the setting earlierTable"
        )
    raise NothingToCarryError(
        "the stack keeps no earlier table: it never had one, or Pulumi has forgotten it since. "
        "If a forgotten one is still there, name it: FROM=rrweb-store-dev-recordings-1a2b3c4"
    )


def next_steps(stack: str, earlier: str, region: str) -> str:
    """Return what to type when the recordings have been looked at."""
    table = f"--region {region} --table-name {earlier}"
    return "\n".join(
        (
            "When you have looked at some recordings, make Pulumi forget the table, and delete it:",
            f"  pulumi config rm earlierTable --stack {stack}",
            f"  make deploy STACK={stack}",
            f"  aws dynamodb update-table {table} --no-deletion-protection-enabled",
            f"  aws dynamodb delete-table {table}",
        )
    )


def deploy(stack: str, run: Callable[..., Any]) -> int:
    """Return the exit code of a deployment that keeps the earlier table."""
    print("the stack runs the release before: setting earlierTable, and deploying", flush=True)
    setting = ["pulumi", "config", "set", "earlierTable", "true", "--stack", stack]
    code: int = run(setting, check=False).returncode
    if code:
        return code
    # As a variable of the environment, whose text make does not expand.
    given = {**os.environ, "STACK": stack}
    return run(["make", "--no-print-directory", "deploy"], check=False, env=given).returncode


def main(arguments: Sequence[str] | None = None, run: Callable[..., Any] = subprocess.run) -> int:
    """Return the exit code: 0 all recordings are carried over, 1 failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.carry_over", description=__doc__)
    add_options(parser)
    parser.add_argument("--from", dest="earlier", metavar="TABLE", help="a table of an older name")
    options = parser.parse_args(arguments)
    try:
        exports = outputs_of(options)
        if options.stack and is_before(exports):
            if deploy(options.stack, run):
                print("carry_over: not deployed, so nothing was carried over", file=sys.stderr)
                return 1
            exports = outputs_of(options)
        earlier = options.earlier or earlier_table(exports)
        table, region = exports["tableName"], exports["region"]
        print(f"from {earlier} to {table} in {region}", flush=True)
        dynamodb: Any = cast("Any", boto3).client(
            "dynamodb",
            region_name=region,
            config=Config(
                retries={"mode": "adaptive", "total_max_attempts": 10},
                max_pool_connections=WRITERS,
            ),
        )
        CarryOver(dynamodb=dynamodb, earlier=earlier, table=table).run()
    except (OutputsError, NothingToCarryError, StillWritingError, BotoCoreError) as error:
        print(f"carry_over: {error}", file=sys.stderr)
        return 1
    except ClientError as error:
        code = error.response["Error"]["Code"]
        print(f"carry_over: {error} {_REMEDIES.get(code, '')}".rstrip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("carry_over: interrupted: run it again, it goes on", file=sys.stderr)
        return 1
    print("Every recording of the earlier table that has not expired is in the new one.")
    if not options.earlier:
        print(next_steps(options.stack or "NAME", earlier, region))
    return 0


if __name__ == "__main__":
    sys.exit(main())
