"""The running Firehose stream: one thread that reads Kinesis and writes partitions to S3.

In: a `FirehoseConfig` and boto3 clients of its two roles. Out: objects under the prefix, records
that cannot be placed under the error prefix, and a `Status`. A failure of a service never ends the
thread or loses a record: it is logged, kept in `Status.last_error` and retried. Buffers are in
memory, so a process that dies loses them; AWS would not.

AWS keeps failed data for 24 hours (https://docs.aws.amazon.com/firehose/latest/dev/retry.html);
here it is kept until S3 takes it, and reading pauses while too much is buffered.
"""

import gzip
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from sandbox.firehose.buffers import ACTIVE_PARTITION_LIMIT, Buffer, PartitionBuffers
from sandbox.firehose.clients import (
    SERVICE_ERRORS,
    ClientFor,
    RoleClient,
    access_denied,
    backoff_seconds,
    was_answered,
)
from sandbox.firehose.config import FirehoseConfig
from sandbox.firehose.router import Router
from sandbox.firehose.status import Faults, Status
from sandbox.firehose.stream_reader import SourceRecord, StreamReader

# https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
POLL_SECONDS = 1.0
# Protects the emulator's processor from a high `speed`, which counts only while records come.
MIN_POLL_SECONDS = 0.1
# Protects the sandbox's memory while S3 is down: above it, records stay in Kinesis.
MAX_BUFFERED_BYTES = 256 * 1024 * 1024
# Bounds `flush(read_first=True)` on a stream that never stops growing.
MAX_ROUNDS_PER_FLUSH = 1_000

_log = logging.getLogger(__name__)


class DeliveryStream:
    """One Firehose stream. All methods may be called from any thread."""

    faults: Faults
    """Switches for tests."""

    def __init__(
        self,
        config: FirehoseConfig,
        client_for: ClientFor,
        *,
        speed: float = 1.0,
        active_partition_limit: int = ACTIVE_PARTITION_LIMIT,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create the stream: only records that arrive in Kinesis from now on are delivered.

        Args:
            config: what `parse_config` made of the program's own arguments.
            client_for: see `ClientFor`.
            speed: with 30.0 it buffers, polls and backs off thirty times as fast.
            active_partition_limit: a record that would open one more goes to the error prefix.
            monotonic: clock for buffering and backoff; tests pass their own.
        """
        if speed <= 0 or active_partition_limit < 1:
            raise ValueError(
                "speed must be above 0 and active_partition_limit at least 1, "
                f"got {speed} and {active_partition_limit}"
            )
        self.faults = Faults()
        self._config = config
        self._speed = speed
        self._monotonic = monotonic
        self._buffers = PartitionBuffers(
            interval_seconds=config.interval_seconds / speed,
            size_bytes=config.size_bytes,
            active_partition_limit=active_partition_limit,
        )
        self._router = Router(config, self._buffers)
        self._s3 = RoleClient(client_for, "s3", config.destination_role_arn)
        self._reader = StreamReader(
            config.stream_arn,
            RoleClient(client_for, "kinesis", config.source_role_arn),
            since=datetime.now(UTC),
            speed=speed,
            report=self._report,
        )
        self._working = threading.RLock()  # held during a round, which a slow service may prolong
        self._state = threading.Lock()  # guards buffers and counters; held briefly
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self._records_read = 0
        self._records_delivered = 0
        self._records_failed = 0
        self._objects_written = 0
        self._last_error: str | None = None

    def start(self) -> None:
        """Start the thread, or continue after `stop`. Does nothing while it runs."""
        with self._state:
            is_alive = self._thread is not None and self._thread.is_alive()
            if is_alive and not self._stopping.is_set():
                return
            self._stopping = threading.Event()  # a new one, so that the earlier thread still stops
            self._thread = threading.Thread(
                target=self._run,
                args=(self._stopping,),
                name=f"firehose-{self._config.name}",
                daemon=True,
            )
            self._thread.start()

    def stop(self, *, flush: bool = False, timeout_seconds: float = 10.0) -> bool:
        """Return whether the thread ended in time.

        Args:
            flush: afterwards read the rest of the stream, and try once to deliver all of it.
            timeout_seconds: how long to wait for the current round.
        """
        self._stopping.set()
        self._awake.set()
        if self._thread is not None:
            self._thread.join(timeout_seconds)
            if self._thread.is_alive():
                self._report(f"the thread did not end within {timeout_seconds} s")
                return False
        if flush:
            self.flush(read_first=True)
        return True

    def wake(self) -> None:
        """Read the stream soon: a record may have come."""
        self._awake.set()

    def flush(self, *, read_first: bool = False) -> int:
        """Try to write all buffers now, and return how many records are still buffered.

        Args:
            read_first: first read the stream until a round finds no record.
        """
        with self._working:
            rounds = range(MAX_ROUNDS_PER_FLUSH) if read_first else range(0)
            for _ in rounds:
                if not self._read_round():
                    break
            self._deliver(everything=True)
        return self.status().records_buffered

    def run_once(self) -> int:
        """Read each shard once, write the buffers that are due, and return how many records came.

        The thread repeats this.
        """
        with self._working:
            found = self._read_round()
            self._deliver()
        return found

    def status(self) -> Status:
        """Return the counters. Never waits for a service."""
        with self._state:
            open_buffers = self._buffers.all()
            return Status(
                running=self._thread is not None and self._thread.is_alive(),
                records_read=self._records_read,
                records_delivered=self._records_delivered,
                records_failed=self._records_failed,
                records_buffered=sum(len(buffer.chunks) for buffer in open_buffers),
                objects_written=self._objects_written,
                active_partitions=self._buffers.active_partitions(),
                oldest_buffered_at=min((one.oldest_arrival for one in open_buffers), default=None),
                last_error=self._last_error,
            )

    def _run(self, stopping: threading.Event) -> None:
        shortest = max(POLL_SECONDS / self._speed, MIN_POLL_SECONDS)
        try:
            while not stopping.is_set():
                found = self.run_once()
                stopping.wait(shortest)
                with self._state:
                    next_due_at = self._buffers.next_due_at()
                if not found:
                    self._awake.wait(min(POLL_SECONDS, next_due_at - self._monotonic()))
                self._awake.clear()
        finally:
            if not stopping.is_set():  # threading prints the traceback
                self._report("the thread ended with an error, see its traceback")

    def _read_round(self) -> int:
        """Return how many records were read."""
        if self.faults.pause_reading:
            return 0
        if sum(buffer.size_bytes for buffer in self._buffers.all()) >= MAX_BUFFERED_BYTES:
            self._report(f"reading pauses: {MAX_BUFFERED_BYTES} bytes wait for S3")
            return 0
        return self._reader.read_round(self._monotonic(), self._take)

    def _take(self, records: list[SourceRecord]) -> None:
        now = self._monotonic()
        for record in records:
            placement = self._router.placement(record)
            with self._state:
                self._router.put(record, placement, now)
                self._records_read += 1

    def _deliver(self, *, everything: bool = False) -> None:
        for buffer in self._buffers.due(self._monotonic(), everything=everything):
            try:
                self._write(buffer)
            except SERVICE_ERRORS as error:
                buffer.attempts += 1
                pause_seconds = backoff_seconds(buffer.attempts) / self._speed
                buffer.next_attempt_at = self._monotonic() + pause_seconds
                self._s3.forget()
                self._report(f"writing to {self._config.bucket} failed, will retry: {error}")
                if not was_answered(error):
                    return  # S3 is down: do not wait for a timeout for each buffer

    def _write(self, buffer: Buffer) -> None:
        body = b"".join(buffer.chunks)
        if self._config.compression == "GZIP":
            body = gzip.compress(body)
        self._put(buffer.key, body)
        if self.faults.deliver_twice:
            self._put(self._router.new_key(buffer.prefix, buffer.oldest_arrival), body)
        with self._state:
            self._buffers.close(buffer)
            if buffer.is_error:
                self._records_failed += len(buffer.chunks)
            else:
                self._records_delivered += len(buffer.chunks)

    def _put(self, key: str, body: bytes) -> None:
        if self.faults.refuse_s3:
            raise access_denied("PutObject", "the fault refuse_s3 is on")
        self._s3.get().put_object(
            Bucket=self._config.bucket,
            Key=key,
            Body=body,
            ContentType="application/octet-stream",
        )
        with self._state:
            self._objects_written += 1

    def _report(self, message: str) -> None:
        """Keep the message, which quotes no record, and log it unless it is repeated."""
        with self._state:
            is_news = not (self._last_error or "").endswith(f"Z {message}")
            self._last_error = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {message}"
        if is_news:
            _log.warning("%s: %s", self._config.name, message)
