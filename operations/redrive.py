"""Restores batches that Firehose could not deliver: `python -m operations.redrive --stack prod`.

In: the objects under `rrweb/failed/`. Out: each batch in an object of its recording, where the API
reads it. A batch without a recording stays where it is, and is reported.

It can be interrupted and run again, also while Firehose writes: an object keeps the name of the
failed one, so a second run writes the same bytes to the same key, and a failed object is deleted
only when all of its batches are restored.
"""

import argparse
import base64
import gzip
import json
import re
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import boto3
from botocore.exceptions import ClientError

from components.store import stored_objects as stored
from operations.outputs import OutputsError, add_options, outputs_of

FAILED = f"{stored.FAILED}/"
RECORDINGS = f"{stored.RECORDINGS}/"

# What the API accepts in a key.
_USER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_RECORDING = re.compile(r"[A-Za-z0-9_-]{1,64}")
_GZIP = b"\x1f\x8b"

Owner = tuple[str, str]
"""User and recording."""
Known = Literal["kept", "erased", "gone"]
"""What the table says of a recording."""


@dataclass(kw_only=True)
class Report:
    """How many batches were restored."""

    restored: int = 0
    left: int = 0
    """Batches without an envelope or without an existing recording. An unreadable object counts as
    one."""
    erased: int = 0
    """Batches of recordings that were erased: they are deleted."""
    objects: int = 0
    """Failed objects that were deleted."""


@dataclass(frozen=True, kw_only=True)
class Redrive:
    """One bucket, and the table of its recordings."""

    s3: Any
    dynamodb: Any
    bucket: str
    table: str

    def run(self, *, dry_run: bool = False) -> Report:
        """Return the numbers of what was done, or would be.

        Raises:
            ClientError: AWS refused a call. It can be run again.
        """
        report = Report()
        known: dict[Owner, Known] = {}
        for key in list(self._keys()):
            self._restore(key, known, report, dry_run=dry_run)
        return report

    def _keys(self) -> Iterator[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=FAILED)
        for page in pages:
            yield from (one["Key"] for one in page.get("Contents", []))

    def _restore(
        self, key: str, known: dict[Owner, Known], report: Report, *, dry_run: bool
    ) -> None:
        try:
            body = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return  # it has expired or was restored by another run since it was listed
        try:
            lines = lines_in(body)
        except UnreadableError:
            report.left += 1  # its number of batches is unknown
            return
        placed, left = self._placed(lines, known)
        restored = sum(map(len, placed.values()))
        erased = len(lines) - restored - len(left)
        report.restored += restored
        report.left += len(left)
        report.erased += erased
        if dry_run:
            return
        for owner, envelopes in placed.items():
            self._put(recording_key(owner, key), envelopes)
        if not left:
            self.s3.delete_object(Bucket=self.bucket, Key=key)
            report.objects += 1
        elif placed or erased:
            self._put(key, left)

    def _placed(
        self, lines: Iterable[bytes], known: dict[Owner, Known]
    ) -> tuple[dict[Owner, list[bytes]], list[bytes]]:
        """Return the envelopes of existing recordings, and the lines of none, erased ones aside."""
        placed: defaultdict[Owner, list[bytes]] = defaultdict(list)
        left: list[bytes] = []
        for line in lines:
            envelope = envelope_in(line)
            owner = owner_of(envelope)
            there = self._known(owner, known) if owner else "gone"
            if owner and there == "kept":
                placed[owner].append(envelope)
            elif there == "gone":
                left.append(line)
        return placed, left

    def _known(self, owner: Owner, known: dict[Owner, Known]) -> Known:
        if owner not in known:
            item = {"owner": {"S": f"user#{owner[0]}"}, "recordingId": {"S": owner[1]}}
            answer = self.dynamodb.get_item(TableName=self.table, Key=item, ConsistentRead=True)
            # DynamoDB may delete an expired item days late: its time counts, not its presence.
            # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-expired-items.html
            found = answer.get("Item", {})
            is_kept = float(found.get("expiresAt", {}).get("N", "0")) > time.time()
            known[owner] = "erased" if "erasureId" in found else "kept" if is_kept else "gone"
        return known[owner]

    def _put(self, key: str, lines: Iterable[bytes]) -> None:
        # Without a timestamp, the same lines give the same bytes.
        body = gzip.compress(b"".join(line + b"\n" for line in lines), mtime=0)
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=body, ContentType="application/octet-stream"
        )


class UnreadableError(ValueError):
    """A failed object is truncated or damaged: it stays where it is."""


def lines_in(body: bytes) -> list[bytes]:
    """Return the lines of a failed object. AWS does not document whether it is gzipped.

    Raises:
        UnreadableError: It is truncated or damaged.
    """
    try:
        text = gzip.decompress(body) if body.startswith(_GZIP) else body
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError("a failed object cannot be read") from error
    return [line for line in text.split(b"\n") if line.strip()]


def envelope_in(line: bytes) -> bytes:
    r"""Return the record in a line of a failed object; empty if there is none.

    >>> envelope_in(b'{"errorCode": "x", "rawData": "e30="}')
    b'{}'
    """
    try:
        return base64.b64decode(json.loads(line)["rawData"], validate=True).strip(b"\n")
    except (ValueError, KeyError, TypeError, RecursionError):
        return b""


def owner_of(envelope: bytes) -> Owner | None:
    """Return the user and recording of an envelope; None if it names none."""
    try:
        found = json.loads(envelope)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or b"\n" in envelope:
        return None
    fields = cast("dict[str, object]", found)
    user, recording = fields.get("userId"), fields.get("recordingId")
    if not (isinstance(user, str) and isinstance(recording, str)):
        return None
    is_key = _USER.fullmatch(user) and _RECORDING.fullmatch(recording)
    return (user, recording) if is_key else None


def recording_key(owner: Owner, failed_key: str) -> str:
    """Return the key for those batches of a failed object that belong to one recording.

    >>> recording_key(("u", "r"), "rrweb/failed/activePartitionExceeded/2026/11/24/events-1-a.gz")
    'rrweb/recordings/userId=u/sessionId=r/stream/events-1-a.gz'
    """
    name = failed_key.rsplit("/", 1)[1].removesuffix(".gz")
    return f"{RECORDINGS}userId={owner[0]}/sessionId={owner[1]}/stream/{name}.gz"


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code: 0 all batches are restored, 1 some are not, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m operations.redrive", description=__doc__)
    add_options(parser)
    parser.add_argument("--dry-run", action="store_true", help="only print what would be done")
    options = parser.parse_args(arguments)
    try:
        outputs = outputs_of(options)
    except OutputsError as error:
        print(f"redrive: {error}", file=sys.stderr)
        return 1
    session: Any = cast("Any", boto3).Session(region_name=outputs["region"])
    report = Redrive(
        s3=session.client("s3"),
        dynamodb=session.client("dynamodb"),
        bucket=outputs["bucketName"],
        table=outputs["tableName"],
    ).run(dry_run=options.dry_run)
    would = "would be " if options.dry_run else ""
    print(f"{report.restored} batches {would}restored, {report.left} left under {FAILED}")
    if report.erased:
        print(f"{report.erased} of erased recordings {would}deleted")
    if report.left:
        print("The batches that are left name no existing recording: see docs/operations.md.")
    return 1 if report.left else 0


if __name__ == "__main__":
    sys.exit(main())
