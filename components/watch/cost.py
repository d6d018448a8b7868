"""Capacity and monthly cost of a stack, from its configuration alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from components.watch.prices import (
    ALARM_METRIC,
    API_CALL,
    FIREHOSE_GB,
    FIREHOSE_OBJECT,
    FIREHOSE_RECORD_BYTES,
    GB,
    PUT_UNIT,
    PUT_UNIT_BYTES,
    S3_GB_MONTH,
    S3_PUT,
    SHARD_MONTH,
    TABLE_WRITE,
    WEB_ACL,
    WEB_ACL_CALL,
    WEB_ACL_RULE,
)
from components.watch.quotas import ACTIVE_PARTITIONS, SHARD_BATCHES_A_SECOND, SHARD_BYTES_A_SECOND
from components.watch.scale import concurrent_visitors
from components.watch.usage import (
    BATCH_BYTES,
    BATCHES_A_MINUTE,
    ENVELOPE_BYTES,
    MINUTE_CREATES,
    MINUTE_REQUESTS,
    RECORD_BYTES,
    SITE_BATCH_BYTES,
    SITE_BATCHES_A_MINUTE,
    SITE_MINUTE_FACTS,
    SITE_MINUTE_REQUESTS,
    SITE_WRITES,
    WRITES_A_RECORDING,
)

MINUTES = 1_000 * 60
ALARM_METRICS = 18


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
    operation_rates: Mapping[str, int] = field(default_factory=dict[str, int])
    """Requests a second of the operations that have a limit of their own, by operationId."""

    def rate_of(self, operation: str) -> int:
        """Return how many requests a second an operation takes."""
        return self.operation_rates.get(operation, self.throttle_rate)


def capacity(sizing: Sizing) -> dict[str, int]:
    """Return what the stack takes at once, by the lowest of the limits on each way of writing.

    `concurrentRecordings` are of signed-in users, through the stream; `concurrentVisitors` of one
    site, straight to S3.
    """
    batches = min(SHARD_BATCHES_A_SECOND * sizing.shards, sizing.throttle_rate)
    by_bytes = SHARD_BYTES_A_SECOND * sizing.shards * 60 // (RECORD_BYTES * BATCHES_A_MINUTE)
    return {
        "requestsPerSecond": sizing.throttle_rate,
        "concurrentRecordings": min(ACTIVE_PARTITIONS, batches * 60 // BATCHES_A_MINUTE, by_bytes),
        "activePartitions": ACTIVE_PARTITIONS,
        "shards": sizing.shards,
        "concurrentVisitors": concurrent_visitors(sizing.rate_of),
    }


def monthly_cost(sizing: Sizing) -> dict[str, float | dict[str, float]]:
    """Return US$ a month: fixed as `standing`, and for each 1,000 recorded hours.

    `per1000Hours` and the parts beside it are of users, through the stream; `per1000SiteHours` and
    the parts in `sites` are of visitors, straight to S3.
    """
    standing = SHARD_MONTH * sizing.shards
    if sizing.has_alarms:
        standing += ALARM_METRICS * ALARM_METRIC
    if sizing.waf_rules:
        standing += WEB_ACL + WEB_ACL_RULE * sizing.waf_rules
    by_user, by_site = minutes_of_users(sizing), minutes_of_sites(sizing)
    return {
        "standing": round(standing, 2),
        "per1000Hours": round(sum(by_user.values()), 2),
        **_rounded(by_user),
        "per1000SiteHours": round(sum(by_site.values()), 2),
        "sites": _rounded(by_site),
    }


def minutes_of_users(sizing: Sizing, minutes: int = MINUTES) -> dict[str, float]:
    """Return US$ for so many minutes that go through the stream, by what they pay for."""
    batches = minutes * BATCHES_A_MINUTE
    objects = batches / batches_an_object(sizing.buffer_seconds)
    by_use = {
        "requests": minutes * MINUTE_REQUESTS * API_CALL,
        "table": minutes * MINUTE_CREATES * WRITES_A_RECORDING * TABLE_WRITE,
        "stream": put_units(batches) * PUT_UNIT,
        "delivery": delivered_gigabytes(batches) * FIREHOSE_GB
        + objects * (FIREHOSE_OBJECT + S3_PUT),
        # As it is stored: gzip undoes the base64.
        "storage": _kept(batches * BATCH_BYTES, sizing),
    }
    if sizing.waf_rules:
        by_use["callerLimits"] = minutes * MINUTE_REQUESTS * WEB_ACL_CALL
    return by_use


def minutes_of_sites(sizing: Sizing, minutes: int = MINUTES) -> dict[str, float]:
    """Return US$ for so many minutes that go straight to S3, by what they pay for."""
    batches = minutes * SITE_BATCHES_A_MINUTE
    writes = minutes * (MINUTE_CREATES + SITE_MINUTE_FACTS) * SITE_WRITES
    by_use = {
        "requests": minutes * SITE_MINUTE_REQUESTS * API_CALL,
        "table": writes * TABLE_WRITE,
        "objects": batches * S3_PUT,
        "storage": _kept(batches * SITE_BATCH_BYTES, sizing),
    }
    if sizing.waf_rules:
        by_use["callerLimits"] = minutes * SITE_MINUTE_REQUESTS * WEB_ACL_CALL
    return by_use


def _kept(stored_bytes: int, sizing: Sizing) -> float:
    """Return US$ a month until it expires: what is kept of a month's hours, in the long run."""
    return stored_bytes / GB * S3_GB_MONTH * sizing.retention_days / 30


def _rounded(prices: Mapping[str, float]) -> dict[str, float]:
    return {name: round(price, 2) for name, price in prices.items()}


def streamed_batch(batch_bytes: int, buffer_seconds: int) -> float:
    """Return US$ for one batch from the stream to its object, without the request and the shard."""
    record = 4 * -(-batch_bytes // 3) + ENVELOPE_BYTES
    delivered = -(-record // FIREHOSE_RECORD_BYTES) * FIREHOSE_RECORD_BYTES
    return (
        -(-record // PUT_UNIT_BYTES) * PUT_UNIT
        + delivered / GB * FIREHOSE_GB
        + (FIREHOSE_OBJECT + S3_PUT) / batches_an_object(buffer_seconds)
    )


def crossing_bytes(buffer_seconds: int) -> int:
    """Return the size from which a batch costs less as an object of its own than by the stream."""
    larger = 1
    while streamed_batch(larger, buffer_seconds) < S3_PUT:
        larger += 1
    return larger


def batches_for_a_shard(batch_bytes: int, buffer_seconds: int) -> int:
    """Return how many batches of that size, under the crossing, save the month of a shard."""
    return ceil(SHARD_MONTH / (S3_PUT - streamed_batch(batch_bytes, buffer_seconds)))


def batches_an_object(buffer_seconds: int) -> float:
    """Return how many batches of one recording Firehose writes together."""
    return max(1, buffer_seconds * BATCHES_A_MINUTE / 60)


def put_units(batches: int) -> int:
    """Return the units that Kinesis bills: each batch in its envelope, rounded up."""
    return batches * -(-RECORD_BYTES // PUT_UNIT_BYTES)


def delivered_gigabytes(batches: int) -> float:
    """Return the gigabytes that Firehose bills: each batch in its envelope, rounded up."""
    return batches * -(-RECORD_BYTES // FIREHOSE_RECORD_BYTES) * FIREHOSE_RECORD_BYTES / GB


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
        + delivered / GB * FIREHOSE_GB
        + objects * (FIREHOSE_OBJECT + S3_PUT)
        + stored_bytes / GB * S3_GB_MONTH
        + WRITES_A_RECORDING * TABLE_WRITE
    )


def sent_site_cost(*, calls: int, objects: int, writes: int, stored_bytes: int) -> float:
    """Return US$ for one recording of a site as it was sent, kept for 30 days.

    Args:
        calls: Of the API.
        objects: Batches and assets, each an object.
        writes: Of the recording's item: one creates it, one stores its facts.
        stored_bytes: Of those objects.
    """
    return (
        calls * API_CALL
        + objects * S3_PUT
        + writes * SITE_WRITES * TABLE_WRITE
        + stored_bytes / GB * S3_GB_MONTH
    )
