"""The JSON line that Firehose writes under the error prefix for a record that it could not place.

"Along with the record, the delivered object also includes information about the error"
(https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html), but no
page shows it for dynamic partitioning. The fields are those of a failed Lambda transformation
without `lambdaArn`
(https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html).

Not confirmed either: what `attemptsMade` counts, that the lines end in a newline, and that error
objects are compressed and named like the others. Read error objects leniently.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Failure:
    """Why a record goes to the error prefix."""

    error_type: str
    """Value of `!{firehose:error-output-type}`."""
    code: str
    """`errorCode` of the line."""


# Code and type as in public programs that read such objects; no AWS page lists them.
METADATA_EXTRACTION = Failure(
    "metadata-extraction-failed", "DynamicPartitioning.MetadataExtractionFailed"
)
# Type: https://docs.aws.amazon.com/firehose/latest/dev/buffering.html. The code is not confirmed:
# one public README writes it with a plural, `ActivePartitionsLimitExceeded`.
ACTIVE_PARTITIONS = Failure(
    "activePartitionExceeded", "DynamicPartitioning.ActivePartitionLimitExceeded"
)
# AWS's behaviour is unknown for these two, so their names say that they are the sandbox's.
RECORD_TOO_LARGE = Failure("sandbox-record-too-large", "Sandbox.RecordTooLarge")
PREFIX_TOO_LONG = Failure("sandbox-prefix-too-long", "Sandbox.PrefixTooLong")


def error_line(
    failure: Failure, message: str, data: bytes, *, arrived_at: datetime, ended_at: datetime
) -> bytes:
    """Return the line, with its newline.

    Args:
        failure: the kind of error.
        message: `errorMessage`; it may quote the record, so it belongs in no log.
        data: the unchanged record, which `rawData` holds in base64.
        arrived_at: approximate arrival in Kinesis.
        ended_at: when the sandbox gave up.
    """
    line = {
        "attemptsMade": 1,
        "arrivalTimestamp": int(arrived_at.timestamp() * 1000),
        "errorCode": failure.code,
        "errorMessage": message,
        "attemptEndingTimestamp": int(ended_at.timestamp() * 1000),
        "rawData": base64.b64encode(data).decode(),
    }
    return json.dumps(line).encode() + b"\n"
