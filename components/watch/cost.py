"""Capacity and monthly cost of a stack, from its configuration alone."""

from collections.abc import Sequence
from dataclasses import dataclass

# List prices in US$, us-east-1, before free tiers, as read in 2026.
# https://aws.amazon.com/api-gateway/pricing/
API_CALL = 3.50 / 1_000_000
# https://aws.amazon.com/kinesis/data-streams/pricing/
SHARD_MONTH = 10.95
PUT_UNIT = 0.014 / 1_000_000
# https://aws.amazon.com/firehose/pricing/, delivery and dynamic partitioning
FIREHOSE_GB = 0.029 + 0.020
FIREHOSE_OBJECT = 0.005 / 1_000
# https://aws.amazon.com/s3/pricing/
S3_PUT = 0.005 / 1_000
S3_GB_MONTH = 0.023
# https://aws.amazon.com/dynamodb/pricing/on-demand/
TABLE_WRITE = 0.625 / 1_000_000
# https://aws.amazon.com/cloudwatch/pricing/
ALARM_METRIC = 0.10
# https://aws.amazon.com/waf/pricing/
WEB_ACL, WEB_ACL_RULE, WEB_ACL_CALL = 5.0, 1.0, 0.60 / 1_000_000

# https://aws.amazon.com/kinesis/data-streams/pricing/ and https://aws.amazon.com/firehose/pricing/
PUT_UNIT_BYTES, FIREHOSE_RECORD_BYTES = 25_000, 5 * 1024
# An item of under 1 KB and its copy in the local index.
WRITES_A_RECORDING = 2

# https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
SHARD_BATCHES_A_SECOND = 1_000
SHARD_BYTES_A_SECOND = 1_000_000
# https://docs.aws.amazon.com/firehose/latest/dev/buffering.html, unless AWS raised it
ACTIVE_PARTITIONS = 500

# What our recorder sends of a page in use: the minute that is measured, as docs/recorder.md has it.
MINUTE_REQUESTS = 6
MINUTE_KB = 180
# Of those requests. Both come once a recording, so one of many minutes has fewer.
MINUTE_PREFLIGHTS, MINUTE_CREATES = 2, 1
BATCHES_A_MINUTE = MINUTE_REQUESTS - MINUTE_PREFLIGHTS - MINUTE_CREATES
BATCH_BYTES = MINUTE_KB * 1_000 // BATCHES_A_MINUTE
# Bytes around the base64 of a batch: components/store/templates/put_record.vtl.
ENVELOPE_BYTES = 250
RECORD_BYTES = 4 * -(-BATCH_BYTES // 3) + ENVELOPE_BYTES
MINUTES = 1_000 * 60
ALARM_METRICS = 16


@dataclass(frozen=True, kw_only=True)
class Sizing:
    """The settings that decide capacity and cost."""

    shards: int
    throttle_rate: int
    buffer_seconds: int
    retention_days: int
    has_alarms: bool
    waf_rules: int
    """Number of WAF rules: `caller_limit.rule_count`."""


def capacity(sizing: Sizing) -> dict[str, int]:
    """Return what the stack takes at once; `concurrentRecordings` is the lowest of three limits."""
    batches = min(SHARD_BATCHES_A_SECOND * sizing.shards, sizing.throttle_rate)
    by_bytes = SHARD_BYTES_A_SECOND * sizing.shards * 60 // (RECORD_BYTES * BATCHES_A_MINUTE)
    return {
        "requestsPerSecond": sizing.throttle_rate,
        "concurrentRecordings": min(ACTIVE_PARTITIONS, batches * 60 // BATCHES_A_MINUTE, by_bytes),
        "activePartitions": ACTIVE_PARTITIONS,
        "shards": sizing.shards,
    }


def monthly_cost(sizing: Sizing) -> dict[str, float]:
    """Return US$ a month: fixed as `standing`, and for each 1,000 recorded hours."""
    batches = MINUTES * BATCHES_A_MINUTE
    gigabytes = batches * BATCH_BYTES / 2**30  # as it is stored: gzip undoes the base64
    objects = batches / batches_an_object(sizing.buffer_seconds)
    standing = SHARD_MONTH * sizing.shards
    if sizing.has_alarms:
        standing += ALARM_METRICS * ALARM_METRIC
    by_use = {
        "requests": MINUTES * MINUTE_REQUESTS * API_CALL,
        "table": MINUTES * MINUTE_CREATES * WRITES_A_RECORDING * TABLE_WRITE,
        "stream": put_units(batches) * PUT_UNIT,
        "delivery": delivered_gigabytes(batches) * FIREHOSE_GB
        + objects * (FIREHOSE_OBJECT + S3_PUT),
        # Until it expires: what is kept of a month's hours, in the long run.
        "storage": gigabytes * S3_GB_MONTH * sizing.retention_days / 30,
    }
    if sizing.waf_rules:
        standing += WEB_ACL + WEB_ACL_RULE * sizing.waf_rules
        by_use["callerLimits"] = MINUTES * MINUTE_REQUESTS * WEB_ACL_CALL
    rounded = {name: round(value, 2) for name, value in by_use.items()}
    return {
        "standing": round(standing, 2),
        "per1000Hours": round(sum(by_use.values()), 2),
        **rounded,
    }


def batches_an_object(buffer_seconds: int) -> float:
    """Return how many batches of one recording Firehose writes together."""
    return max(1, buffer_seconds * BATCHES_A_MINUTE / 60)


def put_units(batches: int) -> int:
    """Return the units that Kinesis bills: each batch in its envelope, rounded up."""
    return batches * -(-RECORD_BYTES // PUT_UNIT_BYTES)


def delivered_gigabytes(batches: int) -> float:
    """Return the gigabytes that Firehose bills: each batch in its envelope, rounded up."""
    return batches * -(-RECORD_BYTES // FIREHOSE_RECORD_BYTES) * FIREHOSE_RECORD_BYTES / 2**30


def sent_cost(*, calls: int, records: Sequence[int], objects: int, stored_bytes: int) -> float:
    """Return US$ for one recording as it was sent, kept for 30 days; without the fixed costs.

    Args:
        calls: Of the API, preflights included.
        records: Bytes of each record in the stream, each rounded up as it is billed.
        objects: That Firehose made of them.
        stored_bytes: Of those objects.
    """
    units = sum(-(-size // PUT_UNIT_BYTES) for size in records)
    delivered = sum(-(-size // FIREHOSE_RECORD_BYTES) for size in records) * FIREHOSE_RECORD_BYTES
    return (
        calls * API_CALL
        + units * PUT_UNIT
        + delivered / 2**30 * FIREHOSE_GB
        + objects * (FIREHOSE_OBJECT + S3_PUT)
        + stored_bytes / 2**30 * S3_GB_MONTH
        + WRITES_A_RECORDING * TABLE_WRITE
    )
