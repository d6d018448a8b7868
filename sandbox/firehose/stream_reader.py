"""Reads every shard of a Kinesis stream from one moment on, and never loses its position.

Firehose "starts reading from the LATEST position" and calls GetRecords once a second for each shard
(https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html). LATEST is a
moment here, the reader's `since`: a LATEST iterator that expires before its first record would skip
the records in between. So a shard is read AFTER_SEQUENCE_NUMBER of its last record or, before that,
AT_TIMESTAMP `since`; that also covers children of a split. The clock must be that of Kinesis.

Reshards: a closed shard ends with no NextShardIterator, and its children come after it
(https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html).
MiniStack deletes the parent instead, with its unread records. Its UpdateShardCount even reuses the
names of shards, which AWS never does and this reader does not support. Unlike Firehose, the reader
does not split records that the Kinesis Producer Library aggregated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sandbox.firehose.clients import SERVICE_ERRORS, RoleClient, backoff_seconds, error_code

# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
MAX_RECORDS_PER_CALL = 10_000
# New shards are noticed within these seconds, and as soon as one ends or is gone.
REFRESH_SECONDS = 10.0


@dataclass(frozen=True)
class SourceRecord:
    """One Kinesis record."""

    data: bytes
    arrived_at: datetime
    """Approximate arrival, in UTC."""


@dataclass
class _Shard:
    shard_id: str
    parents: tuple[str, ...]
    iterator: str | None = None
    last_sequence: str | None = None
    is_finished: bool = False
    failures: int = 0
    next_read_at: float = 0.0


class StreamReader:
    """Reads one stream, with a position in each shard."""

    def __init__(
        self,
        stream_arn: str,
        client: RoleClient,
        *,
        since: datetime,
        speed: float,
        report: Callable[[str], None],
    ) -> None:
        self._stream_arn = stream_arn
        self._client = client
        # Kinesis keeps milliseconds: a record of the same millisecond must not look older.
        self._since = since.replace(microsecond=since.microsecond // 1000 * 1000)
        self._speed = speed
        self._report = report
        self._shards: dict[str, _Shard] = {}
        self._refresh_at = 0.0
        self._list_failures = 0

    def read_round(self, now: float, take: Callable[[list[SourceRecord]], None]) -> int:
        """Call GetRecords once on each shard, and return the number of records.

        Failures are reported, and retried in later rounds without limit.

        Args:
            now: monotonic seconds.
            take: gets each answer's records in order; the position advances once it has returned.
        """
        if now >= self._refresh_at:
            self._refresh(now)
        ready = [shard for shard in self._shards.values() if self._is_ready(shard, now)]
        return sum(self._read(shard, now, take) for shard in ready)

    def _is_ready(self, shard: _Shard, now: float) -> bool:
        """Return whether to read it now; parents first keep a partition key's records in order."""
        parents = (self._shards.get(parent) for parent in shard.parents)
        return (
            not shard.is_finished
            and now >= shard.next_read_at
            and all(parent is None or parent.is_finished for parent in parents)
        )

    def _read(self, shard: _Shard, now: float, take: Callable[[list[SourceRecord]], None]) -> int:
        try:
            kinesis = self._client.get()
            if shard.iterator is None:
                shard.iterator = self._iterator(kinesis, shard)
            answer = kinesis.get_records(
                StreamARN=self._stream_arn,
                ShardIterator=shard.iterator,
                Limit=MAX_RECORDS_PER_CALL,
            )
        except SERVICE_ERRORS as error:
            self._failed(shard, error, now)
            return 0
        found = cast("list[dict[str, Any]]", answer["Records"])
        records = [_record(one) for one in found]
        fresh = [record for record in records if record.arrived_at >= self._since]
        take(fresh)
        if found:
            shard.last_sequence = str(found[-1]["SequenceNumber"])
        shard.failures = 0
        shard.iterator = cast("str | None", answer.get("NextShardIterator"))
        if shard.iterator is None:
            shard.is_finished = True
            self._refresh_at = now
        return len(fresh)

    def _iterator(self, kinesis: Any, shard: _Shard) -> str:
        start = (
            # botocore cuts the timestamp to whole seconds; `_read` drops older records.
            {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": self._since}
            if shard.last_sequence is None
            else {
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "StartingSequenceNumber": shard.last_sequence,
            }
        )
        answer = kinesis.get_shard_iterator(
            StreamARN=self._stream_arn, ShardId=shard.shard_id, **start
        )
        return str(answer["ShardIterator"])

    def _failed(self, shard: _Shard, error: Exception, now: float) -> None:
        """Reset what may have caused it: an expired iterator or token, or a deleted shard."""
        shard.iterator = None
        shard.failures += 1
        shard.next_read_at = now + backoff_seconds(shard.failures) / self._speed
        self._client.forget()
        if error_code(error) == "ResourceNotFoundException":
            self._refresh_at = now
        self._report(f"reading {shard.shard_id} failed, will retry: {error}")

    def _refresh(self, now: float) -> None:
        try:
            listed = self._list_shards()
        except SERVICE_ERRORS as error:
            self._list_failures += 1
            self._refresh_at = now + backoff_seconds(self._list_failures) / self._speed
            self._client.forget()
            self._report(f"listing the shards of {self._stream_arn} failed, will retry: {error}")
            return
        self._list_failures = 0
        self._refresh_at = now + REFRESH_SECONDS
        for gone in [shard for shard in self._shards.values() if shard.shard_id not in listed]:
            del self._shards[gone.shard_id]
            if not gone.is_finished:
                self._report(f"{gone.shard_id} is gone, with its unread records")
        for shard_id, parents in listed.items():
            self._shards.setdefault(shard_id, _Shard(shard_id, parents))

    def _list_shards(self) -> dict[str, tuple[str, ...]]:
        """Return each shard with its parents, in the order of Kinesis."""
        kinesis = self._client.get()
        listed: dict[str, tuple[str, ...]] = {}
        page: dict[str, str] = {}
        while True:
            answer = kinesis.list_shards(StreamARN=self._stream_arn, **page)
            for shard in cast("list[dict[str, Any]]", answer["Shards"]):
                parents = (shard.get("ParentShardId"), shard.get("AdjacentParentShardId"))
                listed[shard["ShardId"]] = tuple(parent for parent in parents if parent)
            if not answer.get("NextToken"):
                return listed
            page = {"NextToken": answer["NextToken"]}


def _record(answer: dict[str, Any]) -> SourceRecord:
    arrived_at = cast("datetime", answer["ApproximateArrivalTimestamp"]).astimezone(UTC)
    return SourceRecord(cast("bytes", answer["Data"]), arrived_at)
