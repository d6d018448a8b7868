"""One shard of the stream, as far as it has been read."""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

# What a warm container keeps of one shard. Above that it keeps one recording's records only, and of
# them the oldest: the tail is then partial, and more shards help.
MAX_KEPT_BYTES = 32 * 1024 * 1024


class Record(NamedTuple):
    arrived_ms: int
    key: str
    data: bytes


@dataclass(slots=True)
class Shard:
    """One shard, as far as it has been read."""

    shard_id: str
    first_hash: int
    last_hash: int
    parents: frozenset[str]
    started_ms: int | None = None
    """It has been read from this time on, without a gap; None before the first read."""
    from_ms: int = 0
    """What is older has been dropped, ..."""
    own_key: str | None = None
    """... but for the records of this partition key; None: all keys are alike."""
    has_answered: bool = False
    """Since it was started."""
    iterator: str | None = None
    """Where to go on; None before the first read, and when a closed shard has been read."""
    behind_ms: int | None = None
    """What Kinesis said last: how far the iterator is behind the tip; None since it was started."""
    caught_up_at: float = float("-inf")
    """When it was last read to its end."""
    records: deque[Record] = field(default_factory=deque[Record])
    kept_bytes: int = 0

    def keep(self, record: Record) -> None:
        self.records.append(record)
        self.kept_bytes += len(record.data)

    @property
    def is_full(self) -> bool:
        return self.kept_bytes >= MAX_KEPT_BYTES

    def keep_only(self, key: str, since_ms: int) -> None:
        """Drop all records but those of one partition key since then."""
        if self.records:
            self.from_ms = self.records[-1].arrived_ms + 1
        self.own_key = key
        self.started_ms = since_ms
        self.records = deque(
            record for record in self.records if record.key == key and record.arrived_ms >= since_ms
        )
        self.kept_bytes = sum(len(record.data) for record in self.records)

    def forget_before(self, time_ms: int) -> None:
        while self.records and self.records[0].arrived_ms < time_ms:
            first = self.records.popleft()
            self.kept_bytes -= len(first.data)
            self.from_ms = max(self.from_ms, first.arrived_ms + 1)

    @property
    def ended(self) -> bool:
        return self.started_ms is not None and self.iterator is None

    def restart(self, from_ms: int, iterator: str) -> None:
        self.records.clear()
        self.kept_bytes = 0
        self.started_ms = self.from_ms = from_ms
        self.iterator = iterator
        self.own_key = None
        self.behind_ms = None
        self.has_answered = False

    def begins_after(self, key: str, since_ms: int) -> bool:
        """Return whether records of that key since then have been dropped, or were never read."""
        if self.started_ms is None:
            return True
        return since_ms < (self.started_ms if key == self.own_key else self.from_ms)

    def covers(self, key: str, since_ms: int) -> bool:
        return self.has_answered and not self.begins_after(key, since_ms)
