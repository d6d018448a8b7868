"""How much so many concurrent visitors load each service, and at how many it refuses."""

from collections.abc import Callable
from math import ceil, floor
from typing import NamedTuple

from components.watch.prices import (
    API_CALL_TIERS,
    CLOUDFRONT_CALL,
    CLOUDFRONT_GB,
    FIREHOSE_GB,
    FIREHOSE_OBJECT,
    FIREHOSE_RECORD_BYTES,
    GB,
    PUT_UNIT,
    PUT_UNIT_BYTES,
    S3_GB_MONTH_TIERS,
    S3_PUT,
    SHARD_MONTH,
    TABLE_WRITE,
    tiered,
)
from components.watch.quotas import (
    ACTIVE_PARTITIONS,
    API_CALLS_A_SECOND,
    CLOUDFRONT_CALLS_A_SECOND,
    NEW_TABLE_WRITES_A_SECOND,
    PARTITION_WRITES_A_SECOND,
    S3_PUTS_A_SECOND,
    SHARD_BYTES_A_SECOND,
    SIGN_INS_A_SECOND,
    TABLE_WRITES_A_SECOND,
    WEB_ACL_CALLS_A_SECOND,
)
from components.watch.usage import (
    BATCH_BYTES,
    BATCHES_A_MINUTE,
    MINUTE_PREFLIGHTS,
    RECORD_BYTES,
    SCRIPT_KB,
    SITE_MINUTE_KB,
    SITE_WRITES,
    VISIT_BATCHES,
    VISIT_MINUTES,
    WRITES_A_RECORDING,
)

VISIT_S = VISIT_MINUTES * 60
MONTH_MINUTES = 730 * 60


class Load(NamedTuple):
    """What one visitor does in a second, on average over a visit."""

    batches: float
    creates: float
    facts: float
    preflights: float

    @property
    def calls(self) -> float:
        return sum(self)


VISITOR = Load(
    batches=VISIT_BATCHES / VISIT_S,
    creates=1 / VISIT_S,
    facts=1 / VISIT_S,
    preflights=0,
)
USER = Load(
    batches=BATCHES_A_MINUTE / 60,
    creates=1 / VISIT_S,
    facts=0,
    preflights=MINUTE_PREFLIGHTS / VISIT_S,
)
# Of the table, and of the one partition that a site has in the index by time: each write once.
ITEM_WRITES = VISITOR.creates + VISITOR.facts
BYTES = SITE_MINUTE_KB * 1_000 / 60
SHARD_BYTES = USER.batches * RECORD_BYTES


class Bound(NamedTuple):
    """A limit on the way, and what one visitor takes of it."""

    name: str
    limit: int
    """What it takes, in `unit`."""
    unit: str
    each: float
    then: str
    """What to set, or to ask AWS for, before it is reached."""

    def needed(self, visitors: int) -> int:
        """Return how much of it so many visitors take."""
        return ceil(round(visitors * self.each, 6))

    @property
    def visitors(self) -> int:
        """How many visitors at once reach it."""
        return floor(round(self.limit / self.each, 6))


_SET = "set it, up to the account's quota"
_ASK = "ask for more under *Service Quotas*"


def site_bounds(rate_of: Callable[[str], int]) -> list[Bound]:
    """Return the limits of one site, the first that is reached first."""
    bounds = [
        *(
            Bound(f"`operationLimits`: `{operation}`", rate_of(operation), "requests", each, _SET)
            for operation, each in (
                ("appendSiteEvents", VISITOR.batches),
                ("createSiteRecording", VISITOR.creates),
                ("putSiteFacts", VISITOR.facts),
            )
        ),
        Bound(
            "DynamoDB: a site's partition",
            PARTITION_WRITES_A_SECOND,
            "writes",
            ITEM_WRITES,
            "declare several sites, or lower `sampleShare`; AWS cannot raise it",
        ),
        Bound(
            "S3: a prefix",
            S3_PUTS_A_SECOND,
            "objects",
            VISITOR.batches,
            "nothing: S3 divides the prefix as the load lasts",
        ),
        Bound(
            "DynamoDB: a new table",
            NEW_TABLE_WRITES_A_SECOND,
            "writes",
            ITEM_WRITES,
            "let the load grow, or warm the table and its indexes",
        ),
        Bound("API Gateway: the account", API_CALLS_A_SECOND, "requests", VISITOR.calls, _ASK),
        Bound("WAF: the web ACL", WEB_ACL_CALLS_A_SECOND, "requests", VISITOR.calls, _ASK),
        Bound("DynamoDB: the table", TABLE_WRITES_A_SECOND, "writes", ITEM_WRITES, _ASK),
        Bound(
            "CloudFront: the script", CLOUDFRONT_CALLS_A_SECOND, "requests", VISITOR.creates, _ASK
        ),
    ]
    return sorted(bounds, key=lambda bound: bound.visitors)


def user_bounds(rate_of: Callable[[str], int], shards: int) -> list[Bound]:
    """Return the limits of signed-in users, the first that is reached first."""
    bounds = [
        Bound(
            "Kinesis: the stream",
            shards * SHARD_BYTES_A_SECOND,
            "bytes",
            SHARD_BYTES,
            "set `shardCount`, in advance",
        ),
        Bound(
            "Firehose: recordings at once",
            ACTIVE_PARTITIONS,
            "recordings",
            1,
            "ask for up to 2,500; above that, record visitors of a site",
        ),
        Bound("`appendEvents`", rate_of("appendEvents"), "requests", USER.batches, _SET),
        Bound("`createRecording`", rate_of("createRecording"), "requests", USER.creates, _SET),
        Bound("Cognito: the account", SIGN_INS_A_SECOND, "sign-ins", USER.creates, _ASK),
        Bound("API Gateway: the account", API_CALLS_A_SECOND, "requests", USER.calls, _ASK),
    ]
    return sorted(bounds, key=lambda bound: bound.visitors)


def concurrent_visitors(rate_of: Callable[[str], int]) -> int:
    """Return how many visitors of one site the stack records at once."""
    return site_bounds(rate_of)[0].visitors


def loads_of_site(visitors: int) -> dict[str, float]:
    """Return what visitors of one site ask for in a second, by where."""
    return {
        "requests at the API": visitors * VISITOR.calls,
        "objects in S3": visitors * VISITOR.batches,
        "MB to S3": visitors * BYTES / 1_000_000,
        "writes in the site's partition": visitors * ITEM_WRITES,
        "loads of the script": visitors * VISITOR.creates,
    }


def loads_of_users(users: int) -> dict[str, float]:
    """Return what signed-in users ask for in a second, by where."""
    return {
        "requests at the API": users * USER.calls,
        "shards of the stream": ceil(users * SHARD_BYTES / SHARD_BYTES_A_SECOND),
        "partitions of Firehose": users,
        "sign-ins at Cognito": users * USER.creates,
    }


def month_of_site(visitors: int, retention_days: int) -> dict[str, float]:
    """Return US$ a month for so many visitors at every moment, by what they pay for."""
    seconds = visitors * MONTH_MINUTES * 60
    stored = seconds * BYTES / GB * retention_days / 30
    loads = seconds * VISITOR.creates
    return {
        "API Gateway": tiered(seconds * VISITOR.calls, API_CALL_TIERS),
        "S3, objects": seconds * VISITOR.batches * S3_PUT,
        f"S3, kept for {retention_days} days": tiered(stored, S3_GB_MONTH_TIERS),
        "DynamoDB": seconds * ITEM_WRITES * SITE_WRITES * TABLE_WRITE,
        "CloudFront": loads * (CLOUDFRONT_CALL + SCRIPT_KB * 1_000 / GB * CLOUDFRONT_GB),
    }


def month_of_users(users: int, retention_days: int, batches_an_object: float) -> dict[str, float]:
    """Return US$ a month for so many signed-in users at every moment, by what they pay for."""
    seconds = users * MONTH_MINUTES * 60
    batches = seconds * USER.batches
    stored = batches * BATCH_BYTES / GB * retention_days / 30
    record = -(-RECORD_BYTES // FIREHOSE_RECORD_BYTES) * FIREHOSE_RECORD_BYTES
    units = -(-RECORD_BYTES // PUT_UNIT_BYTES)
    objects = batches / batches_an_object
    return {
        "API Gateway": tiered(seconds * USER.calls, API_CALL_TIERS),
        "Kinesis": loads_of_users(users)["shards of the stream"] * SHARD_MONTH
        + batches * units * PUT_UNIT,
        "Firehose": batches * record / GB * FIREHOSE_GB + objects * FIREHOSE_OBJECT,
        "S3, objects": objects * S3_PUT,
        f"S3, kept for {retention_days} days": tiered(stored, S3_GB_MONTH_TIERS),
        "DynamoDB": seconds * USER.creates * WRITES_A_RECORDING * TABLE_WRITE,
    }
