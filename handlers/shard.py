"""One shard of the stream, as far as it has been read."""

from collections import deque
from dataclasses import dataclass, field
from typing import NamedTuple

# What a warm container keeps of one shard: a minute and a half of half of what a shard may take.
# Above that the tail is unavailable: more shards help.
MAX_KEPT_BYTES = 48 * 1024 * 1024


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
    """What is older has been dropped."""
    has_answered: bool = False
    """Since it was started."""
    iterator: str | None = None
    """Where to go on; None before the first read, and when a closed shard has been read."""
    caught_up_at: float = float("-inf")
    """When it was last read to its end."""
    records: deque[Record] = field(default_factory=deque[Record])
    kept_bytes: int = 0

    def keep(self, record: Record) -> None:
        self.records.append(record)
        self.kept_bytes += len(record.data)
        while self.kept_bytes > MAX_KEPT_BYTES:
            self._drop_first()

    def forget_before(self, time_ms: int) -> None:
        while self.records and self.records[0].arrived_ms < time_ms:
            self._drop_first()

    @property
    def ended(self) -> bool:
        return self.started_ms is not None and self.iterator is None

    def restart(self, from_ms: int, iterator: str) -> None:
        self.records.clear()
        self.kept_bytes = 0
        self.started_ms = self.from_ms = from_ms
        self.iterator = iterator
        self.has_answered = False

    def covers(self, since_ms: int) -> bool:
        return self.has_answered and self.from_ms <= since_ms

    def _drop_first(self) -> None:
        first = self.records.popleft()
        self.kept_bytes -= len(first.data)
        self.from_ms = first.arrived_ms + 1
