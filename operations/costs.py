"""Prints the tables of docs/costs.md and docs/deploy.md: `python -m operations.costs`.

Tests compare them.
"""

from dataclasses import dataclass

from components.watch.cost import (
    Sizing,
    batches_an_object,
    crossing_bytes,
    delivered_gigabytes,
    minutes_of_sites,
    minutes_of_users,
    monthly_cost,
    put_units,
)
from components.watch.prices import (
    API_CALL,
    FIREHOSE_GB,
    FIREHOSE_OBJECT,
    PUT_UNIT,
    S3_GB_MONTH,
    S3_PUT,
    SHARD_MONTH,
    TABLE_WRITE,
)
from components.watch.usage import BATCH_BYTES, VISIT_MINUTES, WRITES_A_RECORDING

MILLION = 1_000_000
# As `Pulumi.yaml` has them.
DEFAULTS = Sizing(
    shards=1, throttle_rate=100, buffer_seconds=60, retention_days=90, has_alarms=False, waf_rules=0
)
# List prices in US$ a month, as read in 2026.
POSTHOG_FREE, POSTHOG_EACH = 5_000, 0.0050
POSTHOG_SOURCE = "https://flexprice.io/blog/posthog-pricing-guide"
SENTRY_TEAM, SENTRY_INCLUDED, SENTRY_EACH = 26, 50, 0.0029
SENTRY_SOURCE = "https://sentry.io/pricing/"
# https://aws.amazon.com/lambda/pricing/, on arm64
LAMBDA_CALL, LAMBDA_GB_SECOND = 0.20 / MILLION, 0.0000133334
# https://aws.amazon.com/cognito/pricing/, Essentials, above 10,000 a month
ACTIVE_USER = 0.015
HOURS_A_MONTH = 730


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What one run of the end-to-end tests sends to a stack."""

    calls: int = 0
    reads: int = 0
    """Calls that the Lambda answers."""
    batches: int = 0
    """Calls that go through Kinesis and Firehose."""
    objects: int = 0
    """Objects that Firehose or a client writes."""
    recordings: int = 0
    stored_bytes: int = 0


# More than tests/e2e/spending.py counts, since a run on AWS waits for real deliveries.
END_TO_END = Sent(
    calls=10_000,
    reads=5_000,
    batches=1_000,
    objects=1_500,
    recordings=1_000,
    stored_bytes=100 * MILLION,
)
# On demand, in us-east-1: the smallest instance that OpenReplay supports.
T3_LARGE_MONTH = 0.0832 * HOURS_A_MONTH
OPENREPLAY_SOURCE = "https://docs.openreplay.com/en/deployment/deploy-docker"


def sessions_cost(sessions: int) -> float:
    """Return the price in US$ of that many sessions of users, without the standing cost."""
    return sum(minutes_of_users(DEFAULTS, sessions * VISIT_MINUTES).values())


def visits_cost(visits: int) -> float:
    """Return the price in US$ of that many visits of a site, without the standing cost."""
    return sum(minutes_of_sites(DEFAULTS, visits * VISIT_MINUTES).values())


def ways_table(minutes: int = 1_000) -> str:
    """Return the price of the measured minute on both ways of writing, as a Markdown table."""
    users, sites = minutes_of_users(DEFAULTS, minutes), minutes_of_sites(DEFAULTS, minutes)
    names = {
        "requests": "requests",
        "table": "items in DynamoDB",
        "stream": "Kinesis PUT units",
        "delivery": "Firehose and its objects",
        "objects": "objects in S3",
        "storage": f"S3, kept for {DEFAULTS.retention_days} days",
    }
    lines = [
        f"| {name} | {_price(users.get(key))} | {_price(sites.get(key))} |"
        for key, name in names.items()
    ]
    total = f"| together | {sum(users.values()):.4f} | {sum(sites.values()):.4f} |"
    head = f"| for {minutes:,} minutes, US$ | users: by the stream | sites: straight to S3 |"
    return "\n".join([head, "|---|---|---|", *lines, total])


def crossing_table() -> str:
    """Return from which size of a batch S3 is cheaper than the stream, as a Markdown table."""
    lines = [
        f"| {seconds} | {batches_an_object(seconds):g} | {crossing_bytes(seconds) / 1_000:.1f} |"
        for seconds in (60, 300, 900)
    ]
    head = "| `firehoseBufferSeconds` | batches an object | straight to S3 is cheaper from, kB |"
    return "\n".join([head, "|---|---|---|", *lines])


def _price(price: float | None) -> str:
    return "" if price is None else f"{price:.4f}"


def batches_table() -> str:
    """Return the price of a million batches, by service, as a Markdown table."""
    firehose = delivered_gigabytes(MILLION) * FIREHOSE_GB
    together = batches_an_object(DEFAULTS.buffer_seconds)
    objects = MILLION / together * (FIREHOSE_OBJECT + S3_PUT)
    rows = {
        "API Gateway": MILLION * API_CALL,
        "Kinesis PUT units": put_units(MILLION) * PUT_UNIT,
        "Firehose, with partitioning": firehose,
        f"objects in S3, at {together:g} batches an object": objects,
    }
    lines = [f"| {name} | {price:.2f} |" for name, price in rows.items()]
    head = f"| for a million batches of {BATCH_BYTES / 1_000:.0f} kB | US$ |\n|---|---|"
    return "\n".join([head, *lines])


def comparison_table(sessions: int = 10_000) -> str:
    """Return the price of a month of so many sessions, here and elsewhere, as a Markdown table."""
    standing = monthly_cost(DEFAULTS)["standing"]
    terms = f"{standing} fixed; kept for {DEFAULTS.retention_days} days"
    rows = {
        "this store, signed-in users": (SHARD_MONTH + sessions_cost(sessions), terms),
        "this store, visitors of a site": (SHARD_MONTH + visits_cost(sessions), terms),
        "PostHog's cloud": (
            max(0, sessions - POSTHOG_FREE) * POSTHOG_EACH,
            f"[{POSTHOG_FREE:,} free, then ${POSTHOG_EACH:.4f} each]({POSTHOG_SOURCE})",
        ),
        "Sentry": (
            SENTRY_TEAM + (sessions - SENTRY_INCLUDED) * SENTRY_EACH,
            f"[Team, {SENTRY_INCLUDED} included, then about ${SENTRY_EACH} each]({SENTRY_SOURCE})",
        ),
        "OpenReplay on your own t3.large": (
            T3_LARGE_MONTH,
            f"[the least it starts on]({OPENREPLAY_SOURCE}), without disk and upkeep",
        ),
    }
    lines = [f"| {name} | {price:.2f} | {terms} |" for name, (price, terms) in rows.items()]
    head = f"| {sessions:,} sessions of {VISIT_MINUTES} minutes a month | US$ | |\n|---|---|---|"
    return "\n".join([head, *lines])


def end_to_end_table(sent: Sent = END_TO_END) -> str:
    """Return the highest price of one run of the end-to-end tests, as a Markdown table."""
    stream = put_units(sent.batches) * PUT_UNIT + delivered_gigabytes(sent.batches) * FIREHOSE_GB
    megabytes = sent.stored_bytes // MILLION
    objects = sent.objects * (FIREHOSE_OBJECT + S3_PUT) + sent.stored_bytes / 2**30 * S3_GB_MONTH
    rows = {
        f"{sent.calls:,} calls of the API": sent.calls * API_CALL,
        f"{sent.reads:,} calls of the Lambda, of a second and 1 GB each": sent.reads
        * (LAMBDA_CALL + LAMBDA_GB_SECOND),
        f"{sent.batches:,} batches through Kinesis and Firehose": stream,
        f"{sent.objects:,} objects in S3, {megabytes} MB for 30 days": objects,
        f"{sent.recordings:,} recordings in DynamoDB": sent.recordings
        * WRITES_A_RECORDING
        * TABLE_WRITE,
        "2 users of Cognito, above 10,000 that are active in the month": 2 * ACTIVE_USER,
    }
    lines = [f"| {name} | {price:.3f} |" for name, price in rows.items()]
    hour = SHARD_MONTH / HOURS_A_MONTH
    return "\n".join(
        [
            "| for one run, at most | US$ |\n|---|---|",
            *lines,
            f"| together | {sum(rows.values()):.2f} |",
            f"| each hour that the stack stands, by its shard | {hour:.3f} |",
        ]
    )


if __name__ == "__main__":
    tables = (
        ways_table(),
        crossing_table(),
        batches_table(),
        comparison_table(),
        end_to_end_table(),
    )
    print("\n\n".join(tables))
