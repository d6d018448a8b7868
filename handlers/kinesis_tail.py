"""The newest batches, which Firehose has not delivered yet, straight from the stream."""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from botocore import exceptions

from handlers.envelope import Batch, RecordingId, batch_from
from handlers.stored_objects import error_code

# Firehose with dynamic partitioning delivers within 1.5 times its buffer:
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
PARTITIONING = 1.5
# And what it takes besides: up to 60 s to read the stream, to compress 128 MiB and to store them,
# up to 20 s from a page's listing of S3 until it reads the stream, and 10 s between two clocks.
DELIVERY_MS = 90_000
# What one request may cost the shard, which gives 2 MB and five reads a second to all its readers,
# Firehose among them: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
MAX_CALLS = 6
MAX_BYTES = 16 * 1024 * 1024
MAX_SECONDS = 3.0
# What a warm container keeps of one shard. Above that it keeps one recording's records only. If
# those alone are too much, the tail is partial, and more shards help.
MAX_KEPT_BYTES = 32 * 1024 * 1024
# Reads of one container this close together share an answer: several viewers, one shard.
SHARED_SECONDS = 0.2
# A reshard is noticed at the latest after this; ListShards allows 1,000 calls a second a stream.
SHARDS_KEPT_SECONDS = 60.0
_UNAVAILABLE = {
    "ProvisionedThroughputExceededException",
    "LimitExceededException",
    "KMSThrottlingException",
    "ThrottlingException",
    "InternalFailure",
    "InternalFailureException",
    "ServiceUnavailable",
}

Clock = Callable[[], float]
State = Literal["complete", "partial", "unavailable"]
"""All up to now; not the newest; nothing."""


class TailRead(NamedTuple):
    """The newest batches of a recording."""

    batches: list[Batch]
    state: State


class _BrokenOffError(Exception):
    """Kinesis does not answer now, or the budget is spent: what was read until then counts."""


@dataclass(slots=True)
class _Budget:
    ends: float
    calls: int
    bytes: int


@dataclass(slots=True)
class _Shard:
    """One shard, as far as it has been read."""

    shard_id: str
    hashes: range
    """Of the partition keys whose records it holds."""
    first_sequence: int
    """Of its records; a shard has a lower one than those that it was split into."""
    since_ms: int | None = None
    """It has been read from this time on, without a gap; None before the first read."""
    only_key: str | None = None
    """The partition key whose records alone are kept; None: all are."""
    iterator: str | None = None
    """Where to go on; None before the first read, and when a closed shard has been read."""
    behind_ms: int | None = None
    """How far the iterator is behind the tip, by the last answer of Kinesis; None before one."""
    caught_up_at: float = float("-inf")
    """When it was last read to its end."""
    records: deque[tuple[int, str, bytes]] = field(default_factory=deque[tuple[int, str, bytes]])
    """When each arrived in ms, its partition key, its data."""
    kept_bytes: int = 0

    def reaches(self, key: str, since_ms: int) -> bool:
        """Return whether no record of that key since then is left out of what has been read."""
        is_kept = self.only_key in (None, key)
        return self.since_ms is not None and self.since_ms <= since_ms and is_kept

    def restart(self, since_ms: int, iterator: str) -> None:
        self.since_ms, self.iterator = since_ms, iterator
        self.only_key = self.behind_ms = None
        self.records.clear()
        self.kept_bytes = 0

    def add(self, records: Sequence[Mapping[str, Any]]) -> None:
        for record in records:
            arrived: datetime = record["ApproximateArrivalTimestamp"]
            key, data = str(record["PartitionKey"]), bytes(record["Data"])
            if self.only_key in (None, key):
                self.records.append((round(arrived.timestamp() * 1000), key, data))
                self.kept_bytes += len(data)

    def keep_only(self, key: str) -> None:
        self.only_key = key
        self.records = deque(record for record in self.records if record[1] == key)
        self.kept_bytes = sum(len(data) for _, _, data in self.records)

    def forget_before(self, time_ms: int) -> None:
        while self.records and self.records[0][0] < time_ms:
            self.kept_bytes -= len(self.records.popleft()[2])


class Tail:
    """Reads one stream. Cached per container; resumes from its last iterators."""

    def __init__(
        self, kinesis: Any, stream_arn: str, *, buffer_seconds: float, clock: Clock = time.time
    ) -> None:
        self._kinesis = kinesis
        self._stream_arn = stream_arn
        self.reach_ms = int(PARTITIONING * buffer_seconds * 1000) + DELIVERY_MS
        """How long a batch may be nowhere but in the stream: what is older is in S3."""
        self._clock = clock
        self._shards: dict[str, _Shard] = {}
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
        budget = _Budget(now + MAX_SECONDS, MAX_CALLS, MAX_BYTES)
        batches: list[Batch] = []
        done: set[str] = set()
        try:
            while shard := next((one for one in self._of(key) if one.shard_id not in done), None):
                done.add(shard.shard_id)
                shard.forget_before(oldest_ms)
                try:
                    self._catch_up(shard, key, since_ms, budget)
                except exceptions.ClientError as error:
                    # On AWS a shard stays as long as its records; elsewhere it may go when it is
                    # split. Its records are then left to S3.
                    if error_code(error) == "ResourceNotFoundException":
                        self._list_shards()
                    if shard.shard_id in self._shards:
                        raise
                    raise _BrokenOffError from error
                finally:
                    if shard.behind_ms is not None and shard.reaches(key, since_ms):
                        batches += _batches(shard, recording, since_ms)
        except _BrokenOffError:
            return TailRead(batches, "partial" if batches else "unavailable")
        return TailRead(batches, "complete")

    def _of(self, key: str) -> list[_Shard]:
        """Return the shards that may hold records of `key`, parents before children."""
        if self._clock() - self._listed_at > SHARDS_KEPT_SECONDS:
            self._list_shards()
        place = int.from_bytes(hashlib.md5(key.encode(), usedforsecurity=False).digest())
        mine = (shard for shard in self._shards.values() if place in shard.hashes)
        return sorted(mine, key=lambda shard: shard.first_sequence)

    def _list_shards(self) -> None:
        """Learn which shards there are; what was read of those that stay, stays."""
        now = self._clock()
        request: dict[str, Any] = {
            # Without those that had been closed by then. AT_TIMESTAMP would leave out what a split
            # has made since: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
            "ShardFilter": {
                "Type": "FROM_TIMESTAMP",
                "Timestamp": _datetime(int(now * 1000) - self.reach_ms),
            },
        }
        known, self._shards = self._shards, {}
        while request:
            answer = self._call(self._kinesis.list_shards, **request)
            for shard in answer["Shards"]:
                shard_id, hashes = str(shard["ShardId"]), shard["HashKeyRange"]
                self._shards[shard_id] = known.get(shard_id) or _Shard(
                    shard_id,
                    range(int(hashes["StartingHashKey"]), int(hashes["EndingHashKey"]) + 1),
                    int(shard["SequenceNumberRange"]["StartingSequenceNumber"]),
                )
            token = answer.get("NextToken")
            request = {"NextToken": token} if token else {}
        self._listed_at = now

    def _catch_up(self, shard: _Shard, key: str, since_ms: int, budget: _Budget) -> None:
        """Read `shard` up to now. Raises _BrokenOffError, ClientError."""
        if not shard.reaches(key, since_ms):
            self._start(shard, since_ms)
        elif self._clock() - shard.caught_up_at < SHARED_SECONDS:
            return
        while shard.iterator is not None:
            if shard.kept_bytes >= MAX_KEPT_BYTES:
                shard.keep_only(key)
            is_full = shard.kept_bytes >= MAX_KEPT_BYTES
            if is_full or budget.calls == 0 or budget.bytes <= 0 or self._clock() >= budget.ends:
                raise _BrokenOffError
            budget.calls -= 1
            try:
                answer = self._call(self._kinesis.get_records, ShardIterator=shard.iterator)
            except exceptions.ClientError as error:
                if error_code(error) != "ExpiredIteratorException":
                    raise
                self._start(shard, since_ms)
                continue
            budget.bytes -= sum(len(record["Data"]) for record in answer["Records"])
            shard.add(answer["Records"])
            shard.iterator = answer.get("NextShardIterator")
            before_ms, shard.behind_ms = shard.behind_ms, int(answer.get("MillisBehindLatest", 0))
            # An empty answer is the tip of the shard if it is no nearer to the tip than the one
            # before: what Kinesis says may stay above 0 where nothing is written. Nearer, it comes
            # from a part without records, as there may be after a timestamp of long ago.
            # https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
            stays = before_ms is not None and shard.behind_ms >= before_ms
            is_tip = shard.behind_ms == 0 or (stays and not answer["Records"])
            if shard.iterator is None:
                self._listed_at = float("-inf")  # it has been split or merged
            elif is_tip:
                shard.caught_up_at = self._clock()
                return

    def _start(self, shard: _Shard, since_ms: int) -> None:
        answer = self._call(
            self._kinesis.get_shard_iterator,
            ShardId=shard.shard_id,
            ShardIteratorType="AT_TIMESTAMP",
            Timestamp=_datetime(since_ms),
        )
        shard.restart(since_ms, str(answer["ShardIterator"]))

    def _call(self, action: Callable[..., Mapping[str, Any]], **request: Any) -> Mapping[str, Any]:
        """Return Kinesis' answer. Raises _BrokenOffError when it is busy or away, ClientError."""
        try:
            return action(StreamARN=self._stream_arn, **request)
        except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
            raise _BrokenOffError from error
        except exceptions.ClientError as error:
            if error_code(error) not in _UNAVAILABLE:
                raise
            raise _BrokenOffError from error


@dataclass(frozen=True, slots=True)
class RecordingTail:
    """The tail of one recording."""

    tail: Tail
    recording: RecordingId

    @property
    def reach_ms(self) -> int:
        """How long a batch may be nowhere but in the stream."""
        return self.tail.reach_ms

    def read(self, since_ms: int) -> TailRead:
        """Return the batches since then. Raises ClientError."""
        return self.tail.read(self.recording, since_ms)


def partition_key(recording: RecordingId) -> str:
    """Return what `put_record.vtl` gives Kinesis to choose the shard by."""
    return f"{recording.user_id}/{recording.recording_id}"


def _batches(shard: _Shard, recording: RecordingId, since_ms: int) -> list[Batch]:
    """Return the batches; what is no envelope is counted when Firehose has delivered it."""
    own_key = partition_key(recording)
    found = (
        batch_from(data, recording, arrived_ms)
        for arrived_ms, key, data in shard.records
        if key == own_key and arrived_ms >= since_ms
    )
    return [batch for batch in found if batch is not None]


def _datetime(time_ms: int) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC)
