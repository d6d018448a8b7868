"""Erases all recordings of a user or a site, and verifies erasures.

`python -m operations.erasure --stack prod erase --user <sub>`, or `--site <id>`, starts the stack's
state machine and prints the id of the erasure. `python -m operations.erasure --stack prod verify
<id>` reads its certificate, looks again, and says whether anything is left.
"""

import argparse
import json
import re
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import boto3

from components.store import stored_objects as stored
from components.store.recordings_table import BY_VISITOR, NEWEST_FIRST
from operations.outputs import OutputsError, add_options, outputs_of

_BOTO3: Any = boto3  # it has no types
# It starts with the time of the request, of whose year the certificate is.
_ID = re.compile(r"([0-9]{1,13})-[A-Za-z0-9_-]{1,80}")
# A user's id in a pool is a UUID: a login name, which shells keep in USER, is none.
_OWNER = re.compile(r"user#[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|site#[a-z][a-z0-9-]{0,30}")


class NotErasedError(RuntimeError):
    """Nothing was started, or there is no such erasure; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """What another look has found of an erasure."""

    objects: int
    recordings: int
    """Recordings that the index still lists."""
    unsorted: int
    """Objects of batches that Firehose could not place, any of which may be of them."""


@dataclass(frozen=True, kw_only=True)
class Erasures:
    """One stack."""

    states: Any
    s3: Any
    dynamodb: Any
    bucket: str
    table: str
    machine: str
    """ARN of the state machine."""

    def erase(self, owner: str, keys: Sequence[str], asked_by: str) -> str:
        """Return the id of an erasure of all recordings of an owner, which it has started.

        Raises:
            NotErasedError: The owner is none.
            ClientError: AWS refused.
        """
        if not _OWNER.fullmatch(owner):
            raise NotErasedError(f"{owner!r} is no user and no site")
        now_ms = int(time.time() * 1000)
        erasure_id = f"{now_ms}-{uuid.uuid4().hex[:16]}"
        given = {
            "owner": owner,
            "subject": owner.replace("#", "/"),
            "index": NEWEST_FIRST,
            "attribute": "owner",
            "value": owner,
            "erasureId": erasure_id,
            "askedBy": asked_by,
            "askedAtMs": now_ms,
            "siteKeys": list(keys),
        }
        self.states.start_execution(
            stateMachineArn=self.machine, name=erasure_id, input=json.dumps(given)
        )
        return erasure_id

    def certificate(self, erasure_id: str) -> dict[str, Any]:
        """Return the certificate of an erasure.

        Raises:
            NotErasedError: There is none: the erasure has not ended, or it has failed.
        """
        asked_at_ms = _ID.fullmatch(erasure_id)
        if not asked_at_ms:
            raise NotErasedError(f"{erasure_id!r} is no id of an erasure, such as 1790000000000-0f")
        year = time.gmtime(int(asked_at_ms[1]) / 1000).tm_year
        key = f"{stored.CERTIFICATES}/{year:04}/{erasure_id}.json"
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"]
        except self.s3.exceptions.NoSuchKey as error:
            raise NotErasedError(
                f"there is no certificate of {erasure_id}: the erasure has not ended, or has failed"
            ) from error
        return json.loads(body.read())

    def left(self, certificate: dict[str, Any]) -> Left:
        """Return what is left of what an erasure has removed."""
        owner: str = certificate["owner"]
        ids = set(self._erased(certificate))
        return Left(
            objects=sum(self._objects(folder) for folder in self._folders(owner, ids)),
            recordings=self._listed(certificate),
            unsorted=self._objects(f"{stored.FAILED}/") if owner.startswith("user#") else 0,
        )

    def _erased(self, certificate: dict[str, Any]) -> Iterator[str]:
        """Yield the recordings: of several, those whose tombstones have not expired."""
        if "recordingId" in certificate:
            yield certificate["recordingId"]
            return
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="#owner = :owner",
            FilterExpression="erasureId = :id",
            ExpressionAttributeNames={"#owner": "owner"},
            ExpressionAttributeValues={
                ":owner": {"S": certificate["owner"]},
                ":id": {"S": certificate["executionId"]},
            },
        )
        for page in pages:
            yield from (one["recordingId"]["S"] for one in page["Items"])

    def _folders(self, owner: str, ids: set[str]) -> list[str]:
        kind, _, name = owner.partition("#")
        spaces: list[str] = []
        for prefix in (stored.RECORDINGS, stored.KEPT):
            if kind == "user":
                spaces.append(f"{prefix}/userId={name}/")
                continue
            # A key that was retired since may have been the one.
            answer = self.s3.list_objects_v2(
                Bucket=self.bucket, Prefix=f"{prefix}/siteKey=", Delimiter="/"
            )
            spaces += [one["Prefix"] for one in answer.get("CommonPrefixes", [])]
        return [f"{space}sessionId={one}/" for space in spaces for one in sorted(ids)]

    def _objects(self, folder: str) -> int:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=folder)
        return sum(page["KeyCount"] for page in pages)

    def _listed(self, certificate: dict[str, Any]) -> int:
        """Return how many of what was erased the table still lists, or lists again."""
        owner: str = certificate["owner"]
        subject: str = certificate.get("subject", "")
        if not subject:
            key = {"owner": {"S": owner}, "recordingId": {"S": certificate["recordingId"]}}
            answer = self.dynamodb.get_item(TableName=self.table, Key=key, ConsistentRead=True)
            return int("createdAtMs" in answer.get("Item", {}))
        visitor = subject.removeprefix("visitor/")
        is_visitor = visitor != subject
        answer = self.dynamodb.query(
            TableName=self.table,
            IndexName=BY_VISITOR if is_visitor else NEWEST_FIRST,
            KeyConditionExpression="#partition = :partition AND createdAtMs <= :asked",
            ExpressionAttributeNames={"#partition": "ownerVisitor" if is_visitor else "owner"},
            ExpressionAttributeValues={
                ":partition": {"S": f"{owner}#{visitor}" if is_visitor else owner},
                ":asked": {"N": str(certificate["askedAtMs"])},
            },
            Select="COUNT",
        )
        return int(answer["Count"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 started or nothing is left, 1 something is, or a failure."""
    parser = argparse.ArgumentParser(prog="python -m operations.erasure", description=__doc__)
    add_options(parser)
    commands = parser.add_subparsers(dest="command", required=True)
    erase = commands.add_parser("erase", help="erase all recordings of a user or a site")
    whose = erase.add_mutually_exclusive_group(required=True)
    whose.add_argument("--user", metavar="SUB", help="the user's id in the pool")
    whose.add_argument("--site", metavar="ID", help="the site's id")
    verify = commands.add_parser("verify", help="look again for what was erased")
    verify.add_argument("erasure_id", metavar="ID", help="as DELETE has answered")
    options = parser.parse_args(arguments)
    try:
        outputs = outputs_of(options)
        erasures = _erasures(outputs)
        if options.command == "verify":
            return _verified(erasures, options.erasure_id)
        keys = [] if options.site is None else _keys(outputs["sites"], options.site)
        owner = f"user#{options.user}" if options.site is None else f"site#{options.site}"
        print(erasures.erase(owner, keys, asked_by="operator"))
    except (OutputsError, NotErasedError) as error:
        print(f"erasure: {error}", file=sys.stderr)
        return 1
    return 0


def _keys(sites: dict[str, Any], site_id: str) -> list[str]:
    """Return the write key of a site; that of each recording is in its item.

    Raises:
        NotErasedError: The stack has no such site.
    """
    if site_id not in sites:
        raise NotErasedError(f"the stack has no site {site_id!r}")
    return [sites[site_id]["writeUrl"].rsplit("/", 1)[1]]


def _erasures(outputs: dict[str, Any]) -> Erasures:
    session = _BOTO3.Session(region_name=outputs["region"])
    return Erasures(
        states=session.client("stepfunctions"),
        s3=session.client("s3"),
        dynamodb=session.client("dynamodb"),
        bucket=outputs["bucketName"],
        table=outputs["tableName"],
        machine=outputs["erasureMachine"],
    )


def _verified(erasures: Erasures, erasure_id: str) -> int:
    certificate = erasures.certificate(erasure_id)
    left = erasures.left(certificate)
    objects = sum(one["objects"] for one in certificate["removed"].values())
    print(f"{certificate['recordings']} recordings and {objects} objects were removed")
    print(f"{left.recordings} recordings and {left.objects} objects are left")
    if left.unsorted:
        print(
            f"{left.unsorted} objects under {stored.FAILED}/ may hold batches of it: no reader "
            "sees them, they expire after retentionDays, and `make redrive` deletes those batches"
        )
    return 1 if left.objects or left.recordings else 0


if __name__ == "__main__":
    sys.exit(main())
