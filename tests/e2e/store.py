"""What the sandbox's cloud holds: the table, the stream and the bucket, read past the API."""

import base64
import gzip
import json
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

import httpx

from sandbox.plain_http import NO_CERTIFICATES
from sandbox.server import Sandbox
from tests.e2e.user import User

Item = dict[str, Any]
"""DynamoDB's typed JSON, or an envelope: JSON that the program wrote."""


@dataclass(frozen=True)
class Traces:
    """What came to be. Nothing is `Traces()`."""

    items: list[Item] = field(default_factory=list[Item])
    """New, or other than before."""
    gone: list[str] = field(default_factory=list[str])
    """Recordings that were in the table before."""
    envelopes: list[Item] = field(default_factory=list[Item])
    """In the stream."""
    keys: list[str] = field(default_factory=list[str])
    """In the bucket, but for what Firehose brings from the stream."""

    def user_ids(self) -> list[str]:
        """Return whose space has changed."""
        return sorted(
            {_user_of(item) for item in self.items}
            | {envelope["userId"] for envelope in self.envelopes}
            | {_named(key, "userId") for key in self.keys}
        )

    def recording_ids(self) -> list[str]:
        """Return which recordings have changed, whosever they are."""
        return sorted(
            {item["recordingId"]["S"] for item in self.items}
            | {envelope["recordingId"] for envelope in self.envelopes}
            | {_named(key, "sessionId") for key in self.keys if "/sessionId=" in key}
        )


def _user_of(item: Item) -> str:
    """Return the user whose recording the item is, or `site#<id>`."""
    return item["owner"]["S"].removeprefix("user#")


def is_over(item: Item) -> bool:
    """Whether DynamoDB may delete the item at any moment: the sandbox looks once a minute."""
    return "expiresAt" in item and int(item["expiresAt"]["N"]) <= time.time()


class Watch:
    """Remembers what there is, to tell later what has come.

    Erasures that others have asked for before go on meanwhile, and are not told.
    """

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._since_ms = time.time() * 1000
        self._items = store.items()
        self._keys = self._direct_keys()
        self._iterators = store.iterators()

    def traces(self) -> Traces:
        """Return what has come since this was made; ask once."""
        now = self._store.items()
        return Traces(
            items=[
                item
                for key, item in now.items()
                if self._items.get(key) != item
                and not self._is_earlier(item.get("erasureId", {}).get("S", ""))
            ],
            gone=sorted(
                key for key in set(self._items) - set(now) if not is_over(self._items[key])
            ),
            envelopes=self._store.envelopes(self._iterators),
            keys=sorted(self._direct_keys() - self._keys),
        )

    def _direct_keys(self) -> set[str]:
        return {
            key
            for key in self._store.objects()
            if "/stream/" not in key
            and not key.startswith("rrweb/failed/")
            and not (key.startswith("rrweb/erasures/") and self._is_earlier(key.split("/")[-1]))
        }

    def _is_earlier(self, erasure: str) -> bool:
        """Whether this id of an erasure begins with an earlier time."""
        asked_at_ms = erasure.partition("-")[0]
        return asked_at_ms.isdigit() and int(asked_at_ms) < self._since_ms


class Store:
    """The data of one sandbox, seen with its root's credentials."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._table = sandbox.exports["tableName"]
        self._bucket = sandbox.exports["bucketName"]
        self._stream = sandbox.exports["streamName"]
        self._dynamodb = sandbox.cloud.client("dynamodb")
        self._s3 = sandbox.cloud.client("s3")
        self._kinesis = sandbox.cloud.client("kinesis")
        self._http = httpx.Client(timeout=20, verify=NO_CERTIFICATES)

    def watch(self) -> Watch:
        return Watch(self)

    def items(self, user_id: str | None = None) -> dict[str, Item]:
        """Return items by `<userId>/<recordingId>`, of one user or of all."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        return {
            f"{_user_of(item)}/{item['recordingId']['S']}": item
            for page in pages
            for item in page["Items"]
            if user_id in {None, _user_of(item)}
        }

    @contextmanager
    def expired(self, user: User, recording_id: str) -> Generator[None]:
        """Let a recording's item have expired a second ago; it is deleted at the end."""
        key = {"owner": {"S": f"user#{user.sub}"}, "recordingId": {"S": recording_id}}
        self._dynamodb.update_item(
            TableName=self._table,
            Key=key,
            UpdateExpression="SET expiresAt = :past",
            ExpressionAttributeValues={":past": {"N": str(int(time.time()) - 1)}},
        )
        try:
            yield
        finally:
            self._dynamodb.delete_item(TableName=self._table, Key=key)

    def lines(self, key: str) -> list[Item]:
        """Return the lines of one of Firehose's objects."""
        body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return [json.loads(line) for line in gzip.decompress(body).splitlines()]

    def delivered(self, user: User, recording_id: str) -> list[Item]:
        """Return the events of NDJSON batches that Firehose has brought, object by object."""
        keys = self.objects(f"{recording_prefix(user, recording_id)}stream/")
        return [
            json.loads(event)
            for key in sorted(keys)
            for envelope in self.lines(key)
            for event in base64.b64decode(envelope["events"]).splitlines()
        ]

    def objects(self, prefix: str = "") -> dict[str, str]:
        """Return each object's hash by its key.

        Not by boto3, which takes 100 ms of the processor to read what a page of 1,000 objects says.
        """
        given = {"Bucket": self._bucket, "Prefix": prefix, "EncodingType": "url"}
        objects: dict[str, str] = {}
        while True:
            url = self._s3.generate_presigned_url("list_objects_v2", given)
            answer = self._http.get(url).raise_for_status()
            page = ET.fromstring(answer.content)  # noqa: S314 - our own emulator's
            assert page.findtext("{*}EncodingType") == "url"
            objects |= {
                unquote_plus(found.findtext("{*}Key", "")): found.findtext("{*}ETag", "")
                for found in page.iterfind("{*}Contents")
            }
            if page.findtext("{*}IsTruncated") != "true":
                return objects
            given["ContinuationToken"] = page.findtext("{*}NextContinuationToken", "")

    def bodies(self) -> dict[str, bytes]:
        """Return every object."""
        return {
            key: self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            for key in self.objects()
        }

    def put_back(self, bodies: dict[str, bytes]) -> None:
        """Let the bucket hold these objects and no others."""
        for key in self.objects().keys() - bodies.keys():
            self._s3.delete_object(Bucket=self._bucket, Key=key)
        for key, body in bodies.items():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)

    def iterators(self) -> list[str]:
        """Return where each shard ends now."""
        shards = self._kinesis.list_shards(StreamName=self._stream)["Shards"]
        return [
            self._kinesis.get_shard_iterator(
                StreamName=self._stream, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
            )["ShardIterator"]
            for shard in shards
        ]

    def envelopes(self, iterators: list[str]) -> list[Item]:
        """Return what is in the stream behind `iterators`, without the body."""
        found: list[Item] = []
        for iterator in iterators:
            records = self._kinesis.get_records(ShardIterator=iterator)["Records"]
            for record in records:
                envelope = json.loads(record["Data"])
                found.append({name: envelope[name] for name in envelope if name != "events"})
        return found


def recording_prefix(user: User, recording_id: str) -> str:
    """Return where the objects of a user's recording lie."""
    return f"rrweb/recordings/userId={user.sub}/sessionId={recording_id}/"


def _named(key: str, name: str) -> str:
    """Return the value of a segment `<name>=<value>` of a key; the key itself without one."""
    found = re.search(rf"/{name}=([^/]+)/", key)
    return found[1] if found else key


def raw_envelope(line: Item) -> Item:
    """Return the envelope in a line, also in one of Firehose's error lines."""
    return json.loads(base64.b64decode(line["rawData"])) if "rawData" in line else line
