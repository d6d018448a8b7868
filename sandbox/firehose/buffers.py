"""Partition buffers: records in, due objects out. No clock, no network and no thread of its own.

How AWS buffers: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html. Its multi-stage
buffers can take 1.5 times the interval; here a partition is due when its interval is over.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime

# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html (up to 2,500 on request)
ACTIVE_PARTITION_LIMIT = 500


class PartitionLimitError(Exception):
    """A record would open one active partition more than the limit."""


@dataclass
class Buffer:
    """Records that become one object."""

    identity: str
    """Partition, or error type, that the records share."""
    prefix: str
    """Evaluated prefix, the start of the key."""
    key: str
    """S3 key, the same for each retry: a write whose answer was lost is overwritten."""
    is_error: bool
    """It goes to the error prefix, and does not count as an active partition."""
    opened_at: float
    """Monotonic seconds of its first record."""
    oldest_arrival: datetime
    """When its first record arrived in Kinesis, in UTC."""
    chunks: list[bytes] = field(default_factory=list[bytes])
    """Records with their delimiters."""
    size_bytes: int = 0
    """Bytes of the chunks, before compression."""
    attempts: int = 0
    """Failed writes so far."""
    next_attempt_at: float = 0.0
    """Monotonic seconds before which a failed write is not tried again."""


class PartitionBuffers:
    """The open buffers of one delivery stream."""

    def __init__(
        self, *, interval_seconds: float, size_bytes: int, active_partition_limit: int
    ) -> None:
        self._interval_seconds = interval_seconds
        self._size_bytes = size_bytes
        self._limit = active_partition_limit
        self._open: dict[tuple[bool, str], Buffer] = {}

    def find(self, identity: str, *, is_error: bool = False) -> Buffer | None:
        return self._open.get((is_error, identity))

    def open(self, buffer: Buffer) -> Buffer:
        """Open the buffer, and return it.

        Raises:
            PartitionLimitError: it would be one active partition too many.
        """
        if not buffer.is_error and self.active_partitions() >= self._limit:
            raise PartitionLimitError
        self._open[(buffer.is_error, buffer.identity)] = buffer
        return buffer

    @staticmethod
    def add(buffer: Buffer, chunk: bytes) -> None:
        buffer.chunks.append(chunk)
        buffer.size_bytes += len(chunk)

    def due(self, now: float, *, everything: bool = False) -> list[Buffer]:
        """Return the buffers to write now, oldest first.

        Args:
            now: monotonic seconds.
            everything: also return those that are not due, or still back off.
        """
        return [
            buffer for buffer in self._open.values() if everything or now >= self._due_at(buffer)
        ]

    def next_due_at(self) -> float:
        """Return the monotonic seconds at which the next buffer is due; infinite if none is.

        >>> buffers = PartitionBuffers(
        ...     interval_seconds=2, size_bytes=100, active_partition_limit=500
        ... )
        >>> buffers.next_due_at()
        inf
        >>> for key, opened_at, next_attempt_at in (("a", 5, 9), ("b", 6, 0)):
        ...     _ = buffers.open(
        ...         Buffer(
        ...             identity=key, prefix="", key=key, is_error=False, opened_at=opened_at,
        ...             oldest_arrival=datetime.now(), next_attempt_at=next_attempt_at,
        ...         )
        ...     )
        >>> buffers.next_due_at()
        8
        """
        return min(map(self._due_at, self._open.values()), default=math.inf)

    def _due_at(self, buffer: Buffer) -> float:
        is_full = buffer.size_bytes >= self._size_bytes
        interval_seconds = 0 if is_full else self._interval_seconds
        return max(buffer.next_attempt_at, buffer.opened_at + interval_seconds)

    def close(self, buffer: Buffer) -> None:
        """Remove a delivered buffer; its partition is no longer active."""
        del self._open[(buffer.is_error, buffer.identity)]

    def active_partitions(self) -> int:
        return sum(not buffer.is_error for buffer in self._open.values())

    def all(self) -> list[Buffer]:
        return list(self._open.values())
