"""The newest batches, which Firehose has not delivered yet, straight from the stream."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, Protocol, cast

from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    ClientError,
    HTTPClientError,
)
from botocore.exceptions import (
    ConnectionError as NoConnectionError,
)

from handlers.envelope import Batch, RecordingId, UnusableError, batch_from
from handlers.shard import Record, Shard

# Firehose with dynamic partitioning delivers within 1.5 times its buffer:
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
PARTITIONING = 1.5
# And what it takes besides: up to 60 s to read the stream, to compress 128 MiB and to store them,
# up to 20 s from a page's listing of S3 until it reads the stream, and 10 s between two clocks.
DELIVERY_MS = 90_000
# Of Firehose, and the default of the setting `firehoseBufferSeconds`.
MIN_BUFFER_SECONDS = 60
# What one request may cost the shard, which gives 2 MB and five reads a second to all its readers,
# Firehose among them: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
MAX_CALLS = 6
MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 3.0
# Reads of one container this close together share an answer: several viewers, one shard.
SHARED_SECONDS = 0.2
# A reshard is noticed at the latest after this; ListShards allows 1,000 calls a second a stream.
SHARDS_KEPT_SECONDS = 60.0
_BACKOFF_SECONDS = (0.2, 0.4)
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "LimitExceededException",
    "KMSThrottlingException",
    "ThrottlingException",
}
_UNAVAILABLE = {"InternalFailure", "InternalFailureException", "ServiceUnavailable"}

State = Literal["complete", "partial", "unavailable"]
"""All up to now; not the newest; nothing."""


class KinesisClient(Protocol):
    """What is used of boto3's Kinesis client, whose methods have no types of their own."""

    def list_shards(self, **request: Any) -> Mapping[str, Any]: ...
    def get_shard_iterator(self, **request: Any) -> Mapping[str, Any]: ...
    def get_records(self, **request: Any) -> Mapping[str, Any]: ...


class TailRead(NamedTuple):
    """What the stream gave."""

    batches: list[Batch]
    state: State


class _BrokenOffError(Exception):
    """Kinesis does not answer now, or the budget is spent: what was read until then counts."""


@dataclass(slots=True)
class _Budget:
    calls: int
    bytes: int
    ends: float

    def spend_call(self, now: float) -> None:
        if self.calls == 0 or self.bytes <= 0 or now >= self.ends:
            raise _BrokenOffError
        self.calls -= 1


class Tail:
    """Reads one stream. It lives as long as its container, and goes on where it was."""

    def __init__(
        self,
        kinesis: KinesisClient,
        stream_arn: str,
        *,
        buffer_seconds: float = MIN_BUFFER_SECONDS,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._kinesis = kinesis
        self._stream_arn = stream_arn
        self.reach_ms = int(PARTITIONING * buffer_seconds * 1000) + DELIVERY_MS
        """How long a batch may be nowhere but in the stream: what is older is in S3."""
        self._clock = clock
        self._sleep = sleep
        self._shards: dict[str, Shard] = {}
        self._listed_at = float("-inf")

    def read(self, recording: RecordingId, since_ms: int) -> TailRead:
        """Return the batches of `recording` that arrived at `since_ms` or later, within `reach_ms`.

        It is complete if it reaches back to `since_ms`, or as far as Firehose may not have
        delivered.

        Raises:
            ClientError: Kinesis refuses; it is our fault and must not look like an idle recording.
        """
        now = self._clock()
        oldest_ms = int(now * 1000) - self.reach_ms
        since_ms = max(since_ms, oldest_ms)
        key = partition_key(recording)
        budget = _Budget(MAX_CALLS, MAX_BYTES, now + MAX_SECONDS)
        batches: list[Batch] = []
        done: set[str] = set()
        try:
            while shard := self._next_shard(key, done):
                done.add(shard.shard_id)
                shard.forget_before(oldest_ms)
                try:
                    self._catch_up(shard, key, since_ms, budget)
                finally:
                    if shard.covers(key, since_ms):
                        batches += _batches(shard, recording, since_ms)
                if not shard.covers(key, since_ms):
                    break  # what is behind a hole might come too early
            else:
                return TailRead(batches, "complete")
        except _BrokenOffError:
            pass
        return TailRead(batches, "partial" if batches else "unavailable")

    def _next_shard(self, key: str, done: set[str]) -> Shard | None:
        """Return the next shard that may hold records of `key`; a child follows its parent."""
        shards = self._shards_of(key)
        return next((shard for shard in shards if shard.shard_id not in done), None)

    def _shards_of(self, key: str) -> list[Shard]:
        """Return the shards that may hold records of `key`, parents first."""
        now = self._clock()
        stale = now - self._listed_at > SHARDS_KEPT_SECONDS
        parents = {one for shard in self._shards.values() for one in shard.parents}
        split = any(one.ended and one.shard_id not in parents for one in self._shards.values())
        if stale or split:
            self._list_shards()
        place = int.from_bytes(hashlib.md5(key.encode(), usedforsecurity=False).digest())
        mine = {
            shard.shard_id: shard
            for shard in self._shards.values()
            if shard.first_hash <= place <= shard.last_hash
        }

        def generation(shard: Shard) -> int:
            return 1 + max(
                (generation(mine[one]) for one in shard.parents & mine.keys()), default=0
            )

        return sorted(mine.values(), key=generation)

    def _list_shards(self) -> None:
        """Learn which shards there are; what was read of those that stay, stays."""
        now = self._clock()
        request: dict[str, Any] = {
            "StreamARN": self._stream_arn,
            # Without those that had been closed by then. AT_TIMESTAMP would leave out what a split
            # has made since: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
            "ShardFilter": {
                "Type": "FROM_TIMESTAMP",
                "Timestamp": _datetime(int(now * 1000) - self.reach_ms),
            },
        }
        known, self._shards = self._shards, {}
        while True:
            answer = self._call_with_retry(self._kinesis.list_shards, request)
            for shard in answer["Shards"]:
                shard_id = str(shard["ShardId"])
                self._shards[shard_id] = known.get(shard_id) or Shard(
                    shard_id,
                    int(shard["HashKeyRange"]["StartingHashKey"]),
                    int(shard["HashKeyRange"]["EndingHashKey"]),
                    frozenset(
                        str(shard[name])
                        for name in ("ParentShardId", "AdjacentParentShardId")
                        if name in shard
                    ),
                )
            if not answer.get("NextToken"):
                self._listed_at = now
                return
            request = {"StreamARN": self._stream_arn, "NextToken": answer["NextToken"]}

    def _catch_up(self, shard: Shard, key: str, since_ms: int, budget: _Budget) -> None:
        """Read `shard` up to now. Raises _BrokenOffError, ClientError."""
        try:
            self._read_on(shard, key, since_ms, budget)
        except ClientError as error:
            if _code(error) != "ResourceNotFoundException":
                raise
            # On AWS a shard stays as long as its records; elsewhere it may go when it is split.
            self._list_shards()
            if shard.shard_id in self._shards:
                raise
            raise _BrokenOffError from error

    def _read_on(self, shard: Shard, key: str, since_ms: int, budget: _Budget) -> None:
        if shard.begins_after(key, since_ms):
            self._start(shard, since_ms)
        elif self._clock() - shard.caught_up_at < SHARED_SECONDS:
            return
        while shard.iterator is not None:
            if shard.is_full:
                shard.keep_only(key, since_ms)
            if shard.is_full:
                raise _BrokenOffError
            budget.spend_call(self._clock())
            try:
                answer = self._call_with_retry(
                    self._kinesis.get_records,
                    {"StreamARN": self._stream_arn, "ShardIterator": shard.iterator},
                )
            except ClientError as error:
                if _code(error) != "ExpiredIteratorException":
                    raise
                self._start(shard, since_ms)
                continue
            for record in answer["Records"]:
                data: bytes = record["Data"]
                arrived: datetime = record["ApproximateArrivalTimestamp"]
                budget.bytes -= len(data)
                shard.keep(
                    Record(round(arrived.timestamp() * 1000), str(record["PartitionKey"]), data)
                )
            shard.has_answered = True
            shard.iterator = answer.get("NextShardIterator")
            before_ms, shard.behind_ms = shard.behind_ms, int(answer.get("MillisBehindLatest", 0))
            # An empty answer is the tip of the shard if it is no nearer to the tip than the one
            # before: what Kinesis says may stay above 0 where nothing is written. Nearer, it comes
            # from a part without records, as there may be behind a timestamp of long ago.
            # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
            stays = before_ms is not None and shard.behind_ms >= before_ms
            is_tip = shard.behind_ms == 0 or (stays and not answer["Records"])
            if is_tip and shard.iterator is not None:
                shard.caught_up_at = self._clock()
                return

    def _start(self, shard: Shard, since_ms: int) -> None:
        request = {
            "StreamARN": self._stream_arn,
            "ShardId": shard.shard_id,
            "ShardIteratorType": "AT_TIMESTAMP",
            "Timestamp": _datetime(since_ms),
        }
        answer = self._call_with_retry(self._kinesis.get_shard_iterator, request)
        shard.restart(since_ms, str(answer["ShardIterator"]))

    def _call_with_retry(
        self, action: Callable[..., Mapping[str, Any]], request: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return Kinesis' answer. Raises _BrokenOffError when it is busy or away, ClientError."""
        for pause in (*_BACKOFF_SECONDS, None):
            try:
                return action(**request)
            except (HTTPClientError, NoConnectionError) as error:
                raise _BrokenOffError from error
            except ClientError as error:
                if _code(error) in _UNAVAILABLE:
                    raise _BrokenOffError from error
                if _code(error) not in _THROTTLED:
                    raise
                if pause is None:
                    raise _BrokenOffError from error
                self._sleep(pause)
        raise _BrokenOffError


def partition_key(recording: RecordingId) -> str:
    """Return what `put_record.vtl` gives Kinesis to choose the shard by."""
    return f"{recording.user_id}/{recording.recording_id}"


def _batches(shard: Shard, recording: RecordingId, since_ms: int) -> list[Batch]:
    """Return the batches; what is no envelope is counted when Firehose has delivered it."""
    key = partition_key(recording)
    found: list[Batch] = []
    for record in shard.records:
        if record.key != key or record.arrived_ms < since_ms:
            continue
        try:
            found.append(batch_from(record.data, recording, record.arrived_ms))
        except UnusableError:
            continue
    return found


def _datetime(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC)


def _code(error: ClientError) -> str:
    response = cast("Mapping[str, Any]", error.response)  # pyright: ignore[reportUnknownMemberType]
    return str(response["Error"]["Code"])
