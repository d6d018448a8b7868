"""The status of a `DeliveryStream`, and the faults that a test can switch on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Status:
    """Counters of a delivery stream at one moment; read = delivered + failed + buffered."""

    running: bool
    """The thread is alive."""
    records_read: int
    """Records taken from Kinesis."""
    records_delivered: int
    """Records in objects under the prefix, each counted once even if written twice."""
    records_failed: int
    """Records in objects under the error prefix."""
    records_buffered: int
    """Records that were read and not written yet, for either prefix."""
    objects_written: int
    """Objects that S3 took, of both prefixes."""
    active_partitions: int
    """Partitions with a buffer, which the limit counts."""
    oldest_buffered_at: datetime | None
    """When the oldest buffered record arrived in Kinesis, in UTC."""
    last_error: str | None
    """The last error with its UTC time; kept after a recovery."""


@dataclass
class Faults:
    """Switches for tests; each lasts until it is reset."""

    pause_reading: bool = False
    """Nothing is read: records stay in Kinesis."""
    deliver_twice: bool = False
    """Each object is written a second time under another name, as at-least-once allows
    (https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html)."""
    refuse_s3: bool = False
    """Each write fails as if the role had lost its permission."""
