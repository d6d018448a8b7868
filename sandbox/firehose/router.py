"""Decides which buffer a record belongs in: the prefix of its keys, or the error prefix."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.firehose.buffers import Buffer, PartitionBuffers, PartitionLimitError
from sandbox.firehose.config import FirehoseConfig
from sandbox.firehose.error_record import (
    ACTIVE_PARTITIONS,
    METADATA_EXTRACTION,
    PREFIX_TOO_LONG,
    RECORD_TOO_LARGE,
    Failure,
    error_line,
)
from sandbox.firehose.partition_keys import ExtractionError, compile_query
from sandbox.firehose.prefix import MAX_PREFIX_CHARS, object_name
from sandbox.firehose.stream_reader import SourceRecord

# "The maximum size of a record … before base64-encoding, is 1,000 KiB"
# https://docs.aws.amazon.com/firehose/latest/dev/limits.html. What happens to a Kinesis record
# between that and 1 MiB is not documented: here it fails, so that no program relies on it.
MAX_RECORD_BYTES = 1_000 * 1_024


@dataclass(frozen=True)
class Placement:
    """Destination of one record, before its buffer is found or opened."""

    keys: dict[str, str]
    """Partition keys; empty if there is a failure."""
    failure: Failure | None = None
    message: str = ""


class Router:
    """Adds each record to its buffer."""

    def __init__(self, config: FirehoseConfig, buffers: PartitionBuffers) -> None:
        self._config = config
        self._buffers = buffers
        self._extract = compile_query(config.query)

    def placement(self, record: SourceRecord) -> Placement:
        """Return the destination that follows from the record alone; changes no buffer."""
        if len(record.data) > MAX_RECORD_BYTES:
            message = f"{len(record.data)} bytes, more than {MAX_RECORD_BYTES}"
            return Placement({}, RECORD_TOO_LARGE, message)
        try:
            keys = self._extract(record.data)
        except ExtractionError as error:
            return Placement({}, METADATA_EXTRACTION, str(error))
        prefix = self._config.prefix.evaluate(arrived_at=record.arrived_at, keys=keys)
        if len(prefix) > MAX_PREFIX_CHARS:
            message = f"the prefix has {len(prefix)} characters, more than {MAX_PREFIX_CHARS}"
            return Placement({}, PREFIX_TOO_LONG, message)
        return Placement(keys)

    def put(self, record: SourceRecord, placement: Placement, now: float) -> None:
        """Add the record to its buffer, or to an error buffer; `now` is in monotonic seconds."""
        if placement.failure is not None:
            self._fail(record, placement.failure, placement.message, now)
            return
        identity = self._config.prefix.identity(placement.keys)
        buffer = self._buffers.find(identity)
        if buffer is None:
            prefix = self._config.prefix.evaluate(arrived_at=record.arrived_at, keys=placement.keys)
            try:
                buffer = self._open(identity, prefix, record, now, is_error=False)
            except PartitionLimitError:
                message = "The limit of active partitions is reached"
                self._fail(record, ACTIVE_PARTITIONS, message, now)
                return
        self._buffers.add(buffer, record.data + self._config.delimiter)

    def new_key(self, prefix: str, oldest_arrival: datetime) -> str:
        """Return a new, unique key."""
        config = self._config
        return prefix + object_name(config.name, config.version, oldest_arrival, config.extension)

    def _fail(self, record: SourceRecord, failure: Failure, message: str, now: float) -> None:
        buffer = self._buffers.find(failure.error_type, is_error=True)
        if buffer is None:
            prefix = self._config.error_prefix.evaluate(
                arrived_at=record.arrived_at, error_type=failure.error_type
            )
            buffer = self._open(failure.error_type, prefix, record, now, is_error=True)
        line = error_line(
            failure,
            message,
            record.data,
            arrived_at=record.arrived_at,
            ended_at=datetime.now(UTC),
        )
        self._buffers.add(buffer, line)

    def _open(
        self, identity: str, prefix: str, record: SourceRecord, now: float, *, is_error: bool
    ) -> Buffer:
        return self._buffers.open(
            Buffer(
                identity=identity,
                prefix=prefix,
                key=self.new_key(prefix, record.arrived_at),
                is_error=is_error,
                opened_at=now,
                oldest_arrival=record.arrived_at,
            )
        )
