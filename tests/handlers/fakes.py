"""S3 and Kinesis in memory, as far as the function uses them, on a clock that a test moves."""

import hashlib
import io
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from handlers.kinesis_tail import RecordingTail, Tail, partition_key
from handlers.recording_page import RecordingReader
from handlers.stored_objects import RecordingObjects
from tests.handlers.given import PREFIX, RECORDING, delivered

LAST_HASH = 2**128 - 1
OWN_HASH = int(hashlib.md5(partition_key(RECORDING).encode()).hexdigest(), 16)  # noqa: S324


@dataclass
class Clock:
    """Seconds since 1970, as `time.time`."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def wait(self, ms: int) -> None:
        self.now += ms / 1000

    @property
    def ms(self) -> int:
        return int(self.now * 1000)


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "Operation")


@dataclass
class FakeS3:
    clock: Clock
    page_size: int = 1000
    objects: dict[str, tuple[bytes, float]] = field(default_factory=dict[str, tuple[bytes, float]])
    calls: list[str] = field(default_factory=list[str])
    listed: list[list[str]] = field(default_factory=list[list[str]])
    """Names in each answer of a list, without their folders."""

    def put(self, key: str, data: bytes, *, modified: float | None = None) -> None:
        self.objects[f"{PREFIX}/{key}"] = (data, self.clock.now if modified is None else modified)

    def list_objects_v2(self, **request: Any) -> Mapping[str, Any]:
        self.calls.append("list")
        after = request.get("ContinuationToken") or request.get("StartAfter", "")
        keys = sorted(
            key for key in self.objects if key.startswith(request["Prefix"]) and key > after
        )
        size = min(request.get("MaxKeys", 1000), self.page_size)
        page = keys[:size]
        self.listed.append([key.rpartition("/")[2] for key in page])
        return {
            "IsTruncated": len(keys) > size,
            **({"NextContinuationToken": page[-1]} if len(keys) > size else {}),
            "Contents": [
                {
                    "Key": key,
                    "LastModified": datetime.fromtimestamp(self.objects[key][1], UTC),
                    "Size": len(self.objects[key][0]),
                }
                for key in page
            ],
        }

    def get_object(self, **request: str) -> Mapping[str, Any]:
        self.calls.append("get")
        if request["Key"] not in self.objects:
            raise refused("NoSuchKey")
        data = self.objects[request["Key"]][0]
        return {"Body": io.BytesIO(data), "ContentLength": len(data)}


@dataclass
class Shard:
    first_hash: int = 0
    last_hash: int = LAST_HASH
    parents: tuple[str, ...] = ()
    """Two, if it was merged."""
    started: float = 0.0
    closed: float | None = None
    """When; None: it is open."""
    records: list[tuple[float, str, bytes]] = field(default_factory=list[tuple[float, str, bytes]])


@dataclass
class FakeKinesis:
    clock: Clock
    limit: int = 10_000
    """Records in one answer."""
    shards: dict[str, Shard] = field(default_factory=lambda: {"shard-0": Shard()})
    calls: list[str] = field(default_factory=list[str])
    refusals: list[str | None] = field(default_factory=list[str | None])
    """Error codes of the next calls of get_records; None answers."""
    tip_ms: int = 0
    """What MillisBehindLatest says at the tip."""
    gaps_ms: list[int] = field(default_factory=list[int])
    """What it says in the next answers, which hold no record though some follow."""

    def put(
        self, data: bytes, key: str = partition_key(RECORDING), shard: str | None = None
    ) -> None:
        """Store a record, in the open shard of the recording if none is named."""
        self.shards[shard or self.own()].records.append((self.clock.now, key, data))

    def own(self) -> str:
        """Return the open shard of the recording."""
        return next(
            name
            for name, shard in self.shards.items()
            if shard.closed is None and shard.first_hash <= OWN_HASH <= shard.last_hash
        )

    def split(self, name: str) -> None:
        """Close a shard; two new ones share its hashes. Its records can be read still."""
        parent = self.shards[name]
        middle = (parent.first_hash + parent.last_hash) // 2
        self._reshard((name,), (parent.first_hash, middle), (middle + 1, parent.last_hash))

    def merge(self, name: str, other: str) -> None:
        """Close two shards whose hashes meet; a new one takes both."""
        first, last = sorted(
            (self.shards[name], self.shards[other]), key=lambda one: one.first_hash
        )
        self._reshard((name, other), (first.first_hash, last.last_hash))

    def _reshard(self, parents: tuple[str, ...], *hashes: tuple[int, int]) -> None:
        now = self.clock.now
        for name in parents:
            self.shards[name].closed = now
        for first_hash, last_hash in hashes:
            name = f"shard-{len(self.shards)}"
            self.shards[name] = Shard(first_hash, last_hash, parents, now)

    def list_shards(self, **request: Any) -> Mapping[str, Any]:
        self.calls.append("list_shards")
        shown = request["ShardFilter"]
        since = shown["Timestamp"].timestamp()
        at_once = {"FROM_TIMESTAMP": False, "AT_TIMESTAMP": True}[shown["Type"]]
        return {
            "Shards": [
                {
                    "ShardId": name,
                    "HashKeyRange": {
                        "StartingHashKey": str(shard.first_hash),
                        "EndingHashKey": str(shard.last_hash),
                    },
                    "SequenceNumberRange": {"StartingSequenceNumber": str(int(shard.started))},
                }
                for name, shard in self.shards.items()
                if (shard.closed is None or shard.closed >= since)
                and (shard.started <= since or not at_once)
            ]
        }

    def get_shard_iterator(self, **request: Any) -> Mapping[str, Any]:
        self.calls.append("get_shard_iterator")
        if request["ShardId"] not in self.shards:
            raise refused("ResourceNotFoundException")
        times = [time for time, _, _ in self.shards[request["ShardId"]].records]
        at = bisect_left(times, request["Timestamp"].timestamp())
        return {"ShardIterator": f"{request['ShardId']}:{at}"}

    def get_records(self, **request: Any) -> Mapping[str, Any]:
        self.calls.append("get_records")
        if self.refusals and (code := self.refusals.pop(0)):
            raise refused(code)
        name, _, position = request["ShardIterator"].partition(":")
        if name not in self.shards:
            raise refused("ResourceNotFoundException")
        if self.gaps_ms:
            behind_ms = self.gaps_ms.pop(0)
            return {
                "Records": [],
                "MillisBehindLatest": behind_ms,
                "NextShardIterator": request["ShardIterator"],
            }
        shard = self.shards[name]
        at = int(position)
        end = min(at + self.limit, len(shard.records))
        behind = end < len(shard.records)
        over = shard.closed is not None and not behind
        return {
            "Records": [
                {
                    "ApproximateArrivalTimestamp": datetime.fromtimestamp(time, UTC),
                    "PartitionKey": key,
                    "Data": data,
                }
                for time, key, data in shard.records[at:end]
            ],
            "MillisBehindLatest": 1000 if behind else self.tip_ms,
            **({} if over else {"NextShardIterator": f"{name}:{end}"}),
        }


@dataclass
class Cloud:
    """What the function sees, and what Firehose has still to deliver."""

    clock: Clock = field(default_factory=Clock)
    buffer_seconds: int = 60
    since_ms: int = 0
    """What came before is of an earlier recording of the id."""
    undelivered: list[bytes] = field(default_factory=list[bytes])
    delivered: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        self.s3 = FakeS3(self.clock)
        self.kinesis = FakeKinesis(self.clock)
        self.tail = self.new_tail()
        self._names = 0

    def append(self, envelope: bytes) -> None:
        """Take a batch as API Gateway does."""
        self.kinesis.put(envelope)
        self.undelivered.append(envelope)

    def deliver(self, count: int = 1000) -> None:
        """Write the oldest batches that wait into an object, as Firehose does."""
        if batches := self.undelivered[:count]:
            self.s3.put(self.object_name(), delivered(*batches))
            self.delivered += batches
            del self.undelivered[:count]

    def reshard(self) -> None:
        """Split the recording's shard, or merge it again with the one that it was split from."""
        own = self.kinesis.own()
        parents = self.kinesis.shards[own].parents
        others = [
            name
            for name, shard in self.kinesis.shards.items()
            if name != own and shard.closed is None and shard.parents == parents
        ]
        if others:
            self.kinesis.merge(own, others[0])
        else:
            self.kinesis.split(own)

    def throttle(self, calls: int) -> None:
        """Let Kinesis refuse the next reads."""
        self.kinesis.refusals += ["ProvisionedThroughputExceededException"] * calls

    def deliver_again(self, which: int) -> None:
        """Deliver a batch a second time, which Firehose may do."""
        if self.delivered:
            envelope = self.delivered[which % len(self.delivered)]
            self.s3.put(self.object_name(), delivered(envelope))

    def object_name(self) -> str:
        self._names += 1
        at = datetime.fromtimestamp(self.clock.now, UTC).strftime("%Y-%m-%d-%H-%M-%S")
        return f"stream/events-1-{at}-00000000-0000-0000-0000-{self._names:012}.gz"

    def reader(self, *, warm: bool = True) -> RecordingReader:
        """Return a reader in the container that is warm, or in a new one."""
        return RecordingReader(
            objects=RecordingObjects(self.s3, "bucket", f"{PREFIX}/", RECORDING, self.since_ms),
            tail=RecordingTail(self.tail if warm else self.new_tail(), RECORDING),
            clock=self.clock,
        )

    def new_tail(self) -> Tail:
        return Tail(
            self.kinesis,
            "arn",
            buffer_seconds=self.buffer_seconds,
            clock=self.clock,
        )
